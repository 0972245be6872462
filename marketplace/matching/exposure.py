"""Fair exposure: which pairs are proposed now, which wait, and how evenly chances are spread.

A cap keeps a few producers from taking every suggestion of a period; a floor gives each producer
with fitting goods a first chance (domain.md, 21). Pure and deterministic: ties go by id.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

TOP = 10  # "share of the top ten"


class Why(StrEnum):
    """Why a pair is proposed: by its rank, because it already was, or because of the floor."""

    RANK = "rank"
    STANDING = "standing"
    FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class Chance:
    """A pair that might be proposed. `standing`: it already is, and took its place before."""

    pair: str
    producer: str
    need: str
    score: int
    confidence: float
    eligible: bool = True
    standing: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What an officer set for a period: at most `cap` new pairs a producer, at least `floor`.

    The floor raises only pairs with at least `min_confidence`; no cap is None. Raises ValueError
    where the floor lies above the cap: both could not hold.
    """

    cap: int | None = None
    floor: int = 0
    min_confidence: float = 0.0

    def __post_init__(self) -> None:
        if self.floor < 0 or (self.cap is not None and self.cap < max(self.floor, 1)):
            raise ValueError("the cap must be at least 1 and not below the floor")


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Choice:
    """What is proposed and why, what the cap holds back, and what would be proposed without both.

    All three in order of score, ties by id.
    """

    proposed: tuple[tuple[Chance, Why], ...]
    held: tuple[Chance, ...]
    unlimited: tuple[Chance, ...]

    @property
    def score_lost(self) -> int:
        """Points that the cap costs: the best pairs of each need less those proposed by rank."""
        ranked = sum(chance.score for chance, why in self.proposed if why is not Why.FLOOR)
        return sum(chance.score for chance in self.unlimited) - ranked

    @property
    def score_raised(self) -> int:
        """Points of the pairs that are there only because of the floor."""
        return sum(chance.score for chance, why in self.proposed if why is Why.FLOOR)

    def counts(self) -> dict[str, int]:
        """Pairs proposed per producer."""
        return _count(chance for chance, _why in self.proposed)

    def counts_unlimited(self) -> dict[str, int]:
        """Pairs per producer without cap and floor."""
        return _count(self.unlimited)


def choose(
    chances: Iterable[Chance],
    limits: Limits = NO_LIMITS,
    *,
    per_need: int | None = None,
    taken: Mapping[str, int] | None = None,
) -> Choice:
    """Share out the places: the best first, each need `per_need` of them (None: all).

    `taken` says how many new pairs each producer has had in the period. A pair whose producer is
    at the cap waits and the next one moves up. Afterwards the best remaining pairs of producers
    below the floor are raised, beyond `per_need` where they must. What is not eligible is never
    proposed; what stands already stays and takes a place, but nothing of the cap.
    """
    ordered = sorted(
        (chance for chance in chances if chance.eligible),
        key=lambda chance: (-chance.score, chance.pair),
    )
    used = dict(taken or {})
    places: dict[str, int] = {}
    proposed: dict[str, tuple[Chance, Why]] = {}
    held: list[Chance] = []
    for chance in ordered:
        full = per_need is not None and places.get(chance.need, 0) >= per_need
        if chance.standing:
            proposed[chance.pair] = chance, Why.STANDING
        elif full:
            continue
        elif _has_room(chance, used, limits):
            proposed[chance.pair] = chance, Why.RANK
            used[chance.producer] = used.get(chance.producer, 0) + 1
        else:
            held.append(chance)
            continue
        places[chance.need] = places.get(chance.need, 0) + 1
    waiting = {chance.pair for chance in held}
    for chance in ordered:
        if chance.pair in proposed or chance.pair in waiting:
            continue
        starved = used.get(chance.producer, 0) < limits.floor
        if starved and chance.confidence >= limits.min_confidence:
            proposed[chance.pair] = chance, Why.FLOOR
            used[chance.producer] = used.get(chance.producer, 0) + 1
    in_order = [proposed[chance.pair] for chance in ordered if chance.pair in proposed]
    return Choice(tuple(in_order), tuple(held), _best_of_each_need(ordered, per_need))


def _has_room(chance: Chance, used: Mapping[str, int], limits: Limits) -> bool:
    return limits.cap is None or used.get(chance.producer, 0) < limits.cap


def _best_of_each_need(ordered: Sequence[Chance], per_need: int | None) -> tuple[Chance, ...]:
    places: dict[str, int] = {}
    best = []
    for chance in ordered:
        if per_need is not None and places.get(chance.need, 0) >= per_need and not chance.standing:
            continue
        places[chance.need] = places.get(chance.need, 0) + 1
        best.append(chance)
    return tuple(best)


def _count(chances: Iterable[Chance]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for chance in chances:
        counts[chance.producer] = counts.get(chance.producer, 0) + 1
    return counts


@dataclass(frozen=True, slots=True)
class Spread:
    """How evenly suggestions lie over producers; every share with what it is a share of.

    `producers` could have had one, `none` of them had none; `top_ten` is what the ten with most
    had of all `suggestions`. `gini` is 0 where all have the same, and near 1 where one has all.
    """

    producers: int
    suggestions: int
    none: int
    top_ten: int
    gini: float

    @property
    def top_share(self) -> float:
        return self.top_ten / self.suggestions if self.suggestions else 0.0

    @property
    def none_share(self) -> float:
        return self.none / self.producers if self.producers else 0.0


def spread_of(counts: Iterable[int]) -> Spread:
    """The spread of these counts, one per producer who could have had a suggestion (zeros too)."""
    ascending = sorted(counts)
    total = sum(ascending)
    return Spread(
        producers=len(ascending),
        suggestions=total,
        none=sum(count == 0 for count in ascending),
        top_ten=sum(ascending[-TOP:]),
        gini=_gini(ascending, total),
    )


def _gini(ascending: Sequence[int], total: int) -> float:
    if not total:
        return 0.0
    number = len(ascending)
    weighted = sum((2 * rank - number - 1) * count for rank, count in enumerate(ascending, 1))
    return weighted / (number * total)
