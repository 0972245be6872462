"""Needs as a table: one row for each place of a need."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from marketplace.core.actor import Actor
from marketplace.core.sheet_kinds import Outcome, Parsed, Problem, Scope, SheetColumn, Values
from marketplace.core.sheets import Cell
from marketplace.core.text import N_
from marketplace.demand import policies, queries
from marketplace.demand.queries import NeedFilter
from marketplace.demand.sheets import applying, rows
from marketplace.demand.sheets.columns import COLUMNS
from marketplace.demand.sheets.rows import NeedRow

_CHUNK = 500


class NeedSheet:
    """See `core.sheet_kinds.SheetKind`. The same outlet and item is the same need until closed."""

    key = "needs"
    title = N_("Needs")
    columns: Sequence[SheetColumn] = COLUMNS

    def may_import(self, actor: Actor) -> bool:
        return policies.may_have_needs(actor)

    def parse_row(self, values: Values, scope: Scope) -> Parsed:
        return rows.parse_row(values, scope)

    def merge(self, first: NeedRow, second: NeedRow) -> NeedRow | Problem:
        """The second row is one more place; what it says of the need itself fills gaps."""
        known = {(place.branch, place.region_code) for place in first.places}
        if any((place.branch, place.region_code) in known for place in second.places):
            return Problem("region", N_("This place already stands in row %(row)s."))
        said = rows.filled_up(first.said, second.said)
        return replace(first, said=said, places=first.places + second.places)

    def apply_rows(
        self, actor: Actor, drafts: Sequence[NeedRow], scope: Scope, *, is_trial: bool
    ) -> list[Outcome | Problem]:
        return applying.apply_rows(actor, drafts, scope, is_trial=is_trial)

    def export_rows(self, actor: Actor, filters: Mapping[str, str]) -> list[Sequence[Cell]]:
        """Own needs, or for the office all but other people's drafts: as the lists show them."""
        own = None if actor.is_officer and actor.acting_for is None else actor.outlet_ids
        if own is not None and actor.acting_for is not None:
            own = own | {actor.acting_for}
        found: list[Sequence[Cell]] = []
        after = 0
        while needs := queries.list_needs(
            business_ids=own, wanted=NeedFilter.of(filters), after=after, limit=_CHUNK
        ):
            found.extend(cells for need in needs for cells in rows.cells_of(need))
            after = needs[-1].id
        return found


NEEDS = NeedSheet()
