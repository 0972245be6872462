"""Pages of the catalogue: `public` for everybody, `own` for those who sell."""

from marketplace.catalog.views import own, public
from marketplace.catalog.views.blueprint import bp

__all__ = ["bp", "own", "public"]
