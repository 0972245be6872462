"""WhatsApp texts about a deal for the office's tray: each thing is told once to each side.

Callers hold the deal locked, so two of them never tell the same.
"""

from datetime import date, timedelta

from marketplace.core.clock import today
from marketplace.deals import queries
from marketplace.deals.models import Deal, Notice, Order
from marketplace.deals.rules.messages import BOTH, OTHER, REMIND_DAYS, News, is_news
from marketplace.notifications import queries as outbox
from marketplace.notifications import services as notifications
from marketplace.notifications.models import OutboxMessage
from marketplace.notifications.rules import MessageState
from marketplace.suggestions.rules import Side

SUBJECT = "deals"
REMINDED_AT_ONCE = 50


def signed(deal: Deal, on: date) -> None:
    if is_news(on, today()):
        for side in BOTH:
            _tell(deal, News.SIGNED, side, deal.id)


def first_order(deal: Deal, on: date) -> None:
    if is_news(on, today()):
        for side in BOTH:
            _tell(deal, News.FIRST_ORDER, side, deal.id)


def goods_sent(order: Order, on: date) -> None:
    """The buyer gets a link to say what came."""
    if is_news(on, today()):
        _tell(order.deal, News.GOODS_SENT, Side.BUYER, order.id)


def goods_decided(order: Order, on: date) -> None:
    """The buyer need not be asked any more; the producer learns what was taken."""
    _settle(order.deal_id, News.GOODS_SENT, order.id)
    if is_news(on, today()):
        _tell(order.deal, News.GOODS_TAKEN, Side.PRODUCER, order.id)


def paid(order: Order) -> None:
    for news in (News.PAYMENT_DUE, News.PAYMENT_LATE):
        _settle(order.deal_id, news, order.id)


def notice_given(notice: Notice) -> None:
    _tell(notice.deal, News.NOTICE, OTHER[notice.side], notice.id)


def notice_answered(notice: Notice) -> None:
    _settle(notice.deal_id, News.NOTICE, notice.id)
    for side in BOTH:
        _tell(notice.deal, News.NOTICE_ANSWERED, side, notice.id)


def remind_of_payments() -> None:
    """Invoices due in three days, and those past their day; late ones are told to both sides."""
    day = today()
    soon = day + timedelta(days=REMIND_DAYS)
    for deal_id in queries.deals_to_remind(day, soon, REMINDED_AT_ONCE):
        deal = queries.lock_deal(deal_id)
        for order in queries.orders_to_remind(deal_id, day, soon):
            if order.due_on is not None and order.due_on < day:
                order.late_told_on = day
                _settle(deal_id, News.PAYMENT_DUE, order.id)
                for side in BOTH:
                    _tell(deal, News.PAYMENT_LATE, side, order.id)
            else:
                order.due_told_on = day
                _tell(deal, News.PAYMENT_DUE, Side.BUYER, order.id)


def _tell(deal: Deal, news: News, side: Side, row: int) -> None:
    """What waits in the tray is written when it is sent: it takes in what happens until then."""
    before = _messages(deal.id, news, side)
    if any(row in message.params["rows"] for message in before):
        return
    for message in before:
        if message.state is MessageState.TO_SEND:
            message.params = {**message.params, "rows": [*message.params["rows"], row]}
            return
    to = deal.producer if side is Side.PRODUCER else deal.buyer
    notifications.enqueue(
        kind=news.value,
        params={"deal_id": deal.id, "rows": [row]},
        to_name=to.contact_name or to.name,
        to_phone=to.phone,
        subject_type=SUBJECT,
        subject_id=deal.id,
        side=side.value,
        area_code=deal.area_code[:2],
    )


def _settle(deal_id: int, news: News, row: int) -> None:
    """Take what is over out of texts that still lie in the tray; an empty one goes."""
    for side in BOTH:
        for message in _messages(deal_id, news, side):
            if message.state is not MessageState.TO_SEND or row not in message.params["rows"]:
                continue
            rows = [each for each in message.params["rows"] if each != row]
            if rows:
                message.params = {**message.params, "rows": rows}
            else:
                message.state = MessageState.CANCELLED


def _messages(deal_id: int, news: News, side: Side) -> list[OutboxMessage]:
    return [
        message
        for message in outbox.list_of_subject(SUBJECT, deal_id)
        if message.kind == news and message.side == side
    ]
