"""Reads of the room, by subject."""

from marketplace.programs.queries.programs import get_program, page_of_programs

__all__ = ["get_program", "page_of_programs"]
