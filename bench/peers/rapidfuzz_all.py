"""RapidFuzz WRatio over every title: the way most scripts match lists."""

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process

from bench.peers.base import Hits, Peer, Text
from bench.scale import Facts, Wish


class RapidFuzz(Peer):
    name = "RapidFuzz"
    constrains = "filters first, compares the rest"
    indexes = False
    note = "WRatio against every title; builds nothing"

    def build(self, texts: Sequence[Text], facts: Facts | None = None) -> None:
        self._titles: list[str | None] = [f"{one.title} {one.brand}".lower() for one in texts]
        self._facts = facts

    def top(self, question: str, count: int, wish: Wish | None = None) -> Hits:
        if wish is None or self._facts is None:
            return self._best(question, self._titles, None, count)
        return self._among(question, np.flatnonzero(self._facts.passing(wish)).tolist(), count)

    def among(self, question: str, rows: Sequence[int]) -> Hits:
        return self._among(question, rows, len(rows))

    def add(self, text: Text) -> int:
        self._titles.append(f"{text.title} {text.brand}".lower())
        return len(self._titles) - 1

    def remove(self, row: int) -> None:
        self._titles[row] = None

    def _among(self, question: str, rows: Sequence[int], count: int) -> Hits:
        return self._best(question, [self._titles[row] for row in rows], rows, count)

    def _best(
        self,
        question: str,
        titles: Sequence[str | None],
        rows: Sequence[int] | None,
        count: int,
    ) -> Hits:
        found = process.extract(question.lower(), titles, scorer=fuzz.WRatio, limit=count)
        return [(place if rows is None else rows[place], score / 100) for _, score, place in found]
