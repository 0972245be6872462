"""The indexes of a run: one for each branch of the category tree, in a folder all workers see.

Words are as telling in a branch as they are among all offers: each index carries the frequencies
of the whole catalogue, so that a branch says of a pair what the whole would say.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import reduce
from pathlib import Path
from uuid import uuid4

from marketplace.catalog import queries as catalog
from marketplace.matching import Engine, Offer, Settings, World
from marketplace.matching.frequencies import Frequencies, frequencies_of, measure_against
from marketplace.suggestions.queries import shards as queries
from marketplace.suggestions.services.shards import ANY, branches, codes_of
from marketplace.suggestions.services.world import build_world

# Offers whose category is not known: they may serve every branch, and lie in each.
UNSORTED = "-"
_ALL = "all"
_BATCH = 10_000


def world_on(day: date) -> World:
    """The facts as they are now, on the day of the run."""
    return replace(build_world(), today=day)


def parts_of(wanted: Sequence[str], world: World) -> list[str]:
    """What must be counted before the wanted branches can be weighed."""
    return list(wanted) if ANY in wanted else [*branches(world), UNSORTED]


class BranchIndexes:
    """Made in three steps, the first and the last in many processes: count, weigh, finish.

    What lies in `folder` already is not made again, so that each step may be repeated.
    """

    def __init__(self, folder: Path, world: World, settings: Settings) -> None:
        self._folder = folder
        self._world = world
        self._settings = settings

    def count(self, part: str) -> int:
        """Index the offers of a part and count their words; returns how many offers there are."""
        counts = self._folder / "counts" / (part or _ALL)
        if not counts.exists():
            engine = Engine(self._world, self._settings)
            engine.load(_offers_of(part))
            _put(self._folder / "parts" / (part or _ALL), engine.save)
            _put(counts, frequencies_of(engine).save)
        return Frequencies.load(counts).texts

    def weigh(self, parts: Sequence[str]) -> int:
        """Add the parts up to the whole; offers that lie in every branch count once."""
        counts = self._folder / "counts"
        if ANY in parts:
            whole = Frequencies.load(counts / _ALL)
        else:
            whole = reduce(Frequencies.plus, (Frequencies.load(counts / part) for part in parts))
            whole = whole.plus(Frequencies.load(counts / UNSORTED), 1 - len(parts))
        _put(self._folder / "whole", whole.save)
        return whole.texts

    def finish(self, branch: str) -> None:
        """Weigh the words of a branch as the whole does, and put it where workers open it."""
        place = self._folder / "branches" / (branch or _ALL)
        if not place.exists():
            engine = self._open("parts", branch)
            measure_against(engine, Frequencies.load(self._folder / "whole"))
            _put(place, engine.save)

    def open(self, branch: str) -> Engine:
        """The index of a branch, read only."""
        return self._open("branches", branch)

    def _open(self, kind: str, branch: str) -> Engine:
        return Engine.open(self._folder / kind / (branch or _ALL), self._world, self._settings)


def _offers_of(part: str) -> Iterator[Offer]:
    """The published offers of a part as they are now, some thousands at a time."""
    codes = [] if part == UNSORTED else codes_of(part)
    after = 0
    while numbers := queries.next_product_ids(codes, after, _BATCH):
        yield from catalog.list_offers(numbers)
        after = numbers[-1]


def _put(place: Path, write: Callable[[Path], None]) -> None:
    """Have `write` make a file or folder that is whole as soon as it is there."""
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_name(f"{place.name}.{uuid4().hex}")
    write(unfinished)
    try:
        unfinished.rename(place)
    except OSError:  # somebody else was faster, with the same
        shutil.rmtree(unfinished, ignore_errors=True)
