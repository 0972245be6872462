"""A deal as pages and papers show it."""

from marketplace.deals.documents.figures import per_meeting
from marketplace.deals.documents.programs import deals_of_program
from marketplace.deals.documents.shown import (
    LineRow,
    card_of,
    facts_of,
    lateness,
    line_name,
    line_rows,
    personal_data,
    terms_words,
    timeline_of,
)

__all__ = [
    "LineRow",
    "card_of",
    "deals_of_program",
    "facts_of",
    "lateness",
    "line_name",
    "line_rows",
    "per_meeting",
    "personal_data",
    "terms_words",
    "timeline_of",
]
