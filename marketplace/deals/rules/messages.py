"""What the two sides of a deal are told on WhatsApp, and when it is still news."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from marketplace.suggestions.rules import Side


class News(StrEnum):
    """Each is a text in `mail/deals/`."""

    SIGNED = "deal_signed"
    FIRST_ORDER = "deal_first_order"
    GOODS_SENT = "deal_goods_sent"
    GOODS_TAKEN = "deal_goods_taken"
    PAYMENT_DUE = "deal_payment_due"
    PAYMENT_LATE = "deal_payment_late"
    NOTICE = "deal_notice"
    NOTICE_ANSWERED = "deal_notice_answered"


BOTH = (Side.PRODUCER, Side.BUYER)
OTHER: Mapping[Side, Side] = MappingProxyType(
    {Side.PRODUCER: Side.BUYER, Side.BUYER: Side.PRODUCER}
)
# What was written down later than this is no news: an office catches up on old papers.
NEWS_DAYS = 7
# So many days before an invoice is due the buyer is reminded.
REMIND_DAYS = 3
ORDERS_LISTED = 10


def is_news(on: date, today: date) -> bool:
    return today - on <= timedelta(days=NEWS_DAYS)
