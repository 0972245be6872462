"""How the offers are seated in the inverted lists: like goods side by side.

A need that asks for goods of a category, or a branch, then reads only a part of every list; so does
one that asks for papers, or whose outlet only some of the producers supply.
"""

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import kernels
from marketplace.matching.collector import AS_THEY_CAME, Arrangement
from marketplace.matching.columns import MAKE, ZONES, Columns
from marketplace.matching.world import World

Numbers = NDArray[np.int64]
# Numbers below this are sorted in a tenth of the time.
_SMALL = 1 << 16


def arrangement_of(columns: Columns, world: World) -> Arrangement:
    """By branch of the tree and category, then by zones and papers; of those as they came."""
    likes = np.zeros(len(columns), np.int64)
    many = 1
    for numbers, more in (_categories(columns, world), _zones(columns), _papers(columns)):
        likes, many = likes * more + numbers, many * more
        if many > _SMALL:
            likes, many = _counted(likes)
    if many < 2:
        return AS_THEY_CAME
    order = np.argsort(likes.astype(np.uint16) if many <= _SMALL else likes, kind="stable")
    ends = np.cumsum(np.bincount(likes, minlength=many))
    return Arrangement(
        order.astype(np.uint32), np.concatenate(([0], ends)).astype(np.int64, copy=False)
    )


# Of every row a number, and how many there are of them.


def _categories(columns: Columns, world: World) -> tuple[Numbers, int]:
    paths = [world.ancestors(make[0])[::-1] for make in columns.makes.values]
    different = sorted(set(paths))
    places = {path: place for place, path in enumerate(different)}
    by_make = np.array([places[path] for path in paths], np.int64)
    return by_make[columns.facts[:, MAKE]], max(len(different), 1)


def _zones(columns: Columns) -> tuple[Numbers, int]:
    return columns.facts[:, ZONES].astype(np.int64), max(len(columns.zones), 1)


def _papers(columns: Columns) -> tuple[Numbers, int]:
    spoken = np.empty(len(columns), np.int64)
    kernels.judging.spoken_of(columns.facts, columns.papers.view, 0, spoken)
    return _counted(spoken)


def _counted(values: Numbers) -> tuple[Numbers, int]:
    different = np.unique(values)
    return np.searchsorted(different, values), max(len(different), 1)
