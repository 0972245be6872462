"""The market as a flow: without lots, limits and groups this is the whole answer, exactly."""

from dataclasses import dataclass

import numpy as np

from marketplace.planning.kernels.transport import UNLIMITED, send, spread_worth
from marketplace.planning.supply.market import Ints, Market


@dataclass(frozen=True, slots=True)
class Flow:
    """What flows on each arc, and the price of a unit of each producer and need row.

    `unit` is what one point of score is in prices.
    """

    volumes: Ints
    prices: Ints
    unit: int


def route(
    market: Market,
    low: Ints,
    most: Ints,
    *,
    bonus: Ints | None = None,
    keep: int = 0,
    unit: int = 2,
) -> Flow:
    """The flow of the largest gain with `low` <= flow <= `most`; of equal ones, the larger.

    `bonus` is added to what a unit on an arc gains, in prices. Each unit by which an arc differs
    from the current plan costs `keep`.
    """
    gain = market.gain * unit + 1
    if bonus is not None:
        gain = gain + bonus
    room = most - low
    arcs = np.flatnonzero(room > 0)
    parts = [(arcs, gain[arcs] - keep, room[arcs])]
    if keep:
        # Up to what flows now a unit gains by staying; beyond that, by as much less.
        left = np.clip(market.stay - low, 0, room)
        staying = np.flatnonzero(left > 0)
        more = room[arcs] - left[arcs]
        parts = [
            (arcs[more > 0], gain[arcs[more > 0]] - keep, more[more > 0]),
            (staying, gain[staying] + keep, left[staying]),
        ]
    which = np.concatenate([part[0] for part in parts])
    producers = len(market.capacity)
    size = np.concatenate([market.capacity - market.sent(low), market.volume - market.got(low)])
    found, prices = np.zeros(len(which), np.int64), np.zeros(len(size) + 1, np.int64)
    limits = np.concatenate([part[2] for part in parts])
    limits = np.where(
        limits
        >= np.minimum(market.capacity[market.producer[which]], market.volume[market.need[which]]),
        UNLIMITED,
        limits,
    )
    if len(which):
        send(
            market.producer[which],
            market.need[which] + producers,
            np.concatenate([part[1] for part in parts]),
            limits,
            size,
            producers,
            found,
            prices,
        )
    volumes = low.copy()
    np.add.at(volumes, which, found)
    return Flow(volumes, prices[:-1], unit)


def bound_of(market: Market, flow: Flow) -> int:
    """What no plan can gain more than, given any prices: exact, whatever was shortened.

    Weak duality: a unit gains at most the price of its producer plus that of its need. Pinned
    lots are left out of the count, so the bound holds with and without them.
    """
    factor = flow.unit
    producers = len(market.capacity)
    price = [max(0, one) << market.shift for one in flow.prices[:producers].tolist()]
    best = [0] * len(market.volume)
    arcs = zip(market.producer.tolist(), market.need.tolist(), market.weight, strict=True)
    open_ = (market.most > 0).tolist()
    for (producer, need, weight), may in zip(arcs, open_, strict=True):
        if may:
            best[need] = max(best[need], weight * factor - price[producer])
    total: int = sum(p * c for p, c in zip(price, market.capacity.tolist(), strict=True))
    total += sum(b * v for b, v in zip(best, market.volume.tolist(), strict=True))
    return int(total // factor)


def worth_of(market: Market, volumes: Ints) -> Ints:
    """What one more unit of each producer row would gain, in shortened weights; exact for a flow.

    The best way to use it: to a need with room, or to one whose present lot moves on to another.
    """
    producers = len(market.capacity)
    spare = market.capacity - market.sent(volumes)
    arcs = np.flatnonzero(market.most > 0)
    tail, head, gain = market.producer[arcs], market.need[arcs], market.gain[arcs]
    used = volumes[arcs] > market.low[arcs]
    room = (volumes[arcs] < market.most[arcs]) | (market.capacity[tail] <= market.most[arcs])
    open_need = market.volume - market.got(volumes) > 0
    worth = np.zeros(producers, np.int64)
    at_need = np.where(open_need, 0, -(2**60))
    spread_worth(tail, head, gain, used, room, worth, at_need)
    return np.where(spare > 0, 0, worth)
