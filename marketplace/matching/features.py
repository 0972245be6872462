"""Comparing one need with its candidates: every comparison is one number for each candidate.

Nothing is below 0, so that a weight's sign is the direction of the reason that is printed.
`kernels/comparing.py` computes them, in the order of `FEATURES`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from threading import local
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import kernels
from marketplace.matching.lazy import lazy
from marketplace.matching.store import TRIGRAMS, Ints, Store

if TYPE_CHECKING:
    from marketplace.matching.kernels.shapes import Asked, Named, Texts
    from marketplace.matching.spellings import Meant

FEATURES = (
    "spelling",  # cosine of character trigrams
    "spelling_rare",  # the same, rare trigrams counting more
    "spelling_back",  # share of the title's trigrams in the need, rare ones counting more
    "words",  # share of the need's words in the title, rare words counting more
    "words_plain",  # the same, all words alike
    "words_back",  # share of the title's words in the need
    "words_all",  # every word of the need is in the title
    "words_anywhere",  # share of the need's words anywhere in the offer
    "rarest",  # the rarest word shared, as a share of the rarest asked for
    "begins",  # share of the title's first three words in the need
    "unlike_differs",  # words of one title only that tell goods apart (telling.py), in logits
    "filler",  # words of one title only that say little, in logits
    "variant_same",
    "variant_differs",
    "size_same",
    "size_differs",
    "measure_same",
    "measure_differs",
    "model_same",
    "model_differs",
    "number_same",
    "number_differs",
    "brand_same",
    "brand_differs",
    "place",  # 1 for the best by words, 1/2 for the next, …
    "share_of_best",  # word score as a share of the best candidate's
    "title_share",  # the same where a word counts once and a description hardly
    "share_of_self",  # word score as a share of what the need itself would score
    "company",  # closeness to the middle of the best eight
    "echo",  # as close to another good candidate as that one is to the need
    "rival_differs",  # how much closer another good candidate is than the need
    "nearest",  # 1 where no other good candidate is closer than the need, 1/2 where one is, …
    "article_same",  # as for models, of longer ones
    "article_differs",
    "article_told",  # a longer one that the need names stands in the description
    "written_otherwise",  # share of the need's words the title has in a similar spelling only
)
# BM25F: how often each field says a word is weighted and added up before it saturates, so that a
# word of the title counts about twice one of the description, and both together hardly more.
# Weights of title and of brand or category, saturation, and how much the length counts.
BM25F = (8.0, 4.0, 1.2, 0.75)
# Two words are meant as one so surely, where the catalogue writes them so.
_SURE_IF_JOINED = 0.9
_NONE_JOINED, _NO_BRAND = np.zeros((0, 2), np.int64), np.zeros(0, np.int64)
_OWN = local()

# What the need states and the offer states otherwise.
CONFLICTS = np.array([FEATURES.index(f"{one}_differs") for one in ("size", "variant", "model")])


class Query:
    """A need's distinct words, looked up in a store, and what is `meant` by each.

    `asked`, `named` and `trigrams` are what the kernels make of it.
    """

    def __init__(
        self,
        store: Store,
        words: Sequence[str],
        meant: "Sequence[Meant]",
        joined: Sequence[tuple[int, int]] = (),
        brand: Collection[int] = (),
    ) -> None:
        self.words = words
        self.meant = meant
        self._store = store
        packed = bytearray().join([one.packed for one in meant])
        self.need = (
            np.frombuffer(packed, np.float64),
            len(words),
            np.array(joined, np.int64) if joined else _NONE_JOINED,
            _SURE_IF_JOINED,
            np.array(sorted(brand), np.int64) if brand else _NO_BRAND,
        )

    @lazy
    def _unpacked(self) -> "tuple[Asked, Named, Ints]":
        shapes = kernels.shapes
        return kernels.asking.unpack(shapes.Need(*self.need), shapes.Words(*words_of(self._store)))

    @property
    def asked(self) -> "Asked":
        return self._unpacked[0]

    @property
    def named(self) -> "Named":
        return self._unpacked[1]

    @property
    def trigrams(self) -> Ints:
        return self._unpacked[2]


@dataclass(frozen=True, slots=True)
class Compared:
    """`matrix` is candidates x FEATURES; `found` is candidates x words, 1 where the title has it.

    `likeness` is 0 for a need much shorter than the titles it competes for (a search) and 1 for
    one as long as they are (a title itself).
    """

    matrix: NDArray[np.float64]
    found: NDArray[np.float64]
    likeness: float

    def conflicts(self, candidates: Any = slice(None)) -> NDArray[np.bool_]:
        """Of each of some candidates: are its size, kind or article number others than asked?"""
        told = self.matrix[candidates]
        return np.asarray((told[..., CONFLICTS] > 0).any(-1))


def compare(store: Store, query: Query, rows: Ints, context: int) -> Compared:
    """Compare the need with `rows`; the first `context` of them are the field they compete in.

    Place, share of the best and company are measured against that field, so that a row judged
    alone gets the same numbers as in a ranking.
    """
    matrix, found, usual = kernels.comparing.compare(*_compared(store, query, rows, context))
    return Compared(matrix, found, min(1.0, len(query.words) / max(usual, 1.0)))


def words_of(store: Store) -> tuple[Any, ...]:
    """What is known of all words, as `shapes.Words` has it."""
    return (
        store.classes.lent,
        store.variants.lent,
        store.partings.lent,
        store.outlines.lent,
        store.frequency.lent,
        store.counted,
    )


def spelling_of(store: Store) -> tuple[Any, ...]:
    """What is known of trigrams, as `shapes.Spelling` has it."""
    return *store.spelling(), *store.again(), store.trigram_weights()


def _compared(store: Store, query: Query, rows: Ints, context: int) -> tuple[Any, ...]:
    """What the kernel that compares is asked."""
    return (
        texts_of(store, store.average_title, store.average_body),
        kernels.shapes.Words(*words_of(store)),
        kernels.shapes.Spelling(*spelling_of(store)),
        query.asked,
        query.named,
        query.trigrams,
        np.asarray(rows, np.int64),
        context,
        kernels.shapes.Rule(*BM25F),
        marks(),
    )


def texts_of(store: Store, average_title: float, average_body: float) -> "Texts":
    """The rows of a store as the kernels take them, lengths measured against these averages."""
    tokens, starts, sizes = store.tokens.lent
    return kernels.shapes.Texts(
        tokens,
        store.fields.view,
        starts,
        sizes,
        store.title_lengths.lent,
        store.body_lengths.lent,
        average_title,
        average_body,
    )


def marks() -> NDArray[np.float64]:
    """Four places for every trigram, for this thread; whoever uses them leaves them clean."""
    own: NDArray[np.float64] | None = getattr(_OWN, "marks", None)
    if own is None:
        own = _OWN.marks = np.zeros((TRIGRAMS, 4))
    return own
