"""What officers see of the learning, and what they may press."""

from collections.abc import Callable

import pytest
from flask import Flask

from marketplace.accounts.models import Person
from marketplace.infra.transaction import transaction
from marketplace.learning import queries
from marketplace.learning.rules import OfficeRuleState, ProposalState
from marketplace.learning.services import studying
from tests import factories
from tests.learning.conftest import Decide

SignIn = Callable[..., object]


@pytest.fixture
def province(officer: Person, signed_in):  # type: ignore[no-untyped-def]
    return signed_in(officer)


def test_the_page_counts_what_is_still_wanted(app: Flask, province) -> None:  # type: ignore[no-untyped-def]
    page = province.get("/learning?lang=en").text
    assert "60" in page
    assert "15" in page


def test_the_home_of_an_officer_tells_of_a_proposal(app: Flask, province) -> None:  # type: ignore[no-untyped-def]
    assert "/learning" in province.get("/").text  # the menu
    before = province.get("/").text.count("/learning")
    factories.make_proposal()
    assert province.get("/").text.count("/learning") > before


def test_a_proposal_is_adopted_on_its_page(app: Flask, province) -> None:  # type: ignore[no-untyped-def]
    proposal = factories.make_proposal()
    page = province.get(f"/learning/weights/{proposal.id}").text
    assert "+50" in page
    answer = province.post(f"/learning/weights/{proposal.id}/adopt", data={"note": "Baik"})
    assert answer.status_code == 302
    assert queries.get_proposal(proposal.id).state is ProposalState.ADOPTED
    assert province.get(f"/learning/weights/{proposal.id}").status_code == 200
    assert province.get("/learning").status_code == 200
    # A second press is told that somebody was first.
    assert province.post(f"/learning/weights/{proposal.id}/adopt").status_code == 409


def test_refusing_without_a_reason_is_asked_again(app: Flask, province) -> None:  # type: ignore[no-untyped-def]
    proposal = factories.make_proposal()
    answer = province.post(f"/learning/weights/{proposal.id}/refuse", data={"reason": ""})
    assert answer.status_code == 422
    assert queries.get_proposal(proposal.id).state is ProposalState.PROPOSED
    province.post(f"/learning/weights/{proposal.id}/refuse", data={"reason": "Belum yakin"})
    assert queries.get_proposal(proposal.id).state is ProposalState.REFUSED
    assert "Belum yakin" in province.get(f"/learning/weights/{proposal.id}").text


@pytest.mark.parametrize("severity", ["warn", "block"])
def test_a_draft_rule_is_adopted_and_ended_on_its_page(app: Flask, province, severity: str) -> None:  # type: ignore[no-untyped-def]
    rule = factories.make_office_rule()
    assert "14" in province.get(f"/learning/rules/{rule.id}").text
    province.post(f"/learning/rules/{rule.id}/adopt", data={"severity": severity})
    assert queries.get_rule(rule.id).severity == severity
    province.post(f"/learning/rules/{rule.id}/end", data={"reason": "Sudah lewat"})
    assert queries.get_rule(rule.id).state is OfficeRuleState.ENDED
    province.post(f"/learning/rules/{rule.id}/reconsider")
    assert queries.get_rule(rule.id).state is OfficeRuleState.DRAFT
    assert (
        province.post(f"/learning/rules/{rule.id}/adopt", data={"severity": "law"}).status_code
        == 422
    )


def test_a_kabupaten_looks_on_and_sees_pairings_of_its_own_area_only(
    app: Flask, decided: Decide, signed_in
) -> None:  # type: ignore[no-untyped-def]
    decided(needs=13, open_needs=1)
    findings = studying.look()
    with transaction():
        proposal = studying.keep(findings)
    assert proposal is not None
    (rule,) = queries.list_rules()
    browser = signed_in(factories.make_person("regency", area=factories.PANGKALPINANG))
    page = browser.get(f"/learning/rules/{rule.id}").text
    mine = {row.id for row in queries.list_seen_in(rule, factories.PANGKALPINANG, limit=500)}
    shown = {number for number in rule.seen_in if f'/suggestions/{number}"' in page}
    assert shown
    assert shown <= mine
    assert "/adopt" not in page
    for path in (f"/learning/weights/{proposal.id}", f"/learning/rules/{rule.id}"):
        assert browser.get(path).status_code == 200
        assert browser.post(f"{path}/adopt", data={"severity": "warn"}).status_code == 404
    assert browser.post("/learning/look").status_code == 403


@pytest.mark.parametrize("role", ["producer", "buyer", "admin"])
def test_others_do_not_see_it(app: Flask, signed_in, role: str) -> None:  # type: ignore[no-untyped-def]
    browser = signed_in(factories.make_person(role))
    assert browser.get("/learning").status_code == 403
    assert browser.get(f"/learning/weights/{factories.make_proposal().id}").status_code == 404


def test_an_officer_may_ask_for_a_look(app: Flask, province, run_jobs) -> None:  # type: ignore[no-untyped-def]
    assert province.post("/learning/look").status_code == 302
    assert run_jobs() == 1
    assert "0" in province.get("/learning").text
