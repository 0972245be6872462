"""Who supplies whom how much: the supply plan, within every capacity, lot, group and limit."""

from marketplace.planning.supply.check import broken_rules
from marketplace.planning.supply.plan import BelowFloor, Change, SupplyPlan, Worth, plan_supply
from marketplace.planning.supply.task import Lot, Need, Pairing, Producer, SupplyTask
from marketplace.planning.supply.why import Missing

__all__ = [
    "BelowFloor",
    "Change",
    "Lot",
    "Missing",
    "Need",
    "Pairing",
    "Producer",
    "SupplyPlan",
    "SupplyTask",
    "Worth",
    "broken_rules",
    "plan_supply",
]
