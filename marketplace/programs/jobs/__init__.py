"""Background work of the room."""

from marketplace.programs.jobs.trainings import call_participants

__all__ = ["call_participants"]
