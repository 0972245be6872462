"""What one row of participants or turnover says, and how the records are written as rows."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.commodities import rules as commodities
from marketplace.core.money import rupiah_of, whole_number_of
from marketplace.core.phones import display_phone, parse_phone
from marketplace.core.sheet_kinds import (
    Parsed,
    RowReader,
    Scope,
    Values,
    day_of,
    key_of,
)
from marketplace.core.sheets import Cell
from marketplace.core.text import N_, fold, whole_number
from marketplace.programs.models import Program, StallHolder, TurnoverReport
from marketplace.programs.queries import turnover
from marketplace.programs.rules.bazaars import LABEL_MAX, HolderDraft
from marketplace.programs.rules.turnover import (
    BEST_SELLERS_MAX,
    TRANSACTIONS_MOST,
    TurnoverDraft,
)
from marketplace.programs.sheets.columns import CATEGORY_WORDS, YES_WORDS
from marketplace.regions.rules import region_name
from marketplace.regions.sheets import read_region

WHICH = N_("Write the stall, or the name of the business.")


@dataclass(frozen=True, slots=True)
class HolderRow:
    """A participant of a programme; `draft.name` may be a NIB."""

    program: str
    stall: str
    draft: HolderDraft

    @property
    def key(self) -> Hashable:
        return key_of(self.program, self.draft.name)


@dataclass(frozen=True, slots=True)
class TurnoverRow:
    """A figure of a stall and day; `draft` is None where the cell is empty: not reported."""

    program: str
    stall: str
    name: str
    day_on: date
    draft: TurnoverDraft | None
    is_sure: bool = False
    replaces: bool = False

    @property
    def key(self) -> Hashable:
        return key_of(self.program, self.stall or self.name, self.day_on)


def parse_holder(values: Values, scope: Scope) -> Parsed:
    row = RowReader(values)
    program = row.text("program", required=True)
    draft = HolderDraft(
        name=row.text("name", required=True),
        contact_name=row.text("contact_name"),
        phone=row.value("phone", lambda cell: parse_phone(str(cell)).e164, none=""),
        region_code=read_region(row, "region"),
        sells=row.text("sells"),
        category_code=row.choice(
            "category",
            CATEGORY_WORDS,
            shown=[one.name_id for one in commodities.categories().values() if not one.parent],
        ),
    )
    stall = row.text("stall", limit=LABEL_MAX)
    if row.problems:
        return Parsed(problems=tuple(row.problems))
    return Parsed(HolderRow(program, stall, draft))


def parse_turnover(values: Values, scope: Scope) -> Parsed:
    row = RowReader(values)
    program = row.text("program", required=True)
    stall, name = row.text("stall", limit=LABEL_MAX), row.text("name")
    if not stall and not name:
        row.refuse("stall", WHICH)
    day_on = row.value("day", day_of, required=True)
    amount = row.value("amount", rupiah_of)
    transactions = row.value(
        "transactions", lambda cell: whole_number_of(cell, max=TRANSACTIONS_MOST)
    )
    best = row.text("best_sellers", limit=BEST_SELLERS_MAX)
    sure = row.choice("sure", YES_WORDS, shown=["ya"])
    replaces = row.choice("replace", YES_WORDS, shown=["ya"])
    if row.problems:
        return Parsed(problems=tuple(row.problems))
    draft = None if amount is None else TurnoverDraft(amount, transactions, best)
    return Parsed(TurnoverRow(program, stall, name, day_on, draft, bool(sure), bool(replaces)))


def holder_cells(holder: StallHolder, program: Program) -> list[Cell]:
    """A participant in the order of HOLDER_COLUMNS."""
    category = commodities.categories().get(holder.category_code)
    return [
        program_name(program),
        holder.name,
        holder.stall.label if holder.stall is not None else None,
        holder.contact_name or None,
        display_phone(holder.phone) if holder.phone else None,
        region_name(holder.region_code) if holder.region_code else None,
        holder.sells or None,
        category.name_id if category is not None else None,
    ]


def report_cells(program: Program, report: TurnoverReport) -> list[Cell]:
    """A figure in the order of TURNOVER_COLUMNS."""
    return _cells(program, report.holder, report.day_on, report)


def turnover_cells(
    program: Program, holders: Sequence[StallHolder], days: Sequence[date]
) -> list[list[Cell]]:
    """A row for each stall and day, with the figure where there is one."""
    known = {
        (report.holder_id, report.day_on): report for report in turnover.reports_of(program.id)
    }
    return [
        _cells(program, holder, day, known.get((holder.id, day)))
        for day in days
        for holder in holders
    ]


def _cells(
    program: Program, holder: StallHolder, day: date, report: TurnoverReport | None
) -> list[Cell]:
    return [
        program_name(program),
        holder.stall.label if holder.stall is not None else None,
        holder.name,
        day,
        report.amount if report is not None else None,
        report.transactions if report is not None else None,
        (report.best_sellers or None) if report is not None else None,
        None,
        None,
    ]


def program_name(program: Program) -> str:
    """How a row names a programme: its number first, so that two of one name stay apart."""
    return f"{program.id} {program.title}"


def number_in(written: str) -> int | None:
    """The number a row names a programme by, if it begins with one."""
    return whole_number(written.split(" ", 1)[0])


def same_title(written: str, program: Program) -> bool:
    return fold(written) in {fold(program.title), fold(program_name(program))}
