"""What came of a contact made at a stall: the meetings arranged to follow it, on its page."""

from markupsafe import Markup

from marketplace.core.clock import now
from marketplace.infra.web import current_actor, page_part
from marketplace.meetings import policies, queries
from marketplace.meetings.models import MeetingRequest
from marketplace.meetings.rules import EventState
from marketplace.meetings.rules.names import REQUEST_STATE_NAMES


def meetings_of_lead(lead_id: int) -> Markup:
    """The part of the page, with what this reader may see."""
    actor = current_actor()
    found = [
        (each, _is_over(each))
        for each in queries.requests_of_lead(lead_id)
        if policies.may_see_request(actor, each)
    ]
    return page_part("meetings/_of_lead.html", requests=found, state_names=REQUEST_STATE_NAMES)


def _is_over(wanted: MeetingRequest) -> bool:
    """No answer is awaited any more, also when the worker has not yet marked it."""
    closed = wanted.event is not None and wanted.event.state is EventState.CLOSED
    return closed or wanted.expires_at <= now()
