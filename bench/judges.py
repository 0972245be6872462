"""How far judges agree: beyond that, a better order cannot be told from a worse one.

Icecat names what each of three raters said; of crowdflower the variance around the median is known,
and a single rater is drawn from it with a seed. What one rater says is taken as an order and
measured by what was agreed: as no search could do better than a person does.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np

from bench.sets import rows_of
from marketplace.matching import evaluate

Grades = Mapping[str, float]
_DRAWS = 5


def agreement() -> dict[str, float]:
    """By set, the mean nDCG@10 of one rater's order of what was judged, by what all agreed on."""
    return {
        "icecat": _mean(_icecat()),
        "crowdflower": _mean(_crowdflower()),
    }


def _mean(pairs: Iterator[tuple[Grades, Grades]]) -> float:
    random = np.random.default_rng(1)
    values = []
    for said, agreed in pairs:
        if not any(agreed.values()):
            continue
        # Who gave the same grade twice meant no order: chance decides, a few times.
        for _ in range(_DRAWS):
            order = sorted(agreed, key=lambda one: (-said[one], random.random()))
            values.append(evaluate.ndcg_at(order, agreed))
    return float(np.mean(values))


def _icecat() -> Iterator[tuple[Grades, Grades]]:
    """Each rater against the mean of the two others."""
    queries = defaultdict(list)
    for row in rows_of("icecat_search/judgments_dev.csv"):
        queries[row["query"]].append(row)
    for rows in queries.values():
        for rater in (1, 2, 3):
            others = [f"rater_{one}" for one in (1, 2, 3) if one != rater]
            known = [row for row in rows if all(row[f"rater_{one}"] for one in (1, 2, 3))]
            if known:
                yield (
                    {row["product_id"]: float(row[f"rater_{rater}"]) for row in known},
                    {
                        row["product_id"]: sum(float(row[one]) for one in others) / 6
                        for row in known
                    },
                )


def _crowdflower() -> Iterator[tuple[Grades, Grades]]:
    random = np.random.default_rng(2)
    queries = defaultdict(list)
    for row in rows_of("crowdflower_search/judgments_dev.csv.gz"):
        queries[row["query"]].append(row)
    for rows in queries.values():
        agreed = {row["id"]: (float(row["median_relevance"]) - 1) / 3 for row in rows}
        spread = [float(row["relevance_variance"]) ** 0.5 for row in rows]
        drawn = random.normal([agreed[row["id"]] * 3 for row in rows], spread)
        said = np.clip(np.rint(drawn), 0, 3)
        yield dict(zip(agreed, said.tolist(), strict=True)), agreed
