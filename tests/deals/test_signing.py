"""What a signature asks, and what it takes out of the capacity."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from marketplace.core.clock import now, today
from marketplace.core.errors import Conflict, InvalidInput, NotAllowed, RuleBroken
from marketplace.deals import queries
from marketplace.deals.models import CapacityMonth, Deal, DealPromise
from marketplace.deals.rules.lines import LineDraft
from marketplace.deals.rules.months import add_months
from marketplace.deals.rules.states import DealState, Origin
from marketplace.deals.rules.terms import Commitment, ItemDraft
from marketplace.deals.services import recording, signing
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.suggestions.rules import IntroductionState
from tests.conftest import SignIn
from tests.deals.conftest import NEXT, Trade, evidence, record, sign, terms_of
from tests.factories import (
    JAKARTA_SELATAN,
    PALEMBANG,
    make_introduction,
    make_need,
    make_outlet,
    make_product,
    make_suggestion,
)


def months_of(product_id: int) -> dict[object, tuple[int, int, int]]:
    session.rollback()
    return {
        row.month: (row.capacity, row.promised, row.at_risk)
        for row in session.query(CapacityMonth).filter_by(product_id=product_id)
    }


def test_a_signed_deal_promises_each_of_its_months(
    trade: Trade, signed: Callable[..., Deal]
) -> None:
    deal = signed(volume=60)
    assert deal.state is DealState.SIGNED
    assert months_of(trade.product.id) == {
        add_months(NEXT, number): (100, 60, 0) for number in range(3)
    }


def test_a_ramp_promises_less_in_its_first_months(
    trade: Trade, signed: Callable[..., Deal]
) -> None:
    signed(volume=84, ramp=(40, 120, 420), months=4)
    promised = [row[1] for _month, row in sorted(months_of(trade.product.id).items())]
    assert promised == [8, 24, 84, 84]


def test_a_second_deal_gets_only_what_is_left(trade: Trade, signed: Callable[..., Deal]) -> None:
    signed(volume=60)
    with pytest.raises(RuleBroken) as refused:
        signed(volume=41)
    assert refused.value.params["left"] == 40
    assert refused.value.params["needed"] == 41
    assert session.query(DealPromise).count() == 3
    signed(volume=40)
    assert {row[1] for row in months_of(trade.product.id).values()} == {100}


def test_where_one_month_does_not_hold_it_nothing_is_promised(
    trade: Trade, signed: Callable[..., Deal]
) -> None:
    signed(volume=60, starts_on=add_months(NEXT, 2), months=1)
    late = record(trade, terms_of(trade, 50))
    with pytest.raises(RuleBroken):
        sign(trade, late)
    assert queries.get_deal(late.id).state is DealState.COMMITMENT
    assert sum(row[1] for row in months_of(trade.product.id).values()) == 60


def test_a_cancelled_deal_gives_back_what_was_not_ordered(
    trade: Trade, signed: Callable[..., Deal]
) -> None:
    deal = signed(volume=60)
    with transaction():
        signing.close(
            actor=trade.office,
            deal_id=deal.id,
            then=DealState.CANCELLED,
            evidence=evidence(note="Gerai tutup"),
        )
    assert {row[1] for row in months_of(trade.product.id).values()} == {0}
    steps = [step.state for step in queries.list_steps(deal.id)]
    assert steps == [DealState.COMMITMENT, DealState.SIGNED, DealState.CANCELLED]


def test_cancelling_asks_for_a_reason(trade: Trade, signed: Callable[..., Deal]) -> None:
    deal = signed()
    with pytest.raises(InvalidInput), transaction():
        signing.close(
            actor=trade.office, deal_id=deal.id, then=DealState.CANCELLED, evidence=evidence()
        )


def test_a_price_above_the_ceiling_is_not_signed(trade: Trade) -> None:
    need = make_need(trade.outlet, ceiling_price=20_999)
    suggestion = make_suggestion(trade.product, need)
    introduction = make_introduction(suggestion, **agreed())
    with transaction():
        deal = recording.record_from_introduction(
            actor=trade.office,
            introduction_id=introduction.id,
            commitment=Commitment("Kemplang", product_id=trade.product.id, price=21_000),
        )
        draft = terms_of(trade, 60)
        recording.change_deal(actor=trade.office, deal=deal, draft=draft)
    with pytest.raises(RuleBroken) as refused:
        sign(trade, deal)
    assert "ceiling" in refused.value.msgid


def agreed() -> dict[str, object]:
    return {
        "state": IntroductionState.AGREED,
        "producer_agreed_at": now(),
        "buyer_agreed_at": now(),
    }


def test_a_deal_from_an_introduction_brings_the_lines_of_its_need(trade: Trade) -> None:
    need = make_need(trade.outlet, volumes={JAKARTA_SELATAN: 30, PALEMBANG: 20})
    introduction = make_introduction(make_suggestion(trade.product, need), **agreed())
    with transaction():
        deal = recording.record_from_introduction(
            actor=trade.office,
            introduction_id=introduction.id,
            commitment=Commitment("Kemplang", product_id=trade.product.id, price=21_000),
        )
    found = queries.get_deal(deal.id)
    assert [(line.place, line.volume) for line in found.lines] == [
        (JAKARTA_SELATAN, 30),
        (PALEMBANG, 20),
    ]
    assert (found.items[0].volume, found.terms) == (50, "outright")


def test_an_introduction_leads_to_one_deal(trade: Trade) -> None:
    introduction = make_introduction(make_suggestion(trade.product, make_need()), **agreed())

    def again() -> None:
        with transaction():
            recording.record_from_introduction(
                actor=trade.office, introduction_id=introduction.id, commitment=Commitment("A")
            )

    again()
    with pytest.raises(Conflict):
        again()


def test_an_introduction_only_one_side_agreed_to_is_no_deal(trade: Trade) -> None:
    introduction = make_introduction(make_suggestion(trade.product, make_need()))
    with pytest.raises(RuleBroken), transaction():
        recording.record_from_introduction(
            actor=trade.office, introduction_id=introduction.id, commitment=Commitment("A")
        )


def test_a_branch_of_another_chain_is_refused(trade: Trade) -> None:
    other = make_outlet(branches=(PALEMBANG,))
    branch = session.query(type(trade.branches[0])).filter_by(business_id=other.id).one()
    with pytest.raises(InvalidInput) as refused:
        record(trade, terms_of(trade, lines=(LineDraft(PALEMBANG, 60, branch.id),)))
    assert set(refused.value.fields) == {"lines"}


def test_the_product_of_another_producer_is_refused(trade: Trade) -> None:
    foreign = make_product()
    with pytest.raises(InvalidInput) as refused:
        record(trade, terms_of(trade, items=(ItemDraft(foreign.id, 21_000, 60),)))
    assert set(refused.value.fields) == {"items"}


def test_overlapping_lines_are_refused_and_nothing_is_kept(trade: Trade) -> None:
    overlapping = (
        LineDraft(JAKARTA_SELATAN, 30, trade.branches[0].id),
        LineDraft("jabodetabek", 30),
    )
    with pytest.raises(InvalidInput):
        record(trade, terms_of(trade, lines=overlapping))
    assert session.query(Deal).count() == 0


def test_what_was_signed_stays_as_it_is(trade: Trade, signed: Callable[..., Deal]) -> None:
    deal = signed()
    with pytest.raises(RuleBroken), transaction():
        recording.change_deal(
            actor=trade.office, deal=queries.get_deal(deal.id), draft=terms_of(trade, 10)
        )


def test_a_product_without_a_capacity_cannot_be_promised(trade: Trade) -> None:
    open_ended = make_product(trade.producer, capacity_per_month=None)
    deal = record(trade, terms_of(trade, items=(ItemDraft(open_ended.id, 21_000, 60),)))
    with pytest.raises(RuleBroken) as refused:
        sign(trade, deal)
    assert refused.value.params["product"] == open_ended.name


def test_goods_lines_and_ramp_can_be_said_anew(trade: Trade) -> None:
    second = make_product(trade.producer, capacity_per_month=50)
    deal = record(trade, terms_of(trade, 60, ramp=(40, 120)))
    with transaction():
        recording.change_deal(
            actor=trade.office,
            deal=queries.get_deal(deal.id),
            draft=terms_of(
                trade,
                items=(ItemDraft(second.id, 9_000, 20), ItemDraft(trade.product.id, 21_000, 30)),
                lines=(LineDraft("sumatera", 20), LineDraft(JAKARTA_SELATAN, 30, item=1)),
                ramp=(10,),
            ),
        )
    found = recording.draft_of(queries.get_deal(deal.id))
    assert [item.product_id for item in found.items] == [second.id, trade.product.id]
    assert [(line.place, line.item) for line in found.lines] == [
        ("sumatera", 0),
        (JAKARTA_SELATAN, 1),
    ]
    assert found.ramp == (10,)
    with transaction():
        recording.change_deal(
            actor=trade.office, deal=queries.get_deal(deal.id), draft=terms_of(trade, 60)
        )
    assert len(queries.get_deal(deal.id).items) == 1


def test_only_the_province_writes_a_deal_down(trade: Trade) -> None:
    for person in (trade.maker, trade.buyer):
        with pytest.raises(NotAllowed), transaction():
            recording.record_commitment(
                actor=trade.actor(person),
                producer_id=trade.producer.id,
                buyer_id=trade.outlet.id,
                origin=Origin.EXPO,
                commitment=Commitment("Kemplang"),
            )


def test_a_stale_form_does_not_overwrite(trade: Trade) -> None:
    deal = record(trade, terms_of(trade, 60))
    seen = queries.get_deal(deal.id).version
    with transaction():
        recording.change_deal(
            actor=trade.office, deal=queries.get_deal(deal.id), draft=terms_of(trade, 50)
        )
    with pytest.raises(Conflict), transaction():
        recording.change_deal(
            actor=trade.office,
            deal=queries.get_deal(deal.id),
            draft=terms_of(trade, 40),
            version=seen,
        )


def test_nobody_signs_or_closes_on_a_day_that_has_not_come(trade: Trade) -> None:
    deal = record(trade, terms_of(trade, 60))
    tomorrow = evidence(today() + timedelta(days=1), "Besok")
    with pytest.raises(InvalidInput), transaction():
        signing.sign(actor=trade.office, deal_id=deal.id, evidence=tomorrow)
    sign(trade, deal)
    before = evidence(today() - timedelta(days=1), "Kemarin")
    for when in (tomorrow, before):
        with pytest.raises(InvalidInput), transaction():
            signing.close(
                actor=trade.office, deal_id=deal.id, then=DealState.CANCELLED, evidence=when
            )
    assert queries.get_deal(deal.id).state is DealState.SIGNED


def test_a_commitment_is_withdrawn_with_a_reason_and_frees_nothing_promised(
    trade: Trade, signed: Callable[..., Deal], signed_in: SignIn
) -> None:
    signed(volume=60)
    deal = record(trade, terms_of(trade, 40))
    office = signed_in(trade.officer)
    url = f"/deals/{deal.id}/close"
    assert "Withdraw" not in office.text(url)
    form = {"then": "withdrawn", "on": today().isoformat()}
    assert "(boleh kosong)" not in office.text(url).split("Catatan", 1)[1].split("</div>", 1)[0]
    assert office.post(url, data=form).status_code == 422
    assert queries.get_deal(deal.id).state is DealState.COMMITMENT
    assert office.post(url, data={**form, "note": "Gerai batal buka"}).status_code == 302
    found = queries.get_deal(deal.id)
    assert found.state is DealState.WITHDRAWN
    step = queries.list_steps(deal.id)[-1]
    assert (step.note, step.by_name) == ("Gerai batal buka", trade.office.name)
    rows = queries.list_months([trade.product.id], NEXT)
    assert [row.promised for row in rows] == [60, 60, 60]
    assert "Gerai batal buka" in office.text(f"/deals/{deal.id}")
    for step_url in ("edit", "sign", "close"):
        office.post(f"/deals/{deal.id}/{step_url}", data={**form, "note": "lagi"})
    assert queries.get_deal(deal.id).state is DealState.WITHDRAWN
    with pytest.raises(RuleBroken):
        sign(trade, found)


def test_a_signed_deal_cannot_be_withdrawn_only_cancelled(
    trade: Trade, signed: Callable[..., Deal]
) -> None:
    deal = signed()
    with pytest.raises(RuleBroken), transaction():
        signing.close(
            actor=trade.office,
            deal_id=deal.id,
            then=DealState.WITHDRAWN,
            evidence=evidence(note="Batal"),
        )


def test_a_withdrawn_draft_of_a_plan_stays_with_the_office(trade: Trade, signed_in: SignIn) -> None:
    deal = record(trade, terms_of(trade, 40))
    with transaction():
        queries.get_deal(deal.id).origin = Origin.PLAN
        signing.close(
            actor=trade.office,
            deal_id=deal.id,
            then=DealState.WITHDRAWN,
            evidence=evidence(note="Rencana lain"),
        )
    for person in (trade.maker, trade.buyer):
        assert signed_in(person).get(f"/deals/{deal.id}").status_code == 404
        assert deal.title not in signed_in(person).text("/deals")


def test_what_a_unit_costs_is_said_at_the_signature_and_tests_the_capital(
    trade: Trade, signed_in: SignIn
) -> None:
    with transaction():
        trade.producer.working_capital = 500_000
    deal = record(trade, terms_of(trade, 60))
    office = signed_in(trade.officer)
    form = {"version": str(deal.version), "on": today().isoformat()}
    dear = office.post(f"/deals/{deal.id}/sign", data={**form, "unit_cost": "15.000"})
    assert dear.status_code == 422
    assert 'href="#capital_reason"' in dear.text
    cheap = office.post(f"/deals/{deal.id}/sign", data={**form, "unit_cost": "1.000"})
    assert cheap.status_code == 302
    assert queries.get_deal(deal.id).unit_cost == 1_000
    assert "1.000" in signed_in(trade.maker).text(f"/deals/{deal.id}/feasible")
    assert signed_in(trade.buyer).get(f"/deals/{deal.id}/feasible").status_code == 404
