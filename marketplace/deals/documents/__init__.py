"""A deal as pages and papers show it."""

from marketplace.deals.documents.figures import per_meeting
from marketplace.deals.documents.letters import deal_letter
from marketplace.deals.documents.outcomes import signed_deals
from marketplace.deals.documents.programs import deals_of_lead, deals_of_program
from marketplace.deals.documents.reliability import how_they_dealt
from marketplace.deals.documents.shown import (
    LineRow,
    card_of,
    facts_of,
    lateness,
    line_name,
    line_rows,
    order_name,
    personal_data,
    terms_words,
    timeline_of,
)
from marketplace.deals.documents.tables import deals_table, unpaid_table

__all__ = [
    "LineRow",
    "card_of",
    "deal_letter",
    "deals_of_lead",
    "deals_of_program",
    "deals_table",
    "facts_of",
    "how_they_dealt",
    "lateness",
    "line_name",
    "line_rows",
    "order_name",
    "per_meeting",
    "personal_data",
    "signed_deals",
    "terms_words",
    "timeline_of",
    "unpaid_table",
]
