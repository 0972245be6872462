"""Rules of deals that need no database."""

from datetime import date
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.core.quantity import Kind, Quantity
from marketplace.deals.rules import lines, months, orders, states, terms
from marketplace.deals.rules.lines import LineDraft
from marketplace.deals.rules.orders import OrderState, Rate
from marketplace.deals.rules.states import DealState
from marketplace.deals.rules.terms import DealDraft, ItemDraft

JAKARTA, BOGOR, PALEMBANG = "31.74", "32.71", "16.71"


def test_a_deal_goes_only_the_way_the_office_agreed_on() -> None:
    allowed = {
        ("commitment", "signed"),
        ("commitment", "withdrawn"),
        ("signed", "running"),
        ("signed", "cancelled"),
        ("signed", "disputed"),
        ("running", "ended"),
        ("running", "cancelled"),
        ("running", "disputed"),
    }
    for now, then in product(DealState, DealState):
        if (now, then) in allowed:
            states.check_transition(now, then)
        else:
            with pytest.raises(RuleBroken):
                states.check_transition(now, then)


def test_an_order_goes_only_one_way() -> None:
    way = ["ordered", "sent", "received", "accepted", "invoiced", "paid"]
    allowed = {*pairwise(way), ("received", "rejected")}
    for now, then in product(OrderState, OrderState):
        if (now, then) in allowed:
            orders.check_transition(now, then)
        else:
            with pytest.raises(RuleBroken):
                orders.check_transition(now, then)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (LineDraft(JAKARTA, 1, 7), LineDraft(JAKARTA, 1, 7), True),
        (LineDraft(JAKARTA, 1, 7), LineDraft(JAKARTA, 1, 8), False),
        (LineDraft(JAKARTA, 1, 7), LineDraft("31", 1), True),
        (LineDraft(JAKARTA, 1), LineDraft("jabodetabek", 1), True),
        (LineDraft("31", 1), LineDraft("jabodetabek", 1), True),
        (LineDraft(BOGOR, 1), LineDraft("31", 1), False),
        (LineDraft("16", 1), LineDraft("sumatera", 1), True),
        (LineDraft(PALEMBANG, 1), LineDraft("jabodetabek", 1), False),
        (LineDraft(JAKARTA, 1), LineDraft(JAKARTA, 1, item=1), False),
    ],
)
def test_two_lines_overlap_where_one_outlet_would_get_both(
    one: LineDraft, other: LineDraft, same: bool
) -> None:
    assert lines.overlap(one, other) is lines.overlap(other, one) is same


def test_a_ramp_grows_to_its_full_size_and_stays_there() -> None:
    volumes = [lines.in_month(420, (40, 120, 420), number) for number in range(5)]
    assert volumes == [40, 120, 420, 420, 420]


@pytest.mark.parametrize("ramp", [(120, 40), (0, 40), (40,) * 37])
def test_a_ramp_that_falls_or_is_none_is_refused(ramp: tuple[int, ...]) -> None:
    with pytest.raises(InvalidInput) as refused:
        lines.check_ramp(ramp)
    assert set(refused.value.fields) == {"ramp"}


@given(st.integers(0, 10**9), st.lists(st.integers(0, 1000), min_size=1, max_size=12))
def test_shares_add_up_to_the_whole_and_lie_next_to_their_weight(
    total: int, weights: list[int]
) -> None:
    parts = months.shared_out(total, weights)
    if sum(weights) == 0:
        assert parts == [0] * len(weights)
        return
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)


def test_a_deal_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        terms.months_until(date(2027, 3, 1), date(2027, 2, 28))
    assert set(refused.value.fields) == {"ends_on"}
    assert terms.months_until(date(2027, 1, 15), date(2027, 3, 1)) == 3
    assert terms.last_day(date(2027, 1, 15), 3) == date(2027, 3, 31)


def test_a_vague_commitment_lacks_everything_a_signature_asks() -> None:
    missing = terms.missing_for_signature(DealDraft("Akan memasok gerai Jabodetabek"))
    assert len(missing) == 5
    with pytest.raises(RuleBroken):
        terms.check_signable(DealDraft("Akan memasok gerai Jabodetabek"))


def test_lines_that_do_not_add_up_cannot_be_signed() -> None:
    draft = DealDraft(
        "Kemplang",
        items=(ItemDraft(1, 20_000, 100),),
        lines=(LineDraft(JAKARTA, 60), LineDraft(PALEMBANG, 39)),
        terms="outright",
        starts_on=date(2027, 1, 1),
        months=6,
    )
    assert terms.missing_for_signature(draft) == ["lines that add up to the volume a month"]


@pytest.mark.parametrize(
    ("pack", "need_unit", "need_pack", "allowed"),
    [
        (Quantity(250, Kind.MASS), "bungkus", Quantity(250, Kind.MASS), 20_000),
        (Quantity(500, Kind.MASS), "bungkus", Quantity(250, Kind.MASS), 40_000),
        (Quantity(200, Kind.MASS), "bungkus", Quantity(300, Kind.MASS), 13_333),
        (Quantity(250, Kind.MASS), "kg", None, 5_000),
        (Quantity(12, Kind.COUNT), "bungkus", Quantity(6, Kind.COUNT), 40_000),
        (Quantity(250, Kind.VOLUME), "bungkus", Quantity(250, Kind.MASS), None),
        (None, "bungkus", Quantity(250, Kind.MASS), 20_000),
    ],
)
def test_a_ceiling_is_measured_by_what_is_in_the_pack(
    pack: Quantity | None, need_unit: str, need_pack: Quantity | None, allowed: int | None
) -> None:
    found = terms.ceiling_of(
        "bungkus", pack, ceiling=20_000, need_unit=need_unit, need_pack=need_pack
    )
    assert found == allowed


@pytest.mark.parametrize(
    ("late", "column"), [(0, 0), (1, 1), (14, 1), (15, 2), (30, 2), (31, 3), (60, 3), (61, 4)]
)
def test_an_invoice_ages_by_the_days_past_its_due_day(late: int, column: int) -> None:
    assert orders.age_of(late) == column


def test_a_rate_of_fewer_than_five_says_no_figure() -> None:
    assert Rate(4, 4).percent is None
    assert Rate(4, 5).percent == 80
    assert Rate(1, 8).percent == 13


@given(st.integers(1, 10**6), st.integers(1, 10**7), st.integers(0, 90))
def test_the_commission_is_taken_off_to_the_nearest_rupiah(
    quantity: int, price: int, commission: int
) -> None:
    owed = orders.amount_of(quantity, price, commission)
    assert abs(owed * 100 - quantity * price * (100 - commission)) <= 50
