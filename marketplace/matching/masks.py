"""Which offers of a whole catalogue can pass the rules at all, as one truth value for each row.

A mask never says no where a rule would not: the unknown passes, and what a mask cannot tell is
left to the judging of the candidates. Needs share their parts (a category, a set of regions, the
papers asked), so each part is worked out once and only goes on with the rows added since.
"""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import kernels
from marketplace.matching.case import Question
from marketplace.matching.columns import LEAD, LIFE, MAKE, TERMS, UNIT, ZONES, Columns
from marketplace.matching.store import Growing
from marketplace.matching.terms import Terms

Mask = NDArray[np.bool_]
# From a row to another: the values of the rows between.
_Part = Callable[[int, int], NDArray[Any]]
# Each part costs a byte per row.
_KEPT = 64
# Ceilings are rounded up to so many leading bits, so that needs share a part.
_CEILING_BITS = 5


class Masks:
    """The masks of one catalogue under one world. Several threads may ask at once."""

    def __init__(self, columns: Columns, terms: Terms) -> None:
        self._columns = columns
        self._terms = terms
        self._parts: dict[Hashable, Growing] = {}
        self._copies: dict[object, Growing] = {}
        self._lock = Lock()

    def of(self, question: Question) -> Mask | None:
        """False for rows that a rule is sure to exclude; None where every row may pass."""
        rows = len(self._columns)
        with self._lock:
            parts = [self._part(key, rows, compute) for key, compute in self._asked(question)]
        if not parts:
            return None
        passing = parts[0][:rows].copy() if len(parts) > 1 else parts[0][:rows]
        for part in parts[1:]:
            passing &= part[:rows]
        return passing

    def _asked(self, question: Question) -> list[tuple[Hashable, _Part]]:
        """The parts that this need has something to say to."""
        need, terms, day = question.need, self._terms, question.day
        found: list[tuple[Hashable, _Part]] = []
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

    def _part(self, key: Hashable, rows: int, compute: _Part) -> Mask:
        part = self._parts.pop(key, None)
        if part is None:
            part = Growing(np.bool_)
            while len(self._parts) >= _KEPT:
                del self._parts[next(iter(self._parts))]
        if part.size < rows:
            part.extend(compute(part.size, rows))
        self._parts[key] = part  # the last one asked for is the last to go
        return part.view

    def _by_number(self, column: int, hopeless: Callable[[], Mask]) -> _Part:
        def compute(first: int, last: int) -> NDArray[Any]:
            return np.asarray(~hopeless()[self._copy(column, last)[first:last]])

        return compute

    def _holding(self, asked: int) -> _Part:
        def compute(first: int, last: int) -> NDArray[Any]:
            return np.asarray(self._spoken_of(last)[first:last] & asked == asked)

        return compute

    def _within(self, question: Question, ceiling: int) -> _Part:
        def compute(first: int, last: int) -> NDArray[Any]:
            highest = self._terms.highest_prices(question.need, ceiling)
            out = np.empty(last - first, np.bool_)
            prices, units = self._cheapest(last)[first:last], self._copy(UNIT, last)[first:last]
            kernels.judging.affordable(prices, units, highest, out)
            return out

        return compute

    def _keeping(self, least: int) -> _Part:
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


def _rounded_up(ceiling: int) -> int:
    """The next number above with only a few leading bits set."""
    spare = max(0, ceiling.bit_length() - _CEILING_BITS)
    return -(-ceiling >> spare) << spare
