"""An event from draft to over, and what cannot be typed into it."""

import pytest

from marketplace.core.clock import today
from marketplace.infra.transaction import transaction
from marketplace.meetings import queries
from marketplace.meetings.models import MeetingEvent
from marketplace.meetings.rules import EventState, ParticipantState
from marketplace.notifications import queries as outbox
from tests import factories
from tests.conftest import SignIn
from tests.meetings.conftest import Chair, Gathering


def typed(**given: str) -> dict[str, str]:
    day = factories.in_days(10).isoformat()
    return {
        "name": "Temu Bisnis Sungailiat",
        "kind": "own",
        "region": "Kab. Bangka",
        "place": "Gedung Serbaguna",
        "slot_minutes": "20",
        "tables": "6",
        "spare_tables": "1",
        "days-0-day_on": day,
        "days-0-starts": "09:00",
        "days-0-ends": "12.00",
        "breaks-0-starts": "10.00",
        "breaks-0-ends": "10.20",
        "note": "",
        **given,
    }


def test_an_officer_prepares_an_event(signed_in: SignIn) -> None:
    officer = signed_in(factories.make_person("province"))
    answer = officer.post("/events/new", data=typed())
    assert answer.status_code == 302, answer.text
    event = queries.get_event(queries.page_of_events(1).items[0].id)
    assert (event.name, event.tables, event.spare_tables) == ("Temu Bisnis Sungailiat", 6, 1)
    assert len(event.grid()) == 8
    assert event.state is EventState.DRAFT
    assert "Temu Bisnis Sungailiat" in officer.text("/events")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"tables": "0"}, "Tanpa meja"),
        ({"tables": "-3"}, ""),
        ({"tables": "1e9"}, ""),
        ({"days-0-day_on": "2020-01-01"}, "sudah lewat"),
        ({"days-0-starts": "25:99"}, "09.30"),
        ({"days-0-starts": "13:00"}, "setelah jam mulai"),
        ({"days-0-day_on": ""}, ""),
        ({"days-0-ends": "09:10"}, "tidak ada waktu"),
        ({"breaks-0-ends": ""}, ""),
        ({"region": "Atlantis"}, ""),
        ({"name": "   "}, ""),
        ({"slot_minutes": "17"}, ""),
    ],
)
def test_what_cannot_be_held_is_refused_and_nothing_typed_is_lost(
    signed_in: SignIn, given: dict[str, str], said: str
) -> None:
    officer = signed_in(factories.make_person("province"))
    answer = officer.post("/events/new", data=typed(place="Balai Kanari", **given))
    assert answer.status_code == 422
    assert said in answer.text
    assert "Balai Kanari" in answer.text
    assert "error-summary" in answer.text
    assert queries.page_of_events(1).total == 0


def test_a_row_more_or_less_judges_nothing(signed_in: SignIn) -> None:
    officer = signed_in(factories.make_person("province"))
    answer = officer.post("/events/new", data=typed(add_days="1", tables="0"))
    assert answer.status_code == 200
    assert 'name="days-1-day_on"' in answer.text


def test_the_same_form_sent_twice_makes_one_event(signed_in: SignIn) -> None:
    officer = signed_in(factories.make_person("province"))
    for _ in range(2):
        assert officer.post("/events/new", data=typed(form_token="x" * 20)).status_code == 302
    assert queries.page_of_events(1).total == 1


def test_only_the_province_prepares_events(signed_in: SignIn) -> None:
    for role in ("regency", "producer", "buyer"):
        browser = signed_in(factories.make_person(role))
        assert browser.get("/events/new").status_code == 403
        assert browser.post("/events/new", data=typed()).status_code == 403


def test_the_second_of_two_editors_sees_both_and_loses_nothing(
    gathering: Gathering, signed_in: SignIn
) -> None:
    path = f"/events/{gathering.event.id}/edit"
    version = str(gathering.event.version)
    first, second = (signed_in(factories.make_person("province")) for _ in range(2))
    own = typed(version=version, **{"days-0-day_on": factories.in_days(7).isoformat()})
    assert first.post(path, data={**own, "name": "Nama pertama"}).status_code == 302
    answer = second.post(path, data={**own, "name": "Nama kedua"})
    assert answer.status_code == 409
    assert "Nama pertama" in answer.text
    assert "Nama kedua" in answer.text
    assert queries.get_event(gathering.event.id).name == "Nama pertama"


def test_hours_stay_while_meetings_stand_in_them(gathering: Gathering, signed_in: SignIn) -> None:
    request = factories.make_meeting_request(gathering.producers[0], gathering.buyers[0])
    factories.make_meeting(request, slot=2, table=5)
    officer = signed_in(gathering.officer)
    path = f"/events/{gathering.event.id}/edit"
    same = {
        "version": str(gathering.event.version),
        "days-0-day_on": factories.in_days(7).isoformat(),
        "breaks-0-starts": "",
        "breaks-0-ends": "",
        "tables": "5",
        "spare_tables": "",
    }
    assert officer.post(path, data=typed(**{**same, "slot_minutes": "30"})).status_code == 422
    assert officer.post(path, data=typed(**{**same, "tables": "4"})).status_code == 422
    assert officer.post(path, data=typed(**same)).status_code == 302


def test_what_was_said_of_the_hours_goes_along_when_they_change(
    gathering: Gathering, signed_in: SignIn
) -> None:
    person = gathering.producers[0]
    with transaction():
        queries.get_participant(person.id).available = [0, 1, 2]  # from nine to ten
    officer = signed_in(gathering.officer)
    change = typed(
        version=str(gathering.event.version),
        slot_minutes="30",
        **{
            "days-0-day_on": factories.in_days(7).isoformat(),
            "breaks-0-starts": "",
            "breaks-0-ends": "",
        },
    )
    answer = officer.post(f"/events/{gathering.event.id}/edit", data=change)
    assert answer.status_code == 302, answer.text
    assert queries.get_participant(person.id).available == [0, 1]


def test_opening_puts_an_invitation_for_everybody_into_the_tray(
    app: object, signed_in: SignIn
) -> None:
    event = factories.make_event(state=EventState.DRAFT)
    officer = signed_in(factories.make_person("province"))
    producer, outlet = factories.make_producer(), factories.make_outlet()
    chosen = {"business": [str(producer.id), str(outlet.id), "nonsense"]}
    assert officer.post(f"/events/{event.id}/invite", data=chosen).status_code == 302
    assert outbox.count_to_send() == 0
    assert officer.post(f"/events/{event.id}/open").status_code == 302
    assert outbox.count_to_send() == 2
    assert officer.post(f"/events/{event.id}/open").status_code == 409
    text = officer.text("/to-send")
    assert producer.name in text
    assert "/t/" in text


def test_who_is_on_the_list_is_not_invited_twice(gathering: Gathering, signed_in: SignIn) -> None:
    officer = signed_in(gathering.officer)
    known = gathering.producers[0].business
    page = officer.text(f"/events/{gathering.event.id}/invite")
    assert known.name not in page
    chosen = {"business": str(known.id)}
    officer.post(f"/events/{gathering.event.id}/invite", data=chosen)
    assert len(queries.participants_at(gathering.event.id)) == 4


def test_nobody_ticked_is_said_and_invites_nobody(gathering: Gathering, signed_in: SignIn) -> None:
    officer = signed_in(gathering.officer)
    answer = officer.post(f"/events/{gathering.event.id}/invite", follow_redirects=True)
    assert "Centang" in answer.text


def test_a_walk_in_is_there_at_once(gathering: Gathering, signed_in: SignIn) -> None:
    officer = signed_in(gathering.officer)
    outlet = factories.make_outlet(name="Toko Mampir")
    path = f"/events/{gathering.event.id}/walk-in?q=Mampir"
    assert "Toko Mampir" in officer.text(path)
    data = {"business_id": str(outlet.id), "person_name": "Bu Ani", "when": "all"}
    assert officer.post(path, data=data).status_code == 302
    found = queries.find_participant(gathering.event.id, outlet.id)
    assert found is not None
    assert found.state is ParticipantState.WALK_IN
    assert found.arrived_at is not None
    assert officer.post(path, data=data).status_code == 409


@pytest.fixture
def person(gathering: Gathering) -> Chair:
    return gathering.producers[0]


def change(person: Chair, **given: object) -> dict[str, object]:
    return {
        "person_name": "Pak Budi",
        "phone": "0812 3456 7890",
        "max_meetings": "",
        "when": "all",
        "version": str(person.version),
        **given,
    }


def test_parts_of_the_day_and_slots_can_be_said(
    gathering: Gathering, person: Chair, signed_in: SignIn
) -> None:
    officer = signed_in(gathering.officer)
    path = f"/participants/{person.id}"
    morning = f"{factories.in_days(7).isoformat()}-am"
    data = change(person, when="parts", parts=[morning], max_meetings="3")
    assert officer.post(path, data=data).status_code == 302
    stored = queries.get_participant(person.id)
    assert stored.available == list(range(9))
    assert stored.max_meetings == 3
    data = change(stored, when="slots", slots=["2", "4"])
    assert officer.post(path, data=data).status_code == 302
    assert queries.get_participant(person.id).available == [2, 4]
    assert "09.40-10.00, 10.20-10.40" in officer.text(f"/events/{gathering.event.id}/participants")


@pytest.mark.parametrize(
    "given", [{"when": "slots"}, {"when": "parts"}, {"max_meetings": "0"}, {"phone": "abc"}]
)
def test_an_availability_that_leaves_nothing_is_refused_and_kept_in_the_form(
    gathering: Gathering, person: Chair, signed_in: SignIn, given: dict[str, object]
) -> None:
    officer = signed_in(gathering.officer)
    answer = officer.post(
        f"/participants/{person.id}", data=change(person, person_name="Bu Kanari", **given)
    )
    assert answer.status_code == 422
    assert "Bu Kanari" in answer.text
    assert queries.get_participant(person.id).available is None


def test_two_officers_at_one_participant_see_both(
    gathering: Gathering, person: Chair, signed_in: SignIn
) -> None:
    first, second = (signed_in(factories.make_person("province")) for _ in range(2))
    old = change(person, person_name="Nama Satu")
    assert first.post(f"/participants/{person.id}", data=old).status_code == 302
    answer = second.post(f"/participants/{person.id}", data={**old, "person_name": "Nama Dua"})
    assert answer.status_code == 409
    assert "Nama Satu" in answer.text
    assert "Nama Dua" in answer.text


def test_a_kabupaten_sees_and_changes_only_its_own_producers(
    gathering: Gathering, signed_in: SignIn
) -> None:
    own = gathering.producers[0]
    other = factories.make_participant(
        gathering.event, factories.make_producer(region_code=factories.BELITUNG, name="Jauh Sekali")
    )
    local = signed_in(factories.make_person("regency"))
    page = local.text(f"/events/{gathering.event.id}/participants")
    assert own.business.name in page
    assert "Jauh Sekali" not in page
    assert gathering.buyers[0].business.name not in page
    assert local.get(f"/participants/{own.id}").status_code == 200
    assert local.get(f"/participants/{other.id}").status_code == 404
    assert local.get(f"/participants/{gathering.buyers[0].id}").status_code == 404
    assert local.post(f"/events/{gathering.event.id}/timetable").status_code == 404


def test_a_closed_event_stays_as_it_was(gathering: Gathering, signed_in: SignIn) -> None:
    officer = signed_in(gathering.officer)
    person = gathering.producers[0]
    assert officer.post(f"/events/{gathering.event.id}/close").status_code == 302
    assert officer.post(f"/events/{gathering.event.id}/close").status_code == 409
    assert officer.post(f"/participants/{person.id}", data=change(person)).status_code == 409
    assert officer.post(f"/events/{gathering.event.id}/timetable").status_code == 409


def test_an_event_of_the_past_is_no_reason_to_refuse_a_better_name(
    app: object, signed_in: SignIn
) -> None:
    event: MeetingEvent = factories.make_event(on=today(), state=EventState.RUNNING)
    officer = signed_in(factories.make_person("province"))
    same = typed(
        version=str(event.version),
        tables="5",
        **{"days-0-day_on": today().isoformat(), "breaks-0-starts": "", "breaks-0-ends": ""},
    )
    assert officer.post(f"/events/{event.id}/edit", data=same).status_code == 302


def test_an_event_begins_on_its_day_and_not_by_a_slip_weeks_before(
    app: object, signed_in: SignIn
) -> None:
    officer = signed_in(factories.make_person("province"))
    later: MeetingEvent = factories.make_event(on=factories.in_days(14))
    assert f"/events/{later.id}/start" not in officer.text(f"/events/{later.id}")
    assert officer.post(f"/events/{later.id}/start").status_code == 409
    assert queries.get_event(later.id).state is EventState.OPEN
    event: MeetingEvent = factories.make_event(on=today())
    assert f"/events/{event.id}/start" in officer.text(f"/events/{event.id}")
    for _press in range(2):
        assert officer.post(f"/events/{event.id}/start").status_code == 302
    page = officer.text(f"/events/{event.id}")
    # Whoever opens the event on its day is led to the door and to the results.
    next_step = page.split("Langkah berikutnya", 1)[1].split("</section>", 1)[0]
    for where in ("check-in", "day", "results"):
        assert f'href="/events/{event.id}/{where}"' in next_step
