"""A first plan with lots, limits and groups: flows, each with what broke a rule closed."""

from collections.abc import Callable

import numpy as np

from marketplace.planning.supply.flow import route
from marketplace.planning.supply.market import Ints, Market

# Of what breaks a rule this share is closed in one round; what flowed there finds another way.
_GENTLY = 0.3
_ROUNDS = 12


def first_plan(
    market: Market, *, unit: int = 2, stay: float = 0.0, left: Callable[[], float]
) -> Ints | None:
    """A plan that keeps every rule; None where pinned lots leave none that was found.

    Whole groups are wanted before anything else; those that cannot be met are given up, first
    those that lack most. Where something flows in the current plan a unit gains `stay` more, in
    shortened scores. `left` tells the seconds that remain.
    """
    most = market.most.copy()
    group = market.group[market.need // market.months]
    high = 8 * unit * (int(np.abs(market.gain).max(initial=0)) + int(stay) + 1)
    bonus = np.where(group >= 0, high, 0) + np.where(market.stay > 0, round(stay * unit), 0)
    before = left()
    flow = route(market, market.low, most, bonus=bonus, unit=unit, left=left).volumes
    took = max(1e-4, before - left())
    while left() > 2 * took:
        share = min(1.0, max(_GENTLY, _ROUNDS * took / left()))
        if not _close(market, flow, most, share):
            broken, lacking = _broken_groups(market, flow)
            if not len(broken):
                break
            worst = broken[np.argsort(-lacking, kind="stable")]
            worst = worst[: max(1, int(len(worst) * share))]
            gone = np.isin(group, worst)
            if (most[gone] == market.low[gone]).all():
                break  # what is pinned of a group is not enough for it
            most[gone] = market.low[gone]
        flow = route(market, market.low, most, bonus=bonus, unit=unit, left=left).volumes
    return _cut_down(market, flow)


def kept_plan(market: Market) -> Ints | None:
    """What can stay of the current plan."""
    most = np.maximum(market.low, np.minimum(market.most, market.stay))
    return _cut_down(market, route(market, market.low, most).volumes)


def _broken_groups(market: Market, flow: Ints) -> tuple[Ints, Ints]:
    """Groups that get some of what they need, and how much they lack."""
    rows = group_rows(market)
    lacking = np.zeros(len(market.groups) + 1, np.int64)
    np.add.at(lacking, rows, market.volume - market.got(flow))
    served = np.zeros(len(market.groups) + 1, bool)
    served[rows[market.need[flow > 0]]] = True
    broken = np.flatnonzero((lacking > 0) & served)
    broken = broken[broken < len(market.groups)]
    return broken, lacking[broken]


def _cut_down(market: Market, flow: Ints) -> Ints | None:
    """What of a flow keeps the rules by itself; all of it where nothing is broken."""
    open_ = np.where(flow > 0, market.most, 0)
    while _close(market, flow, open_, 1.0):
        flow = np.where(open_ > 0, np.maximum(flow, market.low), market.low)
        open_ = np.where(flow > 0, market.most, 0)
    broken, _ = _broken_groups(market, flow)
    gone = np.isin(market.group[market.need // market.months], broken)
    flow = np.where(gone, market.low, flow)
    return flow if market.keeps_all(flow) else None


def group_rows(market: Market) -> Ints:
    """The group of each need row, -1 for none."""
    return np.repeat(market.group, market.months)


def _close(market: Market, flow: Ints, most: Ints, share: float) -> bool:
    """Close some of the arcs that break a lot or a limit; False where nothing does."""
    small = np.flatnonzero((flow > 0) & (flow < market.lot))
    by_pair = market.by_pair(flow)
    kept = market.by_pair(market.low) > 0
    pairs = np.flatnonzero(by_pair > 0)
    over = market.suppliers(flow) > market.limit
    pairs = pairs[over[market.need_of_pair[pairs]]]
    if len(pairs):
        # The largest of each need stay, as many as it may have; pinned ones before all.
        to = market.need_of_pair[pairs]
        order = np.lexsort((-by_pair[pairs], ~kept[pairs], to))
        pairs, to = pairs[order], to[order]
        place = np.arange(len(pairs)) - np.searchsorted(to, to)
        pairs = pairs[place >= market.limit[to]]
        pairs = pairs[np.argsort(by_pair[pairs], kind="stable")]
        pairs = pairs[: max(4, int(len(pairs) * share))]
        shut = np.zeros(len(market.need_of_pair), bool)
        shut[pairs] = True
        most[shut[market.pair]] = 0
    if len(small):
        part = flow[small] / market.lot[small]
        order = np.argsort(part, kind="stable")[: max(4, int(len(small) * share))]
        most[small[order]] = market.low[small[order]]
    return bool(len(pairs) or len(small))
