"""Kinds, levels and states of programmes: they have an organising office and a level."""

from collections.abc import Mapping
from enum import StrEnum

from marketplace.core.errors import RuleBroken
from marketplace.core.text import N_


class ProgramKind(StrEnum):
    BAZAAR = "bazaar"
    EXPO = "expo"
    TRAINING = "training"


class ProgramLevel(StrEnum):
    """Who organises it: a ministry's expo, the province, or one of its kabupaten/kota."""

    NATIONAL = "national"
    PROVINCE = "province"
    REGENCY = "regency"


class ProgramState(StrEnum):
    """Stored; whether an open programme is under way follows from its days."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


NEXT: Mapping[ProgramState, frozenset[ProgramState]] = {
    ProgramState.DRAFT: frozenset({ProgramState.OPEN, ProgramState.CANCELLED}),
    ProgramState.OPEN: frozenset({ProgramState.CLOSED, ProgramState.CANCELLED}),
    # Figures that come in late are entered after opening it again; the trail says who did.
    ProgramState.CLOSED: frozenset({ProgramState.OPEN}),
    ProgramState.CANCELLED: frozenset(),
}

KIND_NAMES: Mapping[ProgramKind, str] = {
    ProgramKind.BAZAAR: N_("bazaar"),
    ProgramKind.EXPO: N_("expo"),
    ProgramKind.TRAINING: N_("training"),
}
LEVEL_NAMES: Mapping[ProgramLevel, str] = {
    ProgramLevel.NATIONAL: N_("national"),
    ProgramLevel.PROVINCE: N_("province"),
    ProgramLevel.REGENCY: N_("kabupaten/kota"),
}
STATE_NAMES: Mapping[ProgramState, str] = {
    ProgramState.DRAFT: N_("being prepared"),
    ProgramState.OPEN: N_("open"),
    ProgramState.CLOSED: N_("over"),
    ProgramState.CANCELLED: N_("called off"),
}


def check_transition(old: ProgramState, new: ProgramState) -> None:
    """Raise RuleBroken where a programme in the one state cannot come into the other."""
    if new not in NEXT[old]:
        raise RuleBroken(N_("This is not possible in the state the programme is in."))
