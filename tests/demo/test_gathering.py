"""The event of the demonstration: 40 producers and 20 buyers, most of their answers in."""

from collections import Counter

from flask import Flask

from marketplace.core.clock import today
from marketplace.demo.rules import dataset
from marketplace.demo.services import filling, gathering
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.meetings import queries
from marketplace.meetings.models import Meeting, MeetingRequest
from marketplace.meetings.rules import EventState, RequestState, RunKind, Side
from marketplace.meetings.services import planning
from tests.support.pairings import suggest


def test_the_event_is_ready_for_the_press(app: Flask) -> None:
    with transaction():
        filling.seed(dataset(today()), with_accounts=True)
    suggest(300)
    with transaction():
        gathering.play()
    (event,) = queries.page_of_events(1).items
    assert event.state is EventState.OPEN
    assert event.is_example
    sides = Counter(one.side for one in queries.participants_at(event.id))
    assert sides == {Side.PRODUCER: 40, Side.BUYER: 20}
    states = queries.count_requests(event.id)
    assert states[RequestState.AGREED] > states[RequestState.ASKED] > 0
    assert states[RequestState.DECLINED] > 0
    assert session.query(Meeting).count() == 0
    plan = planning.compute(queries.get_event(event.id), RunKind.PLAN)
    assert plan.result.is_optimal
    assert len(plan.result.meetings) > 40
    asked = session.query(MeetingRequest).filter(MeetingRequest.suggestion_id.is_not(None))
    assert asked.count() == session.query(MeetingRequest).count()
