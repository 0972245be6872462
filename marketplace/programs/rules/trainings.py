"""A training: its days, its seats, who sits on them, and when somebody has passed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.core.text import N_
from marketplace.programs.rules.programs import ProgramLevel

PASS_PERCENT = 80
SESSIONS_MOST = 60
SEATS_MOST = 1_000
DAY_MINUTES = 24 * 60


class SignUpState(StrEnum):
    """`walk_in` came to a session without a seat: counted as there, not against the seats."""

    INVITED = "invited"
    SEATED = "seated"
    WAITING = "waiting"
    WALK_IN = "walk_in"
    WITHDRAWN = "withdrawn"


class SignUpWay(StrEnum):
    LINK = "link"
    OFFICER = "officer"
    PRODUCER = "producer"
    INVITED = "invited"
    AT_THE_DOOR = "door"


NEXT_SIGN_UP: Mapping[SignUpState, frozenset[SignUpState]] = MappingProxyType(
    {
        SignUpState.INVITED: frozenset(
            {
                SignUpState.SEATED,
                SignUpState.WAITING,
                SignUpState.WALK_IN,
                SignUpState.WITHDRAWN,
            }
        ),
        SignUpState.SEATED: frozenset({SignUpState.WITHDRAWN}),
        SignUpState.WAITING: frozenset(
            {SignUpState.SEATED, SignUpState.WALK_IN, SignUpState.WITHDRAWN}
        ),
        SignUpState.WALK_IN: frozenset({SignUpState.WITHDRAWN}),
        SignUpState.WITHDRAWN: frozenset(
            {SignUpState.SEATED, SignUpState.WAITING, SignUpState.WALK_IN, SignUpState.INVITED}
        ),
    }
)

# Who may be noted as there and get a certificate.
TAKING_PART = frozenset({SignUpState.SEATED, SignUpState.WALK_IN})
# Who said they want to come; an invitation without an answer is no sign-up.
SIGNED_UP = frozenset({SignUpState.SEATED, SignUpState.WAITING, SignUpState.WALK_IN})

SIGN_UP_NAMES: Mapping[SignUpState, str] = MappingProxyType(
    {
        SignUpState.INVITED: N_("invited, no answer yet"),
        SignUpState.SEATED: N_("has a seat"),
        SignUpState.WAITING: N_("on the waiting list"),
        SignUpState.WALK_IN: N_("came without a seat"),
        SignUpState.WITHDRAWN: N_("withdrawn"),
    }
)
WAY_NAMES: Mapping[SignUpWay, str] = MappingProxyType(
    {
        SignUpWay.LINK: N_("by the link"),
        SignUpWay.OFFICER: N_("by an officer"),
        SignUpWay.PRODUCER: N_("signed in"),
        SignUpWay.INVITED: N_("invited"),
        SignUpWay.AT_THE_DOOR: N_("at the door"),
    }
)


@dataclass(frozen=True, slots=True)
class SessionDraft:
    """One session: minutes after midnight, Western Indonesian Time; no place is the training's."""

    held_on: date
    starts: int
    ends: int
    place: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class TrainingDraft:
    title: str
    subject: str
    level: ProgramLevel
    organiser: str
    region_code: str
    place: str
    starts_on: date
    ends_on: date
    seats: int
    sign_up_until: date
    sessions: tuple[SessionDraft, ...] = ()
    unlocks: tuple[str, ...] = ()
    pass_percent: int = PASS_PERCENT
    about: str = ""


@dataclass(frozen=True, slots=True)
class SignUpDraft:
    """Who signs up: `phone` is E.164 or "" where an officer does not know it."""

    name: str
    phone: str = ""
    region_code: str = ""
    business_name: str = ""
    business_id: int | None = None


def check_training(draft: TrainingDraft) -> None:
    """Raise InvalidInput naming every field that cannot be; a session outside the days is one."""
    fields: dict[str, str] = {}
    if draft.ends_on < draft.starts_on:
        fields["ends_on"] = N_("The last day lies before the first.")
    if not 1 <= draft.seats <= SEATS_MOST:
        fields["seats"] = N_("Between 1 and 1,000 seats, please.")
    if not 1 <= draft.pass_percent <= 100:
        fields["pass_percent"] = N_("Between 1 and 100 percent, please.")
    if draft.sign_up_until > draft.ends_on:
        fields["sign_up_until"] = N_("Sign-up must end before the training does.")
    if problem := _wrong_session(draft):
        fields["sessions"] = problem
    if fields:
        raise InvalidInput(next(iter(fields.values())), fields=fields)


def _wrong_session(draft: TrainingDraft) -> str:
    if not 1 <= len(draft.sessions) <= SESSIONS_MOST:
        return N_("A training has between 1 and 60 sessions.")
    before: SessionDraft | None = None
    for one in sorted(draft.sessions, key=lambda each: (each.held_on, each.starts)):
        if not draft.starts_on <= one.held_on <= draft.ends_on:
            return N_("A session lies outside the days of the training.")
        if not 0 <= one.starts < one.ends <= DAY_MINUTES:
            return N_("A session ends before it begins.")
        if before and before.held_on == one.held_on and one.starts < before.ends:
            return N_("Two sessions overlap.")
        before = one
    return ""


def check_sign_up(draft: SignUpDraft) -> None:
    if not draft.name:
        message = N_("Please fill this in.")
        raise InvalidInput(message, fields={"name": message})


def check_move(old: SignUpState, new: SignUpState) -> None:
    if new not in NEXT_SIGN_UP[old]:
        raise RuleBroken(N_("This is not possible for this participant now."))


def has_passed(attended: int, sessions: int, percent: int) -> bool:
    """At least this share of the sessions; with no session nobody has."""
    return sessions > 0 and attended * 100 >= percent * sessions


def needed_sessions(sessions: int, percent: int) -> int:
    """How many sessions that share is: 80 % of 3 is all 3."""
    return -(-percent * sessions // 100)


def in_order(sessions: Sequence[SessionDraft]) -> tuple[SessionDraft, ...]:
    return tuple(sorted(sessions, key=lambda one: (one.held_on, one.starts)))
