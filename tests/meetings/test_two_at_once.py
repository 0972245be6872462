"""Two officers, real processes, one timetable: nothing is lost and nobody sits in two places."""

import pytest
from flask import Flask

from marketplace.accounts import queries as accounts
from marketplace.businesses import queries as businesses
from marketplace.core.clock import now
from marketplace.core.errors import DomainError
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.meetings import queries
from marketplace.meetings.models import Meeting, MeetingRequest
from marketplace.meetings.rules import MeetingState, MeetingWay, RunKind, Side, SingleDraft
from marketplace.meetings.services import answering, asking, placing, planning
from tests import factories
from tests.meetings.conftest import Gathering
from tests.support.processes import in_processes

pytestmark = pytest.mark.both_databases


def move(person_id: int, meeting_id: int, slot: int, version: int) -> str:
    actor = accounts.actor_of(accounts.get_person(person_id))
    try:
        with transaction():
            meeting = queries.get_meeting(meeting_id)
            placing.move(actor=actor, meeting=meeting, slot=slot, table=None, version=version)
    except DomainError as error:
        return type(error).__name__
    return "moved"


def place(person_id: int, request_id: int, slot: int) -> str:
    actor = accounts.actor_of(accounts.get_person(person_id))
    try:
        with transaction():
            request = queries.get_request(request_id)
            placing.place(actor=actor, request=request, slot=slot, table=1)
    except DomainError as error:
        return type(error).__name__
    return "placed"


def press(person_id: int, event_id: int) -> str:
    actor = accounts.actor_of(accounts.get_person(person_id))
    try:
        plan = planning.compute(queries.get_event(event_id), RunKind.PLAN)
        with transaction():
            planning.apply(actor=actor, event_id=event_id, plan=plan)
    except DomainError as error:
        return type(error).__name__
    return "planned"


def propose(person_id: int, producer_id: int, buyer_id: int, minutes_later: int) -> str:
    from datetime import timedelta

    actor = accounts.actor_of(accounts.get_person(person_id))
    at = now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    draft = SingleDraft(
        producer_id, buyer_id, at + timedelta(minutes=minutes_later), 60, MeetingWay.CALL
    )
    try:
        with transaction():
            asking.ask_single(
                actor=actor,
                producer=businesses.get_business(producer_id),
                buyer=businesses.get_business(buyer_id),
                draft=draft,
            )
    except DomainError as error:
        return type(error).__name__
    return "asked"


def answer(person_id: int, request_id: int, side: str) -> str:
    actor = accounts.actor_of(accounts.get_person(person_id))
    try:
        with transaction():
            request = queries.get_request(request_id)
            answering.agree(actor=actor, request=request, side=Side(side))
    except DomainError as error:
        return type(error).__name__
    return "agreed"


def test_of_eight_moves_of_one_meeting_exactly_one_counts(app: Flask, gathering: Gathering) -> None:
    request = factories.make_meeting_request(gathering.producers[0], gathering.buyers[0])
    meeting = factories.make_meeting(request)
    people = [gathering.officer.id, factories.make_person("province").id]
    calls = [(people[n % 2], meeting.id, 1 + n % 8, meeting.version) for n in range(8)]
    answers = in_processes(app, move, calls)
    assert answers.count("moved") == 1
    assert set(answers) <= {"moved", "Conflict"}
    session.rollback()
    assert queries.get_meeting(meeting.id).slot == calls[answers.index("moved")][2]


def test_one_table_at_one_time_is_given_to_one_pair(app: Flask, gathering: Gathering) -> None:
    people = [gathering.officer.id, factories.make_person("province").id]
    requests = [
        factories.make_meeting_request(
            factories.make_participant(gathering.event),
            factories.make_participant(gathering.event, side="buyer"),
        ).id
        for _ in range(6)
    ]
    answers = in_processes(
        app, place, [(people[n % 2], number, 4) for n, number in enumerate(requests)]
    )
    assert answers.count("placed") == 1
    assert set(answers) <= {"placed", "RuleBroken", "Conflict"}
    session.rollback()
    assert session.query(Meeting).count() == 1


def test_several_presses_and_moves_at_once_leave_one_whole_timetable(
    app: Flask, gathering: Gathering
) -> None:
    people = [gathering.officer.id, factories.make_person("province").id]
    for producer in gathering.producers:
        for buyer in gathering.buyers:
            factories.make_meeting_request(producer, buyer)
    answers = in_processes(app, press, [(people[n % 2], gathering.event.id) for n in range(4)])
    assert "planned" in answers
    assert set(answers) <= {"planned", "Conflict"}
    session.rollback()
    live = session.query(Meeting).filter_by(state=MeetingState.PLACED).all()
    assert len(live) == 4
    assert len({one.request_id for one in live}) == 4


def test_a_time_is_held_for_one_meeting_only(app: Flask, gathering: Gathering) -> None:
    """Times that overlap without being the same: no unique rule sees them, the lock does."""
    people = [gathering.officer.id, factories.make_person("province").id]
    producer = gathering.producers[0].business_id
    buyers = [factories.make_outlet().id for _ in range(6)]
    calls = [(people[n % 2], producer, buyer, 7 * n) for n, buyer in enumerate(buyers)]
    answers = in_processes(app, propose, calls)
    assert answers.count("asked") == 1
    assert set(answers) <= {"asked", "InvalidInput"}
    session.rollback()
    assert session.query(MeetingRequest).count() == 1


def test_both_yeses_at_once_make_one_meeting(app: Flask, gathering: Gathering) -> None:
    propose(gathering.officer.id, gathering.producers[0].business_id,
            gathering.buyers[0].business_id, 0)  # fmt: skip
    request = session.query(MeetingRequest).one()
    sides = ["producer", "buyer"] * 3
    answers = in_processes(
        app, answer, [(gathering.officer.id, request.id, side) for side in sides]
    )
    assert set(answers) <= {"agreed", "Conflict", "RuleBroken"}
    for side in ("producer", "buyer"):  # whoever lost the race presses again
        answer(gathering.officer.id, request.id, side)
    session.rollback()
    assert session.query(Meeting).count() == 1
