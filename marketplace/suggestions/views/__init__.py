"""Pages of the suggestions room, by subject."""

from marketplace.suggestions.views.blueprint import bp

# isort: split
from marketplace.suggestions.views import (
    asking,
    decisions,
    exposure,
    holding,
    introductions,
    lists,
    matches,
    queue,
    tray,
)

__all__ = [
    "asking",
    "bp",
    "decisions",
    "exposure",
    "holding",
    "introductions",
    "lists",
    "matches",
    "queue",
    "tray",
]
