"""What came of held meetings: commitments recorded from them, counted once they are signed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from marketplace.core.clock import today
from marketplace.core.errors import NotAllowed, RuleBroken
from marketplace.deals import documents, queries
from marketplace.deals.models import Deal
from marketplace.deals.rules.months import month_of
from marketplace.deals.rules.states import DealState, Origin
from marketplace.deals.rules.terms import Commitment
from marketplace.deals.services import ordering, paying, recording
from marketplace.deals.services.ordering import OrderDraft
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests.conftest import SignIn
from tests.deals.conftest import Trade, evidence, sign, terms_of
from tests.factories import make_event, make_meeting, make_meeting_request
from tests.meetings.day import Placed, held, make_chair, record


@pytest.fixture
def meeting(trade: Trade) -> Placed:
    """Kemplang Ceria and Toko Rasa sat at one table yesterday: over, at whatever hour this runs."""
    event = make_event(on=today() - timedelta(days=1), name="Temu Bisnis Uji")
    request = make_meeting_request(
        make_chair(event, trade.producer), make_chair(event, trade.outlet)
    )
    placed = make_meeting(request)
    return Placed(placed.id, placed.version, placed.starts_at)


def keep(trade: Trade, meeting: Placed, **said: Any) -> None:
    record(trade.office, meeting, held("Kirim contoh", **said))


def record_deal(trade: Trade, meeting: Placed) -> Deal:
    with transaction():
        return recording.record_from_meeting(
            actor=trade.office, meeting_id=meeting.id, commitment=Commitment("Kemplang")
        )


def test_the_result_of_a_held_meeting_leads_to_a_commitment_with_what_was_said(
    trade: Trade, meeting: Placed, signed_in: SignIn
) -> None:
    office, url = signed_in(trade.officer), f"/meetings/{meeting.id}/deal"
    result = f"/meetings/{meeting.id}/result"
    assert url not in office.text(result)
    keep(
        trade, meeting, product_id=trade.product.id, volume_per_month=40, unit=trade.product.unit,
        price=20_500,
    )  # fmt: skip
    assert url in office.text(result)
    form = office.text(url)
    for known in ("Kemplang Ceria", "Toko Rasa", 'value="40"', 'value="20.500"'):
        assert known in form
    data = {"title": "Kemplang", "price": "20.500", "volume": "40", "form_token": "satu-kali"}
    answer = office.post(url, data=data)
    assert office.post(url, data=data).location == answer.location
    deal = queries.get_deal(session.query(Deal).one().id)
    assert answer.location == f"/deals/{deal.id}"
    assert (deal.meeting_id, deal.origin) == (meeting.id, Origin.MEETING)
    assert (deal.items[0].price, deal.items[0].volume) == (20_500, 40)
    assert deal.title in office.text("/deals?origin=meeting")
    assert deal.title not in office.text("/deals?origin=expo")


def test_only_the_province_records_it_and_only_of_a_held_meeting(
    trade: Trade, meeting: Placed, signed_in: SignIn
) -> None:
    with pytest.raises(RuleBroken):
        record_deal(trade, meeting)
    session.rollback()
    answer = signed_in(trade.officer).post(f"/meetings/{meeting.id}/deal", data={"title": "A"})
    assert answer.status_code == 409
    keep(trade, meeting)
    for person in (trade.maker, trade.buyer):
        assert f"/meetings/{meeting.id}/deal" not in signed_in(person).text(
            f"/meetings/{meeting.id}/result"
        )
        assert signed_in(person).get(f"/meetings/{meeting.id}/deal").status_code == 404
        with pytest.raises(NotAllowed), transaction():
            recording.record_from_meeting(
                actor=trade.actor(person), meeting_id=meeting.id, commitment=Commitment("A")
            )
    assert session.query(Deal).count() == 0


def test_held_meetings_without_deals_say_nothing_came_of_them(
    app: Flask, trade: Trade, meeting: Placed, signed: Callable[..., Deal]
) -> None:
    keep(trade, meeting)
    signed()  # came from elsewhere
    with app.test_request_context():
        deals, money = documents.per_meeting([meeting.id])
        nothing, _money = documents.per_meeting([])
    assert (deals.total, deals.held, deals.value) == (0, 1, 0.0)
    assert (money.total, money.is_money) == (0, True)
    assert nothing.value is None


def test_signed_deals_and_money_received_count_for_the_meeting_they_came_from(
    app: Flask, trade: Trade, meeting: Placed, signed_in: SignIn
) -> None:
    keep(trade, meeting)
    deals = [record_deal(trade, meeting).id for _ in range(3)]
    for deal_id in deals[:2]:
        draft = terms_of(trade, 30, starts_on=month_of(today()), terms="outright", terms_days=None)
        with transaction():
            recording.change_deal(actor=trade.office, deal=queries.get_deal(deal_id), draft=draft)
        sign(trade, queries.get_deal(deal_id))
    line = queries.get_deal(deals[0]).lines[0].id
    with transaction():
        order_id = ordering.order(
            actor=trade.office, deal_id=deals[0], draft=OrderDraft(line, 10, today()),
            evidence=evidence(),
        ).id  # fmt: skip
    for step in (ordering.send, ordering.receive):
        with transaction():
            step(actor=trade.office, order_id=order_id, evidence=evidence())
    with transaction():
        ordering.accept(actor=trade.office, order_id=order_id, accepted=10, evidence=evidence())
    with transaction():
        paying.invoice(actor=trade.office, order_id=order_id, evidence=evidence())
    with transaction():
        paying.pay(actor=trade.office, order_id=order_id, amount=200_000, evidence=evidence())
    assert queries.get_deal(deals[2]).state is DealState.COMMITMENT
    with app.test_request_context():
        signed, money = documents.per_meeting([meeting.id, 10**6])
    assert (signed.total, signed.held, signed.value) == (2, 2, 1.0)
    assert (money.total, money.value) == (200_000, 100_000)
    page = signed_in(trade.officer).text("/meeting-figures")
    assert "Rp200.000" in page
    assert "/deals?origin=meeting" in page
