"""Pages of the room, by subject."""

from marketplace.readiness.views import gaps, plan, radar, remedies, rulebook, selection  # noqa: F401
from marketplace.readiness.views.blueprint import bp

__all__ = ["bp"]
