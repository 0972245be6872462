"""What becomes of stalls at bazaars when two entries of the register are found to be one business.

Where both had a stall at the same bazaar each keeps its own: two figures of one day stay two.
"""

from marketplace.programs.queries import bazaars
from marketplace.register import guards
from marketplace.register.services.movers import MergeRule, Merging, Record


def _move(merging: Merging) -> Record:
    ids = list(bazaars.holders_to_hand_over(merging.merged_id, merging.survivor_id))
    guards.repoint("stall_holders", "business_id", ids, merging.merged_id, merging.survivor_id)
    return ids


def _undo(merging: Merging, ids: Record) -> None:
    guards.repoint("stall_holders", "business_id", ids, merging.survivor_id, merging.merged_id)


STALL_HOLDERS = MergeRule(_move, _undo)
