"""Which groups are met, and by whom: each is placed whole, the one that gains most first.

What a unit of capacity would gain elsewhere is its price; a group that does not gain more than
what it takes is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from marketplace.planning.supply.market import Ints, Market

# Of more suppliers than these only the best and the largest are tried together.
_BEST, _LARGEST, _MOST_TOGETHER = 7, 5, 3


@dataclass(frozen=True, slots=True)
class _Choice:
    """An arc that may be used: what a unit gains above its price, and its bounds."""

    arc: int
    pair: int
    net: int
    lot: int
    room: int


def place_groups(market: Market, prices: Ints, unit: int) -> Ints:
    """A flow that meets groups in full and nothing else, within every other rule.

    `prices` are those of producer rows, `unit` what a point of score is in them.
    """
    months = market.months
    flow = market.low.copy()
    spare = market.capacity - market.sent(flow)
    gain = market.gain * unit
    order = np.argsort(market.need, kind="stable")
    starts = np.searchsorted(market.need[order], np.arange(len(market.volume) + 1))
    members: list[list[int]] = [[] for _ in market.groups]
    for need, group in enumerate(market.group.tolist()):
        if group >= 0:
            members[group].append(need)

    def meet(need: int, left: Ints) -> dict[int, int] | None:
        """Volumes by arc that give a need all it lacks in its months."""
        found: dict[int, int] = {}
        used: set[int] = set()
        limit = int(market.limit[need])
        for row in range(need * months, (need + 1) * months):
            arcs = order[starts[row] : starts[row + 1]]
            # What is pinned counts; the rest of such an arc is not touched.
            pinned = arcs[market.low[arcs] > 0]
            used.update(market.pair[pinned].tolist())
        for row in range(need * months, (need + 1) * months):
            arcs = order[starts[row] : starts[row + 1]]
            lacking = int(market.volume[row] - market.low[arcs].sum())
            if lacking <= 0:
                continue
            choices = [
                _Choice(
                    arc,
                    int(market.pair[arc]),
                    int(gain[arc] - prices[market.producer[arc]]),
                    max(1, int(market.lot[arc])),
                    min(int(market.most[arc]), int(left[market.producer[arc]]), lacking),
                )
                for arc in arcs.tolist()
                if market.most[arc] > 0 and not market.low[arc]
            ]
            taken = _cover(lacking, choices, used, limit)
            if taken is None:
                return None
            for choice, volume in taken:
                found[choice.arc] = volume
                used.add(choice.pair)
        return found

    def whole(group: int, left: Ints) -> tuple[int, dict[int, int]] | None:
        """What meeting a group gains above prices, and the volumes; `left` is used up."""
        found: dict[int, int] = {}
        # Who may have the fewest suppliers is hardest to place.
        for need in sorted(members[group], key=lambda n: (market.limit[n], n)):
            volumes = meet(need, left)
            if volumes is None:
                return None
            for arc, volume in volumes.items():
                left[market.producer[arc]] -= volume
            found.update(volumes)
        net = sum(
            int(gain[arc] - prices[market.producer[arc]]) * volume for arc, volume in found.items()
        )
        return net, found

    alone = [(group, whole(group, spare.copy())) for group in range(len(members))]
    ranked = sorted(
        (group for group, told in alone if told is not None and told[0] >= 0),
        key=lambda group: -(told[0] if (told := alone[group][1]) is not None else 0),
    )
    for group in ranked:
        left = spare.copy()
        told = whole(group, left)
        if told is not None and told[0] >= 0:
            spare = left
            for arc, volume in told[1].items():
                flow[arc] = volume
    return flow


def _cover(
    volume: int, choices: list[_Choice], used: set[int], limit: int
) -> list[tuple[_Choice, int]] | None:
    """The best way found to split a volume over choices; None where there is none."""
    free = [one for one in choices if one.room >= one.lot]
    free.sort(key=lambda one: (-one.net, one.arc))
    fresh = limit - len(used)
    allowed = [one for one in free if one.pair in used or fresh > 0]
    best, most = None, None
    for chosen in _sets(allowed, fresh):
        taken = _split(volume, chosen)
        if taken is None:
            continue
        if sum(one.pair not in used for one, _ in taken) > fresh:
            continue
        net = sum(one.net * amount for one, amount in taken)
        if most is None or net > most:
            best, most = taken, net
    return best


def _sets(choices: list[_Choice], fresh: int) -> Iterator[list[_Choice]]:
    """Sets worth a trial: small ones of the best and the largest, then as many as may be."""
    large = sorted(choices, key=lambda one: -one.room)[:_LARGEST]
    few = list(dict.fromkeys([*choices[:_BEST], *large]))
    few.sort(key=lambda one: (-one.net, one.arc))
    for size in range(1, min(_MOST_TOGETHER, max(1, fresh)) + 1):
        for chosen in combinations(few, size):
            yield list(chosen)
    if fresh > _MOST_TOGETHER:
        yield choices[:fresh]
        yield sorted(choices, key=lambda one: -one.room)[:fresh]


def _split(volume: int, choices: list[_Choice]) -> list[tuple[_Choice, int]] | None:
    """All of a volume over these, best first; each its smallest lot at least, or none."""
    if sum(one.room for one in choices) < volume:
        return None
    taken = []
    left = volume
    for place, one in enumerate(choices):
        if not left:
            break
        amount = min(one.room, left)
        rest = left - amount
        if rest and place + 1 < len(choices) and rest < choices[place + 1].lot:
            # Leave enough for a lot of the next one.
            amount = left - choices[place + 1].lot
        if amount < one.lot:
            continue
        taken.append((one, amount))
        left -= amount
    return taken if not left else None
