"""Which offers of a whole catalogue can pass the rules at all, as one bit for each row.

A mask never says no where a rule would not: the unknown passes, and what a mask cannot tell is
left to the judging of the candidates. Needs share their parts (a category, a set of regions, the
papers asked), so each part is worked out once and only goes on with the rows added since; and many
ask altogether the same.
"""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import kernels
from marketplace.matching.bits import NO_BITS, Compute, Mask, all_of
from marketplace.matching.case import Question
from marketplace.matching.columns import LEAD, LIFE, MAKE, TERMS, UNIT, ZONES, Columns
from marketplace.matching.store import Growing
from marketplace.matching.terms import Terms

# A mask costs a bit per row.
_KEPT = 128
# Ceilings are rounded up to so many leading bits, so that needs share a part.
_CEILING_BITS = 5


class Masks:
    """The masks of one catalogue under one world. Several threads may ask at once."""

    def __init__(self, columns: Columns, terms: Terms) -> None:
        self._columns = columns
        self._terms = terms
        self._kept: dict[Hashable, Mask] = {}
        self._copies: dict[object, Growing] = {}
        self._lock = Lock()

    def of(self, question: Question) -> Mask | None:
        """False for rows that a rule is sure to exclude; None where every row may pass."""
        rows = len(self._columns)
        with self._lock:
            key = _asking(question)
            whole = self._kept.get(key)
            if whole is not None and whole.rows == rows:
                return whole
            asked = self._asked(question)
            if not asked:
                return None
            parts = [self._part(key, rows, part) for key, part in asked]
            return self._keep(key, all_of(parts, whole))

    def of_branch(self, question: Question) -> Mask | None:
        """False for rows of other branches than that of the need; None where it has none."""
        branch = question.world.branch_of(question.need.category)
        if not branch:
            return None
        compute = self._by_number(MAKE, lambda: self._terms.strangers(branch))
        with self._lock:
            return self._part(("branch", branch), len(self._columns), compute)

    def _asked(self, question: Question) -> list[tuple[Hashable, Compute]]:
        """The parts that this need has something to say to."""
        need, terms, day = question.need, self._terms, question.day
        found: list[tuple[Hashable, Compute]] = []
        if need.category or need.storage:
            key: Hashable = ("make", need.category, need.storage, terms.codes_on(day))
            found.append((key, self._by_number(MAKE, lambda: terms.hopeless_makes(question))))
        if any(question.regions) and terms.everyone_must_pass(question, "zone"):
            key = ("zones", frozenset(question.regions))
            found.append((key, self._by_number(ZONES, lambda: terms.hopeless_zones(question))))
        if need.terms and terms.everyone_must_pass(question, "terms"):
            key = ("terms", need.terms)
            found.append((key, self._by_number(TERMS, lambda: terms.hopeless_terms(question))))
        if need.papers_required and terms.everyone_must_pass(question, "required_papers"):
            asked = self._columns.bits(need.papers_required)
            if asked is not None:
                found.append((("papers", asked), self._holding(asked)))
        if need.max_price is not None and terms.everyone_must_pass(question, "landed_price"):
            ceiling = _rounded_up(need.max_price)
            key = ("price", need.unit, need.pack, ceiling)
            found.append((key, self._within(question, ceiling)))
        life = need.min_shelf_life_days
        if life is not None and terms.everyone_must_pass(question, "shelf_life"):
            least = life + question.settings.safety_days
            found.append((("life", least), self._keeping(least)))
        return found

    def _part(self, key: Hashable, rows: int, compute: Compute) -> Mask:
        part = self._kept.get(key) or Mask.of(0, NO_BITS)
        return self._keep(key, part if part.rows == rows else part.grown(rows, compute))

    def _keep(self, key: Hashable, mask: Mask) -> Mask:
        """The last one asked for is the last to go."""
        self._kept.pop(key, None)
        while len(self._kept) >= _KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = mask
        return mask

    def _by_number(self, column: int, hopeless: Callable[[], NDArray[np.bool_]]) -> Compute:
        def compute(first: int, last: int) -> NDArray[Any]:
            return np.asarray(~hopeless()[self._copy(column, last)[first:last]])

        return compute

    def _holding(self, asked: int) -> Compute:
        def compute(first: int, last: int) -> NDArray[Any]:
            return np.asarray(self._spoken_of(last)[first:last] & asked == asked)

        return compute

    def _within(self, question: Question, ceiling: int) -> Compute:
        def compute(first: int, last: int) -> NDArray[Any]:
            highest = self._terms.highest_prices(question.need, ceiling)
            out = np.empty(last - first, np.bool_)
            prices, units = self._cheapest(last)[first:last], self._copy(UNIT, last)[first:last]
            kernels.judging.affordable(prices, units, highest, out)
            return out

        return compute

    def _keeping(self, least: int) -> Compute:
        def compute(first: int, last: int) -> NDArray[Any]:
            life = self._copy(LIFE, last)[first:last]
            lead = np.maximum(self._copy(LEAD, last)[first:last], 0)
            return np.asarray((life < 0) | (life - lead >= least))

        return compute

    def _copy(self, column: int, rows: int) -> NDArray[Any]:
        """One column by itself: read in a row it is many times faster than among the others."""
        kept = self._copies.setdefault(column, Growing(np.int32))
        if kept.size < rows:
            kept.extend(self._columns.facts[kept.size : rows, column])
        return kept.view

    def _cheapest(self, rows: int) -> NDArray[Any]:
        kept = self._copies.setdefault("cheapest", Growing(np.int32))
        if kept.size < rows:
            new = np.empty(rows - kept.size, np.int32)
            columns = self._columns
            kernels.judging.cheapest(columns.facts, columns.breaks.view, kept.size, new)
            kept.extend(new)
        return kept.view

    def _spoken_of(self, rows: int) -> NDArray[Any]:
        kept = self._copies.setdefault("papers", Growing(np.int64))
        if kept.size < rows:
            new = np.empty(rows - kept.size, np.int64)
            columns = self._columns
            kernels.judging.spoken_of(columns.facts, columns.papers.view, kept.size, new)
            kept.extend(new)
        return kept.view


def _asking(question: Question) -> Hashable:
    """All that `Masks._asked` looks at in a question."""
    need = question.need
    ceiling = None if need.max_price is None else _rounded_up(need.max_price)
    places = frozenset(question.regions)
    return (
        "whole", question.day, need.category, need.storage, places, need.terms,
        need.papers_required, ceiling, need.unit, need.pack, need.min_shelf_life_days,
    )  # fmt: skip


def _rounded_up(ceiling: int) -> int:
    """The next number above with only a few leading bits set."""
    spare = max(0, ceiling.bit_length() - _CEILING_BITS)
    return -(-ceiling >> spare) << spare
