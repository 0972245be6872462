"""Visits on site and moves: what the office saw, and where a producer lay before."""

from datetime import timedelta

from marketplace.audit.models import AuditEntry
from marketplace.businesses.models import Business, BusinessMove, SiteVisit
from marketplace.businesses.rules import VisitFinding
from marketplace.core.clock import today
from marketplace.infra.db import session
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import RejectReason, SuggestionState
from tests import factories
from tests.factories import BANGKA, BELITUNG


def sent(business: Business, **given: object) -> dict[str, object]:
    return {
        "visited_on": today().isoformat(),
        "finding": "differs",
        "found": "Dapur pindah",
        **given,
    }


def test_a_kabupaten_officer_writes_down_what_was_found_and_which_papers_were_seen(
    app: object, signed_in
) -> None:
    business = factories.make_producer()
    paper = factories.make_paper(business)
    browser = signed_in(factories.make_person("regency", full_name="Sari"))
    address = f"/businesses/{business.id}/visits/new"
    assert browser.get(address).status_code == 200
    answer = browser.post(address, data=sent(business, paper_ids=[paper.id]))
    assert answer.status_code == 302
    visit = session.query(SiteVisit).one()
    assert (visit.officer_name, visit.finding) == ("Sari", VisitFinding.DIFFERS)
    page = browser.get(f"/businesses/{business.id}").text
    assert "Dapur pindah" in page
    assert paper.number in page


def test_a_visit_sent_twice_is_written_once(app: object, signed_in) -> None:
    business = factories.make_producer()
    browser = signed_in(factories.make_person("regency"))
    for _press in range(2):
        data = sent(business, form_token="satu")
        assert browser.post(f"/businesses/{business.id}/visits/new", data=data).status_code == 302
    assert session.query(SiteVisit).count() == 1


def test_a_visit_lies_not_in_the_future_and_says_something(app: object, signed_in) -> None:
    business = factories.make_producer()
    browser = signed_in(factories.make_person("regency"))
    address = f"/businesses/{business.id}/visits/new"
    tomorrow = (today() + timedelta(days=1)).isoformat()
    for given in ({"visited_on": tomorrow}, {"found": " "}, {"finding": "x"}, {"visited_on": ""}):
        assert browser.post(address, data=sent(business, **given)).status_code == 422, given
    foreign = factories.make_paper(factories.make_producer())
    assert browser.post(address, data=sent(business, paper_ids=[foreign.id])).status_code == 422
    assert session.query(SiteVisit).count() == 0


def test_another_kabupaten_and_the_business_itself_write_no_visit(app: object, signed_in) -> None:
    business = factories.make_producer()
    others = [
        factories.make_person("regency", area=BELITUNG),
        factories.make_person("producer", works_for=business),
    ]
    for person in others:
        answer = signed_in(person).post(
            f"/businesses/{business.id}/visits/new", data=sent(business)
        )
        assert answer.status_code == 404


def _move(browser, business: Business, to: str) -> None:
    answer = browser.post(
        f"/businesses/{business.id}/edit",
        data={"name": business.name, "region_code": to, "version": "1"},
    )
    assert answer.status_code == 302, answer.text


def test_open_cases_follow_a_producer_that_moves_and_decided_ones_stay(
    app: object, signed_in
) -> None:
    business = factories.make_producer()
    opened = factories.make_suggestion(factories.make_product(business))
    decided = factories.make_suggestion(
        factories.make_product(business),
        state=SuggestionState.REJECTED,
        reject_reason=RejectReason.PRICE,
    )
    office = signed_in(factories.make_person("province"))
    _move(office, business, BANGKA)
    assert "1 pasangan, pertanyaan" in office.text(f"/businesses/{business.id}")
    session.expire_all()
    assert session.get_one(Suggestion, opened.id).area_code == BANGKA
    assert session.get_one(Suggestion, decided.id).area_code == factories.PANGKALPINANG
    move = session.query(BusinessMove).one()
    assert (move.from_code, move.to_code) == (factories.PANGKALPINANG, BANGKA)
    assert session.query(AuditEntry).filter_by(action="business.moved").count() == 1
    # The old office sees what it decided, the new one what is open.
    assert (
        signed_in(factories.make_person("regency", area=BANGKA))
        .get(f"/businesses/{business.id}/edit")
        .status_code
        == 200
    )


def test_a_change_that_moves_nothing_is_no_move(app: object, signed_in) -> None:
    business = factories.make_producer()
    _move(signed_in(factories.make_person("province")), business, business.region_code)
    assert session.query(BusinessMove).count() == 0
