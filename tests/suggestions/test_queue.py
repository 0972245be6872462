"""The officer's queue: one press decides, two presses do no harm."""

from datetime import timedelta

import pytest

from marketplace.accounts.models import Person
from marketplace.businesses.rules import PaperKind, PaperState
from marketplace.core.clock import today
from marketplace.infra import search
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.notifications import queries as outbox
from marketplace.suggestions import queries
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import IntroductionState, RejectReason, SuggestionState
from marketplace.suggestions.services import computing
from tests.conftest import SignIn
from tests.factories import BELITUNG, PANGKALPINANG, make_need, make_person
from tests.suggestions.conftest import Market
from tests.support.counting import counted


@pytest.fixture
def officer(market: Market, signed_in: SignIn):  # type: ignore[no-untyped-def]
    return signed_in(market.officer)


def test_the_queue_shows_who_meets_whom_and_why(officer, suggested: Suggestion) -> None:  # type: ignore[no-untyped-def]
    page = officer.text("/queue")
    assert "Kemplang Ceria" in page
    assert "Toko Rasa Jakarta" in page
    assert f"/suggestions/{suggested.id}/accept" in page


def test_accepting_opens_an_introduction_with_a_text_for_each_side(  # type: ignore[no-untyped-def]
    officer, suggested: Suggestion
) -> None:
    assert officer.post(f"/suggestions/{suggested.id}/accept").status_code == 302
    row = queries.get_suggestion(suggested.id)
    assert row.state is SuggestionState.ACCEPTED
    assert row.decided_by_name
    assert row.introduction is not None
    sides = [m.side for m in outbox.list_of_subject("introductions", row.introduction.id)]
    assert sorted(sides) == ["buyer", "producer"]


def test_a_second_press_shows_the_decision_and_changes_nothing(  # type: ignore[no-untyped-def]
    officer, suggested: Suggestion
) -> None:
    officer.post(f"/suggestions/{suggested.id}/accept")
    again = officer.post(f"/suggestions/{suggested.id}/accept")
    assert again.status_code == 409
    assert outbox.count_to_send() == 2


def test_the_second_of_two_officers_sees_what_the_first_decided(
    market: Market, suggested: Suggestion, signed_in: SignIn
) -> None:
    signed_in(market.officer).post(f"/suggestions/{suggested.id}/accept")
    other = signed_in(make_person("province", full_name="Petugas Kedua"))
    late = other.post(f"/suggestions/{suggested.id}/reject", data={"reason": "price"})
    assert late.status_code == 409
    assert market.officer.full_name in late.get_data(as_text=True)
    assert queries.get_suggestion(suggested.id).state is SuggestionState.ACCEPTED


def test_rejecting_keeps_the_reason_and_the_note(officer, suggested: Suggestion) -> None:  # type: ignore[no-untyped-def]
    officer.post(
        f"/suggestions/{suggested.id}/reject", data={"reason": "too_far", "note": "Kapal jarang"}
    )
    row = queries.get_suggestion(suggested.id)
    assert (row.state, row.reject_reason) == (SuggestionState.REJECTED, RejectReason.TOO_FAR)
    assert row.decision_note == "Kapal jarang"


@pytest.mark.parametrize("data", [{}, {"reason": "because"}, {"reason": ""}])
def test_rejecting_without_a_known_reason_is_refused(  # type: ignore[no-untyped-def]
    officer, suggested: Suggestion, data: dict[str, str]
) -> None:
    assert officer.post(f"/suggestions/{suggested.id}/reject", data=data).status_code == 422
    assert queries.get_suggestion(suggested.id).state is SuggestionState.PROPOSED


def test_postponing_hides_it_until_its_day(officer, suggested: Suggestion) -> None:  # type: ignore[no-untyped-def]
    until = today() + timedelta(days=7)
    officer.post(f"/suggestions/{suggested.id}/postpone", data={"until": until.isoformat()})
    assert "Kemplang Ceria" not in officer.text("/queue")
    with transaction():
        queries.get_suggestion(suggested.id).postponed_until = today()
        assert computing.bring_back_postponed() == 1
    assert "Kemplang Ceria" in officer.text("/queue")


@pytest.mark.parametrize("until", ["", "yesterday", "2020-01-01", "9999-12-31", "2026-13-01"])
def test_postponing_to_an_impossible_day_is_refused(  # type: ignore[no-untyped-def]
    officer, suggested: Suggestion, until: str
) -> None:
    path = f"/suggestions/{suggested.id}/postpone"
    assert officer.post(path, data={"until": until}).status_code == 422
    assert queries.get_suggestion(suggested.id).state is SuggestionState.PROPOSED


def test_an_acceptance_can_be_undone_until_the_first_text_is_sent(  # type: ignore[no-untyped-def]
    officer, suggested: Suggestion
) -> None:
    officer.post(f"/suggestions/{suggested.id}/accept")
    officer.post(f"/suggestions/{suggested.id}/bring-back")
    assert queries.get_suggestion(suggested.id).state is SuggestionState.PROPOSED
    assert outbox.count_to_send() == 0
    officer.post(f"/suggestions/{suggested.id}/accept")
    first = outbox.page_to_send(1).items[0]
    officer.post(f"/to-send/{first.id}/sent")
    assert officer.post(f"/suggestions/{suggested.id}/bring-back").status_code == 409
    assert queries.get_suggestion(suggested.id).state is SuggestionState.ACCEPTED


def test_a_kabupaten_sees_its_own_cases_and_leaves_the_decision_to_the_province(
    market: Market, suggested: Suggestion, signed_in: SignIn
) -> None:
    own = signed_in(make_person("regency", area=PANGKALPINANG))
    assert "Kemplang Ceria" in own.text("/queue")
    assert own.post(f"/suggestions/{suggested.id}/accept").status_code == 404
    forwarded = {"text": "Produsen siap", "forward": "1"}
    assert own.post(f"/suggestions/{suggested.id}/remark", data=forwarded).status_code == 302
    again = own.post(f"/suggestions/{suggested.id}/remark", data=forwarded)
    assert again.status_code == 409
    assert "Kemplang Ceria" in signed_in(market.officer).text("/queue?forwarded=1")
    other = signed_in(make_person("regency", area=BELITUNG))
    assert "Kemplang Ceria" not in other.text("/queue")
    assert other.get(f"/suggestions/{suggested.id}").status_code == 404
    assert queries.get_suggestion(suggested.id).state is SuggestionState.PROPOSED
    assert "Produsen siap" in signed_in(market.officer).text(f"/suggestions/{suggested.id}")


@pytest.mark.parametrize("who", ["producer", "buyer"])
def test_businesses_have_no_queue(market: Market, signed_in: SignIn, who: str) -> None:
    person: Person = market.maker if who == "producer" else market.buyer
    assert signed_in(person).get("/queue").status_code == 403


def test_the_queue_can_be_taken_along_as_excel(officer, suggested: Suggestion) -> None:  # type: ignore[no-untyped-def]
    response = officer.get("/queue.xlsx")
    assert response.status_code == 200
    assert response.data.startswith(b"PK")
    assert officer.get("/queue.exe").status_code == 404


def test_an_excluded_pairing_needs_a_reason_that_stays(market: Market, signed_in: SignIn) -> None:
    with transaction():
        session.get_one(type(market.product), market.product.id).price = 31_000
    search.forget()
    officer = signed_in(market.officer)
    page = officer.text(f"/needs/{market.need.id}/candidates")
    assert "Kemplang Ceria" in page
    path = f"/needs/{market.need.id}/candidates/{market.product.id}"
    assert officer.post(path, data={"override_reason": ""}).status_code == 422
    assert queries.find_pair(market.product.id, market.need.id) is None
    officer.post(path, data={"override_reason": "Pembeli mau menawar harga"})
    row = queries.find_pair(market.product.id, market.need.id)
    assert row is not None
    assert row.overridden_rules == "landed_price"
    assert row.overridden_by_name == market.officer.full_name
    officer.post(f"/suggestions/{row.id}/accept")
    assert queries.get_suggestion(row.id).state is SuggestionState.ACCEPTED
    assert queries.count_overrides() == 1
    assert "Pembeli mau menawar harga" in officer.text(f"/suggestions/{row.id}")


def test_no_reason_sets_a_legal_block_aside(market: Market, signed_in: SignIn) -> None:
    from marketplace.businesses.models import Paper

    with transaction():
        for paper in session.query(Paper).filter_by(kind=PaperKind.HALAL):
            paper.state = PaperState.REVOKED
    search.forget()
    officer = signed_in(market.officer)
    path = f"/needs/{market.need.id}/candidates/{market.product.id}"
    refused = officer.post(path, data={"override_reason": "Kata petugas boleh saja"})
    assert refused.status_code == 409
    assert queries.find_pair(market.product.id, market.need.id) is None


def test_a_remark_without_words_is_sent_back(officer, suggested: Suggestion) -> None:  # type: ignore[no-untyped-def]
    path = f"/suggestions/{suggested.id}/remark"
    assert officer.post(path, data={"text": "  \u200b "}).status_code == 422
    assert officer.post(path, data={"text": "x" * 10_000}).status_code == 422
    assert queries.list_remarks(suggested.id) == []


def test_an_introduction_state_is_one_of_its_transitions() -> None:
    from marketplace.suggestions.rules import NEXT_INTRODUCTION_STATES, NEXT_STATES

    assert set(NEXT_INTRODUCTION_STATES) == set(IntroductionState)
    assert set(NEXT_STATES) == set(SuggestionState)


def test_a_need_nobody_fits_is_shown_to_the_province(
    market: Market, suggested: Suggestion, signed_in: SignIn
) -> None:
    lonely = make_need(market.outlet, title="Sirup jeruk kunci")
    officer = signed_in(market.officer)
    page = officer.text("/needs-without-proposal")
    assert lonely.title in page
    assert market.need.title not in page
    assert signed_in(market.buyer).get("/needs-without-proposal").status_code == 403


def test_the_queue_can_be_narrowed_to_an_area_and_a_kind_of_goods(  # type: ignore[no-untyped-def]
    officer, suggested: Suggestion
) -> None:
    assert "Kemplang Ceria" in officer.text("/queue?area=19.71&category=kerupuk-camilan")
    assert f"/suggestions/{suggested.id}/accept" not in officer.text("/queue?area=19.02")
    assert f"/suggestions/{suggested.id}/accept" not in officer.text("/queue?category=minuman")
    assert officer.get("/queue?area=%00&category=%F0&state=x&page=-1").status_code == 200


def test_the_evidence_of_no_case_is_read_that_is_not_shown(  # type: ignore[no-untyped-def]
    officer, suggested: Suggestion
) -> None:
    """Evidence makes rows wide: a queue of thousands must not be put in order with it."""
    with counted() as sent:
        assert "Kemplang Ceria" in officer.text("/queue")
    wide = [one for one in sent if "suggestions.evidence" in one]
    assert wide
    assert all("suggestions.id IN" in one for one in wide)
