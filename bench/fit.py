"""Fit the weights the engine ships with, and write `marketplace/matching/weights.py`.

Order: a conditional logit over each need's candidates, so that base rates of the sets cancel;
unjudged candidates count as wrong, or judged pairs alone would teach that words do not matter.
Confidence: a logistic that also sees orphans, needs whose true answers were taken out. Signs are
limited. `bench/quality.py` quotes figures of needs that were not fitted on; the weights shipped
are fitted on all.

    BENCH_DATA=/path/to/data python -m bench.fit --write
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from bench import partings
from bench.packs import SIGNS, Floats, Pack, descend
from bench.samples import FULL, Sample, samples
from bench.tables import Table
from bench.threads import one_thread
from marketplace.matching.features import FEATURES
from marketplace.matching.scoring import POINTS_PER_LOGIT, STANDING, standing
from marketplace.matching.weights import Weights

# How much a set weighs: large and small sets by what they teach, not by their size.
WEIGHTS = {"shopee": 3.0, "abt_buy": 2.0, "icecat": 3.0}
# How much the weights of the order are drawn to 0: the searches are few, and would be learned by
# heart. Ten times less cost icecat .004 and the titles .001 of what they have on unseen needs.
_DRAWN = 1e-3
# For confidence the sets of titles lead: who judges a search calls much relevant that is not the
# same thing, and with a full say those sets cost .02 of the area (no match) and of F1. Every need
# is seen twice, once as an orphan: else "no match" is never said. The best answer counts most.
SURE_WEIGHTS = {"shopee": 6.0, "abt_buy": 1.0}
_SURE_WEIGHT_OF_SEARCH = 0.004
CONFIDENT_ABOUT = 60
_FIRST = 11.0
TARGET = Path(__file__).parents[1] / "marketplace/matching/weights.py"
_ALL: NDArray[np.bool_] = np.ones(len(FEATURES), np.bool_)
_NO_WORDS = _ALL.copy()
_NO_WORDS[[partings.UNLIKE, partings.FILLER]] = False


@dataclass(frozen=True)
class Fitted:
    """Two rows each, for searches and for matches; `sure` begins with the intercepts."""

    order: Floats
    sure: Floats
    partings: Floats

    def told(self, table: Table) -> Table:
        """A table with the comparisons these words give."""
        return replace(table, matrix=partings.told(table, self.partings))

    def weights(self, version: str) -> Weights:
        """As the engine takes them; what rounds to nothing is left out."""
        order = [_named(FEATURES, row) for row in self.order]
        sure = [_named(("", *FEATURES, *STANDING), row) for row in self.sure]
        return Weights(version, order[0], order[1], sure[0], sure[1])


def fit(
    taken: Sequence[Sample],
    words: int,
    fold: int | None = None,
    used: NDArray[np.bool_] = _ALL,
    *,
    orphans: bool = True,
) -> Fitted:
    """Everything the engine learns, from all folds but one; only `used` comparisons weigh."""
    with one_thread():
        return _fit(taken, words, fold, used, orphans=orphans)


def _fit(
    taken: Sequence[Sample], words: int, fold: int | None, used: NDArray[np.bool_], *, orphans: bool
) -> Fitted:
    teaching = [one for one in taken if one.task.teaches]
    base = {one.task.name: one.outside(one.weights, fold) for one in teaching}
    told = np.zeros(words)
    grouped = [one for one in teaching if one.words]
    if grouped and used[partings.UNLIKE]:
        plain = fit_order({one.task.name: base[one.task.name] for one in grouped}, _NO_WORDS)
        pupils = [table for one in grouped for table in one.outside(one.words, fold)]
        told = partings.learn(pupils, plain, words)
    unsure = Fitted(np.zeros((2, 0)), np.zeros((2, 0)), told)
    tables = {name: [unsure.told(table) for table in some] for name, some in base.items()}
    order = fit_order(tables, used)
    for one in teaching if orphans else ():
        lost = one.outside(one.orphans, fold)
        tables[one.task.name] += [unsure.told(table) for table in lost]
    matching = {one.task.name for one in teaching if one.task.is_match}
    return Fitted(order, fit_confidence(tables, order, matching, used), told)


def fit_order(
    tables: dict[str, list[Table]], used: NDArray[np.bool_] = _ALL, limits: Floats = SIGNS
) -> Floats:
    """Weights of the conditional logit, for searches and for matches.

    Tables may have comparisons beyond those of the engine: agreements that are tried.
    """
    packs = [(WEIGHTS.get(name, 1.0), Pack(some)) for name, some in tables.items()]

    def loss(values: Floats) -> tuple[float, Floats]:
        weights = values.reshape(2, -1) * used
        total, slopes = _DRAWN / 2 * float(values @ values), _DRAWN * weights
        for weight, pack in packs:
            own, slope = pack.softmax(pack.logits(weights))
            total += weight * own
            slopes += weight * pack.back(slope)
        return total, (slopes * used).ravel()

    begin = np.concatenate([SIGNS, np.ones(len(used) - len(SIGNS))]) * 0.3 * used
    return descend(loss, np.tile(begin, 2), np.tile(limits, 2), rounds=80).reshape(2, -1)


def fit_confidence(
    tables: dict[str, list[Table]],
    order: Floats,
    matching: set[str],
    used: NDArray[np.bool_] = _ALL,
) -> Floats:
    """Weights of the logistic over the best candidates, each row with its intercept first."""
    total_weight = sum(SURE_WEIGHTS.get(name, _SURE_WEIGHT_OF_SEARCH) for name in tables)
    packs = []
    for name, some in tables.items():
        best = [confident_part(table, order, is_match=name in matching) for table in some]
        pack = Pack([table for table in best if table.ids])
        least = 0.99 if name in matching else 0.6
        truth = np.concatenate([table.gains for table in best]) >= least
        shares = np.ones(len(truth))
        shares[pack.starts] = _FIRST
        shares *= SURE_WEIGHTS.get(name, _SURE_WEIGHT_OF_SEARCH) / total_weight / shares.sum()
        packs.append((shares, pack, truth))
    used = np.concatenate([used, np.ones(len(STANDING), np.bool_)])

    def loss(values: Floats) -> tuple[float, Floats]:
        rows = values.reshape(2, -1)
        weights = rows[:, 1:] * used
        total, slopes = 0.5e-5 * float(values @ values), 1e-5 * rows
        for shares, pack, truth in packs:
            logits = pack.logits(weights)
            logits += rows[0, 0] * (1 - pack.like) + rows[1, 0] * pack.like
            total += float(shares @ (np.logaddexp(0, logits) - truth * logits))
            slope = shares * (1 / (1 + np.exp(-logits)) - truth)
            slopes[:, 1:] += pack.back(slope) * used
            slopes[:, 0] += [(slope * (1 - pack.like)).sum(), (slope * pack.like).sum()]
        return total, slopes.ravel()

    signs = np.concatenate([SIGNS, [float(name != "field_level") for name in STANDING]])
    start = np.tile(np.concatenate([[-3.0], signs * 0.3 * used]), 2)
    signs = np.tile(np.concatenate([[0.0], signs]), 2)
    return descend(loss, start, signs, rounds=120).reshape(2, -1)


def confident_part(table: Table, order: Floats, *, is_match: bool) -> Table:
    """A need's best candidates with how they stand; what nobody judged teaches nothing."""
    like = table.likeness
    blend = order[0] * (1 - like) + order[1] * like
    points = np.rint(table.matrix * blend * POINTS_PER_LOGIT).sum(1)
    best = np.argsort(-points, kind="stable")[:CONFIDENT_ABOUT]
    if not is_match:
        best = best[~np.isnan(table.gains[best])]
    stands = standing(points, table.field).astype(np.float32)
    return replace(table, matrix=np.hstack([table.matrix, stands])).kept(best)


def _named(names: Sequence[str], values: Floats) -> MappingProxyType[str, float]:
    kept = zip(names, values.tolist(), strict=True)
    return MappingProxyType(
        {name: round(value, 4) for name, value in kept if abs(value) >= 0.005 or not name}
    )


def write(weights: Weights) -> None:
    """Put the weights into the shipped module, behind its mark."""
    lines = ["SHIPPED = Weights(", f'    version="{weights.version}",']
    for name, table in weights.as_dict().items():
        if name in {"version", "text_percent"}:
            continue
        lines += [f"    {name}=MappingProxyType(", "        {"]
        lines += [f'            "{feature}": {value:.4f},' for feature, value in table.items()]
        lines += ["        }", "    ),"]
    lines.append(")")
    text = TARGET.read_text(encoding="utf-8")
    TARGET.write_text(text[: text.index("SHIPPED = ")] + "\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write what is shipped")
    options = parser.parse_args()
    taken, words = samples(FULL)
    found = fit(taken, len(words))
    weights = found.weights(f"{date.today():%Y-%m-%d}")  # noqa: DTZ011
    print(weights)
    if options.write:
        write(weights)
        partings.write(found.partings, words.all())


if __name__ == "__main__":
    main()
