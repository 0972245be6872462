"""What a participant sees: their requests, and of the other side as much as they may know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from marketplace.businesses.models import Business
from marketplace.businesses.rules import OUTLET_FORMAT_NAMES, BusinessKind
from marketplace.core.phones import display_phone, whatsapp_link
from marketplace.infra.i18n import say
from marketplace.meetings.models import Meeting, MeetingRequest
from marketplace.meetings.rules import MeetingState, RequestState, Side, other_side
from marketplace.meetings.rules.names import WAY_NAMES
from marketplace.regions.rules import region_name


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request as one side sees it."""

    request: MeetingRequest
    side: Side
    who: str
    about: str
    own_yes: datetime | None
    is_over: bool
    meeting: Meeting | None


def other_of(request: MeetingRequest | Meeting, side: Side) -> Business:
    return request.buyer if side is Side.PRODUCER else request.producer


def outlet_in_short(outlet: Business) -> str:
    """An outlet before both said yes: what kind of shop and where, never its name."""
    kind = say(OUTLET_FORMAT_NAMES[outlet.outlet_format]) if outlet.outlet_format else _("outlet")
    return str(_("%(kind)s in %(place)s", kind=kind, place=region_name(outlet.region_code)))


def who_it_is(request: MeetingRequest, side: Side) -> str:
    """The other side: producers by name, outlets by name once both said yes."""
    other = other_of(request, side)
    if other.kind is BusinessKind.OUTLET and request.state is not RequestState.AGREED:
        return outlet_in_short(other)
    return f"{other.name}, {region_name(other.region_code)}"


def request_line(
    request: MeetingRequest, side: Side, *, is_over: bool, needs: Mapping[int, Sequence[str]] = {}
) -> RequestLine:
    live = next((one for one in request.meetings if one.state is MeetingState.PLACED), None)
    return RequestLine(
        request,
        side,
        who_it_is(request, side),
        _about(request, side, needs),
        request.agreed_at(side),
        is_over,
        live,
    )


def _about(request: MeetingRequest, side: Side, needs: Mapping[int, Sequence[str]]) -> str:
    """What there is to talk of: the pairing, else what the outlet looks for."""
    suggestion = request.suggestion
    if suggestion is not None:
        product, need = suggestion.product.name, suggestion.need.title
        return str(_("“%(product)s” for “%(need)s”", product=product, need=need))
    if side is Side.PRODUCER and (titles := list(needs.get(request.buyer_id, ()))[:3]):
        return str(_("looks for: %(needs)s", needs=", ".join(titles)))
    return request.note


def contact_of(meeting: Meeting, side: Side) -> dict[str, str | None]:
    """How to reach the other side: open once both said yes."""
    other = other_of(meeting, side)
    text = _("Hello, we meet through Temu Gerai (reference TB-%(number)s).", number=meeting.id)
    return {
        "name": other.name,
        "contact": other.contact_name,
        "phone": display_phone(other.phone) if other.phone else "",
        "link": whatsapp_link(other.phone, text) if other.phone else None,
    }


def way_name(meeting: Meeting | MeetingRequest) -> str:
    return say(WAY_NAMES[meeting.way]) if meeting.way is not None else ""


__all__ = [
    "RequestLine",
    "contact_of",
    "other_of",
    "other_side",
    "outlet_in_short",
    "request_line",
    "way_name",
    "who_it_is",
]
