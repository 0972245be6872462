"""What a plan promises, looked over from the task alone: in tests, and before a plan is kept."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from marketplace.planning.supply.task import Id, Lot, SupplyTask


def broken_rules(task: SupplyTask, lots: Sequence[Lot]) -> list[str]:
    """One line for every rule these lots break; nothing for a plan that holds.

    Plain sums over plain numbers, written without the arrays the planner works with.
    """
    broken: list[str] = []
    pairings = {(one.producer, one.need): one for one in task.pairings}
    sent: Counter[tuple[Id, int]] = Counter()
    got: Counter[tuple[Id, int]] = Counter()
    suppliers: defaultdict[Id, set[Id]] = defaultdict(set)
    flows: dict[tuple[Id, Id], tuple[int, ...]] = {}
    for lot in lots:
        pair = lot.producer, lot.need
        volumes = lot.volume or ()
        if pair not in pairings:
            broken.append(f"{pair} is no pairing")
            continue
        if pair in flows:
            broken.append(f"{pair} is listed twice")
        flows[pair] = volumes
        if len(volumes) != task.months or any(type(one) is not int for one in volumes):
            broken.append(f"{pair} has not one whole number for each month")
        if any(volumes):
            suppliers[lot.need].add(lot.producer)
        for month, volume in enumerate(volumes):
            sent[lot.producer, month] += volume
            got[lot.need, month] += volume
            if volume < 0 or 0 < volume < pairings[pair].min_lot:
                broken.append(f"{pair} has a lot of {volume}")
    for producer in task.producers:
        for month, capacity in enumerate(producer.capacity):
            if sent[producer.id, month] > capacity:
                broken.append(f"{producer.id} sends more than it can in month {month}")
    for need in task.needs:
        if any(got[need.id, month] > volume for month, volume in enumerate(need.volume)):
            broken.append(f"{need.id} gets more than it needs")
        if need.max_suppliers is not None and len(suppliers[need.id]) > need.max_suppliers:
            broken.append(f"{need.id} has too many suppliers")
    broken += _broken_groups(task, got)
    broken += _broken_wishes(task, flows)
    return broken


def _broken_groups(task: SupplyTask, got: Counter[tuple[Id, int]]) -> list[str]:
    served: set[Id] = set()
    partly: set[Id] = set()
    for need in task.needs:
        if need.group is None:
            continue
        for month, volume in enumerate(need.volume):
            if got[need.id, month]:
                served.add(need.group)
            if got[need.id, month] < volume:
                partly.add(need.group)
    return [f"group {group} is met in part" for group in served & partly]


def _broken_wishes(task: SupplyTask, flows: dict[tuple[Id, Id], tuple[int, ...]]) -> list[str]:
    """Pinned and forbidden pairs."""
    broken = []
    nothing = (0,) * task.months
    known = {(one.producer, one.need): one.volume for one in task.current}
    for lot in task.pinned:
        pair = lot.producer, lot.need
        wanted = lot.volume or known.get(pair)
        now = flows.get(pair, nothing)
        if now != wanted if wanted is not None else not any(now):
            broken.append(f"{pair} is pinned and not kept")
    broken += [f"{pair} is forbidden" for pair in task.forbidden if any(flows.get(pair, nothing))]
    return broken
