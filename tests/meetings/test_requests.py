"""Requests and both sides' answers: from links, signed in, and written down by the office."""

from datetime import timedelta

import pytest

from marketplace.core.clock import WIB, now
from marketplace.core.errors import RuleBroken
from marketplace.infra.db import session
from marketplace.infra.links import sign
from marketplace.infra.transaction import transaction
from marketplace.meetings import queries
from marketplace.meetings.documents.letters import PARTICIPANT_LINK, REQUEST_LINK
from marketplace.meetings.models import Meeting, MeetingRequest, PairRule, Participant
from marketplace.meetings.rules import (
    DeclineReason,
    EventState,
    MeetingState,
    PairWish,
    ParticipantState,
    RequestedBy,
    RequestState,
)
from marketplace.meetings.services import asking, clocks
from marketplace.notifications import queries as outbox
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import SuggestionState
from tests import factories
from tests.conftest import SignIn
from tests.meetings.conftest import Chair, Gathering
from tests.meetings.day import actor_of
from tests.support.client import Client
from tests.support.pages import fingerprint


def link(participant: Chair | Participant) -> str:
    return f"/t/{sign(PARTICIPANT_LINK, [participant.id])}"


def single_link(request: MeetingRequest, side: str) -> str:
    return f"/r/{sign(REQUEST_LINK, [request.id, side])}"


@pytest.fixture
def asked(gathering: Gathering) -> MeetingRequest:
    return factories.make_meeting_request(gathering.producers[0], gathering.buyers[0], agreed=False)


# --- where requests come from


def suggested(gathering: Gathering, producer: int, buyer: int, **given: object) -> Suggestion:
    product = factories.make_product(gathering.producers[producer].business)
    need = factories.make_need(gathering.buyers[buyer].business)
    return factories.make_suggestion(product, need, **given)


def test_accepted_suggestions_between_participants_are_asked_with_one_press(
    gathering: Gathering, signed_in: SignIn
) -> None:
    accepted = {"state": SuggestionState.ACCEPTED, "decided_by_name": "x"}
    best = suggested(gathering, 0, 0, score=90, **accepted)
    suggested(gathering, 0, 0, score=40, **accepted)  # the same pair, less weight
    suggested(gathering, 1, 0, score=60)  # not accepted
    officer = signed_in(gathering.officer)
    page = officer.text(f"/events/{gathering.event.id}/requests")
    assert page.count('name="suggestion"') == 1
    path = f"/events/{gathering.event.id}/requests/from-suggestions"
    assert officer.post(path, data={"all": "1"}).status_code == 302
    (request,) = session.query(MeetingRequest).all()
    assert (request.suggestion_id, request.weight) == (best.id, 90)
    assert request.state is RequestState.ASKED
    # One text for each of the two, however much is asked of them.
    assert outbox.count_to_send() == 2
    officer.post(path, data={"all": "1"})
    assert session.query(MeetingRequest).count() == 1


def test_some_can_be_chosen_and_none_is_said(gathering: Gathering, signed_in: SignIn) -> None:
    accepted = {"state": SuggestionState.ACCEPTED}
    one = suggested(gathering, 0, 0, **accepted)
    suggested(gathering, 1, 1, **accepted)
    officer = signed_in(gathering.officer)
    path = f"/events/{gathering.event.id}/requests/from-suggestions"
    assert "Centang" in officer.post(path, follow_redirects=True).text
    officer.post(path, data={"suggestion": [str(one.id)]})
    (request,) = session.query(MeetingRequest).all()
    assert request.producer_id == gathering.producers[0].business_id


def test_an_officer_asks_two_whom_nothing_suggests(gathering: Gathering, signed_in: SignIn) -> None:
    officer = signed_in(gathering.officer)
    path = f"/events/{gathering.event.id}/requests"
    pair = {"producer_id": gathering.producers[0].id, "buyer_id": gathering.buyers[1].id}
    assert officer.post(path, data={**pair, "note": "Kenalkan kopi"}).status_code == 302
    again = officer.post(path, data={**pair, "note": "Sekali lagi"})
    assert again.status_code == 409
    assert "Sekali lagi" in again.text
    swapped = {"producer_id": gathering.buyers[0].id, "buyer_id": gathering.producers[0].id}
    assert officer.post(path, data=swapped).status_code == 422
    assert officer.post(path, data={}).status_code == 422


def test_two_who_must_not_meet_are_not_asked(gathering: Gathering, signed_in: SignIn) -> None:
    officer = signed_in(gathering.officer)
    pair = {"producer_id": gathering.producers[0].id, "buyer_id": gathering.buyers[0].id}
    rule = {**pair, "wish": "must_not", "reason": "Sengketa"}
    assert officer.post(f"/events/{gathering.event.id}/pairs", data=rule).status_code == 302
    assert officer.post(f"/events/{gathering.event.id}/requests", data=pair).status_code == 409
    (kept,) = session.query(PairRule).all()
    assert kept.wish is PairWish.MUST_NOT
    assert "Sengketa" in officer.text(f"/events/{gathering.event.id}/pairs")
    assert officer.post(f"/pairs/{kept.id}/drop").status_code == 302
    assert officer.post(f"/events/{gathering.event.id}/requests", data=pair).status_code == 302


def test_a_producer_asks_and_their_asking_is_their_yes(
    gathering: Gathering, signed_in: SignIn
) -> None:
    own, other = gathering.producers[0], gathering.buyers[0]
    maker = signed_in(factories.make_person("producer", works_for=own.business))
    page = maker.text(f"/participants/{own.id}/ask")
    # Who buys is not told by name before both agreed.
    assert other.business.name not in page
    data = {"participant": str(other.id), "note": "Kopi kami cocok"}
    assert maker.post(f"/participants/{own.id}/ask", data=data).status_code == 302
    (request,) = session.query(MeetingRequest).all()
    assert request.producer_agreed_at is not None
    assert request.buyer_agreed_at is None
    assert [message.side for message in outbox.page_to_send(1).items] == ["buyer"]
    assert other.business.name not in maker.text("/meetings")
    nobody = maker.post(f"/participants/{own.id}/ask", data={"participant": "999"})
    assert nobody.status_code == 422


def test_whom_the_office_keeps_apart_is_not_offered_and_not_told_so(
    gathering: Gathering, signed_in: SignIn
) -> None:
    own, apart, free = gathering.producers[0], *gathering.buyers
    with transaction():
        session.add(
            PairRule(
                event_id=gathering.event.id, producer_participant_id=own.id,
                buyer_participant_id=apart.id, wish=PairWish.MUST_NOT, reason="Sengketa",
            )
        )  # fmt: skip
    person = factories.make_person("producer", works_for=own.business)
    path = f"/participants/{own.id}/ask"
    page = signed_in(person).text(path)
    assert f'value="{free.id}"' in page
    assert f'value="{apart.id}"' not in page
    assert signed_in(person).post(path, data={"participant": str(apart.id)}).status_code == 422
    with pytest.raises(RuleBroken) as refused, transaction():  # noted while the form was open
        asking.ask_at_event(
            actor=actor_of(person), event=queries.get_event(gathering.event.id),
            producer=queries.get_participant(own.id), buyer=queries.get_participant(apart.id),
            by=RequestedBy.PRODUCER,
        )  # fmt: skip
    assert "office" not in refused.value.msgid


def test_nobody_asks_in_the_name_of_another(gathering: Gathering, signed_in: SignIn) -> None:
    stranger = signed_in(factories.make_person("producer"))
    path = f"/participants/{gathering.producers[0].id}/ask"
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, data={"participant": "1"}).status_code == 404


# --- answers from a link


def test_opening_a_link_changes_nothing(
    client: Client, gathering: Gathering, asked: MeetingRequest
) -> None:
    path = link(gathering.producers[0])
    before = fingerprint()
    for _ in range(3):
        assert client.get(path).status_code == 200
        assert client.get(path + "/all").status_code == 405
    assert fingerprint() == before


def test_with_both_yeses_the_request_waits_for_its_slot(
    client: Client, gathering: Gathering, asked: MeetingRequest
) -> None:
    producer, buyer = gathering.producers[0], gathering.buyers[0]
    assert buyer.business.name not in client.text(link(producer))
    yes = {"request": str(asked.id), "answer": "yes"}
    assert client.post(link(producer) + "/request", data=yes).status_code == 302
    assert queries.get_request(asked.id).state is RequestState.ASKED
    assert client.post(link(buyer) + "/request", data=yes).status_code == 302
    stored = queries.get_request(asked.id)
    assert stored.state is RequestState.AGREED
    assert stored.first_answer_at == stored.producer_agreed_at
    assert session.query(Meeting).count() == 0
    assert buyer.business.name in client.text(link(producer))


def test_a_yes_to_a_meeting_is_a_yes_to_the_event(client: Client, gathering: Gathering) -> None:
    new = factories.make_participant(
        gathering.event, state=ParticipantState.INVITED, answered_at=None
    )
    request = factories.make_meeting_request(new, gathering.buyers[0], agreed=False)
    yes = {"request": str(request.id), "answer": "yes"}
    client.post(link(new) + "/request", data=yes)
    assert queries.get_participant(new.id).state is ParticipantState.CONFIRMED


def test_a_no_needs_its_reason_and_keeps_what_was_typed(
    client: Client, gathering: Gathering, asked: MeetingRequest
) -> None:
    path = link(gathering.buyers[0]) + "/request"
    no = {"request": str(asked.id), "answer": "no", "note": "Mungkin tahun depan"}
    answer = client.post(path, data=no)
    assert answer.status_code == 422
    assert "Mungkin tahun depan" in answer.text
    assert client.post(path, data={**no, "reason": "no_time"}).status_code == 302
    stored = queries.get_request(asked.id)
    assert stored.state is RequestState.DECLINED
    assert stored.decline_reason is DeclineReason.NO_TIME
    assert stored.decline_note == "Mungkin tahun depan"


def test_a_no_lowers_nobodys_standing(client: Client, gathering: Gathering) -> None:
    suggestion = suggested(gathering, 0, 0, state=SuggestionState.ACCEPTED)
    request = factories.make_meeting_request(
        gathering.producers[0], gathering.buyers[0], agreed=False, suggestion_id=suggestion.id
    )
    kept = ("suggestions", "businesses", "products", "needs", "exposures", "weight_proposals")
    before = fingerprint()
    no = {"request": str(request.id), "answer": "no", "reason": "other"}
    client.post(link(gathering.producers[0]) + "/request", data=no)
    after = fingerprint()
    assert [name for name in kept if before[name] != after[name]] == []


def test_a_link_used_twice_says_what_stands(
    client: Client, gathering: Gathering, asked: MeetingRequest
) -> None:
    path = link(gathering.producers[0])
    yes = {"request": str(asked.id), "answer": "yes"}
    client.post(path + "/request", data=yes)
    before = queries.get_request(asked.id).producer_agreed_at
    assert client.post(path + "/request", data=yes).status_code == 302
    assert queries.get_request(asked.id).producer_agreed_at == before
    assert "sudah dicatat" in client.text(path)
    no = {"request": str(asked.id), "answer": "no", "reason": "other"}
    client.post(link(gathering.buyers[0]) + "/request", data=no)
    late = client.post(path + "/request", data=no)
    assert late.status_code == 409
    assert "sudah dijawab" in late.text


def test_all_requests_can_be_answered_with_one_yes(client: Client, gathering: Gathering) -> None:
    buyer = gathering.buyers[0]
    both = [factories.make_meeting_request(one, buyer, agreed=False) for one in gathering.producers]
    client.post(link(buyer) + "/all")
    assert all(queries.get_request(one.id).buyer_agreed_at for one in both)


def test_an_expired_request_takes_no_answer_and_says_so(
    client: Client, gathering: Gathering, asked: MeetingRequest
) -> None:
    with transaction():
        queries.get_request(asked.id).expires_at = now() - timedelta(minutes=1)
    path = link(gathering.producers[0])
    yes = {"request": str(asked.id), "answer": "yes"}
    assert client.post(path + "/request", data=yes).status_code == 409
    assert "Batas waktu" in client.text(path)
    with transaction():
        clocks.keep()
    assert queries.get_request(asked.id).state is RequestState.EXPIRED
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("token", ["x", "a.b.c", "WzEsInByb2R1Y2VyIl0.forged", "%00", "é" * 50])
def test_a_forged_link_is_not_found(client: Client, token: str) -> None:
    for path in (f"/t/{token}", f"/r/{token}"):
        assert client.get(path).status_code == 404
        assert client.post(path, data={"answer": "yes"}).status_code == 404
    assert client.post(f"/t/{token}/all").status_code == 404


def test_a_link_answers_only_what_it_is_about(
    client: Client, gathering: Gathering, asked: MeetingRequest
) -> None:
    other_purpose = sign("introduction", [gathering.producers[0].id])
    nonsense = [sign(PARTICIPANT_LINK, given) for given in ([], ["1"], [1, 2], [10**9])]
    for token in (other_purpose, *nonsense):
        assert client.get(f"/t/{token}").status_code == 404
    yes = {"request": str(asked.id), "answer": "yes"}
    # Somebody else's link, and a request that is not theirs.
    path = link(gathering.producers[1]) + "/request"
    assert client.post(path, data=yes).status_code == 404
    assert client.post(path, data={"request": "999999", "answer": "yes"}).status_code == 404
    assert queries.get_request(asked.id).producer_agreed_at is None


def test_who_does_not_come_is_asked_nothing_more_and_their_meetings_fall_away(
    client: Client, gathering: Gathering, asked: MeetingRequest
) -> None:
    producer, buyer = gathering.producers[0], gathering.buyers[1]
    meeting = factories.make_meeting(factories.make_meeting_request(producer, buyer))
    with transaction():
        queries.get_event(gathering.event.id).announced_at = now()
    no = {"answer": "no", "note": "Ada hajatan"}
    assert client.post(link(producer), data=no).status_code == 302
    assert queries.get_participant(producer.id).state is ParticipantState.DECLINED
    assert queries.get_request(asked.id).decline_reason is DeclineReason.NOT_COMING
    assert queries.get_meeting(meeting.id).state is MeetingState.CANCELLED
    told = [(one.kind, one.side) for one in outbox.page_to_send(1).items]
    assert told == [("meeting_changed", "buyer")]
    # They may think again.
    assert client.post(link(producer), data={"answer": "yes"}).status_code == 302
    assert queries.get_participant(producer.id).state is ParticipantState.CONFIRMED


def test_the_link_of_an_event_that_is_over_says_so(
    client: Client, gathering: Gathering, asked: MeetingRequest
) -> None:
    with transaction():
        queries.get_event(gathering.event.id).state = EventState.CLOSED
    path = link(gathering.producers[0])
    assert "sudah selesai" in client.text(path)
    assert client.post(path, data={"answer": "no"}).status_code == 409
    yes = {"request": str(asked.id), "answer": "yes"}
    assert client.post(path + "/request", data=yes).status_code == 409


# --- signed in, and for somebody


def test_both_sides_answer_signed_in_and_strangers_may_not_look(
    gathering: Gathering, asked: MeetingRequest, signed_in: SignIn
) -> None:
    path = f"/meeting-requests/{asked.id}"
    buyer = signed_in(factories.make_person("buyer", works_for=gathering.buyers[0].business))
    assert gathering.producers[0].business.name in buyer.text("/meetings")
    assert buyer.post(path, data={"answer": "yes"}).status_code == 302
    assert queries.get_request(asked.id).buyer_agreed_at is not None
    # A buyer cannot say yes for the producer.
    buyer.post(path, data={"answer": "yes", "side": "producer"})
    assert queries.get_request(asked.id).producer_agreed_at is None
    stranger = signed_in(factories.make_person("producer"))
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, data={"answer": "yes"}).status_code == 404


def test_an_officer_writes_down_what_was_told_by_telephone(
    gathering: Gathering, asked: MeetingRequest, signed_in: SignIn
) -> None:
    path = f"/meeting-requests/{asked.id}"
    local = signed_in(factories.make_person("regency"))
    assert local.post(path, data={"answer": "yes", "side": "buyer"}).status_code == 404
    assert local.post(path, data={"answer": "yes", "side": "producer"}).status_code == 302
    officer = signed_in(gathering.officer)
    assert officer.post(path, data={"answer": "yes", "side": "buyer"}).status_code == 302
    assert queries.get_request(asked.id).state is RequestState.AGREED
    assert gathering.officer.full_name in officer.text(path)


def test_a_reminder_goes_out_once_to_who_has_not_answered(
    gathering: Gathering, asked: MeetingRequest
) -> None:
    with transaction():
        stored = queries.get_request(asked.id)
        stored.producer_agreed_at = now()
        stored.expires_at = now() + timedelta(days=1)
    for _ in range(2):
        with transaction():
            clocks.keep()
    told = [(one.kind, one.side) for one in outbox.page_to_send(1).items]
    assert told == [("meeting_reminder", "buyer")]


def test_who_was_invited_and_says_nothing_is_reminded_once(gathering: Gathering) -> None:
    silent = {"state": ParticipantState.INVITED, "answered_at": None}
    long_ago = factories.make_participant(
        gathering.event, invited_at=now() - timedelta(days=3), **silent
    ).id
    factories.make_participant(gathering.event, **silent)  # only just invited
    for _ in range(2):
        with transaction():
            clocks.keep()
    told = [(one.kind, one.subject_id) for one in outbox.page_to_send(1).items]
    assert told == [("meeting_reminder", long_ago)]


# --- single meetings


def single(gathering: Gathering, **given: object) -> dict[str, object]:
    return {
        "producer_id": gathering.producers[0].business_id,
        "buyer_id": gathering.buyers[0].business_id,
        "day": factories.in_days(3).isoformat(),
        "at": "10.00",
        "minutes": "30",
        "way": "call",
        "place": "",
        "note": "",
        **given,
    }


def test_a_single_meeting_stands_with_both_yeses_and_opens_the_contacts(
    client: Client, gathering: Gathering, signed_in: SignIn
) -> None:
    officer = signed_in(gathering.officer)
    assert officer.post("/meetings/single", data=single(gathering)).status_code == 302
    (request,) = session.query(MeetingRequest).all()
    buyer = gathering.buyers[0].business
    path = single_link(request, "producer")
    assert buyer.name not in client.text(path)
    client.post(path, data={"answer": "yes"})
    assert session.query(Meeting).count() == 0
    client.post(single_link(request, "buyer"), data={"answer": "yes"})
    (meeting,) = session.query(Meeting).all()
    assert meeting.starts_at.astimezone(WIB).strftime("%H.%M") == "10.00"
    assert buyer.name in client.text(path)
    assert buyer.contact_name in client.text(path)
    kinds = [message.kind for message in outbox.page_to_send(1).items]
    assert kinds == ["meeting_placed", "meeting_placed"]
    text = officer.text("/to-send")
    assert buyer.name in text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"day": "2020-01-01"}, "sudah lewat"),
        ({"day": "2099-01-01"}, "setahun"),
        ({"day": "9999-12-31", "at": "24.00"}, "kalender"),
        ({"day": "0001-01-01", "at": "00.00"}, "kalender"),
        ({"way": "in_person"}, "tempat bertemu"),
        ({"minutes": "0"}, ""),
        ({"at": "tengah hari"}, "09.30"),
        ({"day": ""}, ""),
    ],
)
def test_a_single_meeting_that_cannot_be_is_refused_and_nothing_is_lost(
    gathering: Gathering, signed_in: SignIn, given: dict[str, object], said: str
) -> None:
    officer = signed_in(gathering.officer)
    data = single(gathering, note="Bawa contoh kopi", **given)
    answer = officer.post("/meetings/single", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Bawa contoh kopi" in answer.text
    assert session.query(MeetingRequest).count() == 0


def test_the_time_is_held_until_the_request_ends(gathering: Gathering, signed_in: SignIn) -> None:
    officer = signed_in(gathering.officer)
    officer.post("/meetings/single", data=single(gathering))
    other = single(gathering, buyer_id=gathering.buyers[1].business_id, at="10.15")
    taken = officer.post("/meetings/single", data=other)
    assert taken.status_code == 422
    assert gathering.producers[0].business.name in taken.text
    (request,) = session.query(MeetingRequest).all()
    with transaction():  # nobody answered in time, whether or not the worker has seen it
        queries.get_request(request.id).expires_at = now() - timedelta(seconds=1)
    assert officer.post("/meetings/single", data=other).status_code == 302


def test_a_declined_single_meeting_frees_its_time(
    client: Client, gathering: Gathering, signed_in: SignIn
) -> None:
    officer = signed_in(gathering.officer)
    officer.post("/meetings/single", data=single(gathering))
    (request,) = session.query(MeetingRequest).all()
    no = {"answer": "no", "reason": "no_time"}
    client.post(single_link(request, "buyer"), data=no)
    assert outbox.count_to_send() == 0
    assert officer.post("/meetings/single", data=single(gathering)).status_code == 302


def test_every_text_of_the_tray_can_be_read(
    gathering: Gathering, asked: MeetingRequest, signed_in: SignIn
) -> None:
    from marketplace.meetings.services import telling

    meeting = factories.make_meeting(
        factories.make_meeting_request(gathering.producers[1], gathering.buyers[1])
    )
    officer = signed_in(gathering.officer)
    officer.post("/meetings/single", data=single(gathering))
    lone = session.query(MeetingRequest).filter_by(event_id=None).one()
    with transaction():
        for person, tell in (
            (gathering.producers[0], telling.invite),
            (gathering.producers[1], telling.ask),
            (gathering.buyers[0], telling.remind),
            (gathering.buyers[1], telling.tell_times),
        ):
            tell(queries.get_participant(person.id))
        telling.tell_changes([queries.get_participant(gathering.producers[1].id)])
        wanted = queries.get_request(lone.id)
        for side in ("producer", "buyer"):
            telling.ask_single(wanted, telling.Side(side), kind="meeting_single_reminder")
        told = queries.get_meeting(meeting.id)
        telling.tell_single(told)
        telling.tell_single(told, "meeting_called_off")
    kinds = {message.kind for message in outbox.page_to_send(1).items}
    assert len(kinds) == 9
    page = officer.text("/to-send")
    assert page.count('class="letter-text"') == 13
    assert "{{" not in page
    assert "%(" not in page
