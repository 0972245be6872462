"""What pages, exports and letters of the room say."""

from marketplace.readiness.documents.gaps import (
    first_step,
    gap_card,
    gap_name,
    gap_table,
    missed_card,
    missed_table,
    not_told,
    producer_page,
)
from marketplace.readiness.documents.remedies import remedy_of, remedy_rows
from marketplace.readiness.documents.rulebook import change_card, rule_card

__all__ = [
    "change_card",
    "first_step",
    "gap_card",
    "gap_name",
    "gap_table",
    "missed_card",
    "missed_table",
    "not_told",
    "producer_page",
    "remedy_of",
    "remedy_rows",
    "rule_card",
]
