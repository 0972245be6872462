"""How far producers came, step by step, and for which reasons cases ended on the way."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum

from marketplace.core.text import N_


class Step(IntEnum):
    """A producer stands at the farthest of these steps it ever reached."""

    REGISTERED = 1
    PUBLISHED = 2
    SUGGESTED = 3
    ACCEPTED = 4
    INTRODUCED = 5
    MET = 6
    DEALT = 7
    DELIVERED = 8
    PAID = 9


STEP_NAMES: Mapping[Step, str] = {
    Step.REGISTERED: N_("registered"),
    Step.PUBLISHED: N_("a product published"),
    Step.SUGGESTED: N_("suggested to an outlet"),
    Step.ACCEPTED: N_("a pairing accepted"),
    Step.INTRODUCED: N_("an introduction agreed"),
    Step.MET: N_("met an outlet"),
    Step.DEALT: N_("a deal signed"),
    Step.DELIVERED: N_("goods delivered"),
    Step.PAID: N_("money received"),
}

MEANING = N_(
    "Producers by the farthest step they had reached by the last day of the period. Who came to a "
    "step another way (a deal at an expo without a suggestion) counts at all steps before it."
)


class Loss(StrEnum):
    """Ways a case ends on the way; each is counted by its reason within the period."""

    REJECTED = "rejected"
    DECLINED = "declined"
    UNANSWERED = "unanswered"
    MEETING_DECLINED = "meeting-declined"
    MISSED = "missed"
    CALLED_OFF = "called-off"
    DEAL_CLOSED = "deal-closed"
    GOODS_REJECTED = "goods-rejected"


LOSS_NAMES: Mapping[Loss, str] = {
    Loss.REJECTED: N_("Suggestions the office rejected"),
    Loss.DECLINED: N_("Introductions declined"),
    Loss.UNANSWERED: N_("Introductions nobody answered in time"),
    Loss.MEETING_DECLINED: N_("Requests to meet declined"),
    Loss.MISSED: N_("Meetings missed"),
    Loss.CALLED_OFF: N_("Meetings called off"),
    Loss.DEAL_CLOSED: N_("Deals cancelled or disputed"),
    Loss.GOODS_REJECTED: N_("Deliveries rejected"),
}
# Before which step a case of this kind stopped.
LOST_BEFORE: Mapping[Loss, Step] = {
    Loss.REJECTED: Step.ACCEPTED,
    Loss.DECLINED: Step.INTRODUCED,
    Loss.UNANSWERED: Step.INTRODUCED,
    Loss.MEETING_DECLINED: Step.MET,
    Loss.MISSED: Step.MET,
    Loss.CALLED_OFF: Step.MET,
    Loss.DEAL_CLOSED: Step.DELIVERED,
    Loss.GOODS_REJECTED: Step.DELIVERED,
}
