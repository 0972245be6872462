"""What each part of the engine adds: the same needs, measured once more without it.

Comparisons are left out and the order is fitted again without them, in the same folds. Parts of the
reading of texts are left out with the weights as they are.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from unittest.mock import patch

import numpy as np

from bench.figures import HAS_PARTNER, IS_RIGHT
from bench.fit import Fitted, fit_confidence, fit_order
from bench.measures import Tally, add, order_values, ranked
from bench.packs import SIGNS
from bench.samples import Sample
from bench.sets import Task
from bench.tables import VOCABULARY, Table, Tables, Words
from bench.threads import one_thread
from marketplace.matching import DEFAULT_VOCABULARY, Vocabulary, spellings, text
from marketplace.matching.features import FEATURES

Row = dict[str, str | float]
_LETTERS = {"spelling", "spelling_rare", "spelling_back"}
_OTHERS = {"company", "echo", "rival_differs", "nearest"}
_FIELD = {"place", "share_of_best", "title_share"}
_KINDS = ("size", "measure", "number")


@dataclass(frozen=True)
class Part:
    """Comparisons to leave out; or the limits of signs, or the second vector of weights."""

    name: str
    features: frozenset[str] = frozenset()
    signs: bool = True
    blended: bool = True

    def seen(self, table: Table) -> Table:
        return table if self.blended else replace(table, likeness=1.0)


PARTS = (
    Part("character trigrams", frozenset(_LETTERS | _OTHERS)),
    Part("a look at the other candidates", frozenset(_OTHERS)),
    Part("place and share of the best", frozenset(_FIELD)),
    Part("single words that tell apart", frozenset({"unlike_differs", "filler"})),
    Part(
        "sizes, measures and numbers",
        frozenset(f"{kind}_{end}" for kind in _KINDS for end in ("same", "differs")),
    ),
    Part("model tokens", frozenset(n for n in FEATURES if n[:5] in {"model", "artic"})),
    Part("brands and variants", frozenset(n for n in FEATURES if n[:5] in {"brand", "varia"})),
    Part("two vectors of weights", blended=False),
    Part("limits of signs", signs=False),
)


def rows(taken: Sequence[Sample], fits: Sequence[Fitted], words: Words) -> Iterator[Row]:
    """Every part left out, on every set it can matter to."""
    with one_thread():
        for part in PARTS:
            yield from _compared(part, taken, fits)
        yield from _without_orphans(taken, fits)
    for name, vocabulary, change in _READING:
        with change():
            for one in taken:
                if one.task.teaches:
                    yield from _read(name, one, fits, words, vocabulary)


def _compared(part: Part, taken: Sequence[Sample], fits: Sequence[Fitted]) -> Iterator[Row]:
    used = np.array([name not in part.features for name in FEATURES])
    signs = SIGNS if part.signs else np.zeros(len(SIGNS))
    values: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for fold, fitted in enumerate(fits):
        tables = {
            one.task.name: [
                part.seen(fitted.told(table)) for table in one.outside(one.weights, fold)
            ]
            for one in taken
            if one.task.teaches
        }
        weights = replace(fitted, order=fit_order(tables, used, signs)).weights(part.name)
        for one in taken:
            if not one.task.teaches:
                continue
            for table in one.inside(one.measured, fold):
                order, _ = ranked(part.seen(fitted.told(table)), weights)
                for name, value in order_values(one.task, table, order):
                    values[one.task.name, name].append(value)
    for (where, measure), some in values.items():
        yield _row(part.name, where, measure, float(np.mean(some)))


def _without_orphans(taken: Sequence[Sample], fits: Sequence[Fitted]) -> Iterator[Row]:
    """Confidence that never saw a need without a match."""
    matching = [one for one in taken if one.task.is_match]
    tallies = {one.task.name: Tally() for one in matching}
    for fold, fitted in enumerate(fits):
        tables = {
            one.task.name: [fitted.told(table) for table in one.outside(one.weights, fold)]
            for one in taken
            if one.task.teaches
        }
        sure = fit_confidence(tables, fitted.order, {one.task.name for one in matching})
        weights = replace(fitted, sure=sure).weights("without orphans")
        for one in matching:
            for table in one.inside(one.measured, fold):
                add(tallies[one.task.name], one, fitted, weights, table)
    for name, tally in tallies.items():
        for measure in (HAS_PARTNER, IS_RIGHT, "calibration error"):
            value = tally.measures()[measure]["value"]
            yield _row("orphans to learn from", name, measure, float(value or 0.0))


def _read(
    name: str, one: Sample, fits: Sequence[Fitted], words: Words, vocabulary: Vocabulary
) -> Iterator[Row]:
    task: Task = one.task
    make = Tables(task, words, vocabulary)
    need_of = {need.id: need for need in task.needs}
    values: defaultdict[str, list[float]] = defaultdict(list)
    for fold, fitted in enumerate(fits):
        weights = fitted.weights(name)
        for known in one.inside(one.measured, fold):
            table = make.of(need_of[known.need])
            # Read otherwise, a text may have words that nobody knew before.
            missing = max(len(words) - len(fitted.partings), 0)
            fitted = replace(fitted, partings=np.pad(fitted.partings, (0, missing)))
            order, _ = ranked(fitted.told(table), weights)
            for measure, value in order_values(task, table, order):
                values[measure].append(value)
    for measure, some in values.items():
        yield _row(name, task.name, measure, float(np.mean(some)))


def _no_sizes() -> AbstractContextManager[object]:
    return patch.object(text, "_write_sizes", lambda written: written)


def _no_repair() -> AbstractContextManager[object]:
    return patch.object(spellings.Spellings, "_repairs", lambda _self, _word: [])


_READING: tuple[tuple[str, Vocabulary, Callable[[], AbstractContextManager[object]]], ...] = (
    ("sizes in one form", VOCABULARY, _no_sizes),
    ("words of the province", DEFAULT_VOCABULARY, nullcontext),
    ("spelling variants and local names", Vocabulary(), nullcontext),
    ("repair of misspelt words", VOCABULARY, _no_repair),
)


def _row(part: str, where: str, measure: str, value: float) -> Row:
    return {"set": where, "part": part, "measure": measure, "value": value}
