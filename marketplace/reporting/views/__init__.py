"""Pages of the room, by subject."""

from marketplace.reporting.views import nib, open_data, papers, programs, report, workload  # noqa: F401
from marketplace.reporting.views.blueprint import bp

__all__ = ["bp"]
