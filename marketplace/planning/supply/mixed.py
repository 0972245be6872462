"""The market as a mixed program: lots, limits and groups as whole choices, in its tightest form."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketplace.planning.program import Numbers, Program, solve
from marketplace.planning.supply.market import NO_LIMIT, Ints, Market, Mask


@dataclass(frozen=True, slots=True)
class Part:
    """The needs that are open to change: everything that flows to others stays as it is."""

    arcs: Ints
    needs: Ints


def whole(market: Market) -> Part:
    return part_of(market, np.arange(len(market.limit)))


def part_of(market: Market, needs: Ints, likely: Mask | None = None) -> Part:
    """These needs, with the arcs that may lead to them; only the `likely` of them if told."""
    chosen = np.zeros(len(market.limit), bool)
    chosen[needs] = True
    arcs = np.flatnonzero(chosen[market.need // market.months] & (market.most > 0))
    if likely is not None:
        arcs = arcs[likely[arcs]]
    return Part(arcs, np.flatnonzero(chosen))


@dataclass(frozen=True, slots=True)
class Answer:
    """Volumes of the arcs of a part, and what no volumes there can gain more than.

    `prices` of a unit of each producer row, in scores, only of a relaxed program.
    """

    volumes: Ints
    bound: float
    prices: Numbers


class _Rows:
    """Rows of a program, as they come."""

    def __init__(self) -> None:
        self.count = 0
        self.parts: list[tuple[Ints, Ints, Numbers]] = []
        self.bounds: list[tuple[Numbers, Numbers]] = []

    def add(
        self, rows: Ints, columns: Ints, values: Numbers, least: Numbers, most: Numbers
    ) -> None:
        self.parts.append((rows + self.count, columns, values))
        self.bounds.append((least, most))
        self.count += len(most)


def _numbered(keys: Ints) -> tuple[Ints, Ints]:
    """The different keys, and the place of each key among them."""
    names, places = np.unique(keys, return_inverse=True)
    return names, places.astype(np.int64)


def best_of(
    market: Market,
    part: Part,
    flow: Ints,
    *,
    seconds: float,
    keep: float = 0.0,
    relaxed: bool = False,
    gap: float = 0.0,
    start: bool = True,
    floor_worth: float = 0.0,
) -> Answer | None:
    """The best volumes of a part while all else flows as in `flow`; None where none was found.

    `relaxed` lets choices be halves: then only the bound is of use. `keep` is what a unit that
    differs from the current plan costs, `floor_worth` a unit that a producer lacks of its floor,
    both in scores; the bound counts them too.
    """
    arcs = part.arcs
    count = len(arcs)
    if not count:
        return Answer(np.zeros(0, np.int64), 0.0, np.zeros(len(market.capacity)))
    outside = flow.copy()
    outside[arcs] = 0
    rows, pairs = market.need[arcs], market.pair[arcs]
    left = market.capacity - market.sent(outside)
    most = np.minimum(market.most[arcs], left[market.producer[arcs]])
    lot, low = market.lot[arcs], market.low[arcs]
    names, pair = _numbered(pairs)
    to = market.need_of_pair[names]
    choices = np.zeros(len(market.limit), np.int64)
    np.add.at(choices, to, 1)
    limited = market.limit < np.minimum(choices, NO_LIMIT)
    by_month = (lot > 1) & (low == 0)
    by_pair = limited[to]
    # One choice for each arc with a lot, one for each pair that counts; the same in one month.
    if market.months == 1:
        chosen = by_month | by_pair[pair]
        arc_choice = np.where(chosen, count + np.cumsum(chosen) - 1, -1)
        pair_choice = np.full(len(names), -1, np.int64)
        pair_choice[pair] = arc_choice
        extra = int(chosen.sum())
    else:
        arc_choice = np.where(by_month, count + np.cumsum(by_month) - 1, -1)
        first = count + int(by_month.sum())
        pair_choice = np.where(by_pair, first + np.cumsum(by_pair) - 1, -1)
        extra = int(by_month.sum() + by_pair.sum())
    groups, group = _numbered(market.group[part.needs])
    group_choice = np.where(groups >= 0, count + extra + np.cumsum(groups >= 0) - 1, -1)
    choice_of_need = np.full(len(market.limit), -1, np.int64)
    choice_of_need[part.needs] = group_choice[group]
    extra += int((groups >= 0).sum())
    stays = np.flatnonzero((market.stay[arcs] > 0) & (keep > 0))
    lacking = market.below_floor(outside)
    floored = np.flatnonzero((lacking > 0) & (floor_worth > 0))
    first_lack = count + extra + len(stays)
    total = first_lack + len(floored)

    table = _Rows()
    every = np.arange(count)
    ones = np.ones(count)
    producers, producer = _numbered(market.producer[arcs])
    table.add(producer, every, ones, _none(len(producers)), left[producers].astype(float))
    # A need gets at most its volume; one of a group all of it or nothing.
    need_rows = (part.needs[:, None] * market.months + np.arange(market.months)).ravel()
    place = np.full(len(market.volume), -1, np.int64)
    place[need_rows] = np.arange(len(need_rows))
    choice = np.repeat(choice_of_need[part.needs], market.months)
    grouped = np.flatnonzero(choice >= 0)
    volume = market.volume[need_rows].astype(float)
    table.add(
        np.concatenate([place[rows], grouped]),
        np.concatenate([every, choice[grouped]]),
        np.concatenate([ones, -volume[grouped]]),
        np.where(choice >= 0, 0.0, -np.inf),
        np.where(choice >= 0, 0.0, volume),
    )
    for picks in (arc_choice, pair_choice[pair]) if market.months > 1 else (arc_choice,):
        used = np.flatnonzero(picks >= 0)
        twice = np.concatenate([np.arange(len(used))] * 2)
        columns = np.concatenate([used, picks[used]])
        values = np.concatenate([np.ones(len(used)), -most[used].astype(float)])
        table.add(twice, columns, values, _none(len(used)), np.zeros(len(used)))
    used = np.flatnonzero(by_month)
    table.add(
        np.concatenate([np.arange(len(used))] * 2),
        np.concatenate([used, arc_choice[used]]),
        np.concatenate([np.ones(len(used)), -lot[used].astype(float)]),
        np.zeros(len(used)),
        np.full(len(used), np.inf),
    )
    counted = np.flatnonzero(by_pair)
    limits, limit = _numbered(to[counted])
    # A need of a group has suppliers only if the group is met: so halves of it have few.
    met = choice_of_need[limits]
    tied = np.flatnonzero(met >= 0)
    most_suppliers = market.limit[limits].astype(float)
    table.add(
        np.concatenate([limit, tied]),
        np.concatenate([pair_choice[counted], met[tied]]),
        np.concatenate([np.ones(len(counted)), -most_suppliers[tied]]),
        _none(len(limits)),
        np.where(met >= 0, 0.0, most_suppliers),
    )
    table.add(
        np.concatenate([np.arange(len(stays))] * 2),
        np.concatenate([count + extra + np.arange(len(stays)), stays]),
        np.concatenate([np.ones(len(stays)), -np.ones(len(stays))]),
        _none(len(stays)),
        np.zeros(len(stays)),
    )
    if len(floored):
        row_of = np.full(len(market.capacity), -1, np.int64)
        row_of[floored] = np.arange(len(floored))
        given_by = np.flatnonzero(row_of[market.producer[arcs]] >= 0)
        table.add(
            np.concatenate([row_of[market.producer[arcs[given_by]]], np.arange(len(floored))]),
            np.concatenate([given_by, first_lack + np.arange(len(floored))]),
            np.ones(len(given_by) + len(floored)),
            lacking[floored].astype(float),
            np.full(len(floored), np.inf),
        )
    factor = 2.0**market.shift / market.scale
    score = market.gain[arcs] * factor
    integer = np.zeros(total, bool)
    integer[count : count + extra] = not relaxed
    program = Program(
        gains=np.concatenate(
            [
                score - keep,
                np.zeros(extra),
                np.full(len(stays), 2.0 * keep),
                np.full(len(floored), -floor_worth),
            ]
        ),
        lower=np.concatenate([low.astype(float), np.zeros(total - count)]),
        upper=np.concatenate(
            [
                most.astype(float),
                np.ones(extra),
                market.stay[arcs][stays].astype(float),
                lacking[floored].astype(float),
            ]
        ),
        rows=np.concatenate([one[0] for one in table.parts]),
        columns=np.concatenate([one[1] for one in table.parts]),
        values=np.concatenate([one[2] for one in table.parts]),
        least=np.concatenate([one[0] for one in table.bounds]),
        most=np.concatenate([one[1] for one in table.bounds]),
        whole=integer,
    )
    given = None
    if start and not relaxed:
        given = _start(flow[arcs], arc_choice, pair_choice, pair, total)
        got = market.got(flow)
        served = got[need_rows] >= market.volume[need_rows]
        at = choice[grouped]
        full = np.ones(total, bool)
        np.logical_and.at(full, at, served[grouped])
        given[np.unique(at)] = full[np.unique(at)]
        given[count + extra : first_lack] = np.minimum(flow[arcs], market.stay[arcs])[stays]
        given[first_lack:] = market.below_floor(flow)[floored]
    found = solve(program, seconds=seconds, gap=gap, start=given)
    if found is None:
        return None
    prices = np.zeros(len(market.capacity))
    if relaxed:
        prices[producers] = np.maximum(0.0, found.prices[: len(producers)])
    return Answer(np.rint(found.values[:count]).astype(np.int64), found.bound, prices)


def _start(flow: Ints, arc_choice: Ints, pair_choice: Ints, pair: Ints, total: int) -> Numbers:
    given: NDArray[np.float64] = np.zeros(total)
    given[: len(flow)] = flow
    used: Mask = flow > 0
    for picks in (arc_choice, pair_choice[pair]):
        at = picks[used]
        given[at[at >= 0]] = 1.0
    return given


def _none(size: int) -> Numbers:
    return np.full(size, -np.inf)
