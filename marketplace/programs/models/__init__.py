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
from marketplace.programs.models.trainings import (
    Attendance,
    Certificate,
    FollowUp,
    SignUp,
    Training,
    TrainingSession,
)

__all__ = [
    "Attendance",
    "BazaarDay",
    "Certificate",
    "FollowUp",
    "Lead",
    "Program",
    "SignUp",
    "Stall",
    "StallHolder",
    "Training",
    "TrainingSession",
    "TurnoverEstimate",
    "TurnoverReport",
]
