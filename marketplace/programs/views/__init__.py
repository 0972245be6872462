"""Pages of bazaars, expos and trainings."""

from marketplace.programs.views import programs  # noqa: F401
from marketplace.programs.views.blueprint import bp

__all__ = ["bp"]
