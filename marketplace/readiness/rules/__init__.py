"""What stands between a producer and an outlet: gaps, how to close them, and which days count."""

from marketplace.readiness.rules.gaps import GAP_NAMES, Gap, GapKind, detail_name, gap_of
from marketplace.readiness.rules.radar import HORIZONS, Horizon, horizon_of
from marketplace.readiness.rules.remedies import SHIPPED, RemedyDraft, check_remedy
from marketplace.readiness.rules.rulebook import (
    CHANGE_STATE_NAMES,
    EDITABLE,
    FIXED,
    NEXT_CHANGE,
    SEVERITY_NAMES,
    ChangeState,
    RuleDraft,
    RuleSeverity,
    check_change,
    check_draft,
)

__all__ = [
    "CHANGE_STATE_NAMES",
    "EDITABLE",
    "FIXED",
    "GAP_NAMES",
    "HORIZONS",
    "NEXT_CHANGE",
    "SEVERITY_NAMES",
    "SHIPPED",
    "ChangeState",
    "Gap",
    "GapKind",
    "Horizon",
    "RemedyDraft",
    "RuleDraft",
    "RuleSeverity",
    "check_change",
    "check_draft",
    "check_remedy",
    "detail_name",
    "gap_of",
    "horizon_of",
]
