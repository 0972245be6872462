"""What every programme has: kinds, levels, states and the days it lasts."""

from marketplace.programs.rules.programs import (
    KIND_NAMES,
    LEVEL_NAMES,
    NEXT,
    STATE_NAMES,
    ProgramKind,
    ProgramLevel,
    ProgramState,
    check_transition,
)

__all__ = [
    "KIND_NAMES",
    "LEVEL_NAMES",
    "NEXT",
    "STATE_NAMES",
    "ProgramKind",
    "ProgramLevel",
    "ProgramState",
    "check_transition",
]
