"""Tables of the room."""

from marketplace.readiness.models.changes import RuleChange
from marketplace.readiness.models.gaps import GapRow, MissedPairing, UnsaidPaper
from marketplace.readiness.models.notices import PaperNotice
from marketplace.readiness.models.remedies import Remedy

__all__ = ["GapRow", "MissedPairing", "PaperNotice", "Remedy", "RuleChange", "UnsaidPaper"]
