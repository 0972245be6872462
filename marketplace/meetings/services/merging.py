"""What becomes of temu bisnis when two entries of the register are found to be one business.

Where both were invited to the same event each keeps its own part of it: two people of one business
may sit at two tables, and no promise made to a third one is broken by a merge.
"""

from collections.abc import Callable

from marketplace.meetings import queries
from marketplace.register import guards
from marketplace.register.services.movers import MergeRule, Merging, Record


def _rule(table: str, column: str, movable: Callable[[Merging], Record]) -> MergeRule:
    """Rows that may change hands do; the others stay with the number they were written for."""

    def move(merging: Merging) -> Record:
        ids = movable(merging)
        guards.repoint(table, column, ids, merging.merged_id, merging.survivor_id)
        return ids

    def undo(merging: Merging, ids: Record) -> None:
        guards.repoint(table, column, ids, merging.survivor_id, merging.merged_id)

    return MergeRule(move, undo)


def _requests(column: str) -> Callable[[Merging], Record]:
    return lambda merging: list(
        queries.requests_to_hand_over(column, merging.merged_id, merging.survivor_id)
    )


def _meetings(column: str) -> Callable[[Merging], Record]:
    return lambda merging: list(
        queries.meetings_to_hand_over(column, merging.merged_id, merging.survivor_id)
    )


# Participants go first: whose chair stays keeps requests and meetings of that event too.
PARTICIPANTS = _rule(
    "event_participants",
    "business_id",
    lambda merging: list(queries.participants_to_hand_over(merging.merged_id, merging.survivor_id)),
)
REQUESTING_PRODUCERS = _rule("meeting_requests", "producer_id", _requests("producer_id"))
REQUESTING_BUYERS = _rule("meeting_requests", "buyer_id", _requests("buyer_id"))
MEETING_PRODUCERS = _rule("meetings", "producer_id", _meetings("producer_id"))
MEETING_BUYERS = _rule("meetings", "buyer_id", _meetings("buyer_id"))
