"""What came of held meetings, for the figures of temu bisnis."""

from collections.abc import Sequence

from flask import url_for

from marketplace.core.text import N_
from marketplace.deals import queries
from marketplace.deals.rules.states import Origin
from marketplace.meetings.rules.figures import PerMeeting


def per_meeting(held_ids: Sequence[int]) -> list[PerMeeting]:
    """Deals and money of these held meetings, each with the page of the deals it comes from."""
    signed, paid = queries.of_meetings(held_ids)
    held, url = len(held_ids), url_for("deals.list_deals", origin=Origin.MEETING.value)
    return [
        PerMeeting(N_("Signed deals per held meeting"), signed, held, rows_url=url),
        PerMeeting(N_("Money received per held meeting"), paid, held, is_money=True, rows_url=url),
    ]
