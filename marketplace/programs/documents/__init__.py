"""Letters, papers and figures of the room."""

from marketplace.programs.documents.kept_data import kept_in_programs
from marketplace.programs.documents.origins import origins_of_need
from marketplace.programs.documents.training_data import personal_data
from marketplace.programs.documents.training_letters import training_letter

__all__ = ["kept_in_programs", "origins_of_need", "personal_data", "training_letter"]
