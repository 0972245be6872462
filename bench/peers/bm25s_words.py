"""bm25s: BM25 over words, scores written at build time, compiled."""

from collections.abc import Sequence

import bm25s
import numpy as np

from bench.peers.base import BODY, BRAND, TITLE, Hits, Peer, Text, words_of
from bench.scale import Facts, Wish


class Bm25s(Peer):
    name = "bm25s"
    constrains = "scores all, masks some"
    note = "fields by repeating the title 8 and the brand 4 times; a change needs a new build"

    def prepare(self) -> None:
        """Compile, which is done once on a machine and not with every build."""
        self.build([Text("satu dua"), Text("tiga")])
        self.top("satu", 1)

    def build(self, texts: Sequence[Text], facts: Facts | None = None) -> None:
        fields = any(one.brand or one.body for one in texts)
        documents = [_repeated(one) if fields else one.title for one in texts]
        tokens = bm25s.tokenize(
            documents, token_pattern=r"(?u)\w+", stopwords=None, show_progress=False
        )
        self._index = bm25s.BM25(k1=1.2, b=0.75, method="lucene", backend="numba")
        self._index.index(tokens, show_progress=False)
        self._known = self._index.vocab_dict
        self._facts, self._rows = facts, len(texts)
        self._masks: dict[Wish, np.ndarray] = {}

    def top(self, question: str, count: int, wish: Wish | None = None) -> Hits:
        words = self._words(question)
        if not words:
            return []
        mask = None
        if wish is not None and self._facts is not None:
            mask = self._mask(wish, self._facts)
        rows, scores = self._index.retrieve(
            [words],
            k=min(count, self._rows),
            show_progress=False,
            n_threads=1,
            weight_mask=mask,
        )
        return [
            (row, score)
            for row, score in zip(rows[0].tolist(), scores[0].tolist(), strict=True)
            if score > 0
        ]

    def among(self, question: str, rows: Sequence[int]) -> Hits:
        words = self._words(question)
        if not words:
            return []
        scores = self._index.get_scores(words)
        found = [(row, float(scores[row])) for row in rows]
        return sorted(found, key=lambda hit: -hit[1])

    def _mask(self, wish: Wish, facts: Facts) -> np.ndarray:
        if wish not in self._masks:
            self._masks[wish] = facts.passing(wish).astype(np.float32)
        return self._masks[wish]

    def _words(self, question: str) -> list[str]:
        return [word for word in words_of(question) if word in self._known]


def _repeated(one: Text) -> str:
    return " ".join([one.title] * int(TITLE) + [one.brand] * int(BRAND) + [one.body] * int(BODY))
