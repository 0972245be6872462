"""Pages of bazaars, expos and trainings."""

from marketplace.programs.views import (  # noqa: F401
    bazaars,
    erasing,
    figures,
    holders,
    leads,
    links,
    programs,
    sheets,
    training_attendance,
    training_certificates,
    training_figures,
    training_links,
    training_outcomes,
    training_people,
    trainings,
    turnover,
)
from marketplace.programs.views.blueprint import bp

__all__ = ["bp"]
