"""Choose the confidence from which a list says `matched`, and tell what another would have cost.

It is the best for the mean F1 of Indonesian titles none of which is measured, each of them told by
what was learned without its fold. A mean of neighbours is looked at, so that no single need
decides. The other sets of titles only stand beside it: one threshold is for all.

    BENCH_DATA=/path/to/data python -m bench.threshold
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from bench.fit import Fitted, fit
from bench.measures import ranked
from bench.packs import Floats
from bench.peers.quality import sampled
from bench.samples import FOLDS, FULL, Sample, samples
from bench.tables import Table, Tables, Words
from marketplace.matching import DEFAULT_SETTINGS

TRIED = np.round(np.arange(0.02, 0.60, 0.01), 2)
_NEIGHBOURS = 2
_CHOOSING, _MOST = "shopee", 4500


def f1_by_threshold(sample: Sample, tables: Iterable[Table], fits: Sequence[Fitted]) -> Floats:
    """The mean F1 of these needs at every threshold tried."""
    tables = list(tables)
    return np.asarray(np.mean(list(_curves(sample, tables, fits)), axis=0))


def _curves(sample: Sample, tables: Sequence[Table], fits: Sequence[Fitted]) -> Iterator[Floats]:
    # Where needs are offers themselves, the need counts on both sides, as in `measures.py`.
    own = int(bool(sample.task.group))
    for fold, fitted in enumerate(fits):
        weights = fitted.weights(f"without fold {fold}")
        for table in sample.inside(tables, fold):
            grades = sample.task.grades[table.need]
            _, sure = ranked(fitted.told(table), weights)
            taken = sure[:, None] >= TRIED
            right = np.array([one in grades for one in table.ids], bool)
            hits = own + taken[right].sum(0)
            yield 2 * hits / np.maximum(2 * own + taken.sum(0) + len(grades), 1)


def choose(curve: Floats) -> float:
    """The threshold around which F1 is best."""
    width = 2 * _NEIGHBOURS + 1
    around = np.convolve(np.pad(curve, _NEIGHBOURS, mode="edge"), np.ones(width), "valid")
    return float(TRIED[int(np.argmax(around))])


def _others(sample: Sample, words: Words) -> list[Table]:
    """Needs of a set that are not measured, collected and compared as they are."""
    make, seen = Tables(sample.task, words), {table.need for table in sample.measured}
    able = sampled(sample.task, len(sample.task.needs))
    return [make.of(need) for need in [one for one in able if one.id not in seen][:_MOST]]


def main() -> None:
    taken, words = samples(FULL)
    matching = [one for one in taken if one.task.is_match]
    fits = [fit(taken, len(words), fold) for fold in range(FOLDS)]
    (teacher,) = (one for one in matching if one.task.name == _CHOOSING)
    others = _others(teacher, words)
    fits = [
        # Words that only these needs have say nothing: nobody learned them.
        replace(one, partings=np.pad(one.partings, (0, len(words) - len(one.partings))))
        for one in fits
    ]
    told = {f"{_CHOOSING}, not measured": f1_by_threshold(teacher, others, fits)}
    chosen = choose(next(iter(told.values())))
    told |= {one.task.name: f1_by_threshold(one, one.measured, fits) for one in matching}
    print(f"chosen {chosen:.2f}, shipped {DEFAULT_SETTINGS.match_threshold:.2f}")
    for name, curve in told.items():
        at = dict(zip(TRIED.tolist(), curve.tolist(), strict=True))
        best = max(at, key=lambda one: at[one])
        print(f"{name}: F1 {at[chosen]:.4f}, lost {at[best] - at[chosen]:.4f} on the best {best}")
        print(
            "  " + ", ".join(f"{one:.2f} {at[one]:.3f}" for one in at if round(one * 100) % 5 == 0)
        )


if __name__ == "__main__":
    main()
