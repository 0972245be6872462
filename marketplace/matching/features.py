"""Comparing one need with its candidates: every comparison is one number for each candidate.

Nothing is below 0, so that a weight's sign is the direction of the reason that is printed.
`kernels/comparing.py` computes them, in the order of `FEATURES`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import local
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import kernels
from marketplace.matching.store import TRIGRAMS, Ints, Store, trigrams_of

if TYPE_CHECKING:
    from marketplace.matching.kernels.shapes import Asked, Texts
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
_OWN = local()


# What the need states and the offer states otherwise.
_CONFLICTS = [FEATURES.index(f"{one}_differs") for one in ("size", "variant", "model")]


@dataclass(frozen=True, slots=True)
class Query:
    """A need's text, looked up in a store. `asked` is what the kernels are asked.

    Word i is `words[i]` of class `classes[i]`; `tokens`, `word_of` and `weights` are parallel and
    sorted by token: token t of the store stands for word `word_of` with that weight (1 for the
    word itself, less for a repaired spelling). `brand` are tokens; `variants` and `partings` are
    what `telling` knows of each word, `outlines` what a careless spelling leaves of it.
    """

    words: tuple[str, ...]
    classes: NDArray[np.uint8]
    tokens: NDArray[np.int64]
    word_of: NDArray[np.int64]
    weights: NDArray[np.float64]
    trigrams: Ints
    brand: NDArray[np.int64]
    variants: NDArray[np.uint8]
    partings: NDArray[np.float64]
    outlines: NDArray[np.uint32]
    asked: "Asked"


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
        return np.asarray((told[..., _CONFLICTS] > 0).any(-1))


def make_query(
    store: Store,
    words: Sequence[str],
    meant: "Sequence[Meant]",
    expansions: Sequence[Sequence[tuple[int, float]]],
    brand: frozenset[int],
) -> Query:
    """Put a need's distinct words and what each may stand for into arrays."""
    best: dict[int, tuple[int, float]] = {}
    for position, found in enumerate(expansions):
        for token, weight in found:
            if token not in best or best[token][1] < weight:
                best[token] = (position, weight)
    sorted_tokens = sorted(best)
    tokens = np.array(sorted_tokens, np.int64)
    word_of = np.array([best[token][0] for token in sorted_tokens], np.int64)
    weights = np.array([best[token][1] for token in sorted_tokens])
    return Query(
        tuple(words),
        np.array([one.kind for one in meant], np.uint8),
        tokens,
        word_of,
        weights,
        trigrams_of(" ".join(words)),
        np.array(sorted(brand), np.int64),
        np.array([one.variant for one in meant], np.uint8),
        np.array([one.parting for one in meant], np.float64),
        np.array([one.outline for one in meant], np.uint32),
        _asked(store, len(words), tokens, word_of, weights),
    )


def compare(store: Store, query: Query, rows: Ints, context: int) -> Compared:
    """Compare the need with `rows`; the first `context` of them are the field they compete in.

    Place, share of the best and company are measured against that field, so that a row judged
    alone gets the same numbers as in a ranking.
    """
    matrix, found, usual = kernels.comparing.compare(*_compared(store, query, rows, context))
    return Compared(matrix, found, min(1.0, len(query.words) / max(usual, 1.0)))


def lent(store: Store) -> tuple[Any, ...]:
    """What is known of all words and trigrams, as `kernels.gathering` takes it."""
    return (
        *_words_of(store),
        *store.spelling(),
        store.trigram_weights(),
        *BM25F,
    )


def lent_of(query: Query) -> tuple[Any, ...]:
    """What is asked, as `kernels.gathering` takes it."""
    return *query.asked, *_named_of(query), query.trigrams


def _words_of(store: Store) -> tuple[Any, ...]:
    return (
        store.classes.lent,
        store.variants.lent,
        store.partings.lent,
        store.outlines.lent,
        store.frequency.lent,
        store.counted,
    )


def _named_of(query: Query) -> tuple[Any, ...]:
    return query.classes, query.variants, query.partings, query.outlines, query.brand


def _compared(store: Store, query: Query, rows: Ints, context: int) -> tuple[Any, ...]:
    """What the kernel that compares is asked."""
    return (
        texts_of(store, store.average_title, store.average_body),
        kernels.shapes.Words(*_words_of(store)),
        kernels.shapes.Spelling(*store.spelling(), store.trigram_weights()),
        query.asked,
        kernels.shapes.Named(*_named_of(query)),
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


def _asked(store: Store, words: int, tokens: Ints, word_of: Ints, weights: Any) -> "Asked":
    """What is asked as the kernels take it; a word no offer has is as telling as the rarest."""
    idf = np.full(words, store.unknown_idf)
    if len(tokens):
        told, own = store.idf(tokens), weights >= 1.0
        idf[word_of] = told
        idf[word_of[own]] = told[own]
    return kernels.shapes.Asked(tokens, word_of, weights, idf)


def marks() -> NDArray[np.float64]:
    """A place for every trigram, for this thread; whoever uses it leaves it clean."""
    own: NDArray[np.float64] | None = getattr(_OWN, "marks", None)
    if own is None:
        own = _OWN.marks = np.zeros(TRIGRAMS)
    return own
