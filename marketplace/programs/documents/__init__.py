"""Letters, papers and figures of the room."""

from marketplace.programs.documents.training_data import personal_data
from marketplace.programs.documents.training_letters import training_letter

__all__ = ["personal_data", "training_letter"]
