"""Drafts of rules: only what is wide, nearly always true and no chance."""

from dataclasses import replace

import pytest

from marketplace.matching import DEFAULT_SETTINGS, HeldPaper, Need, NeedLine, Offer, World
from marketplace.matching.limits import Limit
from marketplace.matching.patterns import Seen, chance, find_patterns, seen_of


def row(number: int, rejected: bool, days: int, **given: object) -> Seen:
    return replace(
        Seen(
            number, f"p{number % 5}", f"n{number % 7}", rejected, "too_far" if rejected else "",
            {"days": days}, ("kemplang", "camilan"), "souvenir", "jabodetabek",
        ),
        **given,  # type: ignore[arg-type]
    )  # fmt: skip


MIXED = [row(number, number % 3 == 0, 1 + number % 5) for number in range(40)]
FAR = [row(100 + number, True, 6 + number % 4) for number in range(14)]


def test_all_fourteen_far_pairs_rejected_is_offered_as_a_rule() -> None:
    (found,) = find_patterns([*MIXED, *FAR])
    assert found.limit == Limit("days", above=5)
    assert (found.support, found.rejected) == (14, 14)
    assert found.reasons == {"too_far": 14}
    assert found.ids == tuple(range(100, 114))
    assert found.usual == pytest.approx(28 / 54)


def test_an_exception_in_ten_is_borne_and_two_are_not() -> None:
    one = [replace(FAR[0], rejected=False), *FAR[1:]]
    assert [found.support for found in find_patterns([*MIXED, *one])] == [14]
    two = [*(replace(each, rejected=False) for each in FAR[:2]), *FAR[2:12]]
    assert find_patterns([*MIXED, *two]) == []


def test_seven_pairs_are_too_few() -> None:
    assert find_patterns([*MIXED, *FAR[:7]]) == []


def test_what_is_usual_is_no_pattern() -> None:
    """Where nearly everything is rejected, that the far ones were says nothing."""
    gloomy = [replace(each, rejected=each.id % 10 != 1) for each in MIXED]
    assert find_patterns([*gloomy, *FAR[:10]]) == []


@pytest.mark.parametrize("side", ["producer", "need"])
def test_one_producer_or_one_need_alone_makes_no_rule(side: str) -> None:
    assert find_patterns([*MIXED, *(replace(each, **{side: "only"}) for each in FAR)]) == []


def test_a_kind_of_goods_for_a_kind_of_outlet_is_found() -> None:
    odd = [
        row(200 + number, True, 1 + number % 5, categories=("batik",), outlet="restaurant")
        for number in range(12)
    ]
    fine = [row(300 + n, n % 3 == 0, 1 + n % 5, categories=("batik",)) for n in range(9)]
    meals = [row(400 + n, n % 3 == 0, 1 + n % 5, outlet="restaurant") for n in range(9)]
    limits = [one.limit for one in find_patterns([*MIXED, *odd, *fine, *meals])]
    assert limits == [Limit("kind", category="batik", outlet="restaurant")]


def test_the_same_pairs_are_told_once() -> None:
    """The far ones are dear too: one rule speaks of them, not two."""
    both = [replace(each, measured={"days": 8, "price": 99}) for each in FAR]
    mixed = [replace(each, measured={**each.measured, "price": 60}) for each in MIXED]
    assert len(find_patterns([*mixed, *both])) == 1


def test_chance_is_the_tail_of_the_binomial() -> None:
    assert chance(14, 14, 0.5) == pytest.approx(0.5**14)
    assert chance(10, 9, 0.5) == pytest.approx(11 / 1024)
    assert chance(10, 9, 1.0) == 1.0


def test_a_pair_is_seen_as_the_rule_would_judge_it(world: World) -> None:
    offer = Offer(
        "o", "Kemplang", category="kemplang", price=20_000, unit="bungkus", weight_g=300,
        region="19.71", papers=(HeldPaper("pirt"),), capacity_per_month=40, producer="p",
    )  # fmt: skip
    need = Need(
        "n", "Kemplang", unit="bungkus", max_price=43_000, outlet="souvenir",
        lines=(NeedLine("1", "16.71", 60), NeedLine("2", "19.71", 40)),
    )  # fmt: skip
    seen = seen_of(5, offer, need, world, DEFAULT_SETTINGS, "price")
    assert seen.measured == {"days": 2, "price": 48, "share": 40, "unverified": 1}
    assert seen.categories == ("kemplang", "camilan")
    assert (seen.producer, seen.need, seen.zone, seen.outlet) == ("p", "n", "sumatera", "souvenir")
    assert seen.rejected
    assert not seen_of(5, offer, need, world, DEFAULT_SETTINGS, None).rejected
