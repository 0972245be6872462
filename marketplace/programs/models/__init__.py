"""Tables of the room."""

from marketplace.programs.models.bazaars import (
    BazaarDay,
    Stall,
    StallHolder,
    TurnoverEstimate,
    TurnoverReport,
)
from marketplace.programs.models.leads import Lead
from marketplace.programs.models.programs import Program

__all__ = [
    "BazaarDay",
    "Lead",
    "Program",
    "Stall",
    "StallHolder",
    "TurnoverEstimate",
    "TurnoverReport",
]
