"""Learn from decisions how much each comparison should count.

A decided pairing keeps what each comparison earned; divided by the most it could earn, that is its
*goodness* (0..1). Learned are the most points of each comparison of terms, and one scale for all
comparisons of text together. A reason teaches first what it speaks about: a pairing rejected for
its price is taken to be half way as good as the accepted ones in everything else.

Signs cannot flip: every comparison keeps between a quarter and four times its shipped points. The
fit is held to the shipped points like to a memory of earlier decisions, so little data moves
little. Same decisions, same answer: the only chance in it is seeded.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from types import MappingProxyType

import numpy as np

from marketplace.matching.lift import (
    Bools,
    Floats,
    Ints,
    calibration_error,
    lift_interval,
    order_accuracy,
)
from marketplace.matching.outcome import Pairing
from marketplace.matching.scoring import POINTS_PER_LOGIT
from marketplace.matching.settings import DEFAULT_SETTINGS, FitPoints, Settings

TEXT = "text"
COMPONENTS: tuple[str, ...] = (*(item.name for item in fields(FitPoints)), TEXT)
FIT_PREFIX = "fit_"
EVERYTHING = frozenset(COMPONENTS)

# Fewer decisions than this say nothing that would hold next month.
NEEDED = 60
NEEDED_OF_EACH = 15
# Older ones speak of another market; more than this takes long and changes nothing.
MOST_DECISIONS = 5_000
LEAST_LIFT = 0.01
# Below this a change is rounding, not news.
TELLING_PERCENT = 3

_LEAST, _MOST = 0.25, 4.0
# How firmly a share is held to the shipped one, and how far a comparison that a rejection does not
# speak about is moved towards what it is in accepted pairings. Tried on made-up markets with 80 to
# 600 decisions: less memory follows chance; moving all the way misleads where reasons are vague.
_MEMORY = 4.0
_SILENCE = 0.5
_ROUNDS, _SWEEPS = 3, 25
_FOLDS = 5
_SEED = 20_261_124


@dataclass(frozen=True, slots=True)
class Decision:
    """One training row: was it good, what is it about, how good was each comparison (0..1).

    `goodness` goes by COMPONENTS. `about` are the comparisons the decision speaks about.
    """

    id: int
    producer: str
    need: str
    good: bool
    goodness: tuple[float, ...]
    weight: float = 1.0
    about: frozenset[str] = EVERYTHING


@dataclass(frozen=True, slots=True)
class Tuning:
    """What an office changes: the most points of each term, and the text in per cent of shipped."""

    fit: Mapping[str, int]
    text_percent: int = 100


@dataclass(frozen=True, slots=True)
class Change:
    """How much more (or less) a comparison counts, in points and per cent of before."""

    component: str
    before: int
    after: int

    @property
    def percent(self) -> int:
        return round(100 * (self.after - self.before) / self.before) if self.before else 0


@dataclass(frozen=True, slots=True)
class Study:
    """What the decisions teach, measured on decisions the fit had not seen.

    `before` and `after` are order accuracies (.5 chance, 1 perfect) of the points in force and of
    the proposed way to set them; `lift` is their difference with its 90 % interval. A proposal is
    worth an officer's time only where `is_better`.
    """

    tuning: Tuning
    before: float
    after: float
    low: float
    high: float
    calibration_before: float
    calibration_after: float

    @property
    def lift(self) -> float:
        return self.after - self.before

    @property
    def is_better(self) -> bool:
        """True where the lift is worth having and chance does not explain it."""
        return self.lift >= LEAST_LIFT and self.low > 0


SHIPPED = Tuning(MappingProxyType(asdict(DEFAULT_SETTINGS.fit)))


def most_points(settings: Settings) -> dict[str, int]:
    """The most each component can earn under these settings; of text, half way between its models.

    Below zero counts as nothing: what is compared is how much a component can lift a pairing.
    """
    models = (settings.weights.order_search, settings.weights.order_match)
    text = sum(weight for model in models for weight in model.values() if weight > 0) / len(models)
    return {**asdict(settings.fit), TEXT: round(text * POINTS_PER_LOGIT)}


def goodness_of(pairing: Pairing, settings: Settings) -> tuple[float, ...]:
    """What each component earned of the most it could, by COMPONENTS; text may lie below zero."""
    earned = dict.fromkeys(COMPONENTS, 0)
    for point in pairing.points:
        fits = point.code.startswith(FIT_PREFIX)
        earned[point.code.removeprefix(FIT_PREFIX) if fits else TEXT] += point.points
    most = most_points(settings)
    return tuple(earned[name] / most[name] if most[name] else 0.0 for name in COMPONENTS)


def settings_of(tuning: Tuning, version: str, base: Settings = DEFAULT_SETTINGS) -> Settings:
    """The settings an adopted tuning makes of the shipped ones."""
    scale = tuning.text_percent / 100
    weights = replace(
        base.weights,
        version=f"{base.weights.version}*{tuning.text_percent}",
        order_search=_scaled(base.weights.order_search, scale),
        order_match=_scaled(base.weights.order_match, scale),
        text_percent=tuning.text_percent,
    )
    return replace(base, version=version, fit=FitPoints(**dict(tuning.fit)), weights=weights)


def _scaled(model: Mapping[str, float], scale: float) -> Mapping[str, float]:
    return MappingProxyType({name: round(weight * scale, 6) for name, weight in model.items()})


def still_needed(accepted: int, rejected: int) -> tuple[int, int, int]:
    """How many decisions, accepted and rejected ones are wanted before anything is learned."""
    return (
        max(0, NEEDED - accepted - rejected),
        max(0, NEEDED_OF_EACH - accepted),
        max(0, NEEDED_OF_EACH - rejected),
    )


def study(decisions: Sequence[Decision], present: Settings = DEFAULT_SETTINGS) -> Study | None:
    """Fit on all decisions, measure on decisions held back; None while there are too few.

    Every decision is held back once, from a fit that saw neither its producer nor its need.
    """
    rows = sorted(decisions, key=lambda row: row.id)[-MOST_DECISIONS:]
    good = np.array([row.good for row in rows], bool)
    if any(still_needed(int(good.sum()), int((~good).sum()))):
        return None
    values = np.array([row.goodness for row in rows], float)
    now, shipped = _vector(most_points(present)), _vector(most_points(DEFAULT_SETTINGS))
    groups = _numbered(row.producer for row in rows), _numbered(row.need for row in rows)
    before, after = np.zeros(len(rows)), np.zeros(len(rows))
    sure_before, sure_after = np.zeros(len(rows)), np.zeros(len(rows))
    for held, seen in splits(rows):
        taught = _Lesson([rows[i] for i in np.flatnonzero(seen)])
        learned = taught.fit(now, shipped)
        for points, scores, sure in ((now, before, sure_before), (learned, after, sure_after)):
            scores[held] = values[held] @ points
            sure[held] = taught.sure(values[held], points)
    points = _Lesson(rows).fit(now, shipped)
    low, high = lift_interval(before, after, good, groups, _SEED)
    return Study(
        tuning=_tuning(points, shipped),
        before=order_accuracy(before, good),
        after=order_accuracy(after, good),
        low=low,
        high=high,
        calibration_before=calibration_error(sure_before, good),
        calibration_after=calibration_error(sure_after, good),
    )


def changes(before: Settings, after: Settings) -> list[Change]:
    """What counts more or less than before, the largest change first; small ones are left out."""
    old, new = most_points(before), most_points(after)
    found = [Change(name, old[name], new[name]) for name in COMPONENTS]
    telling = [change for change in found if abs(change.percent) >= TELLING_PERCENT]
    return sorted(telling, key=lambda change: (-abs(change.percent), change.component))


@dataclass(frozen=True, slots=True)
class Standing:
    """An open pairing that could change places: its need and goodness."""

    id: int
    need: str
    goodness: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Swap:
    """`rising` stood below `falling` and would stand above it; scores before and after."""

    rising: int
    falling: int
    rising_scores: tuple[int, int]
    falling_scores: tuple[int, int]


def swaps(
    open_pairings: Sequence[Standing], before: Settings, after: Settings, count: int = 3
) -> list[Swap]:
    """Pairings of one need which would change places: the clearest of each need, then others."""
    old, new = _vector(most_points(before)), _vector(most_points(after))
    by_need: dict[str, list[tuple[int, int, int]]] = {}
    for one in sorted(open_pairings, key=lambda one: one.id):
        good = np.array(one.goodness)
        scores = one.id, round(float(good @ old)), round(float(good @ new))
        by_need.setdefault(one.need, []).append(scores)
    found = [
        (min(high[1] - low[1], low[2] - high[2]), need, Swap(low[0], high[0], low[1:], high[1:]))
        for need, rows in by_need.items()
        for low in rows
        for high in rows
        if low[1] < high[1] and low[2] > high[2]
    ]
    found.sort(key=lambda one: (-one[0], one[2].rising, one[2].falling))
    needs: set[str] = set()
    first: list[Swap] = []
    rest: list[Swap] = []
    for _, need, swap in found:
        (rest if need in needs else first).append(swap)
        needs.add(need)
    return _without_repeats([*first, *rest])[:count]


def _without_repeats(found: Iterable[Swap]) -> list[Swap]:
    """Each pairing in one example at most."""
    told: set[int] = set()
    kept = []
    for swap in found:
        if told.isdisjoint({swap.rising, swap.falling}):
            told |= {swap.rising, swap.falling}
            kept.append(swap)
    return kept


class _Lesson:
    """Decisions as a matrix, each row changed only in what its reason speaks about."""

    def __init__(self, rows: Sequence[Decision]) -> None:
        self._good: Bools = np.array([row.good for row in rows], bool)
        self._weights: Floats = np.array([row.weight for row in rows], float)
        self._seen: Floats = np.array([row.goodness for row in rows], float).reshape(
            len(rows), len(COMPONENTS)
        )
        self._values = self._seen.copy()
        self._teaches = bool(self._good.any() and not self._good.all())
        if self._teaches:
            usual = np.average(self._seen[self._good], axis=0, weights=self._weights[self._good])
            silent = np.array([[name not in row.about for name in COMPONENTS] for row in rows])
            silent &= ~self._good[:, None]
            self._values = self._seen + _SILENCE * silent * (usual - self._seen)

    def fit(self, now: Floats, shipped: Floats) -> Floats:
        """The points that explain these decisions best; `now` where they teach nothing."""
        if not self._teaches:
            return now
        points = now
        for _ in range(_ROUNDS):
            slope, shift = self._scale(self._values, points)
            points = shipped * self._shares(
                slope * shipped / POINTS_PER_LOGIT, shift, points / shipped
            )
        # The usual decided pairing keeps its score: what is learned is what counts, not how much.
        level = float((self._seen @ points).mean())
        if level > 0:
            points = points * max(float((self._seen @ now).mean()), 0.0) / level
        return np.asarray(np.clip(points, _LEAST * shipped, _MOST * shipped))

    def sure(self, values: Floats, points: Floats) -> Floats:
        """How likely pairings like these are accepted, after what these decisions were like."""
        slope, shift = self._scale(self._seen, points)
        return _chance(shift + slope * (values @ points) / POINTS_PER_LOGIT)

    def _scale(self, values: Floats, points: Floats) -> tuple[float, float]:
        """Slope and shift of the logistic over the score; the slope is held near 1 and positive."""
        logits = values @ points / POINTS_PER_LOGIT
        centre = float(logits.mean()) if len(logits) else 0.0
        moved = logits - centre
        slope, shift = 1.0, 0.0
        for _ in range(60):
            miss = self._weights * (_chance(shift + slope * moved) - self._good)
            bend = self._weights * 0.25
            shift -= float(miss.sum() / (bend.sum() + 1e-6))
            miss = self._weights * (_chance(shift + slope * moved) - self._good)
            step = float((miss @ moved + slope - 1) / (bend @ moved**2 + 1))
            slope = max(0.05, slope - step)
        return slope, shift - slope * centre

    def _shares(self, effect: Floats, shift: float, start: Floats) -> Floats:
        """Shares of the shipped points by coordinate descent; each step can only improve."""
        design = self._values * effect
        shares = np.clip(start, _LEAST, _MOST)
        logits = shift + design @ shares
        bends = 0.25 * (self._weights @ design**2) + _MEMORY
        for _ in range(_SWEEPS):
            miss = self._weights * (_chance(logits) - self._good)
            back = float(miss.sum() / (0.25 * self._weights.sum()))
            logits = logits - back
            for place in range(len(COMPONENTS)):
                miss = self._weights * (_chance(logits) - self._good)
                pull = float(miss @ design[:, place]) + _MEMORY * (shares[place] - 1)
                moved = float(np.clip(shares[place] - pull / bends[place], _LEAST, _MOST))
                logits = logits + design[:, place] * (moved - shares[place])
                shares[place] = moved
        return shares


def _tuning(points: Floats, shipped: Floats) -> Tuning:
    by_name = dict(zip(COMPONENTS, points, strict=True))
    text = by_name.pop(TEXT)
    whole = {name: max(1, round(float(value))) for name, value in by_name.items()}
    return Tuning(whole, max(1, round(100 * float(text) / float(shipped[-1]))))


def splits(rows: Sequence[Decision]) -> Iterable[tuple[Bools, Bools]]:
    """(held back, seen) for each cell of producers x needs: no seen row shares either with it."""
    producers = _folds(row.producer for row in rows)
    needs = _folds(row.need for row in rows)
    for producer in range(_FOLDS):
        for need in range(_FOLDS):
            held = (producers == producer) & (needs == need)
            if held.any():
                yield held, (producers != producer) & (needs != need)


def _folds(names: Iterable[str]) -> Ints:
    """A fold for each row, the same for the same name; names are dealt out in a seeded order."""
    listed = list(names)
    order = sorted(
        set(listed), key=lambda name: hashlib.sha256(f"{_SEED}|{name}".encode()).digest()
    )
    fold = {name: place % _FOLDS for place, name in enumerate(order)}
    return np.array([fold[name] for name in listed], np.int64)


def _numbered(names: Iterable[str]) -> Ints:
    _, numbers = np.unique(list(names), return_inverse=True)
    return np.asarray(numbers, np.int64)


def _vector(points: Mapping[str, int]) -> Floats:
    return np.array([points[name] for name in COMPONENTS], float)


def _chance(logits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))))
