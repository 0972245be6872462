"""Signed links show how to reach the other side while there is a meeting to come, and then no more.

They go from hand to hand in chats, and nobody takes them back.
"""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from marketplace.core.clock import now
from marketplace.infra.db import session
from marketplace.infra.links import sign
from marketplace.infra.transaction import transaction
from marketplace.meetings import queries
from marketplace.meetings.documents.followup import SAMPLE_LINK
from marketplace.meetings.documents.letters import PARTICIPANT_LINK, REQUEST_LINK
from marketplace.meetings.models import Sample
from marketplace.meetings.rules import EventState
from marketplace.meetings.rules.results import JUDGE_WITHIN, LINK_AFTER
from tests.meetings.day import Day, held, make_day, moved_to, record
from tests.support.client import Client


@pytest.fixture
def day(app: object) -> Day:
    return make_day()


def link(app: Flask, at: str, purpose: str, payload: list[object]) -> str:
    with app.test_request_context():
        return f"/{at}/{sign(purpose, payload)}"


def test_contacts_leave_the_page_of_a_participant_when_the_event_is_over(
    app: Flask, day: Day, client: Client
) -> None:
    path = link(app, "t", PARTICIPANT_LINK, [day.maker.id])
    assert day.shop.contact in client.text(path)
    with transaction():
        queries.get_event(day.event_id).state = EventState.CLOSED
    page = client.text(path)
    assert day.shop.name in page
    assert day.shop.contact not in page


def test_contacts_leave_the_page_of_a_single_meeting_when_it_is_over(
    app: Flask, day: Day, client: Client
) -> None:
    later = record(day, day.first, moved_to(now() + timedelta(days=2)))
    ends_at = later.ends_at
    path = link(app, "r", REQUEST_LINK, [later.request_id, "producer"])
    assert day.shop.contact in client.text(path)
    with time_machine.travel(ends_at, tick=False):
        assert day.shop.contact not in client.text(path)


def test_the_link_to_judge_a_sample_closes_some_days_after_its_time(
    app: Flask, day: Day, client: Client
) -> None:
    record(day, day.first, held("Nilai", sample="Kemplang 250 g"))
    path = link(app, "s", SAMPLE_LINK, [session.query(Sample).one().id])
    client.post(path, data={"received": "1"})
    scores = {"taste": "5", "pack": "3", "price": "4"}
    with time_machine.travel(now() + JUDGE_WITHIN + LINK_AFTER - timedelta(minutes=1)):
        assert client.get(path).status_code == 200
    with time_machine.travel(now() + JUDGE_WITHIN + LINK_AFTER + timedelta(minutes=1)):
        assert client.get(path).status_code == 404
        assert client.post(path, data=scores).status_code == 404
    assert session.query(Sample).one().judged_at is None
