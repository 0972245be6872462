"""Choose from which confidence, and which share of the surest one's, a list says `matched`.

They are the best for the mean F1 of Indonesian titles none of which is measured, each of them told
by what was learned without its fold. A mean of neighbours is looked at, so that no single need
decides. The other sets of titles only stand beside it: one setting is for all.

    BENCH_DATA=/path/to/data python -m bench.threshold
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from scipy.ndimage import uniform_filter

from bench.fit import Fitted, fit
from bench.measures import ranked
from bench.packs import Floats
from bench.peers.quality import sampled
from bench.samples import FOLDS, FULL, Sample, samples
from bench.tables import Table, Tables, Words
from marketplace.matching import DEFAULT_SETTINGS

TRIED = np.round(np.arange(0.02, 0.60, 0.01), 2)
SHARES = np.round(np.arange(0, 0.55, 0.05), 2)
_NEIGHBOURS = 2
_CHOOSING, _MOST = "shopee", 4500


def f1_by_threshold(sample: Sample, tables: Iterable[Table], fits: Sequence[Fitted]) -> Floats:
    """The mean F1 of these needs, thresholds x shares."""
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
            beside = SHARES * sure.max(initial=0.0)
            least = np.maximum(TRIED[:, None], beside)
            conflicts = table.compared.conflicts()[:, None, None]
            in_conflict = np.maximum(least, DEFAULT_SETTINGS.match_in_conflict)
            taken = sure[:, None, None] >= np.where(conflicts, in_conflict, least)
            right = np.array([one in grades for one in table.ids], bool)
            hits = own + taken[right].sum(0)
            yield 2 * hits / np.maximum(2 * own + taken.sum(0) + len(grades), 1)


def choose(field: Floats) -> tuple[int, int]:
    """Where F1 is best around: the places of the threshold and of the share."""
    around = uniform_filter(field, size=(2 * _NEIGHBOURS + 1, 3), mode="nearest")
    threshold, share = np.unravel_index(int(np.argmax(around)), around.shape)
    return int(threshold), int(share)


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
    threshold, share = choose(next(iter(told.values())))
    print(f"chosen {TRIED[threshold]:.2f} and {SHARES[share]:.2f} of the surest")
    told |= {one.task.name: f1_by_threshold(one, one.measured, fits) for one in matching}
    for name, field in told.items():
        best = np.unravel_index(int(np.argmax(field)), field.shape)
        print(f"{name}: F1 {field[threshold, share]:.4f}, best {field[best]:.4f}", end=" ")
        print(f"at {TRIED[best[0]]:.2f} and {SHARES[best[1]]:.2f}")
        for place in range(0, len(SHARES), 2):
            row = (f"{TRIED[at]:.2f} {field[at, place]:.3f}" for at in range(0, len(TRIED), 4))
            print(f"  {SHARES[place]:.2f} of the surest: {', '.join(row)}")


if __name__ == "__main__":
    main()
