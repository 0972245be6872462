"""Pages of the questions room, by subject."""

from marketplace.questions.views.blueprint import bp

# isort: split
from marketplace.questions.views import answering, asking, lists

__all__ = ["answering", "asking", "bp", "lists"]
