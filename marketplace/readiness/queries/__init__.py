"""Reads of the room, by subject."""

from marketplace.readiness.queries.changes import (
    adopted_changes,
    changed_rules,
    find_adopted,
    get_change,
    list_changes,
    rule_in_force,
    rule_of,
    rules_today,
)
from marketplace.readiness.queries.gaps import (
    Scope,
    businesses_in,
    count_measured,
    gap_lines,
    list_missed,
    page_of_missed,
    page_of_producers,
    totals,
    unmet_by_category,
)
from marketplace.readiness.queries.pairs import (
    all_pairs,
    makers_of,
    need_ids_of_product,
    open_evidence_of,
    settled_pairs,
    stores_of_lines,
    upcoming_trainings,
)
from marketplace.readiness.queries.remedies import find_remedy, list_remedies
from marketplace.readiness.queries.totals import GapLine, ProducerLine, Total

__all__ = [
    "GapLine",
    "ProducerLine",
    "Scope",
    "Total",
    "adopted_changes",
    "all_pairs",
    "businesses_in",
    "changed_rules",
    "count_measured",
    "find_adopted",
    "find_remedy",
    "gap_lines",
    "get_change",
    "list_changes",
    "list_missed",
    "list_remedies",
    "makers_of",
    "need_ids_of_product",
    "open_evidence_of",
    "page_of_missed",
    "page_of_producers",
    "rule_in_force",
    "rule_of",
    "rules_today",
    "settled_pairs",
    "stores_of_lines",
    "totals",
    "unmet_by_category",
    "upcoming_trainings",
]
