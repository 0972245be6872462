"""Supply plans on a page: who fills which need, changed by hand, made into draft deals."""

import re

import pytest

from marketplace.core.errors import InvalidInput, NotAllowed
from marketplace.deals import policies, queries
from marketplace.deals.models import Deal
from marketplace.deals.rules.states import DealState, Origin
from marketplace.deals.services import recording, supplying
from marketplace.deals.services.supplying import Wishes
from marketplace.demand.models import Need
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests.conftest import SignIn
from tests.deals.conftest import Trade, sign, terms_of
from tests.factories import (
    JAKARTA_SELATAN,
    PALEMBANG,
    make_need,
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
        wishes=Wishes(**wishes),  # type: ignore[arg-type]
    )


def test_no_producer_is_planned_beyond_what_they_still_have(
    trade: Trade, needs: list[Need]
) -> None:
    found = plan(trade, needs)
    assert found.plan.is_optimal
    assert (found.asked, found.filled) == (160, 130)
    assert found.given[(trade.product.id, needs[0].id)] == 100
    (missing,) = found.plan.missing
    assert (missing.need, missing.volume) == (needs[1].id, (30,))


def test_what_was_promised_before_is_not_planned_again(
    trade: Trade, needs: list[Need], signed
) -> None:
    signed(volume=70)
    assert plan(trade, needs).free[trade.product.id] == 30


def test_a_pair_left_out_gets_nothing_and_a_pinned_one_keeps_its_lot(
    trade: Trade, needs: list[Need]
) -> None:
    pair = (trade.product.id, needs[0].id)
    assert pair not in plan(trade, needs, forbidden=[pair]).given
    kept = plan(trade, needs, pinned={(trade.product.id, needs[1].id): 50})
    assert kept.given[(trade.product.id, needs[1].id)] == 50


def test_another_pack_size_is_told_not_counted(trade: Trade, needs: list[Need]) -> None:
    large = make_product(net_amount=500)
    make_suggestion(large, needs[0], score=99)
    found = plan(trade, needs)
    assert found.other_pack == 1
    assert large.id not in found.products


def test_a_plan_becomes_commitments_with_lines_in_proportion(
    trade: Trade, needs: list[Need]
) -> None:
    found = plan(trade, needs)
    with transaction():
        made = supplying.draft_deals(actor=trade.office, lots=found.given)
    assert len(made) == 2
    deal = queries.get_deal(made[0].id)
    assert (deal.state, deal.origin) == (DealState.COMMITMENT, Origin.PLAN)
    assert [(line.place, line.volume) for line in deal.lines] == [
        (JAKARTA_SELATAN, 60),
        (PALEMBANG, 40),
    ]


def test_a_draft_of_a_plan_tells_neither_side_of_the_other_before_it_is_signed(
    trade: Trade, needs: list[Need], signed_in: SignIn
) -> None:
    with transaction():
        (made,) = supplying.draft_deals(
            actor=trade.office, lots={(trade.product.id, needs[0].id): 40}
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
        supplying.draft_deals(actor=trade.office, lots={(10**6, needs[0].id): 5})
    with pytest.raises(NotAllowed), transaction():
        supplying.draft_deals(actor=trade.actor(trade.maker), lots={(1, 1): 5})
    assert session.query(Deal).count() == 0


def test_the_office_plans_changes_and_makes_deals_on_the_page(
    trade: Trade, needs: list[Need], signed_in: SignIn
) -> None:
    office = signed_in(trade.officer)
    assert "Kemplang A" in office.text("/supply-plan")
    assert office.post("/supply-plan", data={"plan": "1"}).status_code == 422
    chosen = {"needs": [str(need.id) for need in needs]}
    page = office.post("/supply-plan", data={**chosen, "plan": "1"}).text
    assert "Kemplang Ceria" in page
    assert "terbukti terbaik" in page
    lots = dict(re.findall(r'name="(lot-\d+-\d+)" value="(\d+)"', page))
    assert sorted(lots.values()) == ["100", "30"]
    mark = f"mark-{trade.product.id}-{needs[0].id}"
    again = office.post("/supply-plan", data={**chosen, **lots, mark: "forbid", "plan": "1"}).text
    changed = dict(re.findall(r'name="(lot-\d+-\d+)" value="(\d+)"', again))
    assert f"lot-{trade.product.id}-{needs[0].id}" not in changed
    made = office.post("/supply-plan", data={**chosen, **lots, "deals": "1", "form_token": "t"})
    assert made.status_code == 302
    twice = office.post("/supply-plan", data={**chosen, **lots, "deals": "1", "form_token": "t"})
    assert twice.location == made.location
    assert session.query(Deal).count() == 2
    assert signed_in(trade.maker).get("/supply-plan").status_code == 403
