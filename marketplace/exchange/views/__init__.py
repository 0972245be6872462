"""Pages of import and export."""

from marketplace.exchange.views import columns as _columns
from marketplace.exchange.views import files as _files
from marketplace.exchange.views import imports as _imports
from marketplace.exchange.views.base import bp

PAGES = (_columns, _files, _imports)

__all__ = ["PAGES", "bp"]
