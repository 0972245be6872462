"""Producers as a table: one row each."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from marketplace.businesses import policies, services
from marketplace.businesses.models import Business
from marketplace.businesses.rules import BusinessKind
from marketplace.businesses.services import BusinessDraft, Figures
from marketplace.businesses.sheets import common
from marketplace.businesses.sheets.columns import PRODUCER_COLUMNS
from marketplace.core.actor import Actor
from marketplace.core.money import rupiah_of
from marketplace.core.sheet_kinds import (
    SAME_TWICE,
    Outcome,
    Parsed,
    Problem,
    RowReader,
    Scope,
    SheetColumn,
    Values,
    day_of,
    key_of,
)
from marketplace.core.sheets import Cell
from marketplace.core.text import N_, PARAGRAPH_MAX
from marketplace.regions.rules import region_name
from marketplace.regions.sheets import read_region

NO_DAY = N_("Say until which day this year of sales ran.")


@dataclass(frozen=True, slots=True)
class ProducerRow:
    """One producer as written; figures that were not said are None."""

    said: BusinessDraft
    figures: Figures

    @property
    def key(self) -> Hashable:
        return key_of(self.said.name, self.said.region_code)


class ProducerSheet:
    """See `core.sheet_kinds.SheetKind`. The same NIB, or name in the same place, is the same."""

    key = "producers"
    title = N_("Producers")
    columns: Sequence[SheetColumn] = PRODUCER_COLUMNS

    def may_import(self, actor: Actor) -> bool:
        return policies.may_register(actor)

    def parse_row(self, values: Values, scope: Scope) -> Parsed:
        row = RowReader(values)
        said = BusinessDraft(
            kind=BusinessKind.PRODUCER,
            name=row.text("name", required=True),
            region_code=read_region(row, "region", required=True),
            address=row.text("address", limit=400),
            about=row.text("about", limit=PARAGRAPH_MAX),
            contact_name=row.text("contact_name"),
            phone=common.read_phone(row, "phone"),
            nib=common.read_nib(row, "nib"),
            kbli=common.read_kbli(row, "kbli"),
        )
        figures = Figures(
            row.value("yearly_sales", rupiah_of),
            row.value("yearly_sales_on", day_of),
            row.value("working_capital", rupiah_of),
        )
        if figures.yearly_sales is not None and figures.yearly_sales_on is None:
            row.refuse("yearly_sales_on", NO_DAY)
        if row.problems:
            return Parsed(problems=tuple(row.problems))
        return Parsed(ProducerRow(said, figures))

    def merge(self, first: ProducerRow, second: ProducerRow) -> Problem:
        return Problem("name", SAME_TWICE)

    def apply_rows(
        self, actor: Actor, drafts: Sequence[ProducerRow], scope: Scope, *, is_trial: bool
    ) -> list[Outcome | Problem]:
        known = common.look_up(BusinessKind.PRODUCER, [row.said for row in drafts])
        return [_answer(actor, row, known.of(row.said), is_trial) for row in drafts]

    def export_rows(self, actor: Actor, filters: Mapping[str, str]) -> list[Sequence[Cell]]:
        return [
            [
                business.name,
                region_name(business.region_code),
                business.address or None,
                business.contact_name or None,
                business.phone or None,
                business.nib,
                common.kbli_cell(business),
                business.yearly_sales,
                business.yearly_sales_on,
                business.working_capital,
                business.about or None,
            ]
            for business in common.exported(actor, BusinessKind.PRODUCER, filters)
        ]

    def note_look(self, actor: Actor, filters: Mapping[str, str]) -> None:
        """Sales and capital stand in the file: each business sees who of the office took them."""
        for business in common.exported(actor, BusinessKind.PRODUCER, filters):
            if business.id not in actor.business_ids and _has_figures(business):
                services.note_figures_seen(actor=actor, business=business)


def _has_figures(business: Business) -> bool:
    return business.yearly_sales is not None or business.working_capital is not None


def _answer(
    actor: Actor, row: ProducerRow, known: Business | None, is_trial: bool
) -> Outcome | Problem:
    return common.answered(lambda: _put(actor, row, known, is_trial))


def _put(actor: Actor, row: ProducerRow, known: Business | None, is_trial: bool) -> Outcome:
    if known is None:
        business = common.register(actor, row.said, is_trial=is_trial)
        if business is not None:
            _declare(actor, business, row.figures)
        return Outcome.ADDED
    changed = common.change(actor, known, row.said, is_trial=is_trial)
    wanted = _filled_up(row.figures, known)
    if wanted != _figures_of(known):
        changed = True
        if not is_trial:
            _declare(actor, known, wanted)
    return Outcome.CHANGED if changed else Outcome.SAME


def _declare(actor: Actor, business: Business, figures: Figures) -> None:
    if figures != Figures(None, None, None):
        services.declare_figures(
            actor=actor, business=business, figures=figures, version=business.version
        )


def _figures_of(business: Business) -> Figures:
    return Figures(business.yearly_sales, business.yearly_sales_on, business.working_capital)


def _filled_up(said: Figures, business: Business) -> Figures:
    """What is said, its gaps filled by what was declared before; sales go with their day."""
    known = _figures_of(business)
    sales = known if said.yearly_sales is None else said
    capital = said.working_capital
    return Figures(
        sales.yearly_sales,
        sales.yearly_sales_on,
        known.working_capital if capital is None else capital,
    )


PRODUCERS = ProducerSheet()
