"""How often the category suggested for a name is the right one, on names it was not fitted on.

Two sets of labelled names: marketplace products of 29 categories (`prdect`), and the project's own
list that the shipped one is fitted on. Ten folds by name; every name is asked once, of a guesser
that learned from the nine other folds.
"""

import hashlib
from collections.abc import Sequence

from bench.sets import rows_of
from marketplace.commodities.rules import labelled_names
from marketplace.matching.categories import CategoryGuesser

FOLDS = 10
Named = Sequence[tuple[str, str]]


def prdect() -> Named:
    """Names of marketplace products and their categories."""
    rows = rows_of("prdect_products/products_dev.csv")
    return [(row["product_name"], row["category"]) for row in rows]


SETS = {"prdect": prdect, "own names": labelled_names}


def suggested(names: Named) -> list[tuple[bool, bool]]:
    """Of every name: is the first suggestion right, is one of three?"""
    found = []
    folds = [_fold(name) for name, _ in names]
    for fold in range(FOLDS):
        pairs = list(zip(names, folds, strict=True))
        guesser = CategoryGuesser(pair for pair, other in pairs if other != fold)
        for (name, category), own in pairs:
            if own == fold:
                told = guesser.suggest(name)
                found.append((told[:1] == [category], category in told))
    return found


def _fold(name: str) -> int:
    return int(hashlib.md5(name.encode()).hexdigest(), 16) % FOLDS
