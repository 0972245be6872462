"""A paper that the law and the need ask for is told once, with both reasons."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from marketplace.demand.rules import papers_word
from marketplace.infra.i18n import in_language
from marketplace.infra.transaction import transaction
from marketplace.matching import Engine, HeldPaper, Need, NeedLine, Offer, Pairing, World
from marketplace.suggestions import documents, queries
from marketplace.suggestions.services import computing
from marketplace.suggestions.services.world import fact_world
from tests.conftest import SignIn
from tests.factories import make_need, make_producer, make_product
from tests.suggestions.conftest import Market

DAY = date(2026, 11, 20)
OFFER = Offer(
    "1",
    "Kemplang panggang 250 g",
    category="kemplang",
    producer="1",
    price=20_000,
    unit="bungkus",
    region="19.71",
    capacity_per_month=2_000,
    shelf_life_days=180,
    lead_days=3,
    storage="ambient",
    terms=frozenset({"outright"}),
    papers_known=True,
)
NEED = Need(
    "1",
    "Kemplang panggang 250 g",
    category="kemplang",
    unit="bungkus",
    lines=(NeedLine("1", "31.74", 100),),
    papers_required=frozenset({"pirt", "halal"}),
)


PAPER_RULES = {"papers", "food_permit", "halal", "category_needs_md"}


@pytest.fixture
def world(app: object) -> World:
    return replace(fact_world(), today=DAY)


def judged(world: World, offer: Offer = OFFER, need: Need = NEED) -> Pairing:
    return Engine(world).judge(offer, need)


def told(pairing: Pairing, locale: str = "en") -> list[tuple[str, str, str]]:
    """What stands in the way of papers: kind, sentence, what would mend it."""
    with in_language(locale):
        return [
            (one["kind"], one["text"], one["fix"])
            for one in documents.obstacles_of(pairing)
            if one["rule"] in PAPER_RULES
        ]


def test_a_missing_paper_is_told_once_with_both_reasons(world: World) -> None:
    assert told(judged(world)) == [
        (
            "block",
            "Food may not be sold without P-IRT, MD or ML (this need also asks for: P-IRT)",
            "would fit if held: P-IRT",
        ),
        (
            "block",
            "No halal certificate, which food and drink now need (this need also asks for: Halal)",
            "would fit if held: Halal",
        ),
    ]


def test_it_is_told_in_indonesian_too(world: World) -> None:
    assert [text for _kind, text, _fix in told(judged(world), "id")] == [
        "Pangan tidak boleh dijual tanpa P-IRT, MD, atau ML (juga diminta kebutuhan ini: P-IRT)",
        "Belum ada sertifikat halal, padahal makanan dan minuman kini wajib"
        " (juga diminta kebutuhan ini: Halal)",
    ]


def test_what_no_law_asks_for_stays_with_the_need(world: World) -> None:
    need = replace(NEED, papers_required=frozenset({"nib", "halal"}))
    assert told(judged(world, need=need)) == [
        ("block", "Missing or expired by delivery: NIB", "would fit if held: NIB"),
        (
            "block",
            "Food may not be sold without P-IRT, MD or ML",
            "would fit if held: P-IRT",
        ),
        (
            "block",
            "No halal certificate, which food and drink now need (this need also asks for: Halal)",
            "would fit if held: Halal",
        ),
    ]


def test_the_permit_the_need_asks_for_is_the_one_that_mends_it(world: World) -> None:
    need = replace(NEED, papers_required=frozenset({"md"}))
    assert told(judged(world, need=need))[0] == (
        "block",
        "Food may not be sold without P-IRT, MD or ML (this need also asks for: BPOM MD)",
        "would fit if held: BPOM MD",
    )


def test_another_permit_than_the_one_held_stays_asked_by_the_need_alone(world: World) -> None:
    offer = replace(OFFER, papers=(HeldPaper("pirt", True), HeldPaper("halal", True)))
    need = replace(NEED, papers_required=frozenset({"md"}))
    assert told(judged(world, offer, need)) == [
        ("block", "Missing or expired by delivery: BPOM MD", "would fit if held: BPOM MD")
    ]


def test_a_paper_nobody_told_of_is_asked_once(world: World) -> None:
    assert told(judged(world, replace(OFFER, papers_known=False))) == [
        ("info", "To ask: is there a P-IRT or MD? (this need also asks for: P-IRT)", ""),
        ("info", "To ask: is there a halal certificate? (this need also asks for: Halal)", ""),
    ]


def test_a_rule_that_only_warns_blocks_where_the_need_asks_for_the_paper(world: World) -> None:
    """No more is made of the law than it is: only the need's own demand blocks here."""
    offer = replace(
        OFFER,
        category="minuman-cair",
        title="Sirup jeruk kunci 500 ml",
        papers=(HeldPaper("pirt", True), HeldPaper("halal", True)),
    )
    need = replace(
        NEED, category="minuman-cair", title="Sirup jeruk kunci", papers_required=frozenset({"md"})
    )
    alone = replace(need, papers_required=frozenset[str]())
    sentence = "Holds neither MD nor ML, which this kind of food needs"
    assert told(judged(world, offer, alone)) == [("warn", sentence, "would fit if held: BPOM MD")]
    assert told(judged(world, offer, need)) == [
        ("block", f"{sentence} (this need also asks for: BPOM MD)", "would fit if held: BPOM MD")
    ]


def test_papers_that_are_held_are_told_once(world: World) -> None:
    offer = replace(OFFER, papers=(HeldPaper("pirt", True), HeldPaper("halal", True)))
    with in_language("en"):
        passed = documents.passed_of(judged(world, offer))
    assert [text for text in passed if "P-IRT" in text or "alal" in text] == [
        "Holds the food permit: P-IRT (this need also asks for: P-IRT)",
        "Halal certificate held (this need also asks for: Halal)",
        "Checked by an officer: Halal, P-IRT",
    ]


def test_the_card_of_the_queue_asks_for_an_untold_paper_once(
    market: Market, run_jobs: Callable[[], int], signed_in: SignIn
) -> None:
    producer = make_producer(name="Kemplang Laut")
    product = make_product(producer, name="Kemplang panggang tenggiri 250 g")
    need = make_need(
        market.outlet,
        title="Kemplang panggang tenggiri 250 g",
        papers_required=papers_word(["pirt", "halal"]),
    )
    with transaction():
        computing.schedule_for_need(need.id)
    run_jobs()
    row = queries.find_pair(product.id, need.id)
    assert row is not None
    page = signed_in(market.officer).text(f"/suggestions/{row.id}")
    assert page.count("apakah ada sertifikat halal?") == 1
    assert "juga diminta kebutuhan ini: Halal" in page
    assert "apakah izin ini ada" not in page
