"""How well the engine finds and orders on the shared sets, on needs it was not fitted on.

The same needs and measures as the peers (`bench/peers/quality.py`). Five folds: each need is
ordered, and its answers trusted, by what was learned without its fold.

    BENCH_DATA=/path/to/data python -m bench.quality [--quick]
"""

import argparse
from collections.abc import Sequence
from typing import Any

from bench import ablation, judges, naming, tried
from bench.figures import ONE_RATER
from bench.fit import Fitted, fit
from bench.measures import Measures, Tally, add
from bench.samples import FOLDS, FULL, QUICK, Sample, samples
from bench.sets import QUICK_TASKS

PARTS = ("without", "with")


def measure(*, quick: bool) -> dict[str, Any]:
    """Sets -> measures -> value, half of the 95 % interval, count; and rows of what parts add.

    Of the parts there are (`without`) and of those that were tried (`with`).
    """
    taken, words = samples(QUICK, names=QUICK_TASKS) if quick else samples(FULL)
    fits = [fit(taken, len(words), fold) for fold in range(FOLDS)]
    sets = {one.task.name: tally(one, fits).measures() for one in taken}
    for name, agreed in judges.agreement().items():
        sets[name][ONE_RATER] = {"value": agreed, "plus_minus": None, "count": None}
    sets |= {name: suggested(name) for name in (["prdect"] if quick else naming.SETS)}
    parts = {} if quick else {"without": ablation.rows(taken, fits, words)}
    parts |= {} if quick else {"with": tried.rows(taken, fits)}
    return {"sets": sets, **{name: list(found) for name, found in parts.items()}}


def tally(sample: Sample, fits: Sequence[Fitted]) -> Tally:
    """Every need of a set under the weights that were fitted without its fold."""
    found = Tally()
    for fold, fitted in enumerate(fits):
        weights = fitted.weights(f"without fold {fold}")
        for table in sample.inside(sample.measured, fold):
            add(found, sample, fitted, weights, table)
    return found


def suggested(name: str) -> Measures:
    """How often the first, and one of the first three, suggested categories is right."""
    found = Tally()
    for first, three in naming.suggested(list(naming.SETS[name]())):
        found.values["top-1"].append(float(first))
        found.values["top-3"].append(float(three))
    return found.measures()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    found = measure(quick=parser.parse_args().quick)
    for where, measures in found["sets"].items():
        for name, one in measures.items():
            print(f"{where:18s} {name:20s} {one['value']:.4f} ± {one['plus_minus'] or 0:.3f}")
    for how in PARTS:
        for row in found.get(how, ()):
            print(f"{how} {row['part']:40s} {row['set']:18s} {row['measure']} {row['value']:.4f}")


if __name__ == "__main__":
    main()
