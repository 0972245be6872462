"""One press, one supply plan: exact where it is a flow, else the best found with its gap."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.planning.supply.flow import (
    Flow,
    bound_of,
    bound_without_prices,
    route,
    worth_of,
)
from marketplace.planning.supply.groups import place_groups
from marketplace.planning.supply.improve import improve
from marketplace.planning.supply.market import Ints, Market, market_of
from marketplace.planning.supply.mixed import best_of, whole
from marketplace.planning.supply.near import near_flow
from marketplace.planning.supply.rounds import first_plan, kept_plan
from marketplace.planning.supply.task import Id, Lot, SupplyTask, Volumes
from marketplace.planning.supply.why import Missing, fill, missing_of

# A plan is near enough to the best one at this share; a re-plan may lose as much to stay near.
_NEAR = 1e-4
MAY_LOSE = 1e-3
# A change must gain this share of an average score, or a fifth of it, ...
_KEEP = (0.1, 0.02, 0.004)
_UNIT = 64
# How many times that a unit is worth at the places it has, in the first draft of a new plan.
_FAITHFUL = 5
# How many units at the best place a unit of a floor is worth.
_FLOOR_WORTH = 10
# Programs of so many arcs are handed over whole; the bound of larger ones takes too long.
_WHOLE, _LARGEST_BOUND = 2_500, 60_000
# Near to a current plan there is time for a bound and a second look only where arcs are few; and
# where a plan kept so far loses this share of the bound, one is made from the beginning.
_LARGEST_AGAIN, _LOSE_ALL = 8_000, 0.05


@dataclass(frozen=True, slots=True)
class Change:
    """A lot that differs from the current plan."""

    producer: Id
    need: Id
    before: Volumes
    after: Volumes


@dataclass(frozen=True, slots=True)
class Worth:
    """What one more unit of a producer's capacity in a month, counted from 0, would gain."""

    producer: Id
    month: int
    worth: float


@dataclass(frozen=True, slots=True)
class BelowFloor:
    """What a producer lacks in each month of what it should supply."""

    producer: Id
    volume: Volumes


@dataclass(frozen=True, slots=True)
class SupplyPlan:
    """`objective` is the sum of score x volume, `bound` what no plan can exceed.

    With floors, no plan that gives the producers at least as much of theirs. `missing` says of
    every need that does not get all of its volume why; `worth` is exact where the plan is a
    proven best flow, else (`worth_is_about`) that of a plan in which lots, limits and groups may
    be halves.
    """

    lots: tuple[Lot, ...]
    missing: tuple[Missing, ...]
    objective: int | float
    bound: int | float
    changed: tuple[Change, ...] = ()
    worth: tuple[Worth, ...] = ()
    below_floor: tuple[BelowFloor, ...] = ()
    worth_is_about: bool = False

    @property
    def gap(self) -> float:
        """How far below the bound, as a share of it."""
        if self.bound <= self.objective:
            return 0.0
        return float((self.bound - self.objective) / max(abs(self.bound), abs(self.objective)))

    @property
    def is_optimal(self) -> bool:
        return self.gap <= 1e-9


def plan_supply(
    task: SupplyTask, *, seconds: float = 10.0, clock: Callable[[], float] = perf_counter
) -> SupplyPlan:
    """The best plan found in the time; pinned lots are kept, forbidden pairs are not used.

    Floors come before scores: as far as it can be found, every producer gets its own.
    With a current plan as few of its lots as possible change: each unit that comes or goes must
    gain a tenth of an average score, or less where a plan that keeps so much would lose more than
    a thousandth of the best objective.
    """
    deadline = clock() + seconds
    market = market_of(task)

    def left() -> float:
        return deadline - clock()

    is_flow = _is_flow(market)
    if is_flow and task.current:
        keeps = [max(1, round(keep * _UNIT)) for keep in _keeps(market)]
        near, bound = near_flow(market, keeps, unit=_UNIT, may_lose=MAY_LOSE, left=left)
        if left() <= 0:  # cut short: nothing that gains is left lying
            near = fill(market, near)
        return _finished(market, near, bound, is_flow=True)
    relaxed = route(market, market.low, market.most, unit=_UNIT, left=left)
    if relaxed.is_best and not market.shift:
        bound = market.value(relaxed.volumes)
    else:
        bound = min(bound_without_prices(market), bound_of(market, relaxed))
    if is_flow or (_is_whole(market, relaxed.volumes) and not task.current):
        volumes = relaxed.volumes if relaxed.is_best else fill(market, relaxed.volumes)
        return _finished(market, volumes, bound, is_flow=is_flow)
    flow, bound, prices = _search(market, relaxed, bound, left)
    return _finished(market, flow, bound, is_flow=False, prices=prices)


def _is_whole(market: Market, flow: Ints) -> bool:
    return market.keeps_all(flow) and not market.below_floor(flow).any()


def _is_flow(market: Market) -> bool:
    """No lot, limit, group or floor that could matter."""
    open_ = market.most > 0
    if market.floor.any():
        return False
    if ((market.lot > 1) & open_).any() or len(market.groups):
        return False
    pairs = np.zeros(len(market.need_of_pair), bool)
    pairs[market.pair[open_]] = True
    choices = np.bincount(market.need_of_pair[pairs], minlength=len(market.limit))
    return bool((choices <= market.limit).all())


def _keeps(market: Market) -> list[float]:
    """What a unit that differs from the current plan costs, in shortened scores, dearest first."""
    staying = market.stay > 0
    scores = np.abs(market.gain[staying])
    mean = float(scores.mean()) if len(scores) else 0.0
    return [mean * share for share in _KEEP]


def _search(
    market: Market, relaxed: Flow, bound: int, left: Callable[[], float]
) -> tuple[Ints, int, Ints]:
    """A plan with lots, limits and groups, a bound, and a price of each producer row."""
    given = left()
    # In scores; the network counts in prices, the program in scores.
    keep = _keeps(market)[0] if market.task.current else 0.0
    in_scores = keep * 2.0**market.shift / market.scale
    arcs = int((market.most > 0).sum())
    prices = relaxed.prices
    flow = _kept(market, prices, bound, in_scores, left) if keep else None
    if flow is not None and arcs > _LARGEST_AGAIN and not market.floor.any():
        # Little time, a plan that is near: no other is looked for, and the bound stays the flow's.
        return flow, max(bound, market.value(flow)), prices
    if flow is None:
        flow = first_plan(
            market,
            unit=_UNIT,
            stay=keep * _FAITHFUL,
            left=lambda: left() - given * (0.35 if keep else 0.7),
        )
    # The flow's bound is nearly as low: a first plan is worth more of the time.
    if arcs <= _LARGEST_BOUND:
        answer = best_of(
            market, whole(market), market.low, seconds=left() * (0.2 if keep else 0.3), relaxed=True
        )
        if answer is not None:
            bound = _lowered(market, bound, answer.bound)
            in_prices = answer.prices * market.scale * _UNIT / 2.0**market.shift
            prices = np.rint(in_prices).astype(np.int64)
    if len(market.groups) and not keep:
        other = _groups_first(market, prices, lambda: left() - given * 0.2)
        if flow is None or (other is not None and market.value(other) > market.value(flow)):
            flow = other
    if flow is None:
        flow = _any_plan(market, left)
    flow = fill(market, flow)
    if market.floor.any():
        return *_with_floors(market, flow, bound, in_scores, left), prices
    if arcs <= _WHOLE:
        answer = best_of(market, whole(market), flow, seconds=left() * 0.6, keep=in_scores)
        if answer is not None:
            better = flow.copy()
            better[whole(market).arcs] = answer.volumes
            if market.keeps_all(better):
                flow = better
            if not keep:
                bound = _lowered(market, bound, answer.bound)
    enough = bound - _NEAR * abs(bound)
    flow = improve(
        market,
        flow,
        prices[: len(market.capacity)],
        unit=_UNIT,
        keep=in_scores,
        is_enough=lambda value: value >= (bound if keep or arcs <= _WHOLE else enough),
        left=lambda: left() - 0.03 * given,
    )
    return fill(market, flow), max(bound, market.value(flow)), prices


def _kept(
    market: Market, prices: Ints, bound: int, keep: float, left: Callable[[], float]
) -> Ints | None:
    """What can stay of the current plan, with what is then missing put right around it.

    None where so much would be lost that a plan from the beginning is better.
    """
    flow = kept_plan(market)
    if flow is None:
        return None
    given = left()
    large = int((market.most > 0).sum()) > _LARGEST_AGAIN
    flow = improve(
        market,
        fill(market, flow),
        prices[: len(market.capacity)],
        unit=_UNIT,
        keep=keep,
        is_enough=lambda value: value >= bound,
        left=lambda: left() - given * (0.05 if large else 0.7),
    )
    flow = fill(market, flow)
    return flow if bound - market.value(flow) <= _LOSE_ALL * abs(bound) else None


def _with_floors(
    market: Market, flow: Ints, bound: int, keep: float, left: Callable[[], float]
) -> tuple[Ints, int]:
    """A plan in which producers get their floors, as far as the time allows, and a bound.

    A unit missing of a floor costs as much as several units at the best place: floors come first,
    yet a whole group is not lost for one of them.
    """
    scores = np.abs(market.gain).max(initial=0) * 2.0**market.shift / market.scale
    worth_of_floor = float(scores * _FLOOR_WORTH)
    answer = best_of(
        market, whole(market), flow, seconds=left() * 0.9, keep=keep, floor_worth=worth_of_floor
    )
    if answer is not None:
        better = flow.copy()
        better[whole(market).arcs] = answer.volumes
        if market.keeps_all(better):
            flow = better
        if not keep:
            # Whoever lacks no more of the floors than this plan gains no more than this.
            lacking = int(market.below_floor(flow).sum())
            bound = _lowered(market, bound, answer.bound + worth_of_floor * lacking)
    flow = fill(market, flow)
    return flow, max(bound, market.value(flow))


def _groups_first(market: Market, prices: Ints, left: Callable[[], float]) -> Ints | None:
    """A plan in which groups are placed one after the other, then all the rest."""
    placed = place_groups(market, prices, _UNIT)
    if not market.keeps_all(placed):
        return None
    most = np.where(market.in_group(), placed, market.most)
    rest = replace(market, low=placed, most=most)
    return first_plan(rest, unit=_UNIT, left=left)


def _any_plan(market: Market, left: Callable[[], float]) -> Ints:
    """A plan that keeps the pinned lots, where none is easily found."""
    every = whole(market)
    answer = best_of(market, every, market.low, seconds=max(0.1, left() * 0.7), start=False)
    flow = market.low.copy()
    if answer is not None:
        flow[every.arcs] = answer.volumes
    if answer is None or not market.keeps_all(flow):
        raise InvalidInput(N_("No plan was found that keeps all pinned lots"))
    return flow


def _lowered(market: Market, bound: int, told: float) -> int:
    """The bound, or the one that the solver proved where that is lower; in weights.

    It is rounded to the safe side: whole weights make a whole sum, and what the solver rounds is
    far below a billionth. A solver that had no time to prove anything tells infinity.
    """
    if not np.isfinite(told):
        return bound
    exact = told * market.scale
    lost = (1 << market.shift) * int(market.volume.sum()) if market.shift else 0
    return min(bound, int(np.floor(exact + 1e-6 + abs(exact) * 1e-9)) + lost)


def _finished(
    market: Market, flow: Ints, bound: int, *, is_flow: bool, prices: Ints | None = None
) -> SupplyPlan:
    value = market.value(flow)
    bound = max(bound, value)
    is_exact = is_flow and bound == value
    if is_exact:
        gains = worth_of(market, flow)
    elif prices is None:
        gains = np.zeros(len(market.capacity), np.int64)
    else:
        spare = market.capacity - market.sent(flow)
        gains = np.where(spare > 0, 0, prices[: len(market.capacity)] // _UNIT)
    return SupplyPlan(
        lots=_lots(market, flow),
        missing=missing_of(market, flow),
        objective=_told(market, value),
        bound=_told(market, bound),
        changed=_changes(market, flow),
        worth=_worth(market, gains),
        worth_is_about=not is_exact,
        below_floor=_below_floor(market, flow),
    )


def _told(market: Market, value: int) -> int | float:
    return value if market.scale == 1 else value / market.scale


def _lots(market: Market, flow: Ints) -> tuple[Lot, ...]:
    months = market.months
    by_pair = flow.reshape(-1, months)
    used = np.flatnonzero(by_pair.any(axis=1))
    pairings = market.task.pairings
    return tuple(
        Lot(pairings[at].producer, pairings[at].need, tuple(volumes))
        for at, volumes in zip(used.tolist(), by_pair[used].tolist(), strict=True)
    )


def _below_floor(market: Market, flow: Ints) -> tuple[BelowFloor, ...]:
    lacking = market.below_floor(flow).reshape(-1, market.months)
    return tuple(
        BelowFloor(market.task.producers[at].id, tuple(lacking[at].tolist()))
        for at in np.flatnonzero(lacking.any(axis=1)).tolist()
    )


def _changes(market: Market, flow: Ints) -> tuple[Change, ...]:
    """Lots of the current plan that are others now, dropped ones and new ones too."""
    task, nothing = market.task, (0,) * market.months
    if not task.current:
        return ()
    after = {(lot.producer, lot.need): lot.volume or nothing for lot in _lots(market, flow)}
    before = {(lot.producer, lot.need): lot.volume for lot in task.current}
    found = []
    for pair in dict.fromkeys((*before, *after)):
        was, now = before.get(pair, nothing), after.get(pair, nothing)
        if was is None:  # a pair without a volume: it stays if anything flows
            was = now if any(now) else None
        if was != now:
            found.append(Change(*pair, was or nothing, now))
    return tuple(found)


def _worth(market: Market, gains: Ints) -> tuple[Worth, ...]:
    rows = np.flatnonzero(gains > 0)
    rows = rows[np.argsort(-gains[rows], kind="stable")]
    producers, factor = market.task.producers, market.scale
    return tuple(
        Worth(
            producers[row // market.months].id,
            row % market.months,
            int(gains[row]) if factor == 1 else int(gains[row]) / factor,
        )
        for row in rows.tolist()
    )
