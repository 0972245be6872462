"""Why a need does not get all of its volume, and what would help."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from marketplace.core.text import N_
from marketplace.planning.supply.market import Ints, Market
from marketplace.planning.supply.task import Id, Volumes


@dataclass(frozen=True, slots=True)
class Missing:
    """What a need does not get, with a code and its numbers; the edge says the sentence."""

    need: Id
    volume: Volumes
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return SENTENCES[self.code]


SENTENCES = {
    "no_pairing": N_("No producer is paired with it: find one that can supply it"),
    "no_supplier": N_(
        "None of its %(count)s producers may or can supply it: they are forbidden, have no "
        "capacity, or their smallest lot is more than it needs"
    ),
    "capacity": N_(
        "All capacity of its %(count)s producers is used; more capacity of %(producer)s would help "
        "first"
    ),
    "pinned": N_("Only %(producer)s has capacity left, and the lot between them is pinned"),
    "lot": N_(
        "What is left of its producers' capacity, or of its volume, is less than their smallest "
        "lot; a smaller lot of %(producer)s (now %(lot)s) would help first"
    ),
    "suppliers": N_(
        "It has the %(limit)s suppliers it allows; %(producer)s has capacity left for another"
    ),
    "no_gain": N_("Only %(producer)s has capacity left, and that pairing gains nothing"),
    "group": N_(
        "Its group %(group)s is met in full or not at all, and not all of it could be: its "
        "producers have room for it only at the cost of others, or not at all"
    ),
    "group_short": N_(
        "Its group %(group)s is met in full or not at all, and the suppliers %(need)s may "
        "have can make at most %(capacity)s of its %(volume)s units"
    ),
    "supplier_limit_zero": N_("It allows no supplier at all"),
}


def missing_of(market: Market, flow: Ints) -> tuple[Missing, ...]:
    """Every need with something missing, in the order of the task."""
    months = market.months
    got = market.got(flow)
    wanted = [volume for one in market.task.needs for volume in one.volume]
    short = np.array([w - g > 0 for w, g in zip(wanted, got.tolist(), strict=True)], bool)
    needs = np.unique(np.flatnonzero(short) // months)
    if not len(needs):
        return ()
    teller = _Teller(market, flow)
    found = []
    for need in needs.tolist():
        rows = range(need * months, (need + 1) * months)
        volume = tuple(wanted[row] - int(got[row]) for row in rows)
        code, params = teller.reason(need, [row for row in rows if short[row]])
        found.append(Missing(market.task.needs[need].id, volume, code, params))
    return tuple(found)


Told = tuple[str, dict[str, object]]


class _Teller:
    """Looks a plan over for reasons."""

    def __init__(self, market: Market, flow: Ints) -> None:
        self.market, self.flow = market, flow
        self.spare = market.capacity - market.sent(flow)
        self.lacking = market.volume - market.got(flow)
        self.suppliers = market.suppliers(flow)
        self.of_pair = market.by_pair(flow)
        self.order = np.argsort(market.need, kind="stable")
        self.starts = np.searchsorted(market.need[self.order], np.arange(len(market.volume) + 1))
        self.short_groups: dict[int, dict[str, object]] | None = None

    def reason(self, need: int, rows: list[int]) -> Told:
        market = self.market
        arcs = np.concatenate([self.order[self.starts[r] : self.starts[r + 1]] for r in rows])
        if not len(arcs):
            return "no_pairing", {}
        if market.limit[need] == 0:
            return "supplier_limit_zero", {}
        group = int(market.group[need])
        if group >= 0:
            return self._of_group(group)
        open_ = arcs[market.most[arcs] > 0]
        count = len(np.unique(market.pair[arcs]))
        free = open_[self.spare[market.producer[open_]] > 0]
        free = free[(self.flow[free] < market.most[free]) & ~market.fixed[free]]
        if not len(free):
            held = arcs[market.fixed[arcs] & (self.spare[market.producer[arcs]] > 0)]
            if len(held):
                return "pinned", {"producer": self._maker(held[np.argmax(market.gain[held])])}
            if not len(open_):
                return "no_supplier", {"count": count}
            best = open_[np.argmax(market.gain[open_])]
            return "capacity", {"count": count, "producer": self._maker(best)}
        gaining = free[market.gain[free] > 0]
        if not len(gaining):
            return "no_gain", {"producer": self._maker(free[np.argmax(market.gain[free])])}
        best = gaining[np.argmax(market.gain[gaining])]
        if self.suppliers[need] >= market.limit[need]:
            fresh = gaining[self.of_pair[market.pair[gaining]] == 0]
            if len(fresh):
                best = fresh[np.argmax(market.gain[fresh])]
                limit = int(market.limit[need])
                return "suppliers", {"limit": limit, "producer": self._maker(best)}
        return "lot", {"producer": self._maker(best), "lot": int(market.lot[best])}

    def _maker(self, arc: int) -> Id:
        return self.market.task.producers[int(self.market.producer[arc]) // self.market.months].id

    def _of_group(self, group: int) -> Told:
        if self.short_groups is None:
            self.short_groups = _short_groups(self.market)
        name = self.market.groups[group]
        if group in self.short_groups:
            return "group_short", {"group": name, **self.short_groups[group]}
        return "group", {"group": name}


def _short_groups(market: Market) -> dict[int, dict[str, object]]:
    """Groups with a need that all its producers together could not meet."""
    rows = np.flatnonzero(
        (market.reach < market.volume) & (np.repeat(market.group, market.months) >= 0)
    )
    found: dict[int, dict[str, object]] = {}
    for row in rows.tolist():
        need = row // market.months
        one = market.task.needs[need]
        told = {"need": one.id, "capacity": int(market.reach[row])}
        found.setdefault(
            int(market.group[need]), {**told, "volume": one.volume[row % market.months]}
        )
    return found


def fill(market: Market, flow: Ints) -> Ints:
    """Add whatever still fits, best first: nothing that gains is left lying."""
    flow = flow.copy()
    spare = (market.capacity - market.sent(flow)).tolist()
    lacking = (market.volume - market.got(flow)).tolist()
    suppliers, of_pair = market.suppliers(flow).tolist(), market.by_pair(flow)
    months = market.months
    may = (market.most > flow) & (market.gain > 0) & ~market.in_group()
    arcs = np.flatnonzero(may)
    arcs = arcs[np.argsort(-market.gain[arcs], kind="stable")]
    for arc in arcs.tolist():
        maker, row = int(market.producer[arc]), int(market.need[arc])
        amount = min(spare[maker], lacking[row], int(market.most[arc] - flow[arc]))
        if amount <= 0 or flow[arc] + amount < market.lot[arc]:
            continue
        pair, need = int(market.pair[arc]), row // months
        if not of_pair[pair]:
            if suppliers[need] >= market.limit[need]:
                continue
            suppliers[need] += 1
        of_pair[pair] += amount
        flow[arc] += amount
        spare[maker] -= amount
        lacking[row] -= amount
    return flow
