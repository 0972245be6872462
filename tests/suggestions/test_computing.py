"""Suggestions follow what is published, and keep what they were decided on."""

from collections.abc import Callable

from marketplace.accounts import queries as accounts
from marketplace.businesses.rules import PaperKind, PaperState
from marketplace.catalog.events import ProductWithdrawn
from marketplace.catalog.rules import ProductState
from marketplace.commodities import services as words
from marketplace.commodities.rules import SpellingDraft, SpellingKind
from marketplace.core.clock import today
from marketplace.demand.rules import NeedState
from marketplace.infra import events, search
from marketplace.infra.changes import note_change
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.matching import Pairing
from marketplace.regions import services as regions
from marketplace.regions.rules import LegDraft
from marketplace.suggestions import queries
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import SuggestionState
from marketplace.suggestions.services import computing, evidence
from marketplace.suggestions.services.world import build_world
from tests.factories import make_need, make_paper, make_product
from tests.suggestions.conftest import Market
from tests.suggestions.nation import times_computed


def test_a_need_published_brings_a_suggestion_with_its_evidence(
    market: Market, suggested: Suggestion
) -> None:
    pairing = Pairing.from_dict(suggested.evidence)
    assert suggested.state is SuggestionState.PROPOSED
    assert suggested.is_eligible
    assert suggested.score == sum(point.points for point in pairing.points)
    assert suggested.money_per_month == 100 * 20_000 or suggested.money_per_month > 0
    assert suggested.inputs["offer"]["id"] == str(market.product.id)
    assert suggested.inputs["need"]["id"] == str(market.need.id)


def test_a_product_published_later_is_suggested_for_the_open_need(
    market: Market, run_jobs: Callable[[], int]
) -> None:
    late = make_product(market.producer, name="Kemplang panggang ikan 250 g")
    make_paper(market.producer, kind=PaperKind.PIRT, covers=[late])
    make_paper(market.producer, kind=PaperKind.HALAL, number="ID19110000012350126", covers=[late])
    with transaction():
        note_change("product", late.id)
        computing.schedule_for_product(late.id)
    run_jobs()
    assert queries.find_pair(late.id, market.need.id) is not None


def test_a_withdrawn_product_takes_its_suggestions_with_it(
    market: Market, suggested: Suggestion
) -> None:
    with transaction():
        session.get_one(type(market.product), market.product.id).state = ProductState.WITHDRAWN
        events.publish(ProductWithdrawn(market.product.id))
    assert queries.get_suggestion(suggested.id).state is SuggestionState.WITHDRAWN


def test_a_product_withdrawn_while_the_engine_thinks_is_not_suggested(market: Market) -> None:
    with search.engine() as engine:
        need = engine_need(market)
        ranking = engine.rank(need)
        offers = {offer.id: offer for offer in offers_of(market)}
        triples = [(item, offers[item.offer_id], need) for item in ranking.pairings]
        with transaction():
            session.get_one(type(market.product), market.product.id).state = ProductState.PAUSED
        with transaction():
            added = computing.store_pairings(triples, engine, need_id=market.need.id)
    assert triples
    assert added == 0


def test_a_decided_suggestion_keeps_what_it_was_decided_on(
    market: Market, suggested: Suggestion, run_jobs: Callable[[], int]
) -> None:
    with transaction():
        row = queries.get_suggestion(suggested.id)
        row.state, row.reject_reason = SuggestionState.REJECTED, "price"  # type: ignore[assignment]
    before = queries.get_suggestion(suggested.id).evidence
    with transaction():
        session.get_one(type(market.product), market.product.id).price = 29_000
        note_change("product", market.product.id)
        computing.schedule_for_product(market.product.id)
    run_jobs()
    after = queries.get_suggestion(suggested.id)
    assert after.state is SuggestionState.REJECTED
    assert after.evidence == before


def test_a_price_above_the_ceiling_takes_the_suggestion_out_of_the_queue(
    market: Market, suggested: Suggestion, run_jobs: Callable[[], int]
) -> None:
    with transaction():
        session.get_one(type(market.product), market.product.id).price = 90_000
        note_change("product", market.product.id)
        computing.schedule_for_product(market.product.id)
    run_jobs()
    assert queries.get_suggestion(suggested.id).state is SuggestionState.WITHDRAWN


def test_an_expired_paper_takes_the_suggestion_out_of_the_queue(
    market: Market, suggested: Suggestion, run_jobs: Callable[[], int]
) -> None:
    with transaction():
        for link in catalog_papers(market):
            link.state = PaperState.REVOKED
        note_change("product", market.product.id)
        computing.schedule_for_product(market.product.id)
    run_jobs()
    assert queries.get_suggestion(suggested.id).state is SuggestionState.WITHDRAWN


def test_computing_twice_changes_nothing(
    market: Market, suggested: Suggestion, run_jobs: Callable[[], int]
) -> None:
    with transaction():
        computing.schedule_for_need(market.need.id)
        computing.schedule_for_product(market.product.id)
    run_jobs()
    assert len(queries.list_of_need(market.need.id)) == 1
    assert queries.get_suggestion(suggested.id).score == suggested.score


def test_what_did_not_change_is_not_written_again(
    market: Market, suggested: Suggestion, run_jobs: Callable[[], int]
) -> None:
    written, times = suggested.computed_at, times_computed()
    with transaction():
        computing.schedule_for_need(market.need.id)
        computing.schedule_for_product(market.product.id)
    run_jobs()
    assert queries.get_suggestion(suggested.id).computed_at == written
    assert times_computed() == times == 1


def test_a_product_of_another_price_is_written_anew(
    market: Market, suggested: Suggestion, run_jobs: Callable[[], int]
) -> None:
    written = suggested.computed_at
    with transaction():
        session.get_one(type(market.product), market.product.id).price -= 1
        note_change("product", market.product.id)
        computing.schedule_for_product(market.product.id)
    run_jobs()
    after = queries.get_suggestion(suggested.id)
    assert after.inputs["offer"]["price"] == market.product.price
    assert after.computed_at > written
    assert times_computed() == 2


def test_several_changes_in_a_row_are_one_piece_of_work(
    market: Market, run_jobs: Callable[[], int]
) -> None:
    with transaction():
        for _ in range(3):
            computing.schedule_for_need(market.need.id)
    assert run_jobs() == 2  # the suggestions, and once what stops the others (readiness)


def test_a_stored_suggestion_can_be_judged_again_from_its_inputs(
    market: Market, suggested: Suggestion
) -> None:
    with transaction():
        session.get_one(type(market.product), market.product.id).price = 1_000
    again = evidence.replay(queries.get_suggestion(suggested.id), build_world())
    stored = Pairing.from_dict(suggested.evidence)
    assert [v.as_dict() for v in again.verdicts] == [v.as_dict() for v in stored.verdicts]
    assert again.lines == stored.lines


def test_a_suggestion_replays_to_its_score_though_other_offers_came_and_went(
    market: Market, suggested: Suggestion, run_jobs: Callable[[], int]
) -> None:
    rivals = [
        make_product(market.producer, name=f"Kemplang panggang {kind} 250 g")
        for kind in ("tenggiri asli", "udang", "cumi")
    ]
    with transaction():
        for rival in rivals:
            note_change("product", rival.id)
        computing.schedule_for_need(market.need.id)
    run_jobs()
    stored = queries.get_suggestion(suggested.id)
    # The replay knows nobody else: without what was measured then it would come to other points.
    again = evidence.replay(stored, build_world())
    assert (again.score, again.confidence) == (stored.score, stored.confidence)
    earned = [(point["code"], point["points"]) for point in stored.evidence["points"]]
    assert [(point.code, point.points) for point in again.points] == earned
    session.expunge(stored)
    stored.inputs = {**stored.inputs, "measured": None}
    assert evidence.replay(stored, build_world()).score != stored.score


def test_a_closed_need_is_never_answered(market: Market, run_jobs: Callable[[], int]) -> None:
    shut = make_need(market.outlet, title="Kemplang panggang 250gr", state=NeedState.PAUSED)
    with transaction():
        computing.schedule_for_need(shut.id)
    run_jobs()
    assert queries.list_of_need(shut.id) == []


def engine_need(market: Market):  # type: ignore[no-untyped-def]
    from marketplace.suggestions.services.world import open_needs

    return open_needs([market.need.id])[0]


def offers_of(market: Market):  # type: ignore[no-untyped-def]
    from marketplace.catalog import queries as catalog_queries

    return catalog_queries.list_offers([market.product.id])


def catalog_papers(market: Market):  # type: ignore[no-untyped-def]
    from marketplace.businesses.models import Paper

    return session.query(Paper).filter_by(business_id=market.producer.id).all()


def test_a_new_tariff_is_in_the_next_judgement(
    market: Market, suggested: Suggestion, run_jobs: Callable[[], int]
) -> None:
    officer = accounts.actor_of(accounts.get_person(market.officer.id))
    dear = LegDraft(
        origin="19", destination="31.74", rupiah_per_kg=90_000, days_median=4, days_p90=6,
        noted_on=today(), source="Tarif uji",
    )  # fmt: skip
    with transaction():
        regions.enter_leg(actor=officer, draft=dear)
    run_jobs()
    assert queries.get_suggestion(suggested.id).state is SuggestionState.WITHDRAWN


def test_a_word_taught_by_an_officer_is_found_at_once(market: Market) -> None:
    officer = accounts.actor_of(accounts.get_person(market.officer.id))
    assert market.product.id not in search.find_products("kletikan")
    taught = SpellingDraft(written="kletikan", means="kemplang", kind=SpellingKind.DIALECT, note="")
    with transaction():
        words.add_spelling(actor=officer, draft=taught)
    assert market.product.id in search.find_products("kletikan")
