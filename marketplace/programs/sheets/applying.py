"""What rows of participants and turnover change: found, compared, written."""

from collections.abc import Sequence

from marketplace.businesses import policies as business_policies
from marketplace.businesses.models import Business
from marketplace.businesses.queries import tables
from marketplace.businesses.rules import BusinessKind
from marketplace.core.actor import Actor
from marketplace.core.errors import DomainError, RuleBroken
from marketplace.core.sheet_kinds import Outcome, Problem
from marketplace.core.text import N_, fold
from marketplace.programs import policies
from marketplace.programs.models import Program, Stall, StallHolder
from marketplace.programs.queries import bazaars, turnover
from marketplace.programs.rules.turnover import (
    AlreadyReported,
    AskedBack,
    ReportSource,
    doubt_about,
)
from marketplace.programs.services import holders as holding
from marketplace.programs.services import turnover as services
from marketplace.programs.sheets.rows import HolderRow, TurnoverRow, number_in, same_title

NO_PROGRAM = N_("You keep no bazaar or expo of this name or number.")
NO_STALL = N_("Nobody holds this stall. Write its number as it stands on the list.")
# Stalls change hands after a list was given out: the new holder must not get the figure.
OTHER_HOLDER = N_("Stall %(stall)s is held by %(name)s. Mend the stall or the name.")
NO_NAME = N_("Nobody of this name takes part. Put them on the list first, or mend the name.")
SEVERAL_NAMED = N_("Several producers have this name. Write the NIB instead.")
NO_SUCH_STALL = N_("There is no such stall.")
STALL_TAKEN = N_("This stall is taken.")
SAY_SURE = N_('Is it right? Then write yes under "Amount is right". The usual is about %(usual)s.')
SAY_REPLACE = N_('%(name)s reported %(amount)s already. To replace it write yes under "Replace".')


class _Programs:
    """Programmes by what was written, each looked up once; only those the actor keeps."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._known: dict[str, Program | None] = {}

    def find(self, written: str) -> Program | None:
        key = fold(written)
        if key not in self._known:
            self._known[key] = self._look_up(written)
        return self._known[key]

    def _look_up(self, written: str) -> Program | None:
        office_id = None if self.actor.is_province_officer else self.actor.office_id
        for program in bazaars.named_bazaars(number_in(written), written, office_id):
            named = same_title(written, program) or written.strip() == str(program.id)
            if named and policies.may_run_program(self.actor, program):
                return program
        return None


# --- participants


def apply_holders(
    actor: Actor, rows: Sequence[HolderRow], *, is_trial: bool
) -> list[Outcome | Problem]:
    programs = _Programs(actor)
    named = tables.find_named(BusinessKind.PRODUCER, {row.draft.name for row in rows})
    return [
        _holder(actor, row, programs.find(row.program), named.get(row.draft.name, ()), is_trial)
        for row in rows
    ]


def _holder(
    actor: Actor,
    row: HolderRow,
    program: Program | None,
    found: Sequence[Business],
    is_trial: bool,
) -> Outcome | Problem:
    if program is None:
        return Problem("program", NO_PROGRAM)
    own = [one for one in found if business_policies.is_of_office(actor, one)]
    if len(own) > 1:
        return Problem("name", SEVERAL_NAMED)
    known = _known_holder(program, row, own)
    stall = next(
        (one for one in bazaars.stalls_of(program.id) if fold(one.label) == fold(row.stall)), None
    )
    if row.stall and stall is None:
        return Problem("stall", NO_SUCH_STALL)
    wanted = stall if known is None or stall is None or known.stall_id != stall.id else None
    if wanted is not None and any(
        one.stall_id == wanted.id for one in bazaars.holders_of(program.id)
    ):
        return Problem("stall", STALL_TAKEN)
    if known is not None and wanted is None:
        return Outcome.SAME
    if is_trial:
        return Outcome.ADDED if known is None else Outcome.CHANGED
    try:
        return _write_holder(actor, program, row, own, known, wanted)
    except DomainError as error:
        return Problem("", error.msgid, error.params)


def _known_holder(program: Program, row: HolderRow, own: Sequence[Business]) -> StallHolder | None:
    ids = {business.id for business in own}
    for holder in bazaars.holders_of(program.id):
        if holder.business_id in ids if ids else fold(holder.name) == fold(row.draft.name):
            return holder
    return None


def _write_holder(
    actor: Actor,
    program: Program,
    row: HolderRow,
    own: Sequence[Business],
    known: StallHolder | None,
    stall: Stall | None,
) -> Outcome:
    outcome = Outcome.CHANGED
    if known is None and own:
        holding.add_participants(actor=actor, program_id=program.id, business_ids=[own[0].id])
        known = bazaars.find_holder_of(program.id, own[0].id)
        outcome = Outcome.ADDED
    elif known is None:
        known = holding.add_walk_in(actor=actor, program_id=program.id, draft=row.draft)
        outcome = Outcome.ADDED
    if known is not None and stall is not None:
        holding.assign_stalls(actor=actor, program_id=program.id, wanted={known.id: stall.id})
    return outcome


# --- turnover


class _Book:
    """A programme as an import meets it, read once: its stalls, days and figures."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.coming = bazaars.holders_of(program.id, only_coming=True)
        self.days = {day.day_on: day for day in bazaars.days_of(program.id)}
        self.amounts = turnover.amounts_of(program.id)
        self.reports = {
            (report.holder_id, report.day_on): report for report in turnover.reports_of(program.id)
        }


def apply_turnover(
    actor: Actor, rows: Sequence[TurnoverRow], *, is_trial: bool
) -> list[Outcome | Problem]:
    programs = _Programs(actor)
    books: dict[int, _Book] = {}
    answers: list[Outcome | Problem] = []
    for row in rows:
        program = programs.find(row.program)
        if program is None:
            answers.append(Problem("program", NO_PROGRAM))
            continue
        if program.id not in books:
            books[program.id] = _Book(program)
        answers.append(_figure(actor, row, books[program.id], is_trial))
    return answers


def _figure(actor: Actor, row: TurnoverRow, book: _Book, is_trial: bool) -> Outcome | Problem:
    if row.draft is None:
        return Outcome.EMPTY  # the form has a row for every stall and day: not reported yet
    holder = _stall_of(book.coming, row)
    if holder is None:
        return Problem("stall", NO_STALL) if row.stall else Problem("name", NO_NAME)
    if row.name and fold(row.name) != fold(holder.name):
        return Problem("name", OTHER_HOLDER, {"stall": row.stall, "name": holder.name})
    try:
        services.check_known_day(book.program, book.days.get(row.day_on), row.day_on)
    except RuleBroken as error:
        return Problem("day", error.msgid, error.params)
    standing = book.reports.get((holder.id, row.day_on))
    if standing is not None and services.says(standing) == row.draft:
        return Outcome.SAME
    if is_trial:
        doubt = doubt_about(
            row.draft.amount, *turnover.amounts_beside(holder, row.day_on, book.amounts)
        )
        if doubt is not None and not row.is_sure:
            return _asked(AskedBack(row.draft.amount, doubt))
        if standing is not None and not row.replaces:
            return _there(AlreadyReported(services.standing_of(standing)))
        return Outcome.ADDED if standing is None else Outcome.CHANGED
    try:
        book.reports[holder.id, row.day_on] = services.enter_turnover(
            actor=actor,
            holder_id=holder.id,
            day_on=row.day_on,
            draft=row.draft,
            source=ReportSource.EXCEL,
            sure_of=row.draft.amount if row.is_sure else None,
            replaces=standing.version if standing is not None and row.replaces else None,
        )
    except AskedBack as error:
        return _asked(error)
    except AlreadyReported as error:
        return _there(error)
    except DomainError as error:
        return Problem("", error.msgid, error.params)
    return Outcome.ADDED if standing is None else Outcome.CHANGED


def _asked(error: AskedBack) -> Problem:
    if error.doubt.usual:
        return Problem("amount", SAY_SURE, {"usual": error.params["usual"]})
    return Problem("amount", error.msgid, error.params)


def _there(error: AlreadyReported) -> Problem:
    return Problem("amount", SAY_REPLACE, error.params)


def _stall_of(coming: Sequence[StallHolder], row: TurnoverRow) -> StallHolder | None:
    """Who holds the stall named, else who has the name; a name beside a stall is not looked at."""
    if row.stall:
        coming = [
            one
            for one in coming
            if one.stall is not None and fold(one.stall.label) == fold(row.stall)
        ]
        return coming[0] if coming else None
    named = [one for one in coming if fold(one.name) == fold(row.name)]
    return named[0] if len(named) == 1 else None
