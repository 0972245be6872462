"""Rules as data: previewed, adopted, put back; what was suggested replays under its own."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from marketplace.accounts import queries as accounts
from marketplace.accounts.models import Person
from marketplace.businesses.models import Paper
from marketplace.businesses.rules import PaperKind, PaperState
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput, NotAllowed, RuleBroken
from marketplace.infra import search
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.matching import DEFAULT_RULES, Pairing, Rule
from marketplace.readiness import queries
from marketplace.readiness.models import MissedPairing, RuleChange
from marketplace.readiness.rules import ChangeState, RuleDraft, RuleSeverity
from marketplace.readiness.services import rulebook
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import SuggestionState
from marketplace.suggestions.services import computing, evidence
from marketplace.suggestions.services.world import build_world
from tests.factories import make_need, make_paper, make_person, make_producer, make_product
from tests.readiness.conftest import Measure

pytestmark = pytest.mark.both_databases

Run = Callable[[], int]
LAW = "Permenag 99/2026 pasal 3"


@pytest.fixture
def officer(app: object) -> Actor:
    return _actor(make_person("province"))


def _actor(person: Person) -> Actor:
    return accounts.actor_of(accounts.get_person(person.id))


def _food(valid: bool) -> int:
    """A product whose halal certificate is valid or has run out; returns its number."""
    producer = make_producer()
    product = make_product(producer, name="Kemplang panggang tenggiri 250 g")
    make_paper(producer, kind=PaperKind.PIRT, covers=[product])
    until = today() + timedelta(days=400 if valid else -1)
    make_paper(
        producer,
        kind=PaperKind.HALAL,
        number=f"ID191100000{product.id:06}0126",
        valid_to=until,
        covers=[product],
    )
    return product.id


def _milder(code: str = "halal", basis: str = LAW) -> RuleDraft:
    rule = queries.rule_in_force(code)
    to = rule.applies_to
    return RuleDraft(
        code,
        RuleSeverity.WARN,
        rule.valid_from,
        rule.valid_to,
        basis,
        "Masa peralihan diperpanjang",
        kinds=to.kinds,
        storages=to.storages,
        size_classes=to.size_classes,
    )


def _drafted(officer: Actor, draft: RuleDraft, run_jobs: Run) -> RuleChange:
    with transaction():
        number = rulebook.draft_change(actor=officer, draft=draft).id
    run_jobs()
    return queries.get_change(number)


def _adopt(officer: Actor, change: RuleChange, run_jobs: Run) -> None:
    with transaction():
        rulebook.adopt(actor=officer, change=queries.get_change(change.id))
    while run_jobs():
        pass


def test_every_shipped_rule_is_the_same_after_a_trip_through_json() -> None:
    for rule in DEFAULT_RULES:
        assert Rule.from_dict(json.loads(json.dumps(rule.as_dict()))) == rule


def test_the_preview_counts_what_changes_sides_and_changes_nothing(
    officer: Actor, measure: Measure, run_jobs: Run
) -> None:
    _food(valid=True)
    lapsed = _food(valid=False)
    need = make_need(title="Kemplang panggang 250gr")
    with transaction():
        computing.schedule_for_need(need.id)
    run_jobs()
    measure()
    change = _drafted(officer, _milder(), run_jobs)
    assert change.preview is not None
    assert change.preview["pairs"] == 2
    assert (change.preview["before"], change.preview["after"]) == (1, 2)
    assert (change.preview["opened"], change.preview["closed"]) == (1, 0)
    assert change.preview["opened_money"] == 100 * 20_000
    assert [one["product_id"] for one in change.preview["samples"]] == [lapsed]
    assert session.query(Suggestion).count() == 1
    assert queries.changed_rules() == ()


def test_adopted_it_lets_pairings_through_and_old_ones_replay_as_they_were(
    officer: Actor, measure: Measure, run_jobs: Run
) -> None:
    valid, lapsed = _food(valid=True), _food(valid=False)
    need = make_need(title="Kemplang panggang 250gr")
    search.forget()
    with transaction():
        computing.schedule_for_need(need.id)
    run_jobs()
    old = session.query(Suggestion).one()
    assert old.product_id == valid
    with transaction():  # decided on before the rule changed
        old.state, old.decided_by_name = SuggestionState.ACCEPTED, "Petugas"
    _adopt(officer, _drafted(officer, _milder(), run_jobs), run_jobs)
    new = session.query(Suggestion).filter_by(product_id=lapsed).one()
    assert new.is_eligible
    assert new.engine_version_id != old.engine_version_id
    for row in (old, new):
        stored = Pairing.from_dict(row.evidence)
        again = evidence.replay(row, build_world())
        assert again.verdicts == stored.verdicts
        assert again.score == stored.score
        assert again.eligible
    # And the other way round: put back, the new one still replays under the milder rule.
    adopted = queries.find_adopted("halal")
    assert adopted is not None
    with transaction():
        rulebook.put_back(actor=officer, change=queries.get_change(adopted.id))
    while run_jobs():
        pass
    assert queries.changed_rules() == ()
    assert evidence.replay(new, build_world()).eligible
    assert session.get_one(Suggestion, new.id).state is SuggestionState.WITHDRAWN


def test_a_stricter_rule_excludes_what_waits_for_a_decision(
    officer: Actor, measure: Measure, run_jobs: Run
) -> None:
    product = _food(valid=True)
    with transaction():  # papers not yet checked only warn, as shipped
        session.query(Paper).filter_by(kind=PaperKind.PIRT).one().state = PaperState.ENTERED
    need = make_need(title="Kemplang panggang 250gr")
    search.forget()
    with transaction():
        computing.schedule_for_need(need.id)
    run_jobs()
    assert session.query(Suggestion).one().state is SuggestionState.PROPOSED
    draft = RuleDraft("papers_checked", RuleSeverity.BLOCK, reason="Surat harus diperiksa dulu")
    change = _drafted(officer, draft, run_jobs)
    assert change.preview is not None
    assert (change.preview["opened"], change.preview["closed"]) == (0, 1)
    _adopt(officer, change, run_jobs)
    assert session.query(Suggestion).one().state is SuggestionState.WITHDRAWN
    assert session.query(MissedPairing).one().product_id == product


def test_a_rule_of_law_is_not_made_milder_without_naming_the_law(officer: Actor) -> None:
    same = queries.rule_in_force("halal").basis
    for basis in ("", same, "pasal"):
        with pytest.raises(InvalidInput) as refused, transaction():
            rulebook.draft_change(actor=officer, draft=_milder(basis=basis))
        assert "basis" in refused.value.fields


def test_narrowing_whom_a_law_binds_or_when_is_making_it_milder(officer: Actor) -> None:
    rule = queries.rule_in_force("halal")
    to = rule.applies_to
    fewer = RuleDraft(
        "halal",
        RuleSeverity.BLOCK,
        rule.valid_from,
        None,
        rule.basis,
        "Hanya makanan",
        kinds=frozenset({"food"}),
        storages=to.storages,
        size_classes=to.size_classes,
    )
    later = RuleDraft(
        "halal",
        RuleSeverity.BLOCK,
        today() + timedelta(days=90),
        None,
        rule.basis,
        "Mulai nanti saja",
        kinds=to.kinds,
        storages=to.storages,
        size_classes=to.size_classes,
    )
    for draft in (fewer, later):
        with pytest.raises(InvalidInput), transaction():
            rulebook.draft_change(actor=officer, draft=draft)


def test_nothing_is_adopted_that_nobody_has_seen(officer: Actor) -> None:
    with transaction():
        number = rulebook.draft_change(actor=officer, draft=_milder()).id
    assert queries.get_change(number).preview is None
    with pytest.raises(RuleBroken), transaction():
        rulebook.adopt(actor=officer, change=queries.get_change(number))


def test_of_two_changes_of_a_rule_the_later_one_counts(officer: Actor, run_jobs: Run) -> None:
    first = _drafted(officer, _milder(), run_jobs)
    second = _drafted(officer, _milder(basis="Permenag 100/2026 pasal 1"), run_jobs)
    _adopt(officer, first, run_jobs)
    _adopt(officer, second, run_jobs)
    assert queries.get_change(first.id).state is ChangeState.REPLACED
    assert [rule.basis for rule in queries.changed_rules()] == ["Permenag 100/2026 pasal 1"]


def test_a_kabupaten_reads_the_rules_and_changes_none(officer: Actor, signed_in) -> None:
    with pytest.raises(NotAllowed), transaction():
        rulebook.draft_change(actor=_actor(make_person("regency")), draft=_milder())
    browser = signed_in(make_person("regency"))
    assert browser.get("/readiness/rules").status_code == 200
    assert browser.get("/readiness/rules/halal").status_code == 404


def test_a_change_goes_from_the_form_to_force(measure: Measure, run_jobs: Run, signed_in) -> None:
    _food(valid=False)
    make_need(title="Kemplang panggang 250gr")
    measure()
    browser = signed_in(make_person("province"))
    form = {"severity": "warn", "reason": "Masa peralihan", "valid_from": "2026-10-17"}
    ticks = {"kinds": ["food", "drink"], "size_classes": ["unsaid", "micro", "small"]}
    refused = browser.post("/readiness/rules/halal", data={**form, **ticks, "basis": ""})
    assert refused.status_code == 422
    saved = browser.post("/readiness/rules/halal", data={**form, **ticks, "basis": LAW})
    assert saved.status_code == 302
    run_jobs()
    page = browser.get(saved.headers["Location"])
    assert "Kemplang panggang tenggiri 250 g" in page.text
    adopted = browser.post(f"{saved.headers['Location']}/adopt")
    assert adopted.status_code == 302
    assert LAW in browser.get("/readiness/rules").text
