"""Needs: states and payment terms."""

from collections.abc import Mapping
from enum import StrEnum

from marketplace.core.errors import RuleBroken
from marketplace.core.text import N_


class NeedState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class CloseReason(StrEnum):
    FILLED = "filled"
    NONE_SUITABLE = "none_suitable"
    WITHDRAWN = "withdrawn"


NEXT_STATES: Mapping[NeedState, frozenset[NeedState]] = {
    NeedState.DRAFT: frozenset({NeedState.OPEN}),
    NeedState.OPEN: frozenset({NeedState.PAUSED, NeedState.CLOSED}),
    NeedState.PAUSED: frozenset({NeedState.OPEN, NeedState.CLOSED}),
    NeedState.CLOSED: frozenset(),
}


def check_transition(now: NeedState, then: NeedState) -> None:
    if then not in NEXT_STATES[now]:
        raise RuleBroken(N_("A need in this state cannot be changed that way."))


def terms_word(kind: str, days: int | None) -> str:
    """`outright`, `consignment` or `days:30`; empty where nothing was said."""
    return f"days:{days}" if kind == "days" and days else kind
