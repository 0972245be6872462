"""Supply plans on a page: who fills which need, changed by hand, made into draft deals."""

import re

import pytest

from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput, NotAllowed
from marketplace.deals import policies, queries
from marketplace.deals.models import Deal
from marketplace.deals.rules.months import add_months
from marketplace.deals.rules.plans import Pair, Whole, Wishes, runs_of, weighed
from marketplace.deals.rules.states import DealState, Origin
from marketplace.deals.services import capacity, drafting, recording, supplying
from marketplace.deals.services.capacity import Differing
from marketplace.demand.models import Need
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests.conftest import SignIn
from tests.deals.conftest import NEXT, Trade, sign, terms_of
from tests.factories import (
    JAKARTA_SELATAN,
    PALEMBANG,
    make_need,
    make_office,
    make_producer,
    make_product,
    make_suggestion,
)


@pytest.fixture(autouse=True)
def time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is planned is asked here, not how fast a busy machine does it."""
    monkeypatch.setattr(supplying, "SECONDS", 30.0)


@pytest.fixture
def needs(trade: Trade) -> list[Need]:
    """Two needs of 160 in all, for which 100 can be made by one and 30 by another producer."""
    first = make_need(
        trade.outlet, volumes={JAKARTA_SELATAN: 60, PALEMBANG: 40}, title="Kemplang A"
    )
    second = make_need(trade.outlet, volumes={PALEMBANG: 60}, title="Kemplang B")
    small = make_product(
        make_producer(name="Kemplang Kecil"), capacity_per_month=30, min_order=None
    )
    make_suggestion(trade.product, first, score=80)
    make_suggestion(trade.product, second, score=60)
    make_suggestion(small, second, score=50)
    return [first, second]


def plan(trade: Trade, needs: list[Need], **wishes: object) -> supplying.Planned:
    return supplying.make_plan(
        actor=trade.office,
        need_ids=[need.id for need in needs],
        wishes=Wishes(first=NEXT, **wishes),  # type: ignore[arg-type]
    )


def test_no_producer_is_planned_beyond_what_they_still_have(
    trade: Trade, needs: list[Need]
) -> None:
    found = plan(trade, needs)
    assert found.plan.is_optimal
    assert (found.asked, found.filled) == (3 * 160, 3 * 130)
    assert found.given[Pair(trade.product.id, needs[0].id)] == (100, 100, 100)
    (missing,) = found.plan.missing
    assert (missing.need, missing.volume) == (f"{needs[1].id}:", (30, 30, 30))


def test_what_was_promised_before_is_not_planned_again(
    trade: Trade, needs: list[Need], signed
) -> None:
    signed(volume=70, months=2)
    assert plan(trade, needs).free[trade.product.id] == (30, 30, 100)


def test_only_the_own_producers_are_planned_with_and_what_else_fits_is_told(
    trade: Trade, needs: list[Need]
) -> None:
    """Beside another province a plan is made of what lies in one's own, not refused whole."""
    make_office("16")
    theirs = make_product(make_producer(region_code=PALEMBANG))
    make_suggestion(theirs, needs[0], score=99)
    alone = plan(trade, needs)
    assert theirs.id not in alone.products
    assert alone.left.elsewhere == {"16": 1}
    assert alone.filled == 3 * 130
    with transaction():
        made = drafting.draft_deals(actor=trade.office, lots=alone.given, first=NEXT)
    assert {deal.area_code[:2] for deal in made} == {"19"}
    with pytest.raises(InvalidInput), transaction():
        drafting.draft_deals(
            actor=trade.office, lots={Pair(theirs.id, needs[0].id): (10,)}, first=NEXT
        )


def test_a_season_of_the_calendar_is_planned_around(trade: Trade, needs: list[Need]) -> None:
    with transaction():
        capacity.set_capacity(
            actor=trade.actor(trade.maker),
            product_id=trade.product.id,
            base=100,
            exceptions={add_months(NEXT, 1): Differing(20, "Musim barat, cumi sedikit")},
        )
    found = plan(trade, needs)
    lots = [v for pair, v in found.given.items() if pair.product == trade.product.id]
    assert [sum(month) for month in zip(*lots, strict=True)] == [100, 20, 100]


def test_needs_grow_along_the_ramp(trade: Trade, needs: list[Need]) -> None:
    found = plan(trade, needs, ramp=(1, 2, 4))
    assert found.volumes[(needs[0].id, "")] == (25, 50, 100)
    with pytest.raises(InvalidInput):
        plan(trade, needs, ramp=(4, 2))


def test_a_chain_is_met_in_full_or_not_at_all_in_each_region(
    trade: Trade, needs: list[Need]
) -> None:
    found = plan(trade, needs, whole=Whole.REGION)
    palembang = {t: v for t, v in found.volumes.items() if t.area == "16"}
    assert sorted(v[0] for v in palembang.values()) == [40, 60]
    got = dict.fromkeys(found.volumes, 0)
    for pair, volumes in found.given.items():
        got[pair.target] += volumes[0]
    # Both needs of the chain in Sumatera Selatan stand together: 100 of them, and Jakarta's 60.
    whole = {t: got[t] == found.volumes[t][0] for t in found.volumes}
    assert len({whole[t] for t in palembang}) == 1
    assert all(got[t] in {0, found.volumes[t][0]} for t in got)


def test_a_small_producer_gets_its_floor_before_points_count(
    trade: Trade, needs: list[Need]
) -> None:
    tiny = make_product(make_producer(name="Kemplang Rumah"), capacity_per_month=50, min_order=None)
    make_suggestion(tiny, needs[0], score=10)
    small = Pair(tiny.id, needs[0].id)
    assert plan(trade, needs).given.get(small, (0,))[0] < 50
    with transaction():
        trade.producer.yearly_sales, trade.producer.yearly_sales_on = 5_000_000_000, today()
    found = plan(trade, needs, floor=15)
    assert tiny.id in found.floored
    assert trade.product.id not in found.floored
    assert min(found.given[small]) >= 15
    assert found.plan.below_floor == ()


def test_dearer_goods_at_the_door_lose_points(trade: Trade, needs: list[Need]) -> None:
    assert weighed(80, 12_000, 10_000, 2) == 40
    assert weighed(80, 90_000, 10_000, 2) == 1
    assert weighed(80, None, 10_000, 2) == 80
    cheap = make_product(
        make_producer(name="Kemplang Murah"), capacity_per_month=100, price=10_000, weight_g=250
    )
    make_suggestion(cheap, needs[0], score=70)
    with transaction():
        trade.product.weight_g = 250
    dear, low = Pair(trade.product.id, needs[0].id), Pair(cheap.id, needs[0].id)
    found = plan(trade, needs, cost_points=1)
    assert (found.landed[low] or 0) < (found.landed[dear] or 0)
    assert found.given[low] == (100, 100, 100)
    assert dear not in found.given


def test_a_smallest_lot_and_a_number_of_suppliers_hold(trade: Trade, needs: list[Need]) -> None:
    assert all(v[0] != 30 for v in plan(trade, needs, least_lot=31).given.values())
    for target in plan(trade, needs, max_suppliers=1).volumes:
        given = plan(trade, needs, max_suppliers=1).given
        assert len([pair for pair in given if pair.target == target]) <= 1


def test_a_pair_left_out_gets_nothing_and_a_pinned_one_keeps_its_lot(
    trade: Trade, needs: list[Need]
) -> None:
    pair = Pair(trade.product.id, needs[0].id)
    assert pair not in plan(trade, needs, forbidden=[pair]).given
    kept = Pair(trade.product.id, needs[1].id)
    assert plan(trade, needs, pinned={kept: (50, 0, 40)}).given[kept] == (50, 0, 40)


def test_another_pack_size_is_told_not_counted(trade: Trade, needs: list[Need]) -> None:
    large = make_product(net_amount=500)
    make_suggestion(large, needs[0], score=99)
    found = plan(trade, needs)
    assert found.left.other_pack == 1
    assert large.id not in found.products


def test_a_plan_becomes_commitments_with_lines_in_proportion(
    trade: Trade, needs: list[Need]
) -> None:
    found = plan(trade, needs)
    with transaction():
        made = drafting.draft_deals(actor=trade.office, lots=found.given, first=NEXT)
    assert len(made) == 2
    deal = queries.get_deal(made[0].id)
    assert (deal.state, deal.origin) == (DealState.COMMITMENT, Origin.PLAN)
    assert (deal.starts_on, deal.months, deal.ramp) == (NEXT, 3, [])
    assert [(line.place, line.volume) for line in deal.lines] == [
        (JAKARTA_SELATAN, 60),
        (PALEMBANG, 40),
    ]


def test_deals_of_a_plan_never_promise_more_than_it_says() -> None:
    assert runs_of((40, 40)) == [(0, (40, 40))]
    assert runs_of((40, 60, 50)) == [(0, (40, 50, 50))]
    assert runs_of((0, 40, 0, 60)) == [(1, (40,)), (3, (60,))]
    assert runs_of((0, 0)) == []


def test_a_lot_that_grows_has_a_ramp_and_one_that_pauses_becomes_two_deals(
    trade: Trade, needs: list[Need]
) -> None:
    lots = {Pair(trade.product.id, needs[1].id): (20, 40, 0, 30)}
    with transaction():
        made = drafting.draft_deals(actor=trade.office, lots=lots, first=NEXT)
    first, second = (queries.get_deal(one.id) for one in made)
    assert ([step.stores for step in first.ramp], first.months) == ([20, 40], 2)
    assert (second.starts_on, second.months, second.ramp) == (add_months(NEXT, 3), 1, [])


def test_a_plan_by_region_becomes_deals_with_the_lines_of_that_region(
    trade: Trade, needs: list[Need]
) -> None:
    with transaction():
        (made,) = drafting.draft_deals(
            actor=trade.office,
            lots={Pair(trade.product.id, needs[0].id, "16"): (40, 40)},
            first=NEXT,
        )
    lines = queries.get_deal(made.id).lines
    assert [(line.place, line.volume) for line in lines] == [(PALEMBANG, 40)]


def test_a_draft_of_a_plan_tells_neither_side_of_the_other_before_it_is_signed(
    trade: Trade, needs: list[Need], signed_in: SignIn
) -> None:
    with transaction():
        (made,) = drafting.draft_deals(
            actor=trade.office, lots={Pair(trade.product.id, needs[0].id): (40,)}, first=NEXT
        )
    deal_id = made.id
    urls = (
        "",
        "/overview",
        "/feasible",
        "/agreement.pdf",
        "/orders",
        "/orders/new",
        "/notices/new",
    )
    for person in (trade.maker, trade.buyer):
        browser = signed_in(person)
        assert made.title not in browser.text("/deals")
        assert {browser.get(f"/deals/{deal_id}{url}").status_code for url in urls} == {404}
        assert policies.side_of(trade.actor(person), queries.get_deal(deal_id)) is None
        assert not policies.may_weigh_deal(trade.actor(person), queries.get_deal(deal_id))
    assert made.title in signed_in(trade.officer).text("/deals")
    with transaction():
        recording.change_deal(
            actor=trade.office, deal=queries.get_deal(deal_id), draft=terms_of(trade, 40)
        )
    sign(trade, made)
    for person in (trade.maker, trade.buyer):
        assert signed_in(person).get(f"/deals/{deal_id}").status_code == 200


def test_a_made_up_plan_makes_no_deals(trade: Trade, needs: list[Need]) -> None:
    with pytest.raises(InvalidInput), transaction():
        lots = {Pair(10**6, needs[0].id): (5,)}
        drafting.draft_deals(actor=trade.office, lots=lots, first=NEXT)
    with pytest.raises(NotAllowed), transaction():
        lots = {Pair(1, 1): (5,)}
        drafting.draft_deals(actor=trade.actor(trade.maker), lots=lots, first=NEXT)
    assert session.query(Deal).count() == 0


def test_the_office_plans_changes_and_makes_deals_on_the_page(
    trade: Trade, needs: list[Need], signed_in: SignIn
) -> None:
    office = signed_in(trade.officer)
    assert "Kemplang A" in office.text("/supply-plan")
    assert office.post("/supply-plan", data={"plan": "1"}).status_code == 422
    chosen = {"needs": [str(need.id) for need in needs], "first": NEXT.isoformat(), "months": "2"}
    page = office.post("/supply-plan", data={**chosen, "plan": "1"}).text
    assert "Kemplang Ceria" in page
    assert "terbukti terbaik" in page
    lots = dict(re.findall(r'name="(lot-\d+-\d+)" value="([\d,]+)"', page))
    assert sorted(lots.values()) == ["100,100", "30,30"]
    (period,) = re.findall(r'name="period"[^>]* value="([^"]+)"', page)
    lots["period"] = period
    mark = f"mark-{trade.product.id}-{needs[0].id}"
    again = office.post("/supply-plan", data={**chosen, **lots, mark: "forbid", "plan": "1"}).text
    changed = dict(re.findall(r'name="(lot-\d+-\d+)" value="([\d,]+)"', again))
    assert f"lot-{trade.product.id}-{needs[0].id}" not in changed
    made = office.post("/supply-plan", data={**chosen, **lots, "deals": "1", "form_token": "t"})
    assert made.status_code == 302
    twice = office.post("/supply-plan", data={**chosen, **lots, "deals": "1", "form_token": "t"})
    assert twice.location == made.location
    assert session.query(Deal).count() == 2
    assert signed_in(trade.maker).get("/supply-plan").status_code == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("months", "0"),
        ("months", "13"),
        ("months", "dua"),
        ("first", "2020-01-01"),
        ("ramp", "40, 20"),
        ("ramp", "1, 2, 3, 4"),
        ("ramp", "banyak"),
        ("whole", "half"),
        ("floor", "-1"),
        ("cost_points", "11"),
        ("least_lot", "0"),
    ],
)
def test_a_plan_asked_for_in_numbers_nobody_can_use_says_which_field(
    trade: Trade, needs: list[Need], signed_in: SignIn, field: str, value: str
) -> None:
    sent = {"needs": [str(needs[0].id)], "first": NEXT.isoformat(), "months": "3", "plan": "1"}
    answer = signed_in(trade.officer).post("/supply-plan", data={**sent, field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert 'name="lot-' not in answer.text
