"""Pages of businesses: the register, branches, papers, people, acting in a business's name."""

from flask import Blueprint

bp = Blueprint("businesses", __name__)

# Each module hangs its pages on the blueprint above.
from marketplace.businesses.views import (  # noqa: E402
    acting,
    branches,
    papers,
    people,
    register,
    visits,
)

__all__ = ["acting", "bp", "branches", "papers", "people", "register", "visits"]
