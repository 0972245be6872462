"""Who has a case: taken, handed over with a note, forwarded back; and how long it waits."""

import re
from datetime import timedelta

import pytest

from marketplace.accounts import queries as accounts
from marketplace.accounts.models import Person
from marketplace.audit.models import AuditEntry
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import Conflict, InvalidInput, NotAllowed, RuleBroken
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.suggestions import queries
from marketplace.suggestions.guards import areas
from marketplace.suggestions.models import CaseHolder, Remark, Suggestion
from marketplace.suggestions.queries import QueueFilter, holding
from marketplace.suggestions.rules import CASE_AIM, RejectReason, RemarkKind, SuggestionState
from marketplace.suggestions.services import deciding
from marketplace.suggestions.services import holding as services
from tests import factories
from tests.factories import BELITUNG, PANGKALPINANG


@pytest.fixture
def people(app: object) -> dict[str, Person]:
    return {
        "province": factories.make_person("province", full_name="Rina"),
        "colleague": factories.make_person("province", full_name="Budi"),
        "regency": factories.make_person("regency", full_name="Sari"),
        "elsewhere": factories.make_person("regency", area=BELITUNG),
    }


def actor(person: Person) -> Actor:
    return accounts.actor_of(accounts.get_person(person.id))


@pytest.fixture
def case(app: object) -> Suggestion:
    return factories.make_suggestion()


def take(person: Person, case: Suggestion, version: int = 0) -> CaseHolder:
    with transaction():
        return services.take(
            actor=actor(person), suggestion=queries.get_suggestion(case.id), version=version
        )


def hand_over(person: Person, case: Suggestion, office: str, **given: object) -> CaseHolder:
    values = {"person_id": None, "note": "Tolong kunjungi dapurnya.", "version": 0, **given}
    with transaction():
        return services.hand_over(
            actor=actor(person),
            suggestion=queries.get_suggestion(case.id),
            office_id=factories.make_office(office).id,
            **values,
        )


def test_of_two_who_take_a_case_at_once_the_second_is_told(
    people: dict[str, Person], case: Suggestion
) -> None:
    take(people["province"], case)
    with pytest.raises(Conflict):
        take(people["colleague"], case)
    assert session.query(CaseHolder).one().person_name == "Rina"


def test_a_colleague_takes_over_and_the_trail_says_from_whom(
    people: dict[str, Person], case: Suggestion
) -> None:
    held = take(people["province"], case)
    take(people["colleague"], case, held.version)
    assert session.query(CaseHolder).one().person_name == "Budi"
    last = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert (last.action, last.details["before"]) == ("suggestion.taken", "Rina")


def test_a_case_goes_to_the_kabupaten_with_a_note_and_comes_back_forwarded(
    people: dict[str, Person], case: Suggestion
) -> None:
    hand_over(people["province"], case, PANGKALPINANG)
    assert session.query(Remark).one().text == "Tolong kunjungi dapurnya."
    shown = QueueFilter(whose="office", office_id=actor(people["regency"]).office_id)
    assert queries.page_of_queue(shown, 1).total == 1
    held = take(people["regency"], case, 1)
    assert held.person_name == "Sari"
    with transaction():
        deciding.remark(
            actor=actor(people["regency"]),
            suggestion=queries.get_suggestion(case.id),
            text="Sudah dikunjungi.",
            kind=RemarkKind.FORWARD,
        )
    back = session.query(CaseHolder).one()
    assert (back.office_id, back.person_id) == (factories.make_office("19").id, None)


@pytest.mark.parametrize(("office", "stays"), [(PANGKALPINANG, 0), ("19", 1)])
def test_a_case_of_a_producer_that_moves_is_with_no_office_that_cannot_open_it(
    people: dict[str, Person], case: Suggestion, office: str, stays: int
) -> None:
    hand_over(people["province"], case, office)
    business = queries.get_suggestion(case.id).product.business_id
    with transaction():
        areas.follow_producer(business, BELITUNG)
    assert session.query(CaseHolder).count() == stays
    assert queries.get_suggestion(case.id).area_code == BELITUNG


def test_the_decision_comes_back_to_the_kabupaten(
    people: dict[str, Person], case: Suggestion, signed_in
) -> None:
    with transaction():
        deciding.remark(
            actor=actor(people["regency"]),
            suggestion=queries.get_suggestion(case.id),
            text="",
            kind=RemarkKind.FORWARD,
        )
    page = signed_in(people["regency"]).get("/").text
    assert "Kasus terusan Anda yang diputuskan" not in page
    with transaction():
        deciding.reject(
            actor=actor(people["province"]),
            suggestion=queries.get_suggestion(case.id),
            reason=RejectReason.PRICE,
        )
    assert "Kasus terusan Anda yang diputuskan" in signed_in(people["regency"]).get("/").text
    assert "Kasus terusan Anda yang diputuskan" not in signed_in(people["elsewhere"]).get("/").text


def test_only_offices_of_its_area_may_have_a_case(
    people: dict[str, Person], case: Suggestion
) -> None:
    with pytest.raises(InvalidInput):
        hand_over(people["province"], case, BELITUNG)
    with pytest.raises(NotAllowed):
        take(people["elsewhere"], case)
    with pytest.raises(InvalidInput):
        hand_over(people["province"], case, PANGKALPINANG, person_id=people["province"].id)
    with pytest.raises(InvalidInput):
        hand_over(people["province"], case, PANGKALPINANG, note="")


def test_what_is_decided_is_handed_to_nobody(people: dict[str, Person]) -> None:
    case = factories.make_suggestion(
        state=SuggestionState.REJECTED, reject_reason=RejectReason.PRICE, decided_at=now()
    )
    with pytest.raises(RuleBroken):
        take(people["province"], case)


@pytest.mark.both_databases
def test_the_workload_counts_every_case_once(people: dict[str, Person], case: Suggestion) -> None:
    old = factories.make_suggestion(created_at=now() - timedelta(days=9))
    take(people["province"], case)
    loads = holding.loads("", now(), CASE_AIM)
    assert sorted((load.person_name, load.cases, load.late) for load in loads) == [
        ("", 1, 1),
        ("Rina", 1, 0),
    ]
    assert min(load.oldest_at for load in loads) == old.created_at
    assert holding.loads(BELITUNG, now(), CASE_AIM) == []


@pytest.mark.both_databases
def test_decisions_are_counted_in_the_week_they_were_taken(people: dict[str, Person]) -> None:
    rina = people["province"]
    for days in (1, 2, 10, 40):
        factories.make_suggestion(
            state=SuggestionState.REJECTED,
            reject_reason=RejectReason.PRICE,
            decided_at=now() - timedelta(days=days),
            decided_by_id=rina.id,
            decided_by_name="Rina",
        )
    starts = [now() - timedelta(days=7 * n) for n in (3, 2, 1)]
    assert [(one.person_name, one.weeks) for one in holding.decided_by_week("", starts)] == [
        ("Rina", (0, 1, 2))
    ]


def test_the_workload_page_opens_for_officers_alone(
    people: dict[str, Person], case: Suggestion, signed_in
) -> None:
    take(people["province"], case)
    assert "Rina" in signed_in(people["province"]).get("/workload").text
    assert "Rina" in signed_in(people["regency"]).get("/workload").text
    assert "Rina" not in signed_in(people["elsewhere"]).get("/workload").text
    assert signed_in(factories.make_person("producer")).get("/workload").status_code == 403


def test_an_office_reads_on_its_first_page_that_a_case_was_given_to_it(
    people: dict[str, Person], suggested: Suggestion, signed_in
) -> None:
    told = "Kasus untuk dinas Anda"
    assert told not in signed_in(people["regency"]).text("/")
    hand_over(people["province"], suggested, PANGKALPINANG)
    regency = signed_in(people["regency"])
    page, listed, shown = (
        regency.text("/"),
        "/queue?whose=untaken",
        f'href="/suggestions/{suggested.id}"',
    )
    assert told in page
    assert f'href="{listed}"' in page
    assert shown in regency.text(listed)
    assert told not in signed_in(people["province"]).text("/")
    take(people["regency"], suggested, 1)
    assert told not in regency.text("/")
    # As many are listed as were counted: who took one has it.
    assert shown not in regency.text(listed)
    assert shown in regency.text("/queue?whose=office")


def hand_over_form(browser, suggested: Suggestion, to: str, note: str) -> dict[str, str]:
    """What the form that hands over sends, as the page gave it."""
    page = browser.text(f"/suggestions/{suggested.id}")
    form = page.split(f'action="/suggestions/{suggested.id}/hand-over"', 1)[1].split("</form>", 1)[
        0
    ]
    hidden = re.findall(r'<input [^>]*name="(\w+)"[^>]*type="hidden"[^>]*value="([^"]*)"', form)
    return {**dict(hidden), "to": to, "note": note}


def test_one_press_too_many_hands_a_case_over_once(
    people: dict[str, Person], suggested: Suggestion, signed_in
) -> None:
    browser = signed_in(people["province"])
    office = str(factories.make_office(PANGKALPINANG).id)
    sent = hand_over_form(browser, suggested, office, "Tolong kunjungi dapurnya.")
    for _press in range(2):
        answer = browser.post(f"/suggestions/{suggested.id}/hand-over", data=sent)
        assert answer.status_code == 302
    assert session.query(Remark).count() == 1
    for _press in range(2):
        browser.post(f"/suggestions/{suggested.id}/take", data={"version": "1"})
    assert "Rina" in browser.text(f"/suggestions/{suggested.id}")


def test_who_was_slower_keeps_the_note_and_sees_who_has_the_case(
    people: dict[str, Person], suggested: Suggestion, signed_in
) -> None:
    browser = signed_in(people["province"])
    office = str(factories.make_office(PANGKALPINANG).id)
    sent = hand_over_form(browser, suggested, office, "Catatan yang tidak boleh hilang.")
    take(people["colleague"], suggested)
    answer = browser.post(f"/suggestions/{suggested.id}/hand-over", data=sent)
    assert answer.status_code == 409
    for words in ("Catatan yang tidak boleh hilang.", "Budi", "baru saja diambil"):
        assert words in answer.text
    assert session.query(Remark).count() == 0
    empty = browser.post(f"/suggestions/{suggested.id}/hand-over", data={**sent, "note": ""})
    assert empty.status_code == 422


def test_one_press_too_many_writes_a_comment_once(
    people: dict[str, Person], suggested: Suggestion, signed_in
) -> None:
    browser = signed_in(people["regency"])
    page = browser.text(f"/suggestions/{suggested.id}")
    form = page.split(f'action="/suggestions/{suggested.id}/remark"', 1)[1].split("</form>", 1)[0]
    token = re.search(r'name="form_token"[^>]*value="([^"]+)"', form)
    assert token is not None
    for sent in ({"text": "Sudah dikunjungi."}, {"forward": "1", "text": ""}):
        for _press in range(2):
            data = {**sent, "form_token": token[1] + sent["text"]}
            answer = browser.post(f"/suggestions/{suggested.id}/remark", data=data)
            assert answer.status_code == 302
    assert session.query(Remark).count() == 2
