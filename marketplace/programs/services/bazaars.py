"""Set up a bazaar or an expo; open, close and call it off."""

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import Conflict, InvalidInput, NotAllowed, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.programs import policies
from marketplace.programs.models import BazaarDay, Program, Stall
from marketplace.programs.queries import bazaars as queries
from marketplace.programs.queries import turnover
from marketplace.programs.rules import ProgramKind, ProgramState, check_transition
from marketplace.programs.rules.bazaars import BazaarDraft, DayDraft, check_bazaar
from marketplace.programs.services.holders import add_participants

CHANGED_MEANWHILE = N_("Someone else changed this meanwhile. Look at it again.")

__all__ = [
    "add_participants",
    "call_off",
    "change_bazaar",
    "close_bazaar",
    "create_bazaar",
    "draft_of",
    "open_bazaar",
]


def create_bazaar(
    *, actor: Actor, draft: BazaarDraft, like: Program | None = None, is_example: bool = False
) -> Program:
    """Plan a bazaar or expo; `like` brings the participants of an earlier one along."""
    require(policies.may_add_program(actor))
    check_bazaar(draft)
    if actor.office_id is None:
        raise NotAllowed(N_("Only an office can hold an event."))
    program = Program(
        kind=draft.kind,
        office_id=actor.office_id,
        created_by_id=actor.person_id,
        created_by_name=actor.name,
        is_example=is_example,
        **_said(draft),
    )
    session.add(program)
    session.flush()
    session.add_all([_day(program, day) for day in draft.days])
    session.add_all(
        [
            Stall(program_id=program.id, label=label, position=position)
            for position, label in enumerate(draft.stalls)
        ]
    )
    session.flush()
    audit.record(actor, "program.created", program, title=program.title)
    if like is not None:
        require(policies.may_run_program(actor, like))
        there = queries.business_ids_at(like.id)
        add_participants(actor=actor, program_id=program.id, business_ids=sorted(there))
    return program


def draft_of(program: Program) -> BazaarDraft:
    return BazaarDraft(
        kind=program.kind,
        title=program.title,
        level=program.level,
        organiser=program.organiser,
        region_code=program.region_code,
        place=program.place,
        about=program.about,
        sells=program.sells,
        days=tuple(
            DayDraft(day.day_on, day.opens, day.closes, day.is_shut, day.note)
            for day in queries.days_of(program.id)
        ),
        stalls=tuple(stall.label for stall in queries.stalls_of(program.id)),
    )


def change_bazaar(*, actor: Actor, bazaar_id: int, draft: BazaarDraft, version: int) -> Program:
    """Correct the set-up. Days with reports stay open days; a stall that is held stays."""
    program = queries.lock_bazaar(bazaar_id)
    require(policies.may_run_program(actor, program))
    if program.version != version:
        raise Conflict(CHANGED_MEANWHILE)
    if program.state is ProgramState.CANCELLED:
        raise RuleBroken(N_("This was called off: it stays as it was."))
    check_bazaar(draft)
    _check_sales(program, draft)
    _change_days(program, draft)
    _change_stalls(program, draft)
    for name, value in _said(draft).items():
        setattr(program, name, value)
    program.updated_at = now()
    session.flush()
    audit.record(actor, "program.changed", program)
    return program


def _said(draft: BazaarDraft) -> dict[str, object]:
    days = [day.on for day in draft.days]
    return {
        "title": draft.title,
        "level": draft.level,
        "organiser": draft.organiser,
        "region_code": draft.region_code,
        "place": draft.place,
        "about": draft.about,
        "sells": draft.kind is ProgramKind.BAZAAR or draft.sells,
        "starts_on": min(days),
        "ends_on": max(days),
    }


def _day(program: Program, day: DayDraft) -> BazaarDay:
    return BazaarDay(
        program_id=program.id,
        day_on=day.on,
        opens=day.opens,
        closes=day.closes,
        is_shut=day.is_shut,
        note=day.note,
    )


def _check_sales(program: Program, draft: BazaarDraft) -> None:
    """Figures that were entered stay, so what sold cannot become what sold nothing."""
    if draft.sells or not program.sells or program.kind is ProgramKind.BAZAAR:
        return
    if queries.days_with_reports(program.id) or turnover.estimates_of(program.id):
        message = N_("Turnover was already entered here: goods are sold.")
        raise InvalidInput(message, fields={"sells": message})


def _change_days(program: Program, draft: BazaarDraft) -> None:
    wanted = {day.on: day for day in draft.days}
    with_reports = queries.days_with_reports(program.id)
    if any(on not in wanted or wanted[on].is_shut for on in with_reports):
        message = N_("Turnover was already entered for one of these days. It stays an open day.")
        raise InvalidInput(message, fields={"days": message})
    there = {day.day_on: day for day in queries.days_of(program.id)}
    for on, day in there.items():
        if on not in wanted:
            session.delete(day)
    for on, said in wanted.items():
        if on not in there:
            session.add(_day(program, said))
            continue
        day = there[on]
        day.opens, day.closes = said.opens, said.closes
        day.is_shut, day.note = said.is_shut, said.note
    session.flush()


def _change_stalls(program: Program, draft: BazaarDraft) -> None:
    held = queries.labels_held(program.id)
    gone = [label for label in held if label not in draft.stalls]
    if gone:
        message = N_("Stall %(label)s is held by %(name)s. Give them another one first.")
        raise InvalidInput(message, fields={"stalls": message}, label=gone[0], name=held[gone[0]])
    there = {stall.label: stall for stall in queries.stalls_of(program.id)}
    for label, stall in there.items():
        if label not in draft.stalls:
            session.delete(stall)
    for position, label in enumerate(draft.stalls):
        if label in there:
            there[label].position = position
        else:
            session.add(Stall(program_id=program.id, label=label, position=position))
    session.flush()


def open_bazaar(*, actor: Actor, bazaar_id: int) -> Program:
    """From now on turnover and contacts can be entered; also to add what came late."""
    return _step(actor, bazaar_id, ProgramState.OPEN, "program.opened")


def close_bazaar(*, actor: Actor, bazaar_id: int) -> Program:
    """It is over: its figures stay, and may be shown to the public as sums."""
    return _step(actor, bazaar_id, ProgramState.CLOSED, "program.closed")


def call_off(*, actor: Actor, bazaar_id: int) -> Program:
    """It does not take place. Where turnover was entered it did, and can only be closed."""
    program = _step(actor, bazaar_id, ProgramState.CANCELLED, "program.called_off")
    if queries.days_with_reports(program.id):
        raise RuleBroken(N_("Turnover was already entered: it took place. Close it instead."))
    return program


def _step(actor: Actor, bazaar_id: int, new: ProgramState, action: str) -> Program:
    program = queries.lock_bazaar(bazaar_id)
    require(policies.may_run_program(actor, program))
    check_transition(program.state, new)
    program.state = new
    program.updated_at = now()
    session.flush()
    audit.record(actor, action, program)
    return program
