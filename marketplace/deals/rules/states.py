"""States of a deal, where a deal comes from, and the steps that are allowed (domain.md)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from marketplace.core.errors import RuleBroken
from marketplace.core.text import N_


class DealState(StrEnum):
    COMMITMENT = "commitment"
    SIGNED = "signed"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"  # a commitment that came to nothing


NEXT_STATES: Mapping[DealState, frozenset[DealState]] = {
    DealState.COMMITMENT: frozenset({DealState.SIGNED, DealState.WITHDRAWN}),
    DealState.SIGNED: frozenset({DealState.RUNNING, DealState.CANCELLED, DealState.DISPUTED}),
    DealState.RUNNING: frozenset({DealState.ENDED, DealState.CANCELLED, DealState.DISPUTED}),
    DealState.ENDED: frozenset(),
    DealState.CANCELLED: frozenset(),
    DealState.DISPUTED: frozenset(),
    DealState.WITHDRAWN: frozenset(),
}
# Nothing was signed: nobody is bound, and a draft of the office's own is shown to nobody.
UNSIGNED = frozenset({DealState.COMMITMENT, DealState.WITHDRAWN})
# Goods may be ordered and sent only under these; money for what was received is always taken.
BINDING = frozenset({DealState.SIGNED, DealState.RUNNING})
# How an officer closes a deal; each of these gives the capacity of the months to come back.
CLOSED = frozenset({DealState.ENDED, DealState.CANCELLED, DealState.DISPUTED, DealState.WITHDRAWN})


class Origin(StrEnum):
    """What the deal came from."""

    INTRODUCTION = "introduction"
    MEETING = "meeting"
    EXPO = "expo"
    PLAN = "plan"
    DIRECT = "direct"


STATE_NAMES: Mapping[DealState, str] = MappingProxyType(
    {
        DealState.COMMITMENT: N_("commitment"),
        DealState.SIGNED: N_("signed"),
        DealState.RUNNING: N_("running"),
        DealState.ENDED: N_("ended"),
        DealState.CANCELLED: N_("cancelled"),
        DealState.DISPUTED: N_("disputed"),
        DealState.WITHDRAWN: N_("withdrawn"),
    }
)
ORIGIN_NAMES: Mapping[Origin, str] = MappingProxyType(
    {
        Origin.INTRODUCTION: N_("An introduction by the office"),
        Origin.MEETING: N_("A business meeting"),
        Origin.EXPO: N_("A commitment at an expo"),
        Origin.PLAN: N_("A supply plan"),
        Origin.DIRECT: N_("Agreed directly"),
    }
)


def check_transition(now: DealState, then: DealState) -> None:
    """Raise RuleBroken, in words about the state the deal is in."""
    if then in NEXT_STATES[now]:
        return
    if now in CLOSED:
        raise RuleBroken(CLOSED_WORDS[now])
    if now is DealState.COMMITMENT:
        raise RuleBroken(N_("This is still a commitment. Sign the deal first."))
    raise RuleBroken(N_("A deal in this state cannot be changed that way."))


def check_binding(state: DealState) -> None:
    """Raise RuleBroken unless goods may be ordered and sent."""
    if state in BINDING:
        return
    if state is DealState.COMMITMENT:
        raise RuleBroken(N_("This is still a commitment. Sign the deal first."))
    raise RuleBroken(CLOSED_WORDS[state])


CLOSED_WORDS: Mapping[DealState, str] = MappingProxyType(
    {
        DealState.CANCELLED: N_("This deal was cancelled: nothing can be delivered under it."),
        DealState.DISPUTED: N_("This deal is disputed: nothing can be delivered under it."),
        DealState.ENDED: N_("This deal has ended: nothing can be delivered under it."),
        DealState.WITHDRAWN: N_("This commitment was withdrawn: nothing was signed."),
    }
)
# The same to whoever holds a printed paper: its state, nothing of the parties.
CLOSED_NOTES: Mapping[DealState, str] = MappingProxyType(
    {
        DealState.CANCELLED: N_("The deal of this paper was cancelled."),
        DealState.DISPUTED: N_("The deal of this paper is disputed."),
        DealState.ENDED: N_("The deal of this paper has ended."),
        DealState.WITHDRAWN: N_("The commitment of this paper was withdrawn."),
    }
)
