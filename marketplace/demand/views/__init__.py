"""Pages of needs."""

from marketplace.demand.views import lists as _lists
from marketplace.demand.views import needs as _needs
from marketplace.demand.views.base import bp

PAGES = (_lists, _needs)

__all__ = ["PAGES", "bp"]
