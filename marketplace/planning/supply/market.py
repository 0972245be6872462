"""The task as arrays: an arc for each pair and month, with what may flow on it."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.planning.supply.task import Id, SupplyTask, Volumes

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
LARGEST = 2**60
NO_LIMIT = 2**31
# The gains handed to the network: potentials are sums of many of them.
_GAIN_BITS = 32


@dataclass(frozen=True)
class Market:
    """Row `producer * months + month` is a producer in a month, and so for needs.

    `low` and `most` are what may flow on an arc if it is used; `fixed` arcs are pinned. `weight`
    is the score as a whole number, `scale` times as large; `gain` is the same, shortened where it
    is long. `stay` is what flows in the current plan, `reach` the most a need row could get,
    `floor` what a producer row should give.
    """

    task: SupplyTask
    producer: Ints
    need: Ints
    pair: Ints
    need_of_pair: Ints
    capacity: Ints
    volume: Ints
    lot: Ints
    low: Ints
    most: Ints
    fixed: Mask
    weight: list[int]
    scale: int
    gain: Ints
    shift: int
    limit: Ints
    group: Ints
    groups: tuple[Id, ...]
    stay: Ints
    reach: Ints
    floor: Ints

    @property
    def months(self) -> int:
        return self.task.months

    def value(self, flow: Ints) -> int:
        """Sum of weight x volume, exactly."""
        used = np.flatnonzero(flow)
        return sum(self.weight[a] * v for a, v in zip(used.tolist(), flow[used].tolist()))  # noqa: B905

    def sent(self, flow: Ints) -> Ints:
        return _summed(self.producer, flow, len(self.capacity))

    def below_floor(self, flow: Ints) -> Ints:
        """What each producer row lacks of what it should give."""
        lacking: Ints = np.maximum(0, self.floor - self.sent(flow))
        return lacking

    def got(self, flow: Ints) -> Ints:
        return _summed(self.need, flow, len(self.volume))

    def by_pair(self, flow: Ints) -> Ints:
        return _summed(self.pair, flow, len(self.need_of_pair))

    def suppliers(self, flow: Ints) -> Ints:
        used = self.by_pair(flow) > 0
        return _summed(self.need_of_pair, used.astype(np.int64), len(self.limit))

    def in_group(self) -> Mask:
        """Which arcs lead to a need of a group."""
        return self.group[self.need // self.months] >= 0

    def keeps_all(self, flow: Ints) -> bool:
        """Whether no capacity, volume, lot, group or supplier limit is broken."""
        got = self.got(flow)
        whole = got == self.volume
        some = got > 0
        needs = np.arange(len(self.volume)) // self.months
        grouped = self.group[needs]
        partly = np.zeros(len(self.groups) + 1, bool)
        served = np.zeros(len(self.groups) + 1, bool)
        partly[grouped[~whole]] = True
        served[grouped[some]] = True
        partly[-1] = False
        used = flow > 0
        return bool(
            (flow >= self.low).all()
            and (flow[self.fixed] == self.most[self.fixed]).all()
            and (flow <= self.most).all()
            and (flow[used] >= self.lot[used]).all()
            and (self.sent(flow) <= self.capacity).all()
            and (got <= self.volume).all()
            and (self.suppliers(flow) <= self.limit).all()
            and not (partly & served).any()
        )


def _summed(where: Ints, what: Ints, size: int) -> Ints:
    """Sums in whole numbers: bincount would go through floats."""
    found = np.zeros(size, np.int64)
    np.add.at(found, where, what)
    return found


def market_of(task: SupplyTask) -> Market:
    """Arrays of a task; InvalidInput where pinned lots cannot be kept."""
    months = task.months
    of = np.array([task.producer_at[one.producer] for one in task.pairings], np.int64)
    to = np.array([task.need_at[one.need] for one in task.pairings], np.int64)
    month = np.tile(np.arange(months), len(of))
    pair = np.repeat(np.arange(len(of)), months)
    producer = np.repeat(of, months) * months + month
    need = np.repeat(to, months) * months + month
    group, groups = _groups(task)
    capacity, volume = _clipped(task, producer, need, group)
    lot = np.repeat(
        np.array([min(one.min_lot, LARGEST) for one in task.pairings], np.int64), months
    )
    most = np.minimum(capacity[producer], volume[need]) if len(producer) else np.zeros(0, np.int64)
    barred = {task.pair_at[one] for one in task.forbidden if one in task.pair_at}
    closed = np.isin(pair, list(barred)) if barred else np.zeros(len(pair), bool)
    limit = np.array(
        [
            NO_LIMIT if n.max_suppliers is None else min(n.max_suppliers, NO_LIMIT)
            for n in task.needs
        ],
        np.int64,
    )
    closed |= (most < lot) | (limit[need // months] == 0 if len(need) else False)
    most = np.where(closed, 0, most)
    weight, scale = _weights(task)
    shift = max(0, max((abs(one) for one in weight), default=0).bit_length() - _GAIN_BITS)
    low = np.zeros(len(pair), np.int64)
    fixed = np.zeros(len(pair), bool)
    stay = np.zeros(len(pair), np.int64)
    for one in task.current:
        at = task.pair_at.get((one.producer, one.need))
        if at is not None and one.volume is not None:
            stay[at * months : (at + 1) * months] = [min(v, LARGEST) for v in one.volume]
    market = Market(
        task=task,
        producer=producer,
        need=need,
        pair=pair,
        need_of_pair=to,
        capacity=capacity,
        volume=volume,
        lot=lot,
        low=low,
        most=most,
        fixed=fixed,
        weight=[one for one in weight for _ in range(months)],
        scale=scale,
        gain=np.repeat(np.array([one >> shift for one in weight], np.int64), months),
        shift=shift,
        limit=limit,
        group=group,
        groups=groups,
        stay=stay,
        reach=np.zeros(len(volume), np.int64),
        floor=np.minimum(
            np.repeat([min(p.floor, LARGEST) for p in task.producers], months), capacity
        )
        if task.producers
        else np.zeros(0, np.int64),
    )
    _pin(market)
    _tighten(market)
    return market


def _groups(task: SupplyTask) -> tuple[Ints, tuple[Id, ...]]:
    known: dict[Id, int] = {}
    at = [
        -1 if one.group is None else known.setdefault(one.group, len(known)) for one in task.needs
    ]
    return np.array(at, np.int64), tuple(known)


def _clipped(task: SupplyTask, producer: Ints, need: Ints, group: Ints) -> tuple[Ints, Ints]:
    """Capacities and volumes, no larger than what the other sides can take or give.

    "As much as you like" is often written as a number beyond all bounds; what is cut can never be
    used. A need of a group keeps its volume: it is met in full or not at all.
    """
    capacity = [volume for one in task.producers for volume in one.capacity]
    volume = [volume for one in task.needs for volume in one.volume]
    if max((*capacity, *volume), default=0) > LARGEST // max(1, len(producer)):
        wanted: Counter[int] = Counter()
        for row, other in zip(producer.tolist(), need.tolist(), strict=True):
            wanted[row] += volume[other]
        capacity = [min(size, wanted[row]) for row, size in enumerate(capacity)]
        given: Counter[int] = Counter()
        for row, other in zip(producer.tolist(), need.tolist(), strict=True):
            given[other] += capacity[row]
        # One more than there is: the group of such a need can never be met, and is seen not to be.
        volume = [min(size, given[row] + 1) for row, size in enumerate(volume)]
        most = LARGEST // max(1, len(producer))
        if max((*capacity, *volume), default=0) > most:
            raise InvalidInput(
                N_("A capacity and a volume are both larger than %(most)s"), most=most
            )
    return np.array(capacity, np.int64), np.array(volume, np.int64)


def _weights(task: SupplyTask) -> tuple[list[int], int]:
    """Scores as whole numbers, and how many times as large they are."""
    scores = [one.score for one in task.pairings]
    if all(isinstance(one, int) for one in scores):
        return [int(one) for one in scores], 1
    exact = [Fraction(repr(one)) if isinstance(one, float) else Fraction(one) for one in scores]
    scale = max(one.denominator for one in exact)
    for one in exact:
        if scale % one.denominator:
            scale *= one.denominator
    return [int(one * scale) for one in exact], scale


def _pin(market: Market) -> None:
    """Write pinned lots into the bounds; refuse in words what cannot be kept."""
    task, months = market.task, market.months
    known = {(one.producer, one.need): one.volume for one in task.current}
    for lot in task.pinned:
        names: dict[str, Any] = {"producer": lot.producer, "need": lot.need}
        at = task.pair_at[lot.producer, lot.need] * months
        volumes: Volumes | None = lot.volume or known.get((lot.producer, lot.need))
        if volumes is None:
            least = max(1, task.pairings[at // months].min_lot)
            fits = [a for a in range(at, at + months) if market.most[a] >= least]
            if not fits:
                raise InvalidInput(
                    N_("The pinned lot of %(producer)s for %(need)s does not fit"), **names
                )
            market.low[fits[0]] = least
            continue
        for arc, volume in zip(range(at, at + months), volumes, strict=True):
            if volume > market.most[arc] or 0 < volume < market.lot[arc]:
                raise InvalidInput(
                    N_("The pinned lot of %(producer)s for %(need)s does not fit"), **names
                )
            market.low[arc] = market.most[arc] = volume
            market.fixed[arc] = True
    if not task.pinned:
        return
    for row in np.flatnonzero(market.sent(market.low) > market.capacity).tolist():
        name = task.producers[row // months].id
        raise InvalidInput(N_("The pinned lots of %(name)s are more than its capacity"), name=name)
    for row in np.flatnonzero(market.got(market.low) > market.volume).tolist():
        name = task.needs[row // months].id
        raise InvalidInput(N_("The pinned lots for %(name)s are more than its volume"), name=name)
    for row in np.flatnonzero(market.suppliers(market.low) > market.limit).tolist():
        name = task.needs[row].id
        raise InvalidInput(N_("%(name)s has more pinned lots than suppliers allowed"), name=name)


def _tighten(market: Market) -> None:
    """Write into the bounds what follows from "in full or not at all" with so many suppliers.

    Each supplier must carry at least what the largest others leave over; who cannot is none.
    """
    order = np.argsort(market.need, kind="stable")
    starts = np.searchsorted(market.need[order], np.arange(len(market.volume) + 1))
    lost: set[int] = set()
    for row in np.flatnonzero(np.repeat(market.group, market.months) >= 0).tolist():
        arcs = order[starts[row] : starts[row + 1]]
        volume, limit = int(market.volume[row]), int(market.limit[row // market.months])
        sizes = market.most[arcs].tolist()
        largest = sorted(sizes, reverse=True)
        market.reach[row] = min(volume, sum(largest[:limit]))
        if market.reach[row] < volume:
            lost.add(int(market.group[row // market.months]))
        if limit >= len(arcs):
            continue
        for arc, size in zip(arcs.tolist(), sizes, strict=True):
            others = sum(largest[: limit - 1])
            if size > largest[limit - 1]:  # it is one of them itself
                others += largest[limit - 1] - size
            least = volume - others
            if market.low[arc] or not size:
                continue
            if size < least:
                market.most[arc] = 0
            else:
                market.lot[arc] = max(int(market.lot[arc]), least)
    if lost:
        gone = np.isin(market.group[market.need // market.months], list(lost))
        np.copyto(market.most, market.low, where=gone)
