"""Two at the door, two officers, two workers: in processes of their own, on both databases."""

import pytest
from flask import Flask

from marketplace.accounts import queries as accounts
from marketplace.audit.models import AuditEntry
from marketplace.core.clock import today
from marketplace.core.errors import DomainError
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.meetings import queries
from marketplace.meetings.models import MeetingOutcome, NextStep
from marketplace.meetings.queries import results
from marketplace.meetings.rules import MeetingState, NoShow, Owner
from marketplace.meetings.rules.results import OutcomeDraft, StepDraft
from marketplace.meetings.services import arriving, outcomes, steps
from marketplace.notifications.models import OutboxMessage
from tests import factories
from tests.meetings.day import held, make_day, record
from tests.support.processes import in_processes

pytestmark = pytest.mark.both_databases


def press_arrived(person_id: int, participant_id: int) -> str:
    actor = accounts.actor_of(accounts.get_person(person_id))
    with transaction():
        first = arriving.check_in(actor=actor, participant=queries.get_participant(participant_id))
    return "first" if first else "before"


def write_result(person_id: int, meeting_id: int, version: int, missed: bool) -> str:
    actor = accounts.actor_of(accounts.get_person(person_id))
    step = StepDraft(f"Langkah {person_id}", Owner.OFFICE, today())
    draft = OutcomeDraft(state=MeetingState.HELD, step=step)
    if missed:
        draft = OutcomeDraft(state=MeetingState.NO_SHOW, no_show_by=NoShow.BUYER)
    try:
        with transaction():
            outcomes.record_outcome(
                actor=actor, meeting=queries.get_meeting(meeting_id), draft=draft, version=version
            )
    except DomainError as error:
        return type(error).__name__
    return "written"


def chase(_worker: int) -> int:
    with transaction():
        return steps.chase_due()


def test_of_eight_presses_at_the_door_one_is_the_first_and_none_fails(app: Flask) -> None:
    day = make_day(on=0)
    people = [day.officer_id, factories.make_person("province").id]
    answers = in_processes(app, press_arrived, [(people[n % 2], day.maker.id) for n in range(8)])
    assert sorted(answers) == ["before"] * 7 + ["first"]
    session.rollback()
    assert session.query(AuditEntry).filter_by(action="participant.arrived").count() == 1


def test_of_six_results_typed_at_once_one_is_kept_whole(app: Flask) -> None:
    day = make_day()
    people = [day.officer_id, factories.make_person("province").id]
    calls = [(people[n % 2], day.first.id, day.first.version, n % 3 == 0) for n in range(6)]
    answers = in_processes(app, write_result, calls)
    assert answers.count("written") == 1
    assert set(answers) <= {"written", "Conflict"}
    session.rollback()
    missed = calls[answers.index("written")][3]
    state = queries.get_meeting(day.first.id).state
    assert state is (MeetingState.NO_SHOW if missed else MeetingState.HELD)
    assert session.query(MeetingOutcome).count() == 1
    assert session.query(NextStep).count() == (0 if missed else 1)


def test_of_four_workers_one_reminds_of_each_step(app: Flask) -> None:
    day = make_day()
    record(day, day.first, held("Kirim contoh", due=0))
    record(day, day.second, held("Kirim harga", owner=Owner.BUYER, due=0))
    answers = in_processes(app, chase, [(n,) for n in range(4)])
    assert sum(answers) == 2
    session.rollback()
    assert session.query(OutboxMessage).filter_by(kind="next_step_due").count() == 2
    assert results.count_due_steps(today()) == 2
