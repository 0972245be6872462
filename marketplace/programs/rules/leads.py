"""A contact made at a stall: what it wants, the next step, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.core.text import N_


class LeadState(StrEnum):
    OPEN = "open"
    TALKING = "talking"
    NEED = "need"
    MEETING = "meeting"
    COMMITMENT = "commitment"
    DROPPED = "dropped"


LEAD_STATE_NAMES: Mapping[LeadState, str] = {
    LeadState.OPEN: N_("not yet followed"),
    LeadState.TALKING: N_("being followed"),
    LeadState.NEED: N_("became a need"),
    LeadState.MEETING: N_("became a meeting"),
    LeadState.COMMITMENT: N_("became a commitment"),
    LeadState.DROPPED: N_("led to nothing"),
}

# A need may lead to a meeting and that to a commitment; only what led to nothing starts anew.
NEXT_LEAD_STATES: Mapping[LeadState, frozenset[LeadState]] = {
    LeadState.OPEN: frozenset(set(LeadState) - {LeadState.OPEN}),
    LeadState.TALKING: frozenset(
        {LeadState.NEED, LeadState.MEETING, LeadState.COMMITMENT, LeadState.DROPPED}
    ),
    LeadState.NEED: frozenset({LeadState.MEETING, LeadState.COMMITMENT, LeadState.DROPPED}),
    LeadState.MEETING: frozenset({LeadState.NEED, LeadState.COMMITMENT, LeadState.DROPPED}),
    LeadState.COMMITMENT: frozenset(),
    LeadState.DROPPED: frozenset({LeadState.TALKING}),
}
# Nobody owes a next step any more.
SETTLED = frozenset({LeadState.COMMITMENT, LeadState.DROPPED})


@dataclass(frozen=True, slots=True)
class LeadDraft:
    """What is written down at the stall. A person's name and number only with their consent."""

    outlet_name: str
    wants: str
    consented: bool = False
    person_name: str = ""
    phone: str = ""
    region_code: str = ""
    volume: str = ""
    product_id: int | None = None
    note: str = ""
    next_step: str = ""
    due_on: date | None = None


def check_lead(draft: LeadDraft) -> None:
    if (draft.person_name or draft.phone) and not draft.consented:
        message = N_("Ask them first: a name or number is kept only if they agree.")
        raise InvalidInput(message, fields={"consented": message})
    if draft.next_step and draft.due_on is None:
        message = N_("By which day?")
        raise InvalidInput(message, fields={"due_on": message})


def check_lead_step(old: LeadState, new: LeadState) -> None:
    if new not in NEXT_LEAD_STATES[old]:
        raise RuleBroken(N_("This contact cannot take that step any more."))


def is_overdue(state: LeadState, due_on: date | None, today: date) -> bool:
    """The next step should have been done, and nothing says that it was."""
    return state not in SETTLED and due_on is not None and due_on < today
