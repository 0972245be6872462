"""How the offers are seated in the inverted lists: like goods side by side.

A need that asks for goods of a category, or a branch, then reads only a part of every list.
"""

import numpy as np

from marketplace.matching.collector import AS_THEY_CAME, Arrangement
from marketplace.matching.columns import MAKE, Columns
from marketplace.matching.world import World


def arrangement_of(columns: Columns, world: World) -> Arrangement:
    """By branch of the tree and category, within one as they came."""
    paths = [world.ancestors(make[0])[::-1] for make in columns.makes.values]
    different = sorted(set(paths))
    if len(different) < 2:
        return AS_THEY_CAME
    numbers = {path: number for number, path in enumerate(different)}
    by_make = np.array([numbers[path] for path in paths], np.uint16)
    likes = by_make[columns.facts[:, MAKE]]
    order = np.argsort(likes, kind="stable").astype(np.uint32)
    ends = np.cumsum(np.bincount(likes, minlength=len(different)))
    return Arrangement(order, np.concatenate(([0], ends)).astype(np.int64))
