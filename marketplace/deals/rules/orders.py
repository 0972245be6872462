"""Orders of a deal: steps, lateness, what is invoiced, how payments age."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.core.params import Phrase
from marketplace.core.text import N_


class OrderState(StrEnum):
    ORDERED = "ordered"
    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    INVOICED = "invoiced"
    PAID = "paid"


NEXT_STATES: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.ORDERED: frozenset({OrderState.SENT}),
    OrderState.SENT: frozenset({OrderState.RECEIVED}),
    OrderState.RECEIVED: frozenset({OrderState.ACCEPTED, OrderState.REJECTED}),
    OrderState.ACCEPTED: frozenset({OrderState.INVOICED}),
    OrderState.REJECTED: frozenset(),
    OrderState.INVOICED: frozenset({OrderState.PAID}),
    OrderState.PAID: frozenset(),
}
# Delivered: the buyer took the goods.
DELIVERED = frozenset({OrderState.ACCEPTED, OrderState.INVOICED, OrderState.PAID})

STATE_NAMES: Mapping[OrderState, str] = MappingProxyType(
    {
        OrderState.ORDERED: N_("ordered"),
        OrderState.SENT: N_("sent"),
        OrderState.RECEIVED: N_("received"),
        OrderState.ACCEPTED: N_("accepted"),
        OrderState.REJECTED: N_("rejected"),
        OrderState.INVOICED: N_("invoiced"),
        OrderState.PAID: N_("paid"),
    }
)


class RejectReason(StrEnum):
    """Why goods were not taken, or not all of them."""

    SHORT = "short"
    DAMAGED = "damaged"
    EXPIRED = "expired"
    QUALITY = "quality"
    LATE = "late"
    OTHER = "other"


REJECT_NAMES: Mapping[RejectReason, str] = MappingProxyType(
    {
        RejectReason.SHORT: N_("fewer than ordered"),
        RejectReason.DAMAGED: N_("damaged on the way"),
        RejectReason.EXPIRED: N_("too short a shelf life left"),
        RejectReason.QUALITY: N_("not the agreed quality"),
        RejectReason.LATE: N_("too late"),
        RejectReason.OTHER: N_("another reason"),
    }
)


class NoticeKind(StrEnum):
    LATE_PAYMENT = "late_payment"
    QUALITY = "quality"
    LATE_DELIVERY = "late_delivery"


NOTICE_NAMES: Mapping[NoticeKind, str] = MappingProxyType(
    {
        NoticeKind.LATE_PAYMENT: N_("late payment"),
        NoticeKind.QUALITY: N_("quality"),
        NoticeKind.LATE_DELIVERY: N_("late delivery"),
    }
)


def check_transition(now: OrderState, then: OrderState) -> None:
    if then in NEXT_STATES[now]:
        return
    raise RuleBroken(
        N_("This order is at another step: it is %(state)s."), state=Phrase(STATE_NAMES[now])
    )


def check_day(day: date, today: date, *, after: date | None) -> None:
    """A step lies neither in the future nor before the step it follows; names the field `on`."""
    wrong = ""
    if day > today:
        wrong = N_("This day has not come yet.")
    elif after is not None and day < after:
        wrong = N_("This day lies before the step it follows.")
    if wrong:
        raise InvalidInput(wrong, fields={"on": wrong})


def days_late(due: date | None, done: date | None, today: date) -> int:
    """Days after the day agreed, up to the day it was done or to today; 0 where in time."""
    if due is None:
        return 0
    return max(0, ((done or today) - due).days)


def amount_of(quantity: int, price: int, commission_percent: int | None) -> int:
    """Rupiah the producer is owed, the commission taken off, rounded half up to a whole rupiah."""
    gross = quantity * price
    return (gross * (100 - (commission_percent or 0)) + 50) // 100


def due_on(invoiced_on: date, terms_days: int | None) -> date:
    return invoiced_on + timedelta(days=terms_days or 0)


# Upper bounds in days past due of the ageing list; what is not due yet stands apart.
AGES: tuple[int, ...] = (0, 14, 30, 60)


def age_of(late: int) -> int:
    """The column of the ageing list, 0 for not due yet, then 1 to 14 days, and so on."""
    return sum(late > bound for bound in AGES)


SAMPLE_LEAST = 5  # below this a rate says more about chance than about the business


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `total`; `percent` is None below five, so that no figure is read into chance."""

    hits: int
    total: int

    @property
    def percent(self) -> int | None:
        if self.total < SAMPLE_LEAST:
            return None
        return (200 * self.hits + self.total) // (2 * self.total)


def rate_of(outcomes: Sequence[bool]) -> Rate:
    return Rate(sum(outcomes), len(outcomes))
