"""Pages of bazaars, expos and trainings."""

from marketplace.programs.views import (  # noqa: F401
    bazaars,
    figures,
    holders,
    leads,
    links,
    programs,
    sheets,
    turnover,
)
from marketplace.programs.views.blueprint import bp

__all__ = ["bp"]
