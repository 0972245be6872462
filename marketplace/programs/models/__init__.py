"""Tables of the room."""

from marketplace.programs.models.programs import Program

__all__ = ["Program"]
