"""Pages of deals."""

from marketplace.deals.views import capacity as _capacity
from marketplace.deals.views import deals as _deals
from marketplace.deals.views import exports as _exports
from marketplace.deals.views import goods as _goods
from marketplace.deals.views import meetings as _meetings
from marketplace.deals.views import notices as _notices
from marketplace.deals.views import orders as _orders
from marketplace.deals.views import papers as _papers
from marketplace.deals.views import plans as _plans
from marketplace.deals.views import pools as _pools
from marketplace.deals.views.blueprint import bp

PAGES = (_capacity, _deals, _exports, _goods, _meetings, _notices, _orders, _papers, _plans, _pools)

__all__ = ["PAGES", "bp"]
