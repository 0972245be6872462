"""Who is there, the wall, paper and calendar files."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar

from marketplace.core.clock import now
from marketplace.core.errors import NotAllowed, RuleBroken
from marketplace.infra.db import session
from marketplace.infra.links import sign
from marketplace.infra.transaction import transaction
from marketplace.meetings import queries
from marketplace.meetings.documents.day import CODE_LINK, WALL_LINK, tables_now
from marketplace.meetings.documents.letters import PARTICIPANT_LINK
from marketplace.meetings.models import Participant
from marketplace.meetings.queries import day as reads
from marketplace.meetings.rules import EventState, MeetingState, NoShow, ParticipantState
from marketplace.meetings.services import arriving
from marketplace.meetings.views import prints
from tests import factories
from tests.meetings.day import Chair, Day, actor_of, make_chair, make_day, place


@pytest.fixture
def day(app: object) -> Day:
    return make_day(on=0)


def token(app: Flask, purpose: str, number: int) -> str:
    with app.test_request_context():
        return sign(purpose, [number])


def arrived(participant: Chair | Participant) -> Participant:
    return queries.get_participant(participant.id)


# --- arrivals


def test_one_press_and_a_second_changes_nothing(day: Day, signed_in) -> None:
    browser = signed_in(day.officer)
    path = f"/participants/{day.maker.id}/arrived"
    first = browser.post(path, follow_redirects=True)
    at = arrived(day.maker).arrived_at
    again = browser.post(path, follow_redirects=True)
    assert first.status_code == again.status_code == 200
    assert at is not None
    assert arrived(day.maker).arrived_at == at


def test_who_comes_without_having_answered_comes(day: Day) -> None:
    silent = factories.make_participant(day.event, state=ParticipantState.INVITED, answered_at=None)
    refused = factories.make_participant(day.event, state=ParticipantState.DECLINED)
    with transaction():
        for one in (silent, refused):
            arriving.check_in(actor=day.actor, participant=queries.get_participant(one.id))
    assert arrived(silent).state is ParticipantState.CONFIRMED
    assert arrived(refused).state is ParticipantState.WALK_IN


def test_the_wrong_name_is_taken_back(day: Day, signed_in) -> None:
    browser = signed_in(day.officer)
    browser.post(f"/participants/{day.maker.id}/arrived")
    browser.post(f"/participants/{day.maker.id}/not-arrived")
    assert arrived(day.maker).arrived_at is None


def test_nobody_arrives_at_an_event_that_is_over(day: Day) -> None:
    with transaction():
        queries.get_event(day.event_id).state = EventState.CLOSED
    with pytest.raises(RuleBroken), transaction():
        arriving.check_in(actor=day.actor, participant=queries.get_participant(day.maker.id))


def test_a_kabupaten_checks_in_its_own_producers(day: Day) -> None:
    own = actor_of(factories.make_person("regency"))
    stranger = actor_of(factories.make_person("regency", area=factories.BELITUNG))
    with transaction():
        assert arriving.check_in(actor=own, participant=queries.get_participant(day.maker.id))
    for actor, participant in ((stranger, day.maker), (own, day.shop)):
        with pytest.raises(NotAllowed), transaction():
            arriving.check_in(actor=actor, participant=queries.get_participant(participant.id))


@pytest.mark.both_databases
def test_the_list_finds_by_business_and_by_person_and_shows_who_is_missing_first(
    day: Day, signed_in
) -> None:
    with transaction():
        queries.get_participant(day.shop.id).person_name = "Bu Ratna"
    browser = signed_in(day.officer)
    path = f"/events/{day.event_id}/check-in"
    assert "Toko Rasa" in browser.text(path + "?q=ratna")
    assert "Dapur Amang" not in browser.text(path + "?q=ratna")
    browser.post(f"/participants/{day.maker.id}/arrived", follow_redirects=True)
    page = browser.text(path)
    assert page.index("Toko Rasa") < page.index("Dapur Amang")


def test_the_code_opens_the_button_for_an_officer_and_nothing_for_others(
    app: Flask, day: Day, signed_in, client
) -> None:
    path = f"/c/{token(app, CODE_LINK, day.maker.id)}"
    assert f"/participants/{day.maker.id}/arrived" in signed_in(day.officer).text(path)
    for browser in (client, signed_in(factories.make_person("producer"))):
        page = browser.text(path)
        assert "/arrived" not in page
        assert "<svg" in page
        assert day.maker.contact not in page
    assert arrived(day.maker).arrived_at is None  # opening it changed nothing


@pytest.mark.parametrize("path", ["/c/x", "/w/x", "/s/x", "/t/x/calendar.ics", "/r/x/calendar.ics"])
def test_a_forged_link_opens_nothing(client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_link_of_one_kind_opens_nothing_of_another(app: Flask, day: Day, client) -> None:
    assert client.get(f"/w/{token(app, CODE_LINK, day.event_id)}").status_code == 404
    assert client.get(f"/c/{token(app, WALL_LINK, day.event_id)}").status_code == 404


# --- the wall


@pytest.mark.both_databases
def test_the_wall_says_who_sits_where_now_and_next_and_nothing_more(
    app: Flask, day: Day, client
) -> None:
    path = f"/w/{token(app, WALL_LINK, day.event_id)}"
    with time_machine.travel(day.first.starts_at + timedelta(minutes=5), tick=False):
        answer = client.get(path)
        seats = reads.seats_from(day.event_id, now(), now() + timedelta(hours=2))
        tables = tables_now(seats, day.tables, now())
    page = answer.text
    assert tables[0].now is not None
    assert tables[0].now.buyer == "Toko Rasa"
    assert tables[1].now is None
    assert tables[1].next is not None
    assert tables[1].next.buyer == "Gerai Laut"
    assert 'http-equiv="refresh"' in page
    for name in ("Dapur Amang", "Toko Rasa", "Gerai Laut"):
        assert name in page
    business = day.maker.business
    for private in (business.contact_name, business.phone.removeprefix("+62"), 'href="/meetings'):
        assert private not in page


def test_a_meeting_called_off_leaves_the_wall(day: Day) -> None:
    with transaction():
        meeting = queries.get_meeting(day.first.id)
        meeting.state, meeting.ended_at = MeetingState.CANCELLED, now()
    at = day.first.starts_at
    assert [one.table for one in reads.seats_from(day.event_id, at, at + timedelta(hours=2))] == [2]


# --- paper


@pytest.mark.both_databases
@pytest.mark.parametrize("sheet", ["people", "tables", "day", "results"])
def test_every_sheet_holds_everybody_with_time_and_table(day: Day, signed_in, sheet: str) -> None:
    extra = [make_chair(day.event, side="buyer") for _ in range(3)]
    for n, buyer in enumerate(extra):
        place(day.maker, buyer, n + 2, n + 1)
    page = signed_in(day.officer).text(f"/events/{day.event_id}/print/{sheet}")
    for name in ["Dapur Amang", "Toko Rasa", "Gerai Laut", *(one.name for one in extra)]:
        assert name in page
    for clock in ("09.00", "09.20", "09.40", "10.00", "10.20"):
        assert clock in page


def test_sheets_come_a_hundred_at_a_time_and_every_one_comes(
    day: Day, signed_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prints, "SHEETS", 2)
    browser = signed_in(day.officer)
    pages = [browser.text(f"/events/{day.event_id}/print/people?page={n}") for n in (1, 2)]
    sheets = "".join(pages).split('class="paper-sheet"')[1:]
    names = [sheet.split("<h1>")[1].split("</h1>")[0] for sheet in sheets]
    assert sorted(names) == ["Dapur Amang", "Gerai Laut", "Toko Rasa"]


def test_who_was_missed_stays_on_paper_and_gets_no_blank_sheet(day: Day, signed_in) -> None:
    with transaction():
        meeting = queries.get_meeting(day.first.id)
        meeting.state, meeting.no_show_by = MeetingState.NO_SHOW, NoShow.BUYER
        meeting.ended_at = now()
    browser = signed_in(day.officer)
    assert "Toko Rasa" in browser.text(f"/events/{day.event_id}/print/day")
    assert "Toko Rasa" not in browser.text(f"/events/{day.event_id}/print/results")
    # The sheet on the table still has its hour, and says that nobody comes.
    assert "Toko Rasa (tidak dihadiri)" in browser.text(f"/events/{day.event_id}/print/tables")


def test_a_kabupaten_prints_its_own_producers_only(day: Day, signed_in) -> None:
    stranger = factories.make_person("regency", area=factories.BELITUNG)
    browser = signed_in(stranger)
    for sheet in ("people", "tables", "day", "results"):
        page = browser.text(f"/events/{day.event_id}/print/{sheet}")
        assert "Dapur Amang" not in page
        assert "Toko Rasa" not in page


# --- calendars


def test_the_calendar_file_is_read_by_a_calendar(app: Flask, day: Day, client) -> None:
    answer = client.get(f"/t/{token(app, PARTICIPANT_LINK, day.maker.id)}/calendar.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.data)
    zones = [one["tzid"] for one in found.walk("VTIMEZONE")]
    assert zones == ["Asia/Jakarta"]
    first, second = found.walk("VEVENT")
    assert first["dtstart"].dt == day.first.starts_at
    assert first["dtstart"].dt.utcoffset() == timedelta(hours=7)
    assert first["dtend"].dt - first["dtstart"].dt == timedelta(minutes=20)
    assert "Toko Rasa" in first["summary"]
    assert "Aula Dinas" in first["location"]
    assert first["uid"] != second["uid"]
    assert day.shop.phone.removeprefix("+62") not in answer.text


def test_a_meeting_called_off_disappears_from_the_telephone(app: Flask, day: Day, client) -> None:
    path = f"/t/{token(app, PARTICIPANT_LINK, day.maker.id)}/calendar.ics"
    before = Calendar.from_ical(client.get(path).data).walk("VEVENT")[0]
    with transaction():
        meeting = queries.get_meeting(day.first.id)
        meeting.state, meeting.ended_at = MeetingState.CANCELLED, now()
    after = Calendar.from_ical(client.get(path).data).walk("VEVENT")[0]
    assert after["uid"] == before["uid"]
    assert after["status"] == "CANCELLED"
    assert int(after["sequence"]) > int(before["sequence"])


def test_a_calendar_of_others_stays_closed(day: Day, signed_in) -> None:
    stranger = signed_in(factories.make_person("producer"))
    own = signed_in(day.maker.person())
    for path in (
        f"/participants/{day.maker.id}/calendar.ics",
        f"/meetings/{day.first.id}/calendar.ics",
        f"/participants/{day.maker.id}/print",
    ):
        assert stranger.get(path).status_code == 404
        assert own.get(path).status_code == 200
    assert session.query(Participant).count() == 3
