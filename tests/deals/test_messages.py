"""What the two sides of a deal are told on WhatsApp: each thing once, answered from a link."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask, url_for

from marketplace.core.clock import today
from marketplace.core.errors import NotFound
from marketplace.deals import queries
from marketplace.deals.documents.letters import GOODS_LINK, deal_letter, goods_token
from marketplace.deals.models import Deal, Order
from marketplace.deals.rules.orders import NoticeKind, OrderState, RejectReason
from marketplace.deals.services import noticing, ordering, paying, signing, telling
from marketplace.deals.services.ordering import OrderDraft
from marketplace.infra.links import sign as sign_link
from marketplace.infra.transaction import transaction
from marketplace.notifications import queries as outbox
from marketplace.notifications import services as notifications
from marketplace.notifications.models import OutboxMessage
from marketplace.notifications.rules import MessageState
from tests.conftest import SignIn
from tests.deals.conftest import NEXT, Trade, evidence, record, sign, terms_of
from tests.support.client import Client


def told(deal: Deal, state: MessageState = MessageState.TO_SEND) -> list[tuple[str, str]]:
    """Kind and side of what lies in the tray."""
    return [
        (message.kind.removeprefix("deal_"), message.side)
        for message in outbox.list_of_subject(telling.SUBJECT, deal.id)
        if message.state is state
    ]


def message_of(deal: Deal, kind: str, side: str = "buyer") -> OutboxMessage:
    return next(
        message
        for message in outbox.list_of_subject(telling.SUBJECT, deal.id)
        if (message.kind, message.side) == (f"deal_{kind}", side)
    )


def ordered(trade: Trade, deal: Deal, quantity: int = 20) -> Order:
    with transaction():
        return ordering.order(
            actor=trade.actor(trade.buyer),
            deal_id=deal.id,
            draft=OrderDraft(queries.get_deal(deal.id).lines[0].id, quantity, NEXT),
            evidence=evidence(),
        )


def sent(trade: Trade, deal: Deal, quantity: int = 20) -> Order:
    order = ordered(trade, deal, quantity)
    with transaction():
        return ordering.send(actor=trade.actor(trade.maker), order_id=order.id, evidence=evidence())


def invoiced(trade: Trade, deal: Deal, due_on: date) -> Order:
    order = sent(trade, deal)
    with transaction():
        ordering.take(
            actor=trade.actor(trade.buyer), order_id=order.id, accepted=20, evidence=evidence()
        )
        paying.invoice(actor=trade.actor(trade.maker), order_id=order.id, evidence=evidence())
        found = queries.lock_order(order.id)
        found.due_on = due_on
    return found


def remind() -> None:
    with transaction():
        telling.remind_of_payments()


def test_both_sides_learn_that_it_is_signed_and_that_the_first_order_came(
    trade: Trade, signed: Callable[..., Deal], app: Flask
) -> None:
    deal = signed()
    assert told(deal) == [("signed", "producer"), ("signed", "buyer")]
    ordered(trade, deal)
    ordered(trade, deal)
    assert told(deal)[2:] == [("first_order", "producer"), ("first_order", "buyer")]
    deal_id = deal.id
    with app.test_request_context():
        text = deal_letter(message_of(deal, "signed", "producer"))
    assert "Toko Rasa" in text
    assert f"/deals/{deal_id}" in text


def test_an_old_paper_written_down_late_is_no_news(trade: Trade) -> None:
    deal = record(trade, terms_of(trade, 60))
    with transaction():
        signing.sign(
            actor=trade.office, deal_id=deal.id, evidence=evidence(today() - timedelta(days=8))
        )
    assert told(deal) == []


def test_goods_on_the_way_are_one_text_until_it_is_sent_and_then_another(
    trade: Trade, signed: Callable[..., Deal]
) -> None:
    deal = signed()
    first, second = sent(trade, deal), sent(trade, deal)
    message = message_of(deal, "goods_sent")
    assert message.params["rows"] == [first.id, second.id]
    with transaction():
        notifications.mark_sent(actor=trade.office, message=outbox.get_message(message.id))
    third = sent(trade, deal)
    rows = [
        each.params["rows"]
        for each in outbox.list_of_subject(telling.SUBJECT, deal.id)
        if each.kind == "deal_goods_sent"
    ]
    assert rows == [[first.id, second.id], [third.id]]


def test_the_buyer_says_from_the_link_what_came_and_the_producer_learns_it(
    trade: Trade, signed: Callable[..., Deal], client: Client, app: Flask
) -> None:
    deal = signed()
    order = sent(trade, deal)
    with app.test_request_context():
        text = deal_letter(message_of(deal, "goods_sent"))
        link = url_for("deals.take_by_link", token=goods_token(deal.id))
    assert link in text
    for _ in range(2):
        assert "Toko Rasa" in client.text(link)
    assert queries.get_order(order.id).state is OrderState.SENT
    name = f"order{order.id}-"
    form = {"order": str(order.id), f"{name}accepted": "18", f"{name}on": today().isoformat()}
    unsaid = client.post(link, data=form)
    assert unsaid.status_code == 422
    assert queries.get_order(order.id).state is OrderState.SENT
    answer = client.post(link, data={**form, f"{name}reason": "damaged"})
    assert answer.status_code == 302
    found = queries.get_order(order.id)
    assert (found.state, found.accepted) == (OrderState.ACCEPTED, 18)
    assert found.steps[-1].by_name == trade.outlet.contact_name or trade.outlet.name
    assert told(deal, MessageState.CANCELLED) == [("goods_sent", "buyer")]
    assert ("goods_taken", "producer") in told(deal)
    with app.test_request_context():
        assert "18" in deal_letter(message_of(deal, "goods_taken", "producer"))
    again = client.post(link, data={**form, f"{name}reason": "damaged"})
    assert again.status_code == 409
    assert queries.get_order(order.id).accepted == 18


def test_nothing_taken_is_a_rejection_with_its_reason(
    trade: Trade, signed: Callable[..., Deal]
) -> None:
    order = sent(trade, signed())
    with transaction():
        ordering.take(
            actor=trade.actor(trade.buyer),
            order_id=order.id,
            accepted=0,
            reason=RejectReason.EXPIRED,
            evidence=evidence(),
        )
    assert queries.get_order(order.id).state is OrderState.REJECTED


@pytest.mark.parametrize(("days", "status"), [(0, 200), (90, 200), (91, 404), (None, 404)])
def test_a_link_to_goods_ends_after_three_months_and_says_how_to_get_a_new_one(
    trade: Trade,
    signed: Callable[..., Deal],
    client: Client,
    app: Flask,
    days: int | None,
    status: int,
) -> None:
    deal = signed()
    sent(trade, deal)
    made = [] if days is None else [today().toordinal() - days]
    with app.test_request_context():
        link = url_for("deals.take_by_link", token=sign_link(GOODS_LINK, [deal.id, *made]))
    page = client.get(link)
    assert page.status_code == status
    assert ("Tautan ini sudah berakhir. Minta yang baru kepada dinas." in page.text) is (
        status == 404
    )


def test_a_link_answers_only_for_its_own_deal(
    trade: Trade, signed: Callable[..., Deal], client: Client, app: Flask
) -> None:
    own, other = signed(volume=30), signed(volume=30)
    order = sent(trade, other)
    with app.test_request_context():
        link = url_for("deals.take_by_link", token=goods_token(own.id))
    name = f"order{order.id}-"
    form = {"order": str(order.id), f"{name}accepted": "20", f"{name}on": today().isoformat()}
    assert client.post(link, data=form).status_code == 404
    assert client.get(link[:-3] + "abc").status_code == 404
    assert queries.get_order(order.id).state is OrderState.SENT


def test_the_buyer_is_reminded_once_before_the_day_and_both_once_after_it(
    trade: Trade, signed: Callable[..., Deal], monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = signed()
    soon = invoiced(trade, deal, today() + timedelta(days=3))
    invoiced(trade, deal, today() + timedelta(days=4))
    remind()
    remind()
    assert [each for each in told(deal) if "payment" in each[0]] == [("payment_due", "buyer")]
    assert message_of(deal, "payment_due").params["rows"] == [soon.id]
    later = today() + timedelta(days=4)
    monkeypatch.setattr(telling, "today", lambda: later)
    remind()
    remind()
    late = [each for each in told(deal) if "late" in each[0]]
    assert late == [("payment_late", "producer"), ("payment_late", "buyer")]
    assert message_of(deal, "payment_late").params["rows"] == [soon.id]


def test_who_has_paid_is_not_reminded_any_more(trade: Trade, signed: Callable[..., Deal]) -> None:
    deal = signed()
    order = invoiced(trade, deal, today())
    remind()
    with transaction():
        paying.pay(
            actor=trade.actor(trade.maker),
            order_id=order.id,
            amount=20 * 21_000,
            evidence=evidence(),
        )
    assert ("payment_due", "buyer") in told(deal, MessageState.CANCELLED)
    remind()
    assert [each for each in told(deal) if "payment" in each[0]] == []


def test_a_notice_is_told_to_the_other_side_and_its_answer_to_both(
    trade: Trade, signed: Callable[..., Deal], app: Flask
) -> None:
    deal = signed()
    order = sent(trade, deal)
    with transaction():
        notice = noticing.give_notice(
            actor=trade.actor(trade.buyer),
            deal=queries.get_deal(deal.id),
            kind=NoticeKind.QUALITY,
            text="Banyak yang pecah",
            order_id=order.id,
        )
    assert told(deal)[-1] == ("notice", "producer")
    with transaction():
        found = queries.get_notice(notice.id)
        noticing.answer_notice(actor=trade.office, notice=found, answer="Diganti minggu depan")
    assert told(deal)[-2:] == [("notice_answered", "producer"), ("notice_answered", "buyer")]
    assert ("notice", "producer") in told(deal, MessageState.CANCELLED)
    number = order.number
    with app.test_request_context():
        text = deal_letter(message_of(deal, "notice", "producer"))
        answer = deal_letter(message_of(deal, "notice_answered"))
    assert "Banyak yang pecah" in text
    assert f"Order {number}" in text or f"Pesanan {number}" in text
    assert "Diganti minggu depan" in answer


def test_a_notice_names_an_order_of_its_own_deal_only(
    trade: Trade, signed: Callable[..., Deal], signed_in: SignIn
) -> None:
    deal, other = signed(volume=30), signed(volume=30)
    own, foreign = sent(trade, deal), sent(trade, other)
    buyer = signed_in(trade.buyer)
    url = f"/deals/{deal.id}/notices/new"
    assert f'<option selected value="{own.id}"' in buyer.text(f"{url}?order={own.id}")
    form = {"kind": "quality", "text": "Pecah", "order": str(foreign.id)}
    assert buyer.post(url, data=form).status_code == 422
    assert queries.list_notices(deal.id) == []
    with pytest.raises(NotFound), transaction():
        noticing.give_notice(
            actor=trade.actor(trade.buyer),
            deal=queries.get_deal(deal.id),
            kind=NoticeKind.QUALITY,
            text="Pecah",
            order_id=foreign.id,
        )
    assert buyer.post(url, data={**form, "order": str(own.id)}).status_code == 302
    page = buyer.text(f"/deals/{deal.id}")
    assert f'href="/orders/{own.id}">Pesanan {own.number}' in page


def test_the_tray_shows_every_text_of_a_deal(
    trade: Trade, signed: Callable[..., Deal], signed_in: SignIn
) -> None:
    deal = signed()
    sign(trade, record(trade, terms_of(trade, 20)))
    invoiced(trade, deal, today() - timedelta(days=1))
    sent(trade, deal)
    remind()
    page = signed_in(trade.officer).text("/to-send")
    assert page.count('class="letter-text"') == len(told(deal)) + 2
    assert "style=" not in page
