"""Comparing one need with its candidates: every comparison is one number for each candidate.

Agreements lie in 0..1 and conflicts are 0 or 1, so that a weight's sign is the direction of the
reason that is printed. All of it is arithmetic on the store's flat arrays.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.store import (
    BODY_SHIFT,
    IN_BODY,
    IN_BRAND,
    IN_CATEGORY,
    IN_TITLE,
    TITLE_SHIFT,
    TRIGRAMS,
    Ints,
    Store,
    trigrams_of,
)
from marketplace.matching.text import TokenClass

FEATURES = (
    "spelling",  # cosine of character trigrams
    "spelling_rare",  # the same, rare trigrams counting more
    "words",  # share of the need's words in the title, rare words counting more
    "words_plain",  # the same, all words alike
    "words_back",  # share of the title's words in the need
    "words_all",  # every word of the need is in the title
    "words_anywhere",  # share of the need's words anywhere in the offer
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
)
_SIZES = (TokenClass.MASS, TokenClass.VOLUME, TokenClass.COUNT)
# BM25F: how often each field says a word is weighted and added up before it saturates, so that a
# word of the title counts about twice one of the description, and both together hardly more.
_K1, _B = 1.2, 0.75
_TITLE_WEIGHT, _SIDE_WEIGHT = 8.0, 4.0
# What a word of a title of usual length earns: the score of the need against itself.
_FULL = _TITLE_WEIGHT * (_K1 + 1) / (_TITLE_WEIGHT + _K1)
_BEST = 8
_GOOD = 30
_TIMES = (1 << (BODY_SHIFT - TITLE_SHIFT)) - 1


@dataclass(frozen=True, slots=True)
class Query:
    """A need's text, looked up in a store.

    Word i is `words[i]` of class `classes[i]`; `tokens`, `word_of` and `weights` are parallel and
    sorted by token: token t of the store stands for word `word_of` with that weight (1 for the
    word itself, less for a repaired spelling).
    """

    words: tuple[str, ...]
    classes: NDArray[np.uint8]
    tokens: NDArray[np.int64]
    word_of: NDArray[np.int64]
    weights: NDArray[np.float64]
    trigrams: Ints
    brand: frozenset[int]


@dataclass(frozen=True, slots=True)
class Compared:
    """`matrix` is candidates x FEATURES; `found` is candidates x words, 1 where the title has it.

    `likeness` is 0 for a need much shorter than the titles it competes for (a search) and 1 for
    one as long as they are (a title itself).
    """

    matrix: NDArray[np.float64]
    found: NDArray[np.float64]
    likeness: float


def make_query(
    store: Store,
    words: Sequence[str],
    classes: Sequence[int],
    expansions: Sequence[Sequence[tuple[int, float]]],
    brand: frozenset[int],
) -> Query:
    """Put a need's distinct words and what each may stand for into arrays."""
    best: dict[int, tuple[int, float]] = {}
    for position, found in enumerate(expansions):
        for token, weight in found:
            if token not in best or best[token][1] < weight:
                best[token] = (position, weight)
    tokens = sorted(best)
    return Query(
        tuple(words),
        np.array(classes, np.uint8),
        np.array(tokens, np.int64),
        np.array([best[token][0] for token in tokens], np.int64),
        np.array([best[token][1] for token in tokens]),
        trigrams_of(" ".join(words)),
        brand,
    )


def compare(store: Store, query: Query, rows: Ints, context: int) -> Compared:
    """Compare the need with `rows`; the first `context` of them are the field they compete in.

    Place, share of the best and company are measured against that field, so that a row judged
    alone gets the same numbers as in a ranking.
    """
    count, width = len(rows), len(query.words)
    at, owner = store.tokens.positions(rows)
    tokens, fields = store.tokens.flat.view[at].astype(np.int64), store.fields.view[at]
    slot = np.searchsorted(query.tokens, tokens)
    slot[slot == len(query.tokens)] = 0
    hit = (query.tokens[slot] == tokens) if len(query.tokens) else np.zeros(len(tokens), bool)
    weight = np.where(hit, query.weights[slot], 0.0) if len(query.tokens) else np.zeros(len(tokens))
    title = (fields & IN_TITLE) > 0

    def matched(mask: NDArray[np.bool_], times: Ints | None = None) -> NDArray[np.float64]:
        found = np.zeros((count, width))
        chosen = np.flatnonzero(mask & hit)
        chosen = chosen[np.argsort(weight[chosen], kind="stable")]  # the surest spelling wins
        value = weight[chosen] if times is None else weight[chosen] * times[chosen]
        found[owner[chosen], query.word_of[slot[chosen]]] = value
        return found

    in_title = matched(title)
    in_side = matched((fields & (IN_BRAND | IN_CATEGORY)) > 0)
    in_body = matched((fields & IN_BODY) > 0, fields >> BODY_SHIFT)
    times = matched(title, (fields >> TITLE_SHIFT) & _TIMES)
    anywhere = np.maximum(np.maximum(in_title, in_side), np.minimum(in_body, 1.0))

    word_idf = _word_idf(store, query)
    total_idf = max(float(word_idf.sum()), 1e-9)
    token_idf = store.idf(tokens)
    title_idf = np.bincount(owner[title], token_idf[title], count)
    title_hit = np.bincount(owner[title], (token_idf * weight)[title], count)

    lengths = store.title_lengths.view[rows]
    in_name = _TITLE_WEIGHT * times / _stretch(lengths, store.average_title)[:, None]
    told = in_body / _stretch(store.body_lengths.view[rows], store.average_body)[:, None]
    said = in_name + _SIDE_WEIGHT * in_side + told
    score = (said * (_K1 + 1) / (said + _K1)) @ word_idf
    once = (_K1 + 1) / (1 + _K1 * _stretch(lengths, store.average_title))
    by_title = (in_title * once[:, None] + 0.5 * in_side + 0.125 * (in_body > 0)) @ word_idf
    field = score[:context]
    best = max(float(field.max()) if context else 0.0, 1e-9)
    place = (field[None, :] > score[:, None] + 1e-9).sum(1)

    plain, rare, company, echo, rival = _spellings(store, query, rows, score, context)
    same, differs = _agreements(query, in_title, anywhere, tokens, fields, owner, store, count)
    brand_same, brand_differs = _brands(query, tokens, fields, owner, weight, count)
    columns = {
        "spelling": plain,
        "spelling_rare": rare,
        "words": in_title @ word_idf / total_idf,
        "words_plain": in_title.sum(1) / max(width, 1),
        "words_back": title_hit / np.maximum(title_idf, 1e-9),
        "words_all": (in_title > 0).all(1) * float(width > 0),
        "words_anywhere": anywhere @ word_idf / total_idf,
        "size_same": same["size"],
        "size_differs": differs["size"],
        "measure_same": same["measure"],
        "measure_differs": differs["measure"],
        "model_same": same["model"],
        "model_differs": differs["model"],
        "number_same": same["number"],
        "number_differs": differs["number"],
        "brand_same": brand_same,
        "brand_differs": brand_differs,
        "place": 1.0 / (1.0 + place),
        "share_of_best": np.minimum(score / best, 1.0),
        "title_share": np.minimum(by_title / max(by_title[:context].max(initial=0), 1e-9), 1),
        "share_of_self": np.minimum(score / (total_idf * _FULL), 1.0),
        "company": company,
        "echo": echo,
        "rival_differs": rival,
    }
    matrix = np.column_stack([columns[name] for name in FEATURES])
    best_rows = np.argsort(-field, kind="stable")[:_BEST]
    usual = float(lengths[best_rows].mean()) if context else store.average_title
    return Compared(matrix, in_title, min(1.0, width / max(usual, 1.0)))


def _stretch(lengths: Ints, average: float) -> NDArray[np.float64]:
    """How much longer than usual a field is, damped: BM25's length normalisation."""
    return np.asarray(1 - _B + _B * lengths / average)


def _word_idf(store: Store, query: Query) -> NDArray[np.float64]:
    """How telling each word of the need is; an unknown word as much as the rarest."""
    idf = np.full(len(query.words), store.unknown_idf)
    if len(query.tokens):
        own = query.weights >= 1.0
        idf[query.word_of[~own]] = store.idf(query.tokens[~own])
        idf[query.word_of[own]] = store.idf(query.tokens[own])
    return idf


def _spellings(
    store: Store, query: Query, rows: Ints, score: NDArray[np.float64], context: int
) -> tuple[NDArray[np.float64], ...]:
    at, owner = store.trigrams.positions(rows)
    grams = store.trigrams.flat.view[at]
    count = len(rows)
    size = np.maximum(store.trigrams.lengths(rows), 1)
    own = np.zeros(TRIGRAMS, np.float32)
    own[query.trigrams] = 1.0
    shared = own[grams]
    plain = np.bincount(owner, shared, count) / np.sqrt(size * max(len(query.trigrams), 1))

    rarity = store.trigram_weights()
    gram_weights = rarity[grams]
    norm = np.sqrt(np.maximum(np.bincount(owner, gram_weights, count), 1e-9))
    query_norm = np.sqrt(max(float(rarity[query.trigrams].sum()), 1e-9))
    rare = np.bincount(owner, shared * gram_weights, count) / (norm * query_norm)

    top = np.argsort(-score[:context], kind="stable")[:_BEST]
    in_top = np.zeros(count, bool)
    in_top[top] = True
    chosen = in_top[owner]
    middle = np.bincount(grams[chosen], (1.0 / norm)[owner[chosen]], TRIGRAMS)
    middle_norm = np.sqrt(max(float((middle * middle * rarity).sum()), 1e-9))
    company = np.bincount(owner, (middle * rarity)[grams], count) / (norm * middle_norm)
    echo, rival = _neighbours(grams, owner, gram_weights, norm, rare, score, context)
    return plain, rare, company, echo, rival


def _neighbours(
    grams: Ints,
    owner: Ints,
    gram_weights: NDArray[np.float64],
    norm: NDArray[np.float64],
    near: NDArray[np.float64],
    score: NDArray[np.float64],
    context: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How each candidate stands to the best others of its field; `near` is to the need."""
    count = len(score)
    echo, rival = np.zeros(count), np.zeros(count)
    top = np.argsort(-score[:context], kind="stable")[:_GOOD]
    if len(top) < 2:
        return echo, rival
    place = np.full(count, -1)
    place[top] = np.arange(len(top))
    chosen = place[owner] >= 0
    used, column = np.unique(grams[chosen], return_inverse=True)
    rows = np.zeros((len(top), len(used)))
    rows[place[owner[chosen]], column] = (np.sqrt(gram_weights) / norm[owner])[chosen]
    others = rows @ rows.T
    np.fill_diagonal(others, 0.0)
    echo[top] = np.minimum(others, near[top][None, :]).max(1)
    rival[top] = np.maximum(others.max(1) - near[top], 0.0)
    return echo, rival


def _agreements(
    query: Query,
    in_title: NDArray[np.float64],
    anywhere: NDArray[np.float64],
    tokens: Ints,
    fields: Ints,
    owner: Ints,
    store: Store,
    count: int,
) -> tuple[dict[str, NDArray[np.float64]], dict[str, NDArray[np.float64]]]:
    """Same or different sizes, measures, models and numbers; both 0 where one side names none."""
    classes = store.classes.view[tokens]
    in_name = (fields & IN_TITLE) > 0
    zero = np.zeros(count)
    same = {"size": zero}
    differs = {"size": zero}
    for kind in _SIZES:
        agree, conflict = _agreement(query, in_title, classes, in_name, owner, count, kind)
        same["size"] = np.maximum(same["size"], agree)
        differs["size"] = np.maximum(differs["size"], conflict)
    for name, kind in (
        ("measure", TokenClass.MEASURE),
        ("model", TokenClass.MODEL),
        ("number", TokenClass.NUMBER),
    ):
        same[name], differs[name] = _agreement(
            query, in_title, classes, in_name, owner, count, kind
        )
    return same, differs


def _agreement(
    query: Query,
    in_title: NDArray[np.float64],
    classes: Ints,
    in_name: NDArray[np.bool_],
    owner: Ints,
    count: int,
    kind: TokenClass,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    asked = query.classes == kind
    if not asked.any():
        return np.zeros(count), np.zeros(count)
    share = in_title[:, asked].sum(1) / int(asked.sum())
    named = np.bincount(owner[in_name & (classes == kind)], minlength=count) > 0
    return share, (named & (share == 0)).astype(np.float64)


def _brands(
    query: Query,
    tokens: Ints,
    fields: Ints,
    owner: Ints,
    weight: NDArray[np.float64],
    count: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The offer's brand is named by the need; or the need names a brand and it is another one."""
    is_brand = (fields & IN_BRAND) > 0
    if not is_brand.any():
        return np.zeros(count), np.zeros(count)
    size = np.bincount(owner[is_brand], minlength=count)
    named = np.bincount(owner[is_brand], weight[is_brand] > 0, count)
    same = (size > 0) & (named >= size)
    if not query.brand:
        return same.astype(np.float64), np.zeros(count)
    wanted = np.isin(tokens[is_brand], list(query.brand))
    same = np.bincount(owner[is_brand], wanted, count) > 0
    return same.astype(np.float64), ((size > 0) & ~same).astype(np.float64)
