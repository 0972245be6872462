"""A mask over the whole catalogue never says no where the rules would not."""

from dataclasses import replace

from hypothesis import given, settings

from marketplace.matching import DEFAULT_SETTINGS, Need, NeedLine, Offer, World
from marketplace.matching.batch import Batch
from marketplace.matching.case import Case, Question
from marketplace.matching.columns import Columns
from marketplace.matching.eligibility import assess
from marketplace.matching.masks import Masks
from marketplace.matching.terms import Terms
from tests.matching.conftest import papers
from tests.matching.markets import catalogues, needs

modest = settings(max_examples=60, deadline=None)
NEED = Need(
    "n",
    "kemplang",
    category="kemplang",
    unit="pcs",
    max_price=50_000,
    lines=(NeedLine("a", "31.71"),),
    papers_required=frozenset({"halal"}),
    min_shelf_life_days=30,
    terms="days:14",
)
GOOD = Offer(
    "good",
    "kemplang",
    category="kemplang",
    unit="pcs",
    price=40_000,
    zones=frozenset({"jabodetabek"}),
    papers=papers("halal"),
    shelf_life_days=90,
    terms=frozenset({"days"}),
)


@modest
@given(catalogues, needs)
def test_whom_a_mask_leaves_out_the_rules_exclude(
    world: World, offers: tuple[Offer, ...], need: Need
) -> None:
    columns = Columns()
    masks = Masks(columns, Terms(columns, world, DEFAULT_SETTINGS))
    question = Question(need, world, DEFAULT_SETTINGS)
    # In two halves: what was worked out for the first goes on with the rows of the second.
    for half in (offers[: len(offers) // 2], offers[len(offers) // 2 :]):
        if half:
            columns.extend(Batch.of(half))
        mask = masks.of(question)
    for offer, passes in zip(
        offers, mask.unpacked() if mask is not None else (), strict=mask is not None
    ):
        assert passes or not assess(Case(offer, question)).eligible


def test_a_mask_leaves_out_who_fails_in_one_thing_and_keeps_the_unknown(world: World) -> None:
    failing = (
        replace(GOOD, category="batik"),
        replace(GOOD, zones=frozenset({"sumatera"})),
        replace(GOOD, papers=papers("md")),
        replace(GOOD, price=60_000),
        replace(GOOD, shelf_life_days=31),
        replace(GOOD, terms=frozenset({"outright"})),
    )
    columns = Columns()
    columns.extend(Batch.of((GOOD, Offer("blank", "kemplang", papers_known=False), *failing)))
    masks = Masks(columns, Terms(columns, world, DEFAULT_SETTINGS))
    mask = masks.of(Question(NEED, world, DEFAULT_SETTINGS))
    assert mask is not None
    assert mask.unpacked().tolist() == [True, True, *[False] * len(failing)]


def test_a_need_that_asks_nothing_needs_no_mask(world: World) -> None:
    columns = Columns()
    masks = Masks(columns, Terms(columns, world, DEFAULT_SETTINGS))
    assert masks.of(Question(Need("n", "kemplang"), world, DEFAULT_SETTINGS)) is None
