"""The shared data sets as offers, needs and grades. Found by BENCH_DATA; nothing is copied."""

import csv
import gzip
import hashlib
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from marketplace.matching import Need, Offer


@dataclass
class Task:
    """One set: `grades[need id][offer id]` in 0..1; `group` decides the fold of a need.

    `judged_only` sets rank just the judged offers; `is_match` needs are titles themselves. A set
    that only holds more needs of another is measured and `teaches` nothing.
    """

    name: str
    offers: list[Offer]
    needs: list[Need]
    grades: dict[str, dict[str, float]]
    judged_only: bool = False
    is_match: bool = False
    group: dict[str, str] = field(default_factory=dict)
    teaches: bool = True

    def fold(self, need: Need, folds: int) -> int:
        name = self.group.get(need.id, need.title)
        return int(hashlib.md5(name.encode()).hexdigest(), 16) % folds


def data_dir() -> Path:
    """Where the shared sets lie; leaves with a plain reason without them."""
    place = os.environ.get("BENCH_DATA")
    if not place:
        sys.exit("BENCH_DATA is not set: it names the folder with the shared data sets")
    return Path(place)


def rows_of(path: str) -> Iterator[dict[str, str]]:
    """The rows of a shared file."""
    full = data_dir() / path
    opener = gzip.open if path.endswith(".gz") else open
    with opener(full, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def shopee() -> Task:
    rows = list(rows_of("shopee_titles/titles_dev.csv.gz"))
    groups = defaultdict(list)
    for row in rows:
        groups[row["label_group"]].append(row["posting_id"])
    offers = [Offer(row["posting_id"], row["title"]) for row in rows]
    needs = [Need(row["posting_id"], row["title"]) for row in rows]
    grades = {
        row["posting_id"]: {
            one: 1.0 for one in groups[row["label_group"]] if one != row["posting_id"]
        }
        for row in rows
    }
    group = {row["posting_id"]: row["label_group"] for row in rows}
    return Task("shopee", offers, needs, grades, is_match=True, group=group)


def abt_buy() -> Task:
    place = "product_matching/abt_buy"
    offers = [
        Offer(f"b{row['id']}", row["name"], row["description"])
        for row in rows_of(f"{place}/right.csv.gz")
    ]
    needs = [Need(f"a{row['id']}", row["name"]) for row in rows_of(f"{place}/left.csv.gz")]
    grades = {
        f"a{row['left_id']}": {f"b{row['right_id']}": 1.0}
        for row in rows_of(f"{place}/matches.csv")
    }
    return Task("abt_buy", offers, needs, grades, is_match=True)


def icecat() -> Task:
    offers = [
        Offer(
            row["id"],
            row["title"],
            f"{row['short_description']} {row['attributes']}",
            brand=row["supplier"],
        )
        for row in rows_of("icecat_search/products.csv.gz")
    ]
    grades: dict[str, dict[str, float]] = defaultdict(dict)
    for row in rows_of("icecat_search/judgments_dev.csv"):
        grades[row["query"]][row["product_id"]] = float(row["rating"]) / 3
    return Task("icecat", offers, [Need(f"q:{q}", q) for q in grades], _keyed(grades))


def crowdflower(*, with_text: bool) -> Task:
    offers = []
    grades: dict[str, dict[str, float]] = defaultdict(dict)
    for row in rows_of("crowdflower_search/judgments_dev.csv.gz"):
        text = row["product_description"] if with_text else ""
        offers.append(Offer(row["id"], row["product_title"], text))
        grades[row["query"]][row["id"]] = (float(row["median_relevance"]) - 1) / 3
    needs = [Need(f"q:{q}", q) for q in grades]
    name = "crowdflower+text" if with_text else "crowdflower"
    return Task(name, offers, needs, _keyed(grades), judged_only=True)


def homedepot(*, least: int = 4) -> Task:
    """Terms with at least so many judged products."""
    offers = {}
    grades: dict[str, dict[str, float]] = defaultdict(dict)
    for row in rows_of("homedepot_search/judgments_dev.csv.gz"):
        offers[row["product_uid"]] = Offer(row["product_uid"], row["product_title"])
        grades[row["search_term"]][row["product_uid"]] = (float(row["relevance"]) - 1) / 2
    needs = [Need(f"q:{q}", q) for q, judged in grades.items() if len(judged) >= least]
    name = "homedepot" if least > 1 else "homedepot all"
    made = list(offers.values())
    return Task(name, made, needs, _keyed(grades), judged_only=True, teaches=least > 1)


def _keyed(grades: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    return {f"q:{query}": judged for query, judged in grades.items()}


TASKS: dict[str, Callable[[], Task]] = {
    "shopee": shopee,
    "abt_buy": abt_buy,
    "icecat": icecat,
    "crowdflower": lambda: crowdflower(with_text=False),
    "crowdflower+text": lambda: crowdflower(with_text=True),
    "homedepot": homedepot,
    "homedepot all": lambda: homedepot(least=1),
}
# In the quick form without those that only have more needs, or more text, of another.
QUICK_TASKS = tuple(name for name in TASKS if name not in {"crowdflower+text", "homedepot all"})
