"""Reads of deals, of the ledger of promises and of orders."""

from marketplace.deals.queries.capacity import (
    capacities_of,
    list_months,
    list_promises,
    lock_products,
    promises_of_deal,
    promises_of_product,
)
from marketplace.deals.queries.deals import (
    DealFilter,
    count_by_state,
    find_of_introduction,
    get_deal,
    last_order_number,
    list_steps,
    lock_deal,
    page_of_deals,
)
from marketplace.deals.queries.orders import (
    get_notice,
    get_order,
    list_notices,
    list_orders,
    list_reports,
    lock_order,
    ordered_of_lines,
    page_of_unpaid,
    sums_by_age,
)

__all__ = [
    "DealFilter",
    "capacities_of",
    "count_by_state",
    "find_of_introduction",
    "get_deal",
    "get_notice",
    "get_order",
    "last_order_number",
    "list_months",
    "list_notices",
    "list_orders",
    "list_promises",
    "list_reports",
    "list_steps",
    "lock_deal",
    "lock_order",
    "lock_products",
    "ordered_of_lines",
    "page_of_deals",
    "page_of_unpaid",
    "promises_of_deal",
    "promises_of_product",
    "sums_by_age",
]
