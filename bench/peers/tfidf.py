"""Cosine of TF-IDF vectors (scikit-learn), best ones by sparse_dot_topn."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sparse_dot_topn import sp_matmul_topn

from bench.peers.base import Hits, Peer, Text
from bench.scale import Facts, Wish


class _Cosine(Peer):
    constrains = "scores all, filters afterwards"
    how: ClassVar[dict[str, Any]]

    def build(self, texts: Sequence[Text], facts: Facts | None = None) -> None:
        self._vectors = TfidfVectorizer(dtype=np.float32, **self.how)
        self._matrix = self._vectors.fit_transform(_document(one) for one in texts)
        self._by_term = sparse.csr_matrix(self._matrix.T)
        self._facts = facts

    def top(self, question: str, count: int, wish: Wish | None = None) -> Hits:
        asked = self._vectors.transform([question])
        if wish is None or self._facts is None:
            best = sp_matmul_topn(asked, self._by_term, count, sort=True, n_threads=1)
            return list(zip(best.indices.tolist(), best.data.tolist(), strict=True))
        scores = asked @ self._by_term
        passes = self._facts.passing(wish)[scores.indices]
        return _best(scores.indices[passes], scores.data[passes], count)

    def among(self, question: str, rows: Sequence[int]) -> Hits:
        scores = (self._vectors.transform([question]) @ self._matrix[list(rows)].T).tocsr()
        return _best(np.asarray(rows)[scores.indices], scores.data, len(rows))


class CharCosine(_Cosine):
    name = "TF-IDF char-3"
    note = "sparse_dot_topn; a change needs a new build"
    how = {"analyzer": "char_wb", "ngram_range": (3, 3), "sublinear_tf": True}


class WordCosine(_Cosine):
    name = "TF-IDF words"
    note = "sparse_dot_topn; a change needs a new build"
    how = {"token_pattern": r"(?u)\w+", "sublinear_tf": True}


def _document(one: Text) -> str:
    return f"{one.title} {one.brand} {one.body}"


def _best(rows: np.ndarray, scores: np.ndarray, count: int) -> Hits:
    order = np.lexsort((rows, -scores))[:count]
    return list(zip(rows[order].tolist(), scores[order].tolist(), strict=True))
