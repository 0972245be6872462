"""The rules of the trade, one sentence each."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marketplace.core.params import Days, Money, PaperKind
from marketplace.core.quantity import Kind, Quantity
from marketplace.matching import (
    DEFAULT_SETTINGS,
    Engine,
    Need,
    NeedLine,
    Offer,
    Pairing,
    PriceBreak,
    Verdict,
    World,
)
from marketplace.matching.counterfactual import apply_all, apply_fix, fixes_of
from marketplace.matching.explain import fix_of, reason_of
from marketplace.matching.sentences import plain_sentence
from tests.matching.conftest import TODAY, papers

KEMPLANG = Offer(
    "kemplang",
    "Kemplang panggang ikan tenggiri",
    category="kemplang",
    price=30_000,
    unit="bungkus",
    pack=Quantity(250, Kind.MASS),
    region="19.71",
    papers=papers("pirt", "halal"),
    capacity_per_month=400,
    min_order=20,
    shelf_life_days=120,
    storage="ambient",
    lead_days=3,
    terms=frozenset({"outright", "days:14"}),
)
OTAK = Offer(
    "otak",
    "Otak-otak ikan beku isi 20",
    category="otak-otak",
    storage="frozen",
    papers=papers("pirt", "halal"),
)
# In whose words a change of the offer is told.
SOLD = {"unit": "bungkus", "pack": "250 g"}
NEED = Need("need", "kemplang", category="kemplang", unit="kg")


def judged(world: World, offer: Offer, need: Need) -> Pairing:
    return Engine(world).judge(offer, need)


def verdict_of(pairing: Pairing, rule: str) -> Verdict:
    return next(verdict for verdict in pairing.verdicts if verdict.rule == rule)


def test_frozen_otak_otak_with_a_pirt_is_excluded_and_would_fit_with_md(world: World) -> None:
    need = Need("need", "otak-otak", category="otak-otak")
    pairing = judged(world, OTAK, need)
    assert not pairing.eligible
    assert [verdict.rule for verdict in pairing.blocking] == ["frozen_needs_md"]
    verdict = pairing.blocking[0]
    assert verdict.legal
    assert not pairing.overridable
    assert verdict.fix == {"field": "papers", "add": ["md"]}
    assert judged(world, apply_fix(OTAK, verdict.fix), need).eligible


def test_kemplang_with_a_pirt_passes(world: World) -> None:
    pairing = judged(world, KEMPLANG, NEED)
    assert pairing.eligible
    assert verdict_of(pairing, "food_permit").outcome == "pass"


def test_food_without_any_permit_is_excluded_by_law(world: World) -> None:
    pairing = judged(world, replace(KEMPLANG, papers=papers("halal")), NEED)
    assert [verdict.rule for verdict in pairing.blocking] == ["food_permit"]
    assert pairing.blocking[0].legal


def test_unknown_papers_never_exclude(world: World) -> None:
    pairing = judged(world, replace(KEMPLANG, papers=(), papers_known=False), NEED)
    assert pairing.eligible
    assert verdict_of(pairing, "food_permit").outcome == "unknown"
    assert verdict_of(pairing, "halal").outcome == "unknown"


def test_a_kind_of_paper_nobody_spoke_of_stays_unknown_beside_one_that_is_held(
    world: World,
) -> None:
    offer = replace(KEMPLANG, papers=papers("pirt"), papers_known=False)
    pairing = judged(world, offer, NEED)
    assert pairing.eligible
    assert verdict_of(pairing, "food_permit").outcome == "pass"
    assert verdict_of(pairing, "halal").outcome == "unknown"
    ran_out = replace(offer, papers_told=frozenset({"halal"}))
    assert verdict_of(judged(world, ran_out, NEED), "halal").outcome == "fail"


def test_a_pirt_for_frozen_food_says_that_there_is_no_md(world: World) -> None:
    offer = replace(OTAK, papers_known=False)
    assert verdict_of(judged(world, offer, NEED), "frozen_needs_md").outcome == "fail"


def test_chilled_fish_balls_need_md(world: World) -> None:
    offer = Offer(
        "b", "Bakso ikan", category="bakso", storage="chilled", papers=papers("pirt", "halal")
    )
    pairing = judged(world, offer, Need("n", "bakso ikan"))
    assert [verdict.rule for verdict in pairing.blocking] == ["chilled_animal_needs_md"]


def test_syrup_without_md_only_warns(world: World) -> None:
    offer = Offer("s", "Sirup jeruk kunci", category="sirup", papers=papers("pirt", "halal"))
    pairing = judged(world, offer, Need("n", "sirup"))
    assert pairing.eligible
    assert verdict_of(pairing, "category_needs_md").outcome == "fail"
    assert verdict_of(pairing, "category_needs_md").severity == "warn"


def test_batik_needs_no_food_paper_and_no_halal(world: World) -> None:
    pairing = judged(world, Offer("b", "Batik cual", category="batik"), Need("n", "batik"))
    assert pairing.eligible
    assert pairing.verdicts == ()


@pytest.mark.parametrize(
    ("size_class", "day", "binds"),
    [
        ("micro", date(2026, 10, 16), False),
        ("micro", date(2026, 10, 17), True),
        ("small", date(2026, 10, 17), True),
        ("", date(2026, 10, 17), True),
        ("medium", date(2026, 10, 16), True),
        ("large", date(2024, 10, 17), False),
    ],
)
def test_halal_binds_since_its_day_by_size_class(
    world: World, size_class: str, day: date, binds: bool
) -> None:
    offer = replace(KEMPLANG, papers=papers("pirt"), size_class=size_class)
    pairing = judged(replace(world, today=day), offer, NEED)
    assert pairing.eligible is not binds


def test_a_product_declared_not_halal_is_exempt(world: World) -> None:
    offer = replace(KEMPLANG, papers=papers("pirt"), declared_not_halal=True)
    assert judged(world, offer, NEED).eligible


def test_a_paper_that_expires_before_delivery_does_not_count(world: World) -> None:
    soon = TODAY + timedelta(days=10)
    offer = replace(KEMPLANG, papers=papers("pirt", "halal", valid_to=soon))
    assert judged(world, offer, replace(NEED, needed_on=soon)).eligible
    late = judged(world, offer, replace(NEED, needed_on=soon + timedelta(days=1)))
    assert {verdict.rule for verdict in late.blocking} == {"food_permit", "halal"}


def test_a_paper_not_yet_checked_warns_and_earns_less(world: World) -> None:
    checked = judged(world, KEMPLANG, NEED)
    unchecked = judged(
        world, replace(KEMPLANG, papers=papers("pirt", "halal", verified=False)), NEED
    )
    assert unchecked.eligible
    verdict = verdict_of(unchecked, "papers_checked")
    assert (verdict.outcome, verdict.severity) == ("fail", "warn")
    assert unchecked.score < checked.score


def test_where_nobody_could_check_papers_they_are_named_as_told(world: World) -> None:
    rules = tuple(rule for rule in world.rules if rule.check != "papers_checked")
    pairing = judged(replace(world, rules=rules), KEMPLANG, NEED)
    msgid, params = reason_of(next(one for one in pairing.points if one.code == "fit_papers"))
    told = plain_sentence(msgid, params)
    assert told == "Papers, as told: pirt, halal"
    assert {verdict.rule for verdict in pairing.verdicts}.isdisjoint({"papers_checked"})


def test_every_paper_the_need_asks_for_must_be_held(world: World) -> None:
    need = replace(NEED, papers_required=frozenset({"halal", "gs1", "md"}))
    verdict = verdict_of(judged(world, KEMPLANG, need), "papers")
    assert verdict.params["papers"] == (PaperKind("gs1"), PaperKind("md"))
    assert not verdict.legal


def test_another_branch_is_excluded_and_a_neighbour_only_warns(world: World) -> None:
    other = judged(world, replace(KEMPLANG, category="batik"), NEED)
    assert [verdict.rule for verdict in other.blocking] == ["category"]
    neighbour = judged(world, replace(KEMPLANG, category="getas"), NEED)
    assert neighbour.eligible
    assert verdict_of(neighbour, "category").severity == "warn"
    above = judged(world, KEMPLANG, replace(NEED, category="camilan"))
    assert verdict_of(above, "category").outcome == "pass"


def test_shelf_life_is_counted_at_receipt(world: World) -> None:
    need = replace(NEED, lines=(NeedLine("a", "16.71"),), min_shelf_life_days=60)
    # 3 days to make, 7 on the way, 2 for safety
    assert judged(world, replace(KEMPLANG, shelf_life_days=72), need).eligible
    short = judged(world, replace(KEMPLANG, shelf_life_days=71), need)
    assert verdict_of(short, "shelf_life").fix == {"field": "shelf_life_days", "at_least": 72}


def test_an_unknown_shelf_life_is_to_ask(world: World) -> None:
    need = replace(NEED, min_shelf_life_days=60)
    pairing = judged(world, replace(KEMPLANG, shelf_life_days=None), need)
    assert pairing.eligible
    assert verdict_of(pairing, "shelf_life").outcome == "unknown"


def test_a_time_nobody_told_is_a_question_only_where_it_could_matter(world: World) -> None:
    lines = (NeedLine("a", "16.71"),)
    need = replace(NEED, lines=lines, min_shelf_life_days=60)
    untold = replace(KEMPLANG, lead_days=None)
    # 30 days to make at most, 7 on the way, 2 for safety
    for life, outcome in ((99, "pass"), (98, "unknown"), (69, "unknown"), (68, "fail")):
        verdict = verdict_of(
            judged(world, replace(untold, shelf_life_days=life), need), "shelf_life"
        )
        assert verdict.outcome == outcome, life
    told = judged(world, replace(KEMPLANG, shelf_life_days=120, lead_days=30), need)
    long = judged(world, replace(untold, shelf_life_days=120), need)
    assert long.score == told.score
    assert verdict_of(long, "shelf_life").params["left"] == Days(81)
    point = next(one for one in long.points if one.code == "fit_shelf_life")
    for item in (point, verdict_of(long, "shelf_life")):
        assert plain_sentence(*reason_of(item)).startswith(
            "Keeps at least 81 days after arrival, 60 are asked: up to 30 days are reckoned"
        )
    # Nor is the way where the need names no place: 30 days at most, 3 to make, 2 for safety.
    nowhere = replace(need, lines=())
    for life, outcome in ((95, "pass"), (94, "unknown"), (64, "fail")):
        pairing = judged(world, replace(KEMPLANG, shelf_life_days=life), nowhere)
        assert verdict_of(pairing, "shelf_life").outcome == outcome, life


def test_settings_may_ask_whatever_goods_keep(world: World) -> None:
    settings = replace(DEFAULT_SETTINGS, long_lead_days=None)
    need = replace(NEED, lines=(NeedLine("a", "16.71"),), min_shelf_life_days=1)
    pairing = Engine(world, settings).judge(replace(KEMPLANG, lead_days=None), need)
    assert verdict_of(pairing, "shelf_life").outcome == "unknown"


def test_the_landed_price_counts_freight_per_need_unit(world: World) -> None:
    line = (NeedLine("a", "16.71", 50),)
    # 30,000 for 250 g is 120,000 a kilogram, and 5,000 of freight
    fits = judged(world, KEMPLANG, replace(NEED, lines=line, max_price=125_000))
    assert fits.eligible
    assert fits.lines[0].landed_price == 125_000
    dear = judged(world, KEMPLANG, replace(NEED, lines=line, max_price=124_999))
    assert verdict_of(dear, "landed_price").fix == {"field": "price", "at_most": 29_999, **SOLD}


def test_evidence_from_before_units_were_told_reads_as_it_did() -> None:
    stored = Verdict(
        "landed_price",
        "fail",
        "block",
        {"landed": Money(5_000), "ceiling": Money(4_000)},
        fix={"field": "price", "at_most": 3_000},
    )
    assert plain_sentence(*reason_of(stored)) == (
        "Landed price Rp5.000 is above the ceiling of Rp4.000"
    )
    mend = fix_of(Verdict.from_dict(stored.as_dict()))
    assert mend is not None
    assert plain_sentence(*mend) == "would fit at a price of at most Rp3.000"


def test_a_quantity_price_counts_where_the_quantity_is_bought(world: World) -> None:
    offer = replace(KEMPLANG, price_breaks=(PriceBreak(100, 25_000),))
    need = replace(NEED, max_price=110_000, lines=(NeedLine("a", "19.71", 50),))
    assert judged(world, offer, need).eligible
    few = replace(need, lines=(NeedLine("a", "19.71", 10),))
    assert not judged(world, offer, few).eligible


def test_kilograms_against_pieces_is_unknown_not_a_failure(world: World) -> None:
    need = replace(NEED, unit="kg", max_price=1)
    pairing = judged(world, replace(KEMPLANG, unit="pcs", pack=None), need)
    assert pairing.eligible
    assert verdict_of(pairing, "landed_price").outcome == "unknown"


def test_an_estimate_warns_where_the_settings_say_so(world: World) -> None:
    settings = replace(DEFAULT_SETTINGS, estimates_block=False)
    need = replace(NEED, max_price=122_000, lines=(NeedLine("a", "31.71", 50),))
    assert not Engine(world).judge(KEMPLANG, need).eligible
    lenient = Engine(world, settings).judge(KEMPLANG, need)
    assert lenient.eligible
    assert verdict_of(lenient, "landed_price").severity == "warn"


def test_the_zone_must_be_served_and_no_zones_means_everywhere(world: World) -> None:
    need = replace(NEED, lines=(NeedLine("a", "31.71"),))
    assert judged(world, KEMPLANG, need).eligible
    home = judged(world, replace(KEMPLANG, zones=frozenset({"sumatera"})), need)
    assert verdict_of(home, "zone").fix == {"field": "zones", "add": ["31.71"]}
    for zones in ({"jabodetabek"}, {"31"}, {"31.71"}):
        assert judged(world, replace(KEMPLANG, zones=frozenset(zones)), need).eligible


def test_who_serves_a_part_of_the_province_asked_for_is_asked_which(world: World) -> None:
    need = replace(NEED, lines=(NeedLine("a", "31"),))
    for zones, outcome in (({"31.71"}, "unknown"), ({"31", "31.71"}, "pass"), ({"16.71"}, "fail")):
        pairing = judged(world, replace(KEMPLANG, zones=frozenset(zones)), need)
        assert verdict_of(pairing, "zone").outcome == outcome


def test_a_pair_is_excluded_only_if_no_line_passes(world: World) -> None:
    offer = replace(KEMPLANG, zones=frozenset({"sumatera"}))
    lines = (NeedLine("jakarta", "31.71", 10), NeedLine("palembang", "16.71", 30))
    pairing = judged(world, offer, replace(NEED, lines=lines))
    assert pairing.eligible
    assert pairing.lines_passing == 1
    assert [line.failed for line in pairing.lines] == [("zone",), ()]
    assert pairing.volume_per_month == 30
    assert pairing.share_percent == 75


def test_a_need_of_420_branches_still_finds_a_small_producer_with_its_share(world: World) -> None:
    lines = tuple(NeedLine(str(i), "31.71" if i % 2 else "16.71", 10) for i in range(420))
    pairing = judged(world, KEMPLANG, replace(NEED, lines=lines))
    assert pairing.eligible
    assert pairing.volume_per_month == 100  # 400 packs of 250 g
    assert pairing.share_percent == 2
    assert sum(line.volume or 0 for line in pairing.lines) == 100


def test_an_unknown_capacity_puts_the_whole_need_at_stake_and_no_share(world: World) -> None:
    need = replace(NEED, lines=(NeedLine("a", "19.71", 1_000),))
    pairing = judged(world, replace(KEMPLANG, capacity_per_month=None), need)
    assert verdict_of(pairing, "share").outcome == "unknown"
    assert pairing.volume_per_month == 1_000
    assert pairing.money_per_month == 4_000 * (KEMPLANG.price or 0)  # packs of 250 g against kg
    assert pairing.share_percent is None


def test_an_excluded_pair_shows_what_an_override_would_put_at_stake(world: World) -> None:
    need = replace(NEED, lines=(NeedLine("a", "19.71", 40),), max_price=1)
    pairing = judged(world, KEMPLANG, need)
    assert not pairing.eligible
    assert pairing.volume_per_month == 40


def test_an_open_line_that_states_no_volume_is_not_a_line_of_nothing(world: World) -> None:
    offer = replace(KEMPLANG, zones=frozenset({"jabodetabek"}))
    lines = (NeedLine("jakarta", "31.71"), NeedLine("palembang", "16.71", 30))
    pairing = judged(world, offer, replace(NEED, lines=lines))
    assert pairing.eligible
    assert pairing.volume_per_month is None


def test_capacity_blocks_below_the_stated_minimum_share(world: World) -> None:
    need = replace(NEED, lines=(NeedLine("a", "19.71", 1_000),), min_share_percent=20)
    verdict = verdict_of(judged(world, KEMPLANG, need), "share")
    assert verdict.outcome == "fail"
    assert verdict.fix == {"field": "capacity_per_month", "at_least": 800, **SOLD}


def test_capacity_below_the_own_minimum_order_blocks(world: World) -> None:
    pairing = judged(world, replace(KEMPLANG, capacity_per_month=10), NEED)
    assert [verdict.rule for verdict in pairing.blocking] == ["share"]


def test_a_need_below_the_minimum_order_is_excluded(world: World) -> None:
    need = replace(NEED, lines=(NeedLine("a", "19.71", 4),))
    verdict = verdict_of(judged(world, KEMPLANG, need), "min_order")
    assert verdict.fix == {"field": "min_order", "at_most": 16, **SOLD}


@pytest.mark.parametrize(
    ("terms", "outcome"),
    [("outright", "pass"), ("days:14", "pass"), ("days:30", "fail"), ("consignment", "fail")],
)
def test_payment_terms_must_be_accepted(world: World, terms: str, outcome: str) -> None:
    pairing = judged(world, KEMPLANG, replace(NEED, terms=terms))
    assert verdict_of(pairing, "terms").outcome == outcome


def test_money_tied_up_is_held_against_the_working_capital(world: World) -> None:
    need = replace(NEED, terms="days:14", lines=(NeedLine("a", "19.71", 50),))
    # 200 packs a month x 21,000 rupiah cost x 12/365 x (7 + 14) days
    needed = 2_899_727
    poor = judged(world, replace(KEMPLANG, working_capital=needed - 1), need)
    assert verdict_of(poor, "cash").fix == {"field": "working_capital", "at_least": needed}
    assert poor.overridable
    assert judged(world, replace(KEMPLANG, working_capital=needed), need).eligible
    unknown = judged(world, KEMPLANG, need)
    assert verdict_of(unknown, "cash").outcome == "unknown"


def test_goods_colder_than_the_outlet_keeps_are_excluded(world: World) -> None:
    need = Need("n", "otak-otak", storage="ambient")
    pairing = judged(world, replace(OTAK, papers=papers("md", "halal")), need)
    assert [verdict.rule for verdict in pairing.blocking] == ["storage"]


def test_the_smallest_set_of_changes_makes_a_near_miss_fit(world: World) -> None:
    need = replace(NEED, max_price=100_000, terms="days:30", lines=(NeedLine("a", "16.71", 30),))
    offer = replace(KEMPLANG, papers=papers("pirt"))
    pairing = judged(world, offer, need)
    changes = fixes_of(pairing)
    assert changes is not None
    assert {verdict.rule for verdict in changes} == {"halal", "landed_price", "terms"}
    assert judged(world, apply_all(offer, changes), need).eligible


@pytest.mark.parametrize("held", [("pirt",), ("pirt", "md"), ()])
def test_frozen_goods_with_a_pirt_are_food_though_no_category_is_named(
    world: World, held: tuple[str, ...]
) -> None:
    engine = Engine(world)
    offer = Offer("o", "Otak-otak ikan isi 20", storage="frozen", papers=papers(*held, "halal"))
    engine.load([offer])
    need = Need("n", "Otak-otak ikan isi 20")
    found = engine.rank(need, explain=True)
    excluded = [verdict.rule for one in found.excluded for verdict in one.blocking]
    assert excluded == (["frozen_needs_md"] if held == ("pirt",) else [])
    assert [one.offer_id for one in found.pairings] == ([] if excluded else ["o"])
