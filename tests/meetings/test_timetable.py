"""The press for the timetable, the officer's hand, and the day itself."""

from datetime import timedelta

import pytest

from marketplace.core.errors import Conflict
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.meetings import queries
from marketplace.meetings.models import (
    EventDay,
    Meeting,
    MeetingRequest,
    PairRule,
    TimetableRun,
)
from marketplace.meetings.rules import (
    EventState,
    MeetingState,
    NoShow,
    PairWish,
    ParticipantState,
    RunKind,
)
from marketplace.meetings.services import planning
from marketplace.notifications import queries as outbox
from tests import factories
from tests.conftest import SignIn
from tests.meetings.conftest import Chair, Gathering, chair
from tests.support.client import Client


@pytest.fixture
def officer(gathering: Gathering, signed_in: SignIn) -> Client:
    return signed_in(gathering.officer)


@pytest.fixture
def agreed(gathering: Gathering) -> list[int]:
    """Everybody with everybody: four requests."""
    return [
        factories.make_meeting_request(producer, buyer).id
        for producer in gathering.producers
        for buyer in gathering.buyers
    ]


def path(gathering: Gathering, rest: str = "") -> str:
    return f"/events/{gathering.event.id}/timetable{rest}"


def places() -> dict[int, tuple[int | None, int | None]]:
    """request -> (slot, table) of what stands."""
    session.rollback()
    live = session.query(Meeting).filter_by(state=MeetingState.PLACED)
    return {one.request_id: (one.slot, one.table_number) for one in live}


def check_no_clash() -> None:
    seen: set[tuple[object, ...]] = set()
    for one in session.query(Meeting).filter_by(state=MeetingState.PLACED):
        for key in (
            ("table", one.slot, one.table_number),
            ("who", one.slot, one.producer_id),
            ("who", one.slot, one.buyer_id),
        ):
            assert key not in seen
            seen.add(key)


def test_one_press_places_everybody_and_tells_how_good_it_is(
    gathering: Gathering, officer: Client, agreed: list[int]
) -> None:
    answer = officer.post(path(gathering))
    assert answer.status_code == 302, answer.text
    assert set(places()) == set(agreed)
    check_no_clash()
    (run,) = session.query(TimetableRun).all()
    assert (run.objective, run.bound, run.placed, run.unplaced) == (200, 200, 4, [])
    assert run.made_by_name == gathering.officer.full_name
    page = officer.text(path(gathering))
    assert "terbaik yang mungkin" in page
    assert gathering.producers[0].business.name in page


def test_meetings_stand_at_the_hours_of_their_slots(
    gathering: Gathering, officer: Client, agreed: list[int]
) -> None:
    officer.post(path(gathering))
    grid = queries.get_event(gathering.event.id).grid()
    for meeting in session.query(Meeting):
        assert meeting.slot is not None
        assert meeting.starts_at == grid[meeting.slot].starts_at


def test_nothing_is_placed_without_both_yeses_or_for_who_does_not_come(
    gathering: Gathering, officer: Client
) -> None:
    factories.make_meeting_request(gathering.producers[0], gathering.buyers[0], agreed=False)
    silent = factories.make_participant(
        gathering.event, state=ParticipantState.INVITED, answered_at=None
    )
    factories.make_meeting_request(silent, gathering.buyers[1])
    officer.post(path(gathering))
    assert places() == {}


def test_a_press_with_nothing_to_place_says_so(gathering: Gathering, officer: Client) -> None:
    answer = officer.post(path(gathering))
    assert answer.status_code == 409
    assert "Belum ada yang bisa dijadwalkan" in answer.text


def test_hours_in_which_nobody_can_come_are_told_not_planned(
    gathering: Gathering, officer: Client, agreed: list[int]
) -> None:
    with transaction():
        for person in queries.participants_at(gathering.event.id):
            person.available = []
    answer = officer.post(path(gathering))
    assert answer.status_code == 409
    assert "Tidak ada yang bisa datang" in answer.text


def test_who_has_no_place_is_told_why_and_what_would_place_them(
    gathering: Gathering, officer: Client, agreed: list[int]
) -> None:
    with transaction():
        queries.get_participant(gathering.buyers[0].id).max_meetings = 1
    officer.post(path(gathering))
    assert len(places()) == 3
    name = gathering.buyers[0].business.name
    page = officer.text(path(gathering))
    assert f"{name} penuh: 1 dari 1" in page
    assert "Agar bisa dijadwalkan" in page
    (run,) = session.query(TimetableRun).all()
    (kept,) = run.unplaced
    assert kept["reasons"][0]["code"] == "quota"
    assert kept["would"]


def test_pairs_that_must_meet_go_first_and_others_never(
    gathering: Gathering, officer: Client, agreed: list[int]
) -> None:
    first, second = gathering.producers
    with transaction():
        buyer = queries.get_participant(gathering.buyers[0].id)
        buyer.available = [0]
        rule = {"event_id": gathering.event.id, "buyer_participant_id": buyer.id}
        session.add(PairRule(producer_participant_id=second.id, wish=PairWish.MUST, **rule))
        other = {**rule, "buyer_participant_id": gathering.buyers[1].id}
        session.add(PairRule(producer_participant_id=first.id, wish=PairWish.MUST_NOT, **other))
        for request in session.query(MeetingRequest).filter_by(producer_id=first.business_id):
            request.weight = 900
    officer.post(path(gathering))
    pairs = {(one.producer_id, one.buyer_id) for one in session.query(Meeting)}
    assert (second.business_id, gathering.buyers[0].business_id) in pairs
    assert (first.business_id, gathering.buyers[1].business_id) not in pairs


def test_slots_gone_by_are_not_used_and_what_stands_in_them_stays(
    app: object, signed_in: SignIn
) -> None:
    event = factories.make_event(on=factories.in_days(-1), state=EventState.RUNNING)
    tomorrow = {"day_on": factories.in_days(1), "starts": 9 * 60, "ends": 12 * 60}
    with transaction():
        session.add(EventDay(event_id=event.id, **tomorrow))
    producer = chair(factories.make_participant(event))
    buyers = [chair(factories.make_participant(event, side="buyer")) for _ in range(3)]
    requests = [factories.make_meeting_request(producer, one) for one in buyers]
    begun = factories.make_meeting(requests[0], slot=2)
    officer = signed_in(factories.make_person("province"))
    assert officer.post(f"/events/{event.id}/timetable").status_code == 302
    slots = {number: slot for number, (slot, _table) in places().items()}
    assert slots.pop(requests[0].id) == 2
    assert len(slots) == 2
    assert all((slot or 0) >= 9 for slot in slots.values())
    late = {"place": "1", "version": str(queries.get_meeting(begun.id).version)}
    refused = officer.post(f"/meetings/{begun.id}/move", data=late)
    assert refused.status_code == 409
    assert "sudah lewat" in refused.text


def test_a_time_held_by_a_single_meeting_is_left_free(
    gathering: Gathering, officer: Client
) -> None:
    producer, buyer = gathering.producers[0], gathering.buyers[0]
    with transaction():
        queries.get_participant(producer.id).available = [0, 3]
    request = factories.make_meeting_request(producer, buyer)
    grid = queries.get_event(gathering.event.id).grid()
    lone = {
        "event_id": None,
        "starts_at": grid[0].starts_at + timedelta(minutes=10),
        "minutes": 15,
        "way": "call",
    }
    factories.make_meeting_request(producer, gathering.buyers[1], agreed=False, **lone)
    officer.post(path(gathering))
    assert places() == {request.id: (3, 1)}


# --- by hand


def meeting_of(request_id: int) -> Meeting:
    return session.query(Meeting).filter_by(request_id=request_id, state=MeetingState.PLACED).one()


@pytest.fixture
def placed(gathering: Gathering, agreed: list[int]) -> list[Meeting]:
    """Each request in its own slot, at table 1."""
    wanted = [queries.get_request(number) for number in agreed]
    return [factories.make_meeting(one, slot=slot) for slot, one in enumerate(wanted)]


def test_only_slots_that_fit_can_be_chosen_the_others_say_why_not(
    gathering: Gathering, officer: Client, placed: list[Meeting]
) -> None:
    page = officer.text(f"/meetings/{placed[0].id}")
    # Both meet others in slots 1 and 2; slot 3 has the other producer with the other buyer.
    values = [number for number in range(9) if f'name="place" value="{number}"' in page]
    assert values == [0, 3, 4, 5, 6, 7, 8]
    assert f"{gathering.producers[0].business.name} bertemu" in page


def test_a_meeting_is_moved_and_its_hour_goes_with_it(
    gathering: Gathering, officer: Client, placed: list[Meeting]
) -> None:
    meeting = placed[0]
    data = {"place": "6", "table-6": "3", "version": str(meeting.version)}
    assert officer.post(f"/meetings/{meeting.id}/move", data=data).status_code == 302
    moved = queries.get_meeting(meeting.id)
    assert (moved.slot, moved.table_number) == (6, 3)
    assert moved.starts_at == queries.get_event(gathering.event.id).grid()[6].starts_at
    assert "Pertemuan dipindahkan" in officer.text(f"/meetings/{meeting.id}")


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"place": "1"}, 409),  # one of them meets somebody else
        ({"place": "3", "table-3": "1"}, 409),  # the table is taken
        ({"place": "99"}, 422),
        ({"place": "4", "table-4": "77"}, 422),
        ({"place": ""}, 422),
        ({"place": "x-y"}, 422),
        ({"place": "-1"}, 422),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    gathering: Gathering,
    officer: Client,
    placed: list[Meeting],
    given: dict[str, str],
    status: int,
) -> None:
    before = places()
    data = {**given, "version": str(placed[0].version)}
    answer = officer.post(f"/meetings/{placed[0].id}/move", data=data)
    assert answer.status_code == status
    assert "callout bad" in answer.text
    assert places() == before


def test_the_second_officer_sees_where_it_is_now_and_keeps_the_choice(
    gathering: Gathering, officer: Client, placed: list[Meeting], signed_in: SignIn
) -> None:
    other = signed_in(factories.make_person("province"))
    seen = str(placed[0].version)
    officer.post(f"/meetings/{placed[0].id}/move", data={"place": "5", "version": seen})
    answer = other.post(f"/meetings/{placed[0].id}/move", data={"place": "7", "version": seen})
    assert answer.status_code == 409
    assert "10.40" in answer.text  # where the first one put it
    assert 'value="7" id="slot-7" checked' in answer.text
    assert queries.get_meeting(placed[0].id).slot == 5


def test_two_meetings_change_places(
    gathering: Gathering, officer: Client, placed: list[Meeting]
) -> None:
    one, other = placed[0], placed[3]
    page = officer.text(f"/meetings/{one.id}")
    assert f'value="{other.id}-{other.version}"' in page
    data = {"with": f"{other.id}-{other.version}", "version": str(one.version)}
    assert officer.post(f"/meetings/{one.id}/swap", data=data).status_code == 302
    assert queries.get_meeting(one.id).slot == 3
    assert queries.get_meeting(other.id).slot == 0
    stale = officer.post(f"/meetings/{one.id}/swap", data=data)
    assert stale.status_code == 409


def test_a_locked_meeting_stays_whatever_is_planned(
    gathering: Gathering, officer: Client, placed: list[Meeting]
) -> None:
    meeting = placed[0]
    data = {"place": "8", "table-8": "5", "version": str(meeting.version)}
    officer.post(f"/meetings/{meeting.id}/move", data=data)
    version = str(queries.get_meeting(meeting.id).version)
    lock = f"/meetings/{meeting.id}/lock"
    assert officer.post(lock, data={"locked": "1", "version": version}).status_code == 302
    officer.post(path(gathering))
    assert places()[meeting.request_id] == (8, 5)
    version = str(queries.get_meeting(meeting.id).version)
    move = officer.post(f"/meetings/{meeting.id}/move", data={"place": "4", "version": version})
    assert move.status_code == 409
    assert officer.post(lock, data={"locked": "0", "version": version}).status_code == 302


def test_a_request_is_placed_by_hand_also_at_a_spare_table(
    gathering: Gathering, officer: Client, agreed: list[int]
) -> None:
    with transaction():
        queries.get_event(gathering.event.id).spare_tables = 1
    hand = f"/meeting-requests/{agreed[0]}/place"
    assert 'name="place" value="0"' in officer.text(hand)
    assert officer.post(hand, data={"place": "2", "table-2": "6"}).status_code == 302
    assert officer.post(hand, data={"place": "3"}).status_code == 409
    # The plan leaves it there and puts nobody else at a spare table.
    officer.post(path(gathering))
    assert places()[agreed[0]] == (2, 6)
    assert len(places()) == 4
    check_no_clash()
    assert max(table or 0 for number, (_s, table) in places().items() if number != agreed[0]) < 6


def test_nothing_is_placed_by_hand_without_both_yeses(
    gathering: Gathering, officer: Client
) -> None:
    request = factories.make_meeting_request(
        gathering.producers[0], gathering.buyers[0], agreed=False
    )
    hand = f"/meeting-requests/{request.id}/place"
    assert 'name="place"' not in officer.text(hand)
    assert officer.post(hand, data={"place": "0"}).status_code == 409
    assert places() == {}


def test_a_meeting_called_off_gets_no_new_place_by_itself(
    gathering: Gathering, officer: Client, placed: list[Meeting]
) -> None:
    meeting = placed[0]
    off = f"/meetings/{meeting.id}/call-off"
    assert officer.post(off, data={"version": str(meeting.version)}).status_code == 422
    data = {"reason": "Pembeli sakit", "version": str(meeting.version)}
    assert officer.post(off, data=data).status_code == 302
    officer.post(path(gathering))
    assert meeting.request_id not in places()
    assert "Pembeli sakit" in officer.text(path(gathering))
    hand = f"/meeting-requests/{meeting.request_id}/place"
    assert officer.post(hand, data={"place": "8"}).status_code == 302


# --- the day itself


def test_changes_are_told_once_everybody_knows_the_timetable(
    gathering: Gathering, officer: Client, placed: list[Meeting]
) -> None:
    version = str(placed[0].version)
    officer.post(f"/meetings/{placed[0].id}/move", data={"place": "5", "version": version})
    assert outbox.count_to_send() == 0
    assert officer.post(path(gathering, "/announce")).status_code == 302
    assert outbox.count_to_send() == 4
    text = officer.text("/to-send")
    assert "10.40" in text
    for message in outbox.page_to_send(1).items:
        officer.post(f"/to-send/{message.id}/sent")
    version = str(queries.get_meeting(placed[0].id).version)
    officer.post(f"/meetings/{placed[0].id}/move", data={"place": "6", "version": version})
    kinds = [message.kind for message in outbox.page_to_send(1).items]
    assert kinds == ["meeting_changed", "meeting_changed"]


def absent(person: Chair) -> str:
    return f"/participants/{person.id}/absent"


def test_a_no_show_frees_places_and_touches_nobody_else(
    gathering: Gathering, officer: Client, placed: list[Meeting]
) -> None:
    missing = gathering.producers[0]
    before = places()
    assert officer.post(absent(missing)).status_code == 302
    missed = session.query(Meeting).filter_by(state=MeetingState.NO_SHOW).all()
    assert {one.producer_id for one in missed} == {missing.business_id}
    assert {one.no_show_by for one in missed} == {NoShow.PRODUCER}
    left = places()
    assert left == {number: place for number, place in before.items() if number in left}
    assert len(left) == 2
    run = session.query(TimetableRun).one()
    assert run.kind is RunKind.REPLAN
    assert run.changed == []


def test_who_loses_a_meeting_to_a_no_show_is_told(
    gathering: Gathering, officer: Client, placed: list[Meeting]
) -> None:
    officer.post(path(gathering, "/announce"))
    for message in outbox.page_to_send(1).items:
        officer.post(f"/to-send/{message.id}/sent")
    officer.post(absent(gathering.producers[0]))
    told = {(one.kind, one.subject_id) for one in outbox.page_to_send(1).items}
    assert told == {("meeting_changed", buyer.id) for buyer in gathering.buyers}


def test_who_comes_late_is_met_later_and_only_they_change(
    gathering: Gathering, officer: Client, placed: list[Meeting]
) -> None:
    late = gathering.producers[0]
    officer.post(path(gathering, "/announce"))
    for message in outbox.page_to_send(1).items:
        officer.post(f"/to-send/{message.id}/sent")
    before = places()
    data = {"from_slot": "4"}
    assert officer.post(f"/participants/{late.id}/late", data=data).status_code == 302
    after = places()
    theirs = {one.request_id for one in placed if one.producer_id == late.business_id}
    assert set(after) == set(before)
    assert all((after[number][0] or 0) >= 4 for number in theirs)
    assert all(after[number] == before[number] for number in set(before) - theirs)
    check_no_clash()
    told = {message.subject_id for message in outbox.page_to_send(1).items}
    assert told == {late.id, *(buyer.id for buyer in gathering.buyers)}
    named = session.query(Meeting).filter(Meeting.moved_from_id.is_not(None)).count()
    assert named == len(theirs)


@pytest.mark.parametrize("slot", ["", "99", "x"])
def test_a_late_arrival_needs_a_slot_of_the_event(
    gathering: Gathering, officer: Client, placed: list[Meeting], slot: str
) -> None:
    before = places()
    late = f"/participants/{gathering.producers[0].id}/late"
    assert officer.post(late, data={"from_slot": slot}).status_code == 422
    assert places() == before


def test_a_new_plan_with_nothing_new_changes_nothing(
    gathering: Gathering, officer: Client, placed: list[Meeting]
) -> None:
    before = places()
    assert officer.post(path(gathering, "/again")).status_code == 302
    assert places() == before
    assert session.query(TimetableRun).one().changed == []


def test_a_plan_made_of_old_facts_is_not_put_in_force(
    gathering: Gathering, placed: list[Meeting]
) -> None:
    actor = gathering.actor
    plan = planning.compute(queries.get_event(gathering.event.id), RunKind.PLAN)
    with transaction():
        queries.get_participant(gathering.buyers[0].id).available = [8]
    before = places()
    with pytest.raises(Conflict), transaction():
        planning.apply(actor=actor, event_id=gathering.event.id, plan=plan)
    assert places() == before


def test_both_sides_see_their_meeting_with_the_contact_of_the_other(
    gathering: Gathering, placed: list[Meeting], signed_in: SignIn
) -> None:
    buyer = gathering.buyers[0].business
    maker = signed_in(factories.make_person("producer", works_for=gathering.producers[0].business))
    page = maker.text("/meetings")
    assert buyer.name in page
    assert buyer.contact_name in maker.text(f"/meetings/{placed[0].id}")
    assert maker.get(f"/meetings/{placed[3].id}").status_code == 404
    assert maker.post(f"/meetings/{placed[0].id}/move", data={"place": "5"}).status_code == 404
