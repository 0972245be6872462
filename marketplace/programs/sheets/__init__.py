"""Participants and turnover of bazaars and expos as tables."""

from collections.abc import Mapping, Sequence

from marketplace.core.actor import Actor
from marketplace.core.sheet_kinds import (
    SAME_TWICE,
    Outcome,
    Parsed,
    Problem,
    Scope,
    SheetColumn,
    Values,
)
from marketplace.core.sheets import Cell
from marketplace.core.text import N_
from marketplace.programs import policies
from marketplace.programs.queries import bazaars, turnover
from marketplace.programs.services import turnover as services
from marketplace.programs.sheets import applying, rows
from marketplace.programs.sheets.columns import HOLDER_COLUMNS, TURNOVER_COLUMNS
from marketplace.programs.sheets.rows import HolderRow, TurnoverRow

_MOST = 400  # programmes in one list: years of them


class HolderSheet:
    """See `core.sheet_kinds.SheetKind`. The same programme and name is the same participant."""

    key = "stalls"
    title = N_("Participants of bazaars and expos")
    columns: Sequence[SheetColumn] = HOLDER_COLUMNS

    def may_import(self, actor: Actor) -> bool:
        return policies.may_add_program(actor)

    def parse_row(self, values: Values, scope: Scope) -> Parsed:
        return rows.parse_holder(values, scope)

    def merge(self, first: HolderRow, second: HolderRow) -> Problem:
        return Problem("name", SAME_TWICE)

    def apply_rows(
        self, actor: Actor, drafts: Sequence[HolderRow], scope: Scope, *, is_trial: bool
    ) -> list[Outcome | Problem]:
        return applying.apply_holders(actor, drafts, is_trial=is_trial)

    def export_rows(self, actor: Actor, filters: Mapping[str, str]) -> list[Sequence[Cell]]:
        """Of the programmes this office keeps."""
        return [
            rows.holder_cells(holder, program)
            for program in bazaars.earlier_bazaars(actor, limit=_MOST)
            if policies.may_run_program(actor, program)
            for holder in bazaars.holders_of(program.id)
        ]


class TurnoverSheet:
    """See `core.sheet_kinds.SheetKind`. The same stall and day is the same figure."""

    key = "turnover"
    title = N_("Turnover at bazaars")
    columns: Sequence[SheetColumn] = TURNOVER_COLUMNS

    def may_import(self, actor: Actor) -> bool:
        return policies.may_add_program(actor)

    def parse_row(self, values: Values, scope: Scope) -> Parsed:
        return rows.parse_turnover(values, scope)

    def merge(self, first: TurnoverRow, second: TurnoverRow) -> Problem:
        return Problem("day", SAME_TWICE)

    def apply_rows(
        self, actor: Actor, drafts: Sequence[TurnoverRow], scope: Scope, *, is_trial: bool
    ) -> list[Outcome | Problem]:
        return applying.apply_turnover(actor, drafts, is_trial=is_trial)

    def export_rows(self, actor: Actor, filters: Mapping[str, str]) -> list[Sequence[Cell]]:
        """Every figure of the programmes this office keeps."""
        return [
            rows.report_cells(program, report)
            for program in bazaars.earlier_bazaars(actor, limit=_MOST)
            if policies.may_run_program(actor, program)
            for report in turnover.reports_of(program.id)
        ]

    def note_look(self, actor: Actor, filters: Mapping[str, str]) -> None:
        """Single figures are in the list: that it was taken is kept, bazaar by bazaar."""
        for program in bazaars.earlier_bazaars(actor, limit=_MOST):
            if policies.may_run_program(actor, program):
                services.note_turnover_seen(actor=actor, subject=program)


HOLDERS = HolderSheet()
TURNOVER = TurnoverSheet()
