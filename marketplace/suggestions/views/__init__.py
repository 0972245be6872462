"""Pages of the suggestions room, by subject."""

from marketplace.suggestions.views.blueprint import bp

from marketplace.suggestions.views import asking, introductions, lists, matches, queue, tray  # isort: skip

__all__ = ["asking", "bp", "introductions", "lists", "matches", "queue", "tray"]
