"""What is asked: who can make how much, who needs how much, and which pairs fit how well."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, NamedTuple

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_

Id = str | int
Volumes = tuple[int, ...]
# Sums of flows stay within 64 bits; who has "no limit" may write any number, see `market`.
MOST_MONTHS = 120


class Producer(NamedTuple):
    """`capacity` is in whole units, one number for each month.

    `floor` is what it should supply in each month before scores count, as far as that can be.
    """

    id: Id
    capacity: Volumes
    floor: int = 0


class Need(NamedTuple):
    """`volume` for each month. All needs of one `group` are met in full or not at all.

    `max_suppliers` counts the producers that supply it in any month; None is no limit.
    """

    id: Id
    volume: Volumes
    group: Id | None = None
    max_suppliers: int | None = None


class Pairing(NamedTuple):
    """`score` is what one unit gains; what goes in one month is nothing or at least `min_lot`."""

    producer: Id
    need: Id
    score: int | float
    min_lot: int = 0


class Lot(NamedTuple):
    """What one producer supplies to one need in each month; None leaves the volume open."""

    producer: Id
    need: Id
    volume: Volumes | None = None


@dataclass(frozen=True)
class SupplyTask:
    """One task, consistent: the constructor refuses the rest in words.

    `pinned` lots are kept as they are; one without a volume keeps that of `current`, or is at
    least its smallest lot. `forbidden` pairs supply nothing. `current` is the plan to stay near to.
    """

    producers: Sequence[Producer]
    needs: Sequence[Need]
    pairings: Sequence[Pairing]
    months: int = 1
    current: Sequence[Lot] = ()
    pinned: Sequence[Lot] = ()
    forbidden: Collection[tuple[Id, Id]] = ()
    producer_at: Mapping[Id, int] = field(init=False, compare=False)
    need_at: Mapping[Id, int] = field(init=False, compare=False)
    pair_at: Mapping[tuple[Id, Id], int] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if not 1 <= self.months <= MOST_MONTHS:
            raise InvalidInput(N_("A plan has between 1 and %(most)s months"), most=MOST_MONTHS)
        object.__setattr__(self, "producer_at", {one.id: n for n, one in enumerate(self.producers)})
        object.__setattr__(self, "need_at", {one.id: n for n, one in enumerate(self.needs)})
        if len(self.producer_at) < len(self.producers):
            raise InvalidInput(N_("Two producers have the same id"))
        if len(self.need_at) < len(self.needs):
            raise InvalidInput(N_("Two needs have the same id"))
        for producer in self.producers:
            self._check_volumes(producer.capacity, producer.id)
            if producer.floor < 0:
                raise InvalidInput(N_("%(name)s has a number below zero"), name=producer.id)
        for need in self.needs:
            self._check_volumes(need.volume, need.id)
            if need.max_suppliers is not None and need.max_suppliers < 0:
                raise InvalidInput(N_("%(name)s has a limit below zero"), name=need.id)
        pairs = {(one.producer, one.need): n for n, one in enumerate(self.pairings)}
        object.__setattr__(self, "pair_at", pairs)
        self._check_pairings()
        for lot in (*self.pinned, *self.current):
            if lot.volume is not None:
                self._check_volumes(lot.volume, f"{lot.producer} - {lot.need}")
        self._check_pinned()

    def _check_volumes(self, volumes: Volumes, name: Id) -> None:
        if len(volumes) != self.months:
            raise InvalidInput(
                N_("%(name)s has %(given)s months, the plan has %(months)s"),
                name=name,
                given=len(volumes),
                months=self.months,
            )
        if min(volumes) < 0:
            raise InvalidInput(N_("%(name)s has a number below zero"), name=name)

    def _check_pairings(self) -> None:
        pairs = self.pair_at.keys()
        if len(pairs) < len(self.pairings):
            count = Counter((one.producer, one.need) for one in self.pairings)
            producer, need = max(count, key=lambda pair: count[pair])
            raise InvalidInput(
                N_("%(producer)s and %(need)s are paired twice"), producer=producer, need=need
            )
        for producer, need, score, lot in self.pairings:
            if producer not in self.producer_at or need not in self.need_at:
                who = need if producer in self.producer_at else producer
                raise InvalidInput(N_("A pairing names somebody unknown: %(who)s"), who=who)
            if lot < 0 or not isfinite(score):
                raise InvalidInput(
                    N_("The pairing of %(producer)s and %(need)s has a number nobody can use"),
                    producer=producer,
                    need=need,
                )

    def _check_pinned(self) -> None:
        """Each pinned lot by itself; whether they fit together is told by `market`."""
        barred = set(self.forbidden)
        seen: set[tuple[Id, Id]] = set()
        for lot in self.pinned:
            names: dict[str, Any] = {"producer": lot.producer, "need": lot.need}
            pair = lot.producer, lot.need
            if pair not in self.pair_at:
                raise InvalidInput(
                    N_("The pinned lot of %(producer)s for %(need)s has no pairing"), **names
                )
            if pair in seen:
                raise InvalidInput(
                    N_("The lot of %(producer)s for %(need)s is pinned twice"), **names
                )
            if pair in barred and (lot.volume is None or any(lot.volume)):
                raise InvalidInput(
                    N_("The lot of %(producer)s for %(need)s is pinned and forbidden"), **names
                )
            seen.add(pair)
