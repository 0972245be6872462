"""Outlets as a table: one row for each branch of a chain, one for a single shop."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from marketplace.businesses import policies, services
from marketplace.businesses.models import Branch, Business
from marketplace.businesses.queries import tables
from marketplace.businesses.rules import OUTLET_FORMAT_NAMES, BusinessKind, OutletFormat
from marketplace.businesses.services import BranchDraft, BusinessDraft
from marketplace.businesses.sheets import common
from marketplace.businesses.sheets.columns import FORMAT_WORDS, OUTLET_COLUMNS
from marketplace.core.actor import Actor
from marketplace.core.money import whole_number_of
from marketplace.core.sheet_kinds import (
    SAME_TWICE,
    Outcome,
    Parsed,
    Problem,
    RowReader,
    Scope,
    SheetColumn,
    Values,
    key_of,
)
from marketplace.core.sheets import Cell
from marketplace.core.text import N_, fold
from marketplace.regions.rules import region_name
from marketplace.regions.sheets import read_region

BRANCH_TWICE = N_("This branch already stands in row %(row)s.")
STORES_MAX = 100_000


@dataclass(frozen=True, slots=True)
class OutletRow:
    """What the rows of one outlet say. An outlet with named branches is a chain."""

    said: BusinessDraft
    branches: tuple[BranchDraft, ...]

    @property
    def key(self) -> Hashable:
        # A chain has branches in many places: its name alone tells which rows belong together.
        return key_of(self.said.name)


class OutletSheet:
    """See `core.sheet_kinds.SheetKind`. The same NIB, or the same name, is the same outlet."""

    key = "outlets"
    title = N_("Outlets and branches")
    columns: Sequence[SheetColumn] = OUTLET_COLUMNS

    def may_import(self, actor: Actor) -> bool:
        return actor.is_province_officer and policies.may_register(actor)

    def parse_row(self, values: Values, scope: Scope) -> Parsed:
        row = RowReader(values)
        region = read_region(row, "region", required=True)
        address = row.text("address", limit=400)
        branch = row.text("branch")
        shown = list(OUTLET_FORMAT_NAMES.values())
        word = row.choice("format", FORMAT_WORDS, shown=shown)
        said = BusinessDraft(
            kind=BusinessKind.OUTLET,
            name=row.text("name", required=True),
            region_code=region,
            address="" if branch else address,
            contact_name=row.text("contact_name"),
            phone=common.read_phone(row, "phone"),
            nib=common.read_nib(row, "nib"),
            kbli=common.read_kbli(row, "kbli"),
            outlet_format=OutletFormat(word) if word else None,
            is_chain=bool(branch),
        )
        stores = row.value(
            "stores", lambda cell: whole_number_of(cell, min=1, max=STORES_MAX), none=1
        )
        if row.problems:
            return Parsed(problems=tuple(row.problems))
        places = (BranchDraft(branch, region, address, stores),) if branch else ()
        return Parsed(OutletRow(said, places))

    def merge(self, first: OutletRow, second: OutletRow) -> OutletRow | Problem:
        known = {fold(branch.name) for branch in first.branches}
        if not second.branches:
            return Problem("name", SAME_TWICE)
        if any(fold(branch.name) in known for branch in second.branches):
            return Problem("branch", BRANCH_TWICE)
        said = replace(common.filled_up(first.said, second.said), is_chain=True)
        return OutletRow(said, first.branches + second.branches)

    def apply_rows(
        self, actor: Actor, drafts: Sequence[OutletRow], scope: Scope, *, is_trial: bool
    ) -> list[Outcome | Problem]:
        known = _look_up(drafts)
        branches = tables.branches_by_business({outlet.id for outlet in known.values()})
        answers: list[Outcome | Problem] = []
        for row in drafts:
            outlet = known.get(row.said.nib) or known.get(fold(row.said.name))
            theirs = branches[outlet.id] if outlet else []
            answers.append(_answer(actor, row, outlet, theirs, is_trial))
        return answers

    def export_rows(self, actor: Actor, filters: Mapping[str, str]) -> list[Sequence[Cell]]:
        return [
            _cells(outlet, branch)
            for outlet in common.exported(actor, BusinessKind.OUTLET, filters)
            for branch in (outlet.branches if outlet.is_chain else [None]) or [None]
        ]


def _look_up(drafts: Sequence[OutletRow]) -> dict[str, Business]:
    """Outlets by NIB and by folded name; of several with one name the first, the oldest."""
    wanted = {row.said.name for row in drafts} | {row.said.nib for row in drafts if row.said.nib}
    found: dict[str, Business] = {}
    for outlets in tables.find_named(BusinessKind.OUTLET, wanted).values():
        for outlet in outlets:
            found.setdefault(outlet.folded_name, outlet)
            if outlet.nib:
                found[outlet.nib] = outlet
    return found


def _answer(
    actor: Actor,
    row: OutletRow,
    known: Business | None,
    branches: Sequence[Branch],
    is_trial: bool,
) -> Outcome | Problem:
    return common.answered(lambda: _put(actor, row, known, branches, is_trial))


def _put(
    actor: Actor,
    row: OutletRow,
    known: Business | None,
    branches: Sequence[Branch],
    is_trial: bool,
) -> Outcome:
    if known is None:
        outlet = common.register(actor, row.said, is_trial=is_trial)
        if outlet is not None:
            for draft in row.branches:
                services.add_branch(actor=actor, business=outlet, draft=draft)
        return Outcome.ADDED
    # The seat of a known chain stays: its rows name the places of branches.
    said = replace(row.said, region_code=known.region_code) if known.is_chain else row.said
    changed = common.change(actor, known, said, is_trial=is_trial)
    by_name = {fold(branch.name): branch for branch in branches}
    for draft in row.branches:
        branch = by_name.get(fold(draft.name))
        changed |= _put_branch(actor, known, branch, draft, is_trial)
    return Outcome.CHANGED if changed else Outcome.SAME


def _put_branch(
    actor: Actor, outlet: Business, branch: Branch | None, draft: BranchDraft, is_trial: bool
) -> bool:
    if branch is None:
        if not is_trial:
            services.add_branch(actor=actor, business=outlet, draft=draft)
        return True
    wanted = replace(draft, name=branch.name, address=draft.address or branch.address)
    if wanted == BranchDraft(branch.name, branch.region_code, branch.address, branch.stores):
        return False
    if not is_trial:
        services.change_branch(actor=actor, branch=branch, draft=wanted)
    return True


def _cells(outlet: Business, branch: Branch | None) -> list[Cell]:
    place = branch or outlet
    form = outlet.outlet_format
    return [
        outlet.name,
        OUTLET_FORMAT_NAMES[form] if form else None,
        branch.name if branch else None,
        region_name(place.region_code),
        place.address or None,
        branch.stores if branch else None,
        outlet.contact_name or None,
        outlet.phone or None,
        outlet.nib,
        common.kbli_cell(outlet),
    ]


OUTLETS = OutletSheet()
