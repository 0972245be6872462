"""Suggestions and introductions: states, reasons, steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.core.text import N_

INTRODUCTION_DAYS = 7  # default of the option `introduction_days`


class SuggestionState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    POSTPONED = "postponed"
    WITHDRAWN = "withdrawn"
    # The producer's cap of the period is used up: it waits for the next one, or for an officer.
    HELD = "held"


# Accepted goes back to proposed only until the first message was sent (undo); a withdrawn one
# returns when its product and need are both on offer again.
NEXT_STATES: Mapping[SuggestionState, frozenset[SuggestionState]] = {
    SuggestionState.PROPOSED: frozenset(
        {
            SuggestionState.ACCEPTED,
            SuggestionState.REJECTED,
            SuggestionState.POSTPONED,
            SuggestionState.WITHDRAWN,
        }
    ),
    SuggestionState.POSTPONED: frozenset({SuggestionState.PROPOSED, SuggestionState.WITHDRAWN}),
    SuggestionState.ACCEPTED: frozenset({SuggestionState.PROPOSED}),
    SuggestionState.REJECTED: frozenset(),
    SuggestionState.WITHDRAWN: frozenset({SuggestionState.PROPOSED, SuggestionState.HELD}),
    SuggestionState.HELD: frozenset({SuggestionState.PROPOSED, SuggestionState.WITHDRAWN}),
}


# These wait for the office; whoever has one may hand it over.
OPEN_CASES = frozenset({SuggestionState.PROPOSED, SuggestionState.POSTPONED, SuggestionState.HELD})
# How long a case may wait at whoever has it; longer is shown in red and counted as late.
CASE_AIM = timedelta(days=3)


class RejectReason(StrEnum):
    """At most six, one press each; they become training rows, so they stay apart in meaning."""

    NOT_THE_GOODS = "not_the_goods"
    PRICE = "price"
    TOO_FAR = "too_far"
    CAPACITY = "capacity"
    PAPERS = "papers"
    OTHER = "other"


class RequestedBy(StrEnum):
    """Who asked for the pairing; most come from the engine alone."""

    ENGINE = "engine"
    BUYER = "buyer"
    PRODUCER = "producer"
    OFFICER = "officer"


class IntroductionState(StrEnum):
    SENT = "sent"
    AGREED_BY_ONE = "agreed_by_one"
    AGREED = "agreed"
    DECLINED = "declined"
    EXPIRED = "expired"
    UNDONE = "undone"


OPEN_INTRODUCTIONS = frozenset({IntroductionState.SENT, IntroductionState.AGREED_BY_ONE})

NEXT_INTRODUCTION_STATES: Mapping[IntroductionState, frozenset[IntroductionState]] = {
    IntroductionState.SENT: frozenset(
        {
            IntroductionState.AGREED_BY_ONE,
            IntroductionState.DECLINED,
            IntroductionState.EXPIRED,
            IntroductionState.UNDONE,
        }
    ),
    IntroductionState.AGREED_BY_ONE: frozenset(
        {IntroductionState.AGREED, IntroductionState.DECLINED, IntroductionState.EXPIRED}
    ),
    IntroductionState.AGREED: frozenset(),
    IntroductionState.DECLINED: frozenset(),
    IntroductionState.EXPIRED: frozenset(),
    IntroductionState.UNDONE: frozenset(),
}


class Side(StrEnum):
    PRODUCER = "producer"
    BUYER = "buyer"


class DeclineReason(StrEnum):
    NO_CAPACITY = "no_capacity"
    PRICE = "price"
    TERMS = "terms"
    NOT_NOW = "not_now"
    OTHER = "other"


class RemarkKind(StrEnum):
    COMMENT = "comment"
    FORWARD = "forward"


class ShardState(StrEnum):
    """One part of a computation of everything; a failed one is tried again by the next command."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ExposurePeriod(StrEnum):
    """Over how long cap and floor count."""

    MONTH = "month"
    QUARTER = "quarter"


class ExposureReason(StrEnum):
    """Why cap or floor moved a suggestion, kept with it."""

    FLOOR = "floor"
    CAP = "cap"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True)
class ExposureDraft:
    """Cap and floor as an officer sets them; `min_percent` is how sure a raised pair must be."""

    period: ExposurePeriod
    cap: int | None = None
    floor: int = 0
    min_percent: int = 0


def check_exposure(draft: ExposureDraft) -> None:
    """Raise InvalidInput where both cannot hold, or where nothing would be set."""
    if draft.cap is None and not draft.floor:
        message = N_("Set a cap or a floor.")
        raise InvalidInput(message, fields={"cap": message})
    if draft.cap is not None and draft.floor > draft.cap:
        message = N_("The floor cannot lie above the cap.")
        raise InvalidInput(message, fields={"floor": message})


def period_of(day: date, kind: ExposurePeriod) -> str:
    """The name of the period a day lies in: `2026-11`, or `2026-Q4`."""
    if kind is ExposurePeriod.MONTH:
        return f"{day.year}-{day.month:02}"
    return f"{day.year}-Q{(day.month + 2) // 3}"


def periods_of(day: date) -> tuple[str, ...]:
    """The month and the quarter a day lies in."""
    return tuple(period_of(day, kind) for kind in ExposurePeriod)


def first_day(period: str) -> date:
    """The day a period (`period_of`) begins."""
    year, rest = period.split("-")
    month = 3 * int(rest[1:]) - 2 if rest.startswith("Q") else int(rest)
    return date(int(year), month, 1)


def check_transition(now: SuggestionState, then: SuggestionState) -> None:
    if then not in NEXT_STATES[now]:
        raise RuleBroken(N_("This suggestion was already decided on."))


def check_introduction(now: IntroductionState, then: IntroductionState) -> None:
    if then not in NEXT_INTRODUCTION_STATES[now]:
        raise RuleBroken(N_("This introduction is already closed."))


STATE_NAMES: Mapping[SuggestionState, str] = {
    SuggestionState.PROPOSED: N_("to decide"),
    SuggestionState.ACCEPTED: N_("accepted"),
    SuggestionState.REJECTED: N_("rejected"),
    SuggestionState.POSTPONED: N_("postponed"),
    SuggestionState.WITHDRAWN: N_("withdrawn"),
    SuggestionState.HELD: N_("held back"),
}

REJECT_REASON_NAMES: Mapping[RejectReason, str] = {
    RejectReason.NOT_THE_GOODS: N_("not the goods they want"),
    RejectReason.PRICE: N_("price does not fit"),
    RejectReason.TOO_FAR: N_("too far or too slow"),
    RejectReason.CAPACITY: N_("volume does not fit"),
    RejectReason.PAPERS: N_("papers or quality not ready"),
    RejectReason.OTHER: N_("another reason"),
}

DECLINE_REASON_NAMES: Mapping[DeclineReason, str] = {
    DeclineReason.NO_CAPACITY: N_("the volume does not suit us now"),
    DeclineReason.PRICE: N_("the price does not suit us"),
    DeclineReason.TERMS: N_("the terms do not suit us"),
    DeclineReason.NOT_NOW: N_("not now, perhaps later"),
    DeclineReason.OTHER: N_("another reason"),
}

REQUESTED_BY_NAMES: Mapping[RequestedBy, str] = {
    RequestedBy.ENGINE: N_("the engine"),
    RequestedBy.BUYER: N_("the buyer"),
    RequestedBy.PRODUCER: N_("the producer"),
    RequestedBy.OFFICER: N_("an officer"),
}

PERIOD_NAMES: Mapping[ExposurePeriod, str] = {
    ExposurePeriod.MONTH: N_("a month"),
    ExposurePeriod.QUARTER: N_("a quarter"),
}
