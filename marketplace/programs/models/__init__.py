"""Tables of the room."""

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
    "Certificate",
    "FollowUp",
    "Program",
    "SignUp",
    "Training",
    "TrainingSession",
]
