"""Better and better: a few needs at a time are planned anew, exactly, while all else stays."""

import random
from collections.abc import Callable

import numpy as np

from marketplace.planning.supply.market import Ints, Market, Mask
from marketplace.planning.supply.mixed import best_of, part_of
from marketplace.planning.supply.rounds import group_rows

_SMALLEST, _LARGEST = 1_500, 4_000
_ONE_ANSWER = 1.5
# Of every need these best arcs are tried, given what capacity is worth; now and then all are.
_LIKELY, _ALL_EVERY = 3, 20


class Neighbours:
    """Who competes with whom: needs that share producers."""

    def __init__(self, market: Market) -> None:
        self.market = market
        needs = market.need // market.months
        open_ = market.most > 0
        makers = market.producer // market.months
        order = np.argsort(needs, kind="stable")
        order = order[open_[order]]
        self._makers = makers[order]
        self._starts = np.searchsorted(needs[order], np.arange(len(market.limit) + 1))
        self.size = np.diff(self._starts)
        members = np.argsort(market.group, kind="stable")
        self._members = members
        self._member_starts = np.searchsorted(
            market.group[members], np.arange(len(market.groups) + 1)
        )

    def makers(self, need: int) -> Ints:
        return self._makers[self._starts[need] : self._starts[need + 1]]

    def party(self, need: int) -> list[int]:
        """The need with all others of its group."""
        group = int(self.market.group[need])
        if group < 0:
            return [need]
        first, last = self._member_starts[group], self._member_starts[group + 1]
        found: list[int] = self._members[first:last].tolist()
        return found


def improve(
    market: Market,
    flow: Ints,
    prices: Ints,
    *,
    unit: int,
    keep: float,
    is_enough: Callable[[int], bool],
    left: Callable[[], float],
) -> Ints:
    """The best plan found until `left` is nothing, or its value `is_enough`.

    `prices` are those of producer rows, `unit` what a point of score is in them.
    """
    best = _best_arcs(market, prices, unit)
    dice = random.Random(1)
    near = Neighbours(market)
    arcs_of_maker = _served_by(market)
    value = worth(market, flow, keep)
    size, idle, tries = _SMALLEST, 0, 0
    seeds = _seeds(market, flow, _lost(market, flow, prices, unit), dice)
    while left() > 0.05 and not is_enough(market.value(flow)):
        if not seeds:
            if idle > len(market.limit):
                break
            seeds = _seeds(market, flow, _lost(market, flow, prices, unit), dice)
        needs = _around(near, arcs_of_maker, seeds.pop(), flow, size, dice)
        tries += 1
        likely = best | (flow > 0) if tries % _ALL_EVERY else None
        part = part_of(market, np.array(needs, np.int64), likely)
        begun = left()
        answer = best_of(market, part, flow, seconds=min(_ONE_ANSWER, left()), keep=keep, gap=2e-4)
        took = begun - left()
        idle += 1
        if answer is not None and len(part.arcs):
            changed = flow.copy()
            changed[part.arcs] = answer.volumes
            now = worth(market, changed, keep)
            if now > value and market.keeps_all(changed):
                flow, value, idle = changed, now, 0
        # As large as can be answered in good time.
        size = max(200, size * 3 // 4) if took > 0.5 else min(_LARGEST, size * 5 // 4)
        if len(part.needs) == len(market.limit) and took < _ONE_ANSWER and likely is None:
            break
    return flow


def _best_arcs(market: Market, prices: Ints, unit: int) -> Mask:
    """The arcs of each need on which a unit gains most above its price."""
    net = market.gain * unit - prices[market.producer]
    net = np.where(market.most > 0, net, np.iinfo(np.int64).min)
    order = np.lexsort((-net.astype(float), market.need))
    rows = market.need[order]
    place = np.arange(len(rows)) - np.searchsorted(rows, rows)
    found = np.zeros(len(rows), bool)
    found[order[place < _LIKELY]] = True
    return found


def worth(market: Market, flow: Ints, keep: float) -> float:
    """The value of a plan less what its changes cost, in weights."""
    value = market.value(flow)
    if not keep:
        return value
    return value - keep * market.scale * float(np.abs(flow - market.stay).sum())


def _served_by(market: Market) -> list[Ints]:
    """The arcs of each producer."""
    makers = market.producer // market.months
    order = np.argsort(makers, kind="stable")
    cuts = np.searchsorted(makers[order], np.arange(1, len(market.task.producers)))
    return np.split(order, cuts)


def _lost(market: Market, flow: Ints, prices: Ints, unit: int) -> Ints:
    """What each need row falls short of its best, by what capacity is worth.

    The gap to the bound is the sum of these and of capacity that lies idle: who serves a need has
    some of that too.
    """
    spare = np.maximum(0, market.capacity - market.sent(flow))
    net = market.gain * unit - prices[market.producer]
    best = np.zeros(len(market.volume), np.int64)
    np.maximum.at(best, market.need, np.where(market.most > 0, net, 0))
    lost = best * (market.volume - market.got(flow))
    used = np.flatnonzero(flow > 0)
    rows, makers = market.need[used], market.producer[used]
    np.add.at(lost, rows, (best[rows] - net[used]) * flow[used])
    np.maximum.at(lost, rows, lost[rows] + (prices * spare)[makers] // 2)
    by_need: Ints = lost.reshape(-1, market.months).sum(axis=1)
    return by_need


def _seeds(market: Market, flow: Ints, lost: Ints, dice: random.Random) -> list[int]:
    """Every need once; those that lose most come last, and are taken first, with some chance.

    Before all of them come groups that get nothing.
    """
    missing = market.volume - market.got(flow) > 0
    rows = np.flatnonzero(missing & (group_rows(market) >= 0)) // market.months
    waiting = {int(market.group[need]): int(need) for need in rows.tolist()}
    chance = [dice.random() for _ in range(len(market.limit))]
    seeds = sorted(range(len(market.limit)), key=lambda need: (lost[need] + 1) * chance[need])
    last = list(waiting.values())
    dice.shuffle(last)
    return [*seeds, *last]


def _around(
    near: Neighbours,
    arcs_of_maker: list[Ints],
    seed: int,
    flow: Ints,
    size: int,
    dice: random.Random,
) -> list[int]:
    """The needs that share producers with the seed, and so on, until there are `size` pairs."""
    months = near.market.months
    found: dict[int, None] = {}
    waiting = [seed]
    arcs = 0
    while waiting and arcs < size:
        need = waiting.pop(dice.randrange(min(len(waiting), 8)))
        if need in found:
            continue
        for one in near.party(need):
            if one in found:
                continue
            found[one] = None
            arcs += int(near.size[one])
            makers = list(dict.fromkeys(near.makers(one).tolist()))
            dice.shuffle(makers)
            for maker in makers[:6]:
                mine = arcs_of_maker[maker]
                served = near.market.need[mine[flow[mine] > 0]] // months
                waiting.extend(served.tolist())
    return list(found)
