"""Pages of the room, by subject."""

from marketplace.readiness.views.blueprint import bp

__all__ = ["bp"]
