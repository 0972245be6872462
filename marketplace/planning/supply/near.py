"""A flow made anew: near to the current plan, and nearly as good as the best one."""

from collections.abc import Callable, Sequence

import numpy as np

from marketplace.planning.supply.flow import (
    Flow,
    bound_of,
    bound_without_prices,
    network_of,
    unlimited,
)
from marketplace.planning.supply.market import Ints, Market, Mask
from marketplace.planning.supply.network import Network


def near_flow(
    market: Market,
    keeps: Sequence[int],
    *,
    unit: int,
    may_lose: float,
    left: Callable[[], float],
) -> tuple[Ints, int]:
    """A flow that loses at most the share `may_lose` of the best one, and a bound.

    Each unit that differs from the current plan costs the first of `keeps`, in prices, with which
    so little is lost. It begins with what can stay of the current plan; where `left` is over it
    is what was reached till then.
    """
    anew = _Anew(market, unit)
    near = anew.flow(keeps[0], left)
    bound = min(bound_without_prices(market), bound_of(market, near))
    if not near.is_best:
        return near.volumes, bound
    kept = anew.network.kept()
    fresh = anew.flow(0, left)
    if fresh.is_best and not market.shift:
        bound = market.value(fresh.volumes)
    else:
        bound = min(bound, bound_of(market, fresh))

    def is_good(flow: Flow) -> bool:
        return bound - market.value(flow.volumes) <= may_lose * abs(bound)

    if is_good(near) or not fresh.is_best:
        return near.volumes, bound
    best = max(near, fresh, key=lambda one: market.value(one.volumes))
    anew.network.back(kept)
    for keep in keeps[1:]:
        near = anew.flow(keep, left)
        if is_good(near):
            return near.volumes, bound
    return best.volumes, bound


class _Anew:
    """The market with two arcs for a current lot: what may stay, and what may come on top."""

    def __init__(self, market: Market, unit: int) -> None:
        self.market, self.unit = market, unit
        room = market.most - market.low
        stays = np.clip(market.stay - market.low, 0, room)
        staying, coming = np.flatnonzero(stays > 0), np.flatnonzero(room > stays)
        self.arcs = np.concatenate([coming, staying])
        more = unlimited(market, coming, (room - stays)[coming])
        self.network = network_of(
            market, market.low, self.arcs, np.concatenate([more, stays[staying]])
        )
        self.stays = np.arange(len(self.arcs)) >= len(coming)
        place_of = np.full(len(room), -1, np.int64)
        place_of[coming] = np.arange(len(coming))
        twin = np.where(self.stays, place_of[self.arcs], -1)
        self.network.begin(_fitting(self.network, self.stays, market.gain[self.arcs]), twin)

    def flow(self, keep: int, left: Callable[[], float]) -> Flow:
        """Go on to the best flow where a unit that differs costs `keep`."""
        gain = self.market.gain[self.arcs] * self.unit + 1 + np.where(self.stays, keep, -keep)
        is_best = self.network.solve(gain, left)
        volumes = self.market.low.copy()
        np.add.at(volumes, self.arcs, self.network.flow)
        return Flow(volumes, self.network.prices, self.unit, is_best)


def _fitting(network: Network, stays: Mask, gain: Ints) -> Mask:
    """The lots of the current plan that fit together, the best first."""
    arcs = np.flatnonzero(stays)
    for ends in (network.tail, network.head):
        arcs = arcs[np.lexsort((-gain[arcs], ends[arcs]))]
        sums = np.cumsum(network.most[arcs])
        starts = np.searchsorted(ends[arcs], ends[arcs])
        before = np.concatenate([[0], sums])[starts]
        arcs = arcs[sums - before <= network.size[ends[arcs]]]
    found = np.zeros(len(stays), bool)
    found[arcs] = True
    return found
