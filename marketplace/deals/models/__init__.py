"""Tables of deals: what was agreed, what capacity is promised, what was delivered and paid."""

from marketplace.deals.models.agreements import (
    Deal,
    DealItem,
    DealLine,
    DealStep,
    DealSupply,
    RampStep,
)
from marketplace.deals.models.capacity import CapacityMonth, DealPromise
from marketplace.deals.models.orders import (
    Notice,
    Order,
    OrderStep,
    OrderSupply,
    Payment,
    SalesReport,
)

__all__ = [
    "CapacityMonth",
    "Deal",
    "DealItem",
    "DealLine",
    "DealPromise",
    "DealStep",
    "DealSupply",
    "Notice",
    "Order",
    "OrderStep",
    "OrderSupply",
    "Payment",
    "RampStep",
    "SalesReport",
]
