"""The market as a flow: without lots, limits and groups this is the whole answer, exactly."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from marketplace.planning import kernels
from marketplace.planning.supply.market import Ints, Market
from marketplace.planning.supply.network import Network


@dataclass(frozen=True, slots=True)
class Flow:
    """What flows on each arc, and the price of a unit of each producer and need row.

    `unit` is what one point of score is in prices. `is_best` is False where time was over before.
    """

    volumes: Ints
    prices: Ints
    unit: int
    is_best: bool = True


def route(
    market: Market,
    low: Ints,
    most: Ints,
    *,
    bonus: Ints | None = None,
    unit: int = 2,
    left: Callable[[], float] | None = None,
) -> Flow:
    """The flow of the largest gain with `low` <= flow <= `most`; of equal ones, the larger.

    `bonus` is added to what a unit on an arc gains, in prices. Where `left` is over, the flow
    reached till then.
    """
    gain = market.gain * unit + 1
    if bonus is not None:
        gain = gain + bonus
    which = np.flatnonzero(most > low)
    network = network_of(market, low, which, unlimited(market, which, (most - low)[which]))
    network.begin()
    is_best = network.solve(gain[which], left)
    volumes = low.copy()
    volumes[which] += network.flow
    return Flow(volumes, network.prices, unit, is_best)


def unlimited(market: Market, arcs: Ints, room: Ints) -> Ints:
    """The room of arcs, without the limits that their ends set as well."""
    ends = np.minimum(market.capacity[market.producer[arcs]], market.volume[market.need[arcs]])
    return np.where(room >= ends, kernels.transport.UNLIMITED, room)


def network_of(market: Market, low: Ints, arcs: Ints, most: Ints) -> Network:
    """These arcs, with what is free beside the flow `low`."""
    producers = len(market.capacity)
    size = np.concatenate([market.capacity - market.sent(low), market.volume - market.got(low)])
    tail, head = market.producer[arcs], market.need[arcs] + producers
    return Network(tail, head, most, size, producers)


def bound_of(market: Market, flow: Flow) -> int:
    """What no plan can gain more than, given any prices: exact, whatever was shortened.

    Weak duality: a unit gains at most the price of its producer plus that of its need. Pinned
    lots are left out of the count, so the bound holds with and without them.
    """
    factor = flow.unit
    producers = len(market.capacity)
    shortened = np.maximum(0, flow.prices[:producers])
    arcs = np.flatnonzero(market.most > 0)
    units = int(market.capacity.sum()) + int(market.volume.sum())
    largest = int(shortened.max(initial=0)) + int(np.abs(market.gain).max(initial=0)) * factor
    if not market.shift and largest * units < 2**62:
        net = market.gain[arcs] * factor - shortened[market.producer[arcs]]
        most = np.zeros(len(market.volume), np.int64)
        np.maximum.at(most, market.need[arcs], net)
        return int(shortened @ market.capacity + most @ market.volume) // factor
    price = [one << market.shift for one in shortened.tolist()]
    best = [0] * len(market.volume)
    ends = zip(market.producer[arcs].tolist(), market.need[arcs].tolist(), strict=True)
    for (producer, need), arc in zip(ends, arcs.tolist(), strict=True):
        best[need] = max(best[need], market.weight[arc] * factor - price[producer])
    total: int = sum(p * c for p, c in zip(price, market.capacity.tolist(), strict=True))
    total += sum(b * v for b, v in zip(best, market.volume.tolist(), strict=True))
    return int(total // factor)


def bound_without_prices(market: Market) -> int:
    """What no plan can gain more than: each need at its best pairing."""
    best = [0] * len(market.volume)
    arcs = np.flatnonzero(market.most > 0)
    for need, arc in zip(market.need[arcs].tolist(), arcs.tolist(), strict=True):
        best[need] = max(best[need], market.weight[arc])
    return sum(b * v for b, v in zip(best, market.volume.tolist(), strict=True))


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
    kernels.transport.spread_worth(tail, head, gain, used, room, worth, at_need)
    return np.where(spare > 0, 0, worth)
