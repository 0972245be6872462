"""Cap and floor on the market itself: who is held back, raised, released and let pass."""

from collections.abc import Callable
from datetime import date

import pytest

from marketplace.accounts import queries as accounts
from marketplace.businesses.models import Business
from marketplace.businesses.rules import PaperKind
from marketplace.catalog.models import Product
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput, NotAllowed, RuleBroken
from marketplace.demand.models import Need
from marketplace.infra import search
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.suggestions import queries
from marketplace.suggestions.models import Exposure, ExposureRule, Suggestion
from marketplace.suggestions.queries import exposure as reads
from marketplace.suggestions.rules import (
    ExposureDraft,
    ExposurePeriod,
    RejectReason,
    RequestedBy,
    SuggestionState,
    first_day,
    period_of,
)
from marketplace.suggestions.services import asking, computing, deciding, exposing
from tests import factories

Jobs = Callable[[], int]
MONTH = ExposurePeriod.MONTH


@pytest.fixture
def province(app: object) -> Actor:
    search.forget()
    return accounts.actor_of(accounts.get_person(factories.make_person("province").id))


def make_goods(producer: Business | None = None, name: str = "Kemplang tenggiri 250 g") -> Product:
    """A product the engine proposes for `make_wish`, with its papers."""
    producer = producer or factories.make_producer()
    product = factories.make_product(producer, name=name)
    number = f"ID1911000001{product.id:07}"
    factories.make_paper(producer, covers=[product])
    factories.make_paper(producer, kind=PaperKind.HALAL, number=number, covers=[product])
    return product


def make_wish(**given: object) -> Need:
    return factories.make_need(title="Kemplang tenggiri 250gr", **given)


def set_rule(actor: Actor, cap: int | None = None, floor: int = 0, percent: int = 0) -> None:
    with transaction():
        exposing.set_rule(actor=actor, draft=ExposureDraft(MONTH, cap, floor, percent))


def suggest(run_jobs: Jobs, *needs: Need) -> None:
    with transaction():
        for need in needs:
            computing.schedule_for_need(need.id)
    run_jobs()


def states(product: Product | None = None) -> list[str]:
    session.expire_all()
    found = session.query(Suggestion).order_by(Suggestion.id)
    return [row.state.value for row in found if product is None or row.product_id == product.id]


def ledger(producer_id: int) -> int:
    period = period_of(today(), MONTH)
    row = session.query(Exposure).filter_by(business_id=producer_id, period=period).one()
    return row.taken


def test_beyond_the_cap_a_pairing_waits_and_says_why(province: Actor, run_jobs: Jobs) -> None:
    product = make_goods()
    set_rule(province, cap=2)
    suggest(run_jobs, *[make_wish() for _ in range(4)])
    assert states() == ["proposed", "proposed", "held", "held"]
    held = session.query(Suggestion).filter_by(state=SuggestionState.HELD).first()
    assert held is not None
    assert held.exposure is not None
    assert (held.exposure["why"], held.exposure["cap"], held.exposure["taken"]) == ("cap", 2, 2)
    assert ledger(product.business_id) == 2


def test_who_is_below_moves_up_where_the_cap_holds_the_best_back(
    province: Actor, run_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(computing, "PER_NEED", 1)
    best = make_goods()
    other = make_goods(name="Kemplang tenggiri panggang asap 250 g")
    set_rule(province, cap=1)
    suggest(run_jobs, make_wish())
    suggest(run_jobs, make_wish())
    assert states(best) == ["proposed", "held"]
    assert states(other) == ["proposed"]


def test_a_place_given_back_goes_to_the_next_one(province: Actor, run_jobs: Jobs) -> None:
    product = make_goods()
    set_rule(province, cap=1)
    first, second = make_wish(), make_wish()
    suggest(run_jobs, first, second)
    assert states() == ["proposed", "held"]
    with transaction():
        computing.withdraw_of_need(first.id)
    assert ledger(product.business_id) == 0
    with transaction():
        assert exposing.release_held() == 1
    assert states() == ["withdrawn", "proposed"]
    assert ledger(product.business_id) == 1


def test_what_the_office_decided_keeps_its_place(province: Actor, run_jobs: Jobs) -> None:
    product = make_goods()
    set_rule(province, cap=1)
    first, second = make_wish(), make_wish()
    suggest(run_jobs, first, second)
    with transaction():
        row = queries.find_pair(product.id, first.id)
        assert row is not None
        deciding.reject(actor=province, suggestion=row, reason=RejectReason.PRICE)
    with transaction():
        assert exposing.release_held() == 0
    assert ledger(product.business_id) == 1


def test_without_the_rule_what_was_held_back_comes_before_the_office(
    province: Actor, run_jobs: Jobs
) -> None:
    make_goods()
    set_rule(province, cap=1)
    suggest(run_jobs, make_wish(), make_wish(), make_wish())
    with transaction():
        exposing.end_rule(actor=province)
    with transaction():
        assert exposing.release_held() == 2
    assert states() == ["proposed"] * 3


def test_a_new_period_has_places_again(
    province: Actor, run_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_goods()
    set_rule(province, cap=1)
    suggest(run_jobs, make_wish(), make_wish(), make_wish())
    later = date(today().year + 1, 1, 15)
    monkeypatch.setattr(exposing, "today", lambda: later)
    with transaction():
        assert exposing.release_held() == 1
    assert states() == ["proposed", "proposed", "held"]


def test_an_officer_lets_one_pair_pass_and_it_takes_no_place(
    province: Actor, run_jobs: Jobs
) -> None:
    product = make_goods()
    set_rule(province, cap=1)
    needs = [make_wish(), make_wish()]
    suggest(run_jobs, *needs)
    held = session.query(Suggestion).filter_by(state=SuggestionState.HELD).one()
    with transaction():
        exposing.lift(actor=province, suggestion=queries.get_suggestion(held.id))
    suggest(run_jobs, *needs)  # computed again, it stays where the officer put it
    assert states() == ["proposed", "proposed"]
    assert ledger(product.business_id) == 1
    with transaction(), pytest.raises(InvalidInput):
        exposing.lift(actor=province, suggestion=queries.get_suggestion(held.id))


def test_the_floor_raises_a_producer_whom_better_ones_crowd_out(
    province: Actor, run_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(computing, "PER_NEED", 1)
    make_goods()
    small = make_goods(name="Kemplang ikan tenggiri")
    need = make_wish()
    suggest(run_jobs, need)
    assert states(small) == []
    set_rule(province, floor=1)
    suggest(run_jobs, need)
    raised = queries.find_pair(small.id, need.id)
    assert raised is not None
    assert raised.state is SuggestionState.PROPOSED
    assert raised.is_eligible
    assert raised.exposure is not None
    assert raised.exposure["why"] == "floor"
    assert ledger(small.business_id) == 1


def test_the_floor_raises_nobody_below_the_confidence_asked_for(
    province: Actor, run_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(computing, "PER_NEED", 1)
    make_goods()
    small = make_goods(name="Kemplang ikan tenggiri")
    set_rule(province, floor=1, percent=100)
    suggest(run_jobs, make_wish())
    assert states(small) == []


def test_the_floor_never_proposes_what_is_excluded(province: Actor, run_jobs: Jobs) -> None:
    dear = make_goods()
    with transaction():
        session.get_one(Product, dear.id).price = 90_000
    search.forget()
    set_rule(province, floor=2)
    suggest(run_jobs, make_wish())
    assert states() == []


def test_setting_a_floor_raises_the_starved_at_once(province: Actor, run_jobs: Jobs) -> None:
    product = make_goods()
    make_wish()
    set_rule(province, floor=1)
    run_jobs()
    assert states(product) == ["proposed"]


def test_the_places_of_before_count_under_a_rule_set_later(province: Actor, run_jobs: Jobs) -> None:
    make_goods()
    suggest(run_jobs, make_wish(), make_wish())
    set_rule(province, cap=2)
    suggest(run_jobs, make_wish())
    assert states() == ["proposed", "proposed", "held"]


def test_what_a_buyer_asks_for_is_not_held_back(province: Actor, run_jobs: Jobs) -> None:
    make_goods()
    set_rule(province, cap=1)
    needs = [make_wish(), make_wish()]
    suggest(run_jobs, *needs)
    held = session.query(Suggestion).filter_by(state=SuggestionState.HELD).one()
    buyer = factories.make_person(
        works_for=session.get_one(Business, session.get_one(Need, held.need_id).business_id)
    )
    actor = accounts.actor_of(
        accounts.get_person(buyer.id),
        outlet_ids=frozenset({session.get_one(Need, held.need_id).business_id}),
    )
    with search.engine() as engine:
        judged = asking.judge_pair(engine, held.product_id, held.need_id)
        with transaction():
            asking.ask(actor=actor, judged=judged, engine=engine, by=RequestedBy.BUYER)
    suggest(run_jobs, *needs)
    assert states() == ["proposed", "proposed"]


def test_only_the_province_sets_and_lifts(app: object, province: Actor, run_jobs: Jobs) -> None:
    regency = accounts.actor_of(accounts.get_person(factories.make_person("regency").id))
    with transaction(), pytest.raises(NotAllowed):
        exposing.set_rule(actor=regency, draft=ExposureDraft(MONTH, 2))
    make_goods()
    set_rule(province, cap=1)
    suggest(run_jobs, make_wish(), make_wish())
    held = session.query(Suggestion).filter_by(state=SuggestionState.HELD).one()
    with transaction(), pytest.raises(NotAllowed):
        exposing.lift(actor=regency, suggestion=queries.get_suggestion(held.id))


def test_a_new_rule_takes_the_place_of_the_old_one(province: Actor) -> None:
    set_rule(province, cap=3)
    set_rule(province, cap=5, floor=1)
    rule = reads.rule_in_force()
    assert rule is not None
    assert (rule.cap, rule.floor) == (5, 1)
    assert session.query(ExposureRule).filter_by(is_in_force=False).one().ended_at is not None


@pytest.mark.parametrize("draft", [ExposureDraft(MONTH), ExposureDraft(MONTH, cap=1, floor=2)])
def test_a_rule_that_cannot_hold_is_refused(province: Actor, draft: ExposureDraft) -> None:
    with transaction(), pytest.raises(InvalidInput):
        exposing.set_rule(actor=province, draft=draft)


def test_a_held_pair_cannot_be_decided_on_before_it_is_let_pass(
    province: Actor, run_jobs: Jobs
) -> None:
    make_goods()
    set_rule(province, cap=1)
    suggest(run_jobs, make_wish(), make_wish())
    held = session.query(Suggestion).filter_by(state=SuggestionState.HELD).one()
    with transaction(), pytest.raises(RuleBroken):
        deciding.accept(actor=province, suggestion=queries.get_suggestion(held.id))


@pytest.mark.parametrize(
    ("day", "month", "quarter"),
    [
        (date(2026, 1, 1), "2026-01", "2026-Q1"),
        (date(2026, 11, 24), "2026-11", "2026-Q4"),
        (date(2026, 12, 31), "2026-12", "2026-Q4"),
    ],
)
def test_a_day_lies_in_its_month_and_quarter(day: date, month: str, quarter: str) -> None:
    assert period_of(day, ExposurePeriod.MONTH) == month
    assert period_of(day, ExposurePeriod.QUARTER) == quarter
    assert first_day(month) <= day
    assert first_day(quarter) <= first_day(month)


def test_the_shares_of_a_period_tell_who_had_what(province: Actor, run_jobs: Jobs) -> None:
    product = make_goods()
    alone = make_goods(name="Kopi robusta 200 g")
    set_rule(province, cap=1)
    suggest(run_jobs, make_wish(), make_wish())
    shares = {share.business_id: share for share in reads.list_shares(period_of(today(), MONTH))}
    assert (shares[product.business_id].new, shares[product.business_id].held) == (1, 1)
    assert shares[alone.business_id].new == 0
    assert reads.list_shares(period_of(today(), MONTH), "19.02") == []
