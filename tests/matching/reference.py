"""The comparisons as arithmetic on whole matrices: slow, plain, and what the kernel must equal."""

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.features import (
    BM25F,
    FEATURES,
    Compared,
    Query,
)
from marketplace.matching.store import (
    BODY_SHIFT,
    IN_BRAND,
    IN_CATEGORY,
    IN_TITLE,
    TITLE_SHIFT,
    TRIGRAMS,
    Ints,
    Store,
)
from marketplace.matching.telling import Variant
from marketplace.matching.text import TokenClass

_TIMES = 63
_VARIANTS = tuple(Variant)[1:]
_SIZES = (TokenClass.MASS, TokenClass.VOLUME, TokenClass.COUNT)
_TITLE_WEIGHT, _SIDE_WEIGHT, _K1, _B = BM25F
# What a word of a title of usual length earns: the score of the need against itself.
FULL = _TITLE_WEIGHT * (_K1 + 1) / (_TITLE_WEIGHT + _K1)
BEST = 8
GOOD = 30
LEADING = 3


def compare(store: Store, query: Query, rows: Ints, context: int) -> Compared:
    """Compare the need with `rows`; the first `context` of them are the field they compete in.

    Place, share of the best and company are measured against that field, so that a row judged
    alone gets the same numbers as in a ranking.
    """
    count, width = len(rows), len(query.words)
    at, owner = store.tokens.positions(rows)
    tokens, fields = store.tokens.flat.view[at].astype(np.int64), store.fields.view[at]
    slot = np.searchsorted(query.asked.tokens, tokens)
    slot[slot == len(query.asked.tokens)] = 0
    hit = (
        (query.asked.tokens[slot] == tokens)
        if len(query.asked.tokens)
        else np.zeros(len(tokens), bool)
    )
    weight = (
        np.where(hit, query.asked.weights[slot], 0.0)
        if len(query.asked.tokens)
        else np.zeros(len(tokens))
    )
    title = (fields & IN_TITLE) > 0

    def matched(value: NDArray[np.float64]) -> NDArray[np.float64]:
        found = np.zeros((count, width))
        np.maximum.at(found, (owner[hit], query.asked.word_of[slot[hit]]), value[hit])
        return found

    in_title = matched(weight * title)
    in_side = matched(weight * ((fields & (IN_BRAND | IN_CATEGORY)) > 0))
    in_body = matched(np.minimum(weight * (fields >> BODY_SHIFT), 1.0))
    anywhere = np.maximum(np.maximum(in_title, in_side), in_body)

    word_idf = query.asked.idf
    total_idf = max(float(word_idf.sum()), 1e-9)
    token_idf = store.idf(tokens)
    title_idf = np.bincount(owner[title], token_idf[title], count)
    title_hit = np.bincount(owner[title], (token_idf * weight)[title], count)

    lengths = store.title_lengths.view[rows]
    stretch = _stretch(lengths, store.average_title)
    # Of several spellings of a word, the one that says most counts.
    once = _TITLE_WEIGHT * title * ((fields >> TITLE_SHIFT) & _TIMES) / stretch[owner]
    once += _SIDE_WEIGHT * ((fields & (IN_BRAND | IN_CATEGORY)) > 0)
    stretch_body = _stretch(store.body_lengths.view[rows], store.average_body)
    once += (fields >> BODY_SHIFT) / stretch_body[owner]
    said = np.zeros((count, width))
    np.maximum.at(said, (owner[hit], query.asked.word_of[slot[hit]]), (weight * once)[hit])
    score = (said * (_K1 + 1) / (said + _K1)) @ word_idf
    once = (_K1 + 1) / (1 + _K1 * stretch)
    by_title = (in_title * once[:, None] + 0.5 * in_side + 0.125 * (in_body > 0)) @ word_idf
    field = score[:context]
    best = max(float(field.max()) if context else 0.0, 1e-9)
    place = (field[None, :] > score[:, None] + 1e-9).sum(1)

    spellings = _spellings(store, query, rows, score, context)
    unlike, filler = _alone(store, query, in_title, tokens, title & (weight <= 0), owner)
    same, differs = _agreements(query, in_title, tokens, fields, owner, store, count)
    brand_same, brand_differs = _brands(query, tokens, fields, owner, weight, count)
    columns = {
        **spellings,
        "words": in_title @ word_idf / total_idf,
        "words_plain": in_title.sum(1) / max(width, 1),
        "words_back": title_hit / np.maximum(title_idf, 1e-9),
        "words_all": (in_title > 0).all(1) * float(width > 0),
        "words_anywhere": anywhere @ word_idf / total_idf,
        "rarest": ((in_title > 0) * word_idf).max(1, initial=0)
        / max(word_idf.max(initial=0), 1e-9),
        "begins": _begins(title, weight > 0, owner, count),
        "unlike_differs": unlike,
        "filler": filler,
        "variant_same": same["variant"],
        "variant_differs": differs["variant"],
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
        "share_of_self": np.minimum(score / (total_idf * FULL), 1.0),
        "article_same": same["article"],
        "article_differs": differs["article"],
        "written_otherwise": _otherwise(
            store, query, in_title, tokens, title & (weight <= 0), owner
        ),
        "article_told": (in_body[:, query.named.classes == TokenClass.ARTICLE] > 0).any(1) * 1.0,
    }
    matrix = np.column_stack([columns[name] for name in FEATURES])
    best_rows = np.argsort(-field, kind="stable")[:BEST]
    usual = float(lengths[best_rows].mean()) if context else store.average_title
    return Compared(matrix, in_title, min(1.0, width / max(usual, 1.0)))


def _stretch(lengths: Ints, average: float) -> NDArray[np.float64]:
    """How much longer than usual a field is, damped: BM25's length normalisation."""
    return np.asarray(1 - _B + _B * lengths / average)


def _spellings(
    store: Store, query: Query, rows: Ints, score: NDArray[np.float64], context: int
) -> dict[str, NDArray[np.float64]]:
    count = len(rows)
    spelt = [store.title_trigrams(row) for row in rows.tolist()]
    grams = np.concatenate([np.zeros(0, np.uint16), *spelt])
    owner = np.repeat(np.arange(count), list(map(len, spelt)))
    size = np.maximum(np.array(list(map(len, spelt)), np.int64), 1)
    own = np.zeros(TRIGRAMS, np.float32)
    own[query.trigrams] = 1.0
    shared = own[grams]
    plain = np.bincount(owner, shared, count) / np.sqrt(size * max(len(query.trigrams), 1))

    rarity = store.trigram_weights()
    gram_weights = rarity[grams]
    norm = np.sqrt(np.maximum(np.bincount(owner, gram_weights, count), 1e-9))
    query_norm = np.sqrt(max(float(rarity[query.trigrams].sum()), 1e-9))
    rare = np.bincount(owner, shared * gram_weights, count) / (norm * query_norm)

    top = np.argsort(-score[:context], kind="stable")[:BEST]
    in_top = np.zeros(count, bool)
    in_top[top] = True
    chosen = in_top[owner]
    middle = np.bincount(grams[chosen], (1.0 / norm)[owner[chosen]], TRIGRAMS)
    middle_norm = np.sqrt(max(float((middle * middle * rarity).sum()), 1e-9))
    company = np.bincount(owner, (middle * rarity)[grams], count) / (norm * middle_norm)
    echo, rival, nearest = _neighbours(grams, owner, gram_weights, norm, rare, score, context)
    return {
        "spelling": plain,
        "spelling_rare": rare,
        "spelling_back": np.bincount(owner, shared * gram_weights, count) / norm**2,
        "company": company,
        "echo": echo,
        "rival_differs": rival,
        "nearest": nearest,
    }


def _neighbours(
    grams: Ints,
    owner: Ints,
    gram_weights: NDArray[np.float64],
    norm: NDArray[np.float64],
    near: NDArray[np.float64],
    score: NDArray[np.float64],
    context: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """How each candidate stands to the best others of its field; `near` is to the need."""
    count = len(score)
    echo, rival, nearest = np.zeros(count), np.zeros(count), np.zeros(count)
    top = np.argsort(-score[:context], kind="stable")[:GOOD]
    if not len(top):
        return echo, rival, nearest
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
    nearest[top] = 1.0 / (1.0 + (others > near[top][:, None] + 1e-9).sum(1))
    return echo, rival, nearest


def _begins(
    title: NDArray[np.bool_], hit: NDArray[np.bool_], owner: Ints, count: int
) -> NDArray[np.float64]:
    """Titles begin with the thing or its maker; tokens lie in the order of their appearance."""
    owners = owner[title]
    first = np.searchsorted(owners, np.arange(count))
    leading = np.arange(len(owners)) - first[owners] < LEADING
    return np.bincount(owners, leading & hit[title], count) / LEADING


def _alone(
    store: Store,
    query: Query,
    in_title: NDArray[np.float64],
    tokens: Ints,
    extra: NDArray[np.bool_],
    owner: Ints,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    told, owners = store.partings.view[tokens[extra]], owner[extra]
    missing = (in_title <= 0).astype(np.float64)
    unlike = missing @ np.maximum(-query.named.partings, 0.0)
    filler = missing @ np.maximum(query.named.partings, 0.0)
    unlike += np.bincount(owners, np.maximum(-told, 0.0), len(missing))
    filler += np.bincount(owners, np.maximum(told, 0.0), len(missing))
    return unlike, filler


def _otherwise(
    store: Store,
    query: Query,
    in_title: NDArray[np.float64],
    tokens: Ints,
    extra: NDArray[np.bool_],
    owner: Ints,
) -> NDArray[np.float64]:
    """Words that only the need has, where a word only the title has is left with their outline."""
    there = np.zeros(in_title.shape)
    outlines = store.outlines.view[tokens[extra]]
    for word, outline in enumerate(query.named.outlines.tolist()):
        if outline:
            there[owner[extra][outlines == outline], word] = 1.0
    idf = query.asked.idf
    return np.asarray(((in_title <= 0) * there) @ idf / max(float(idf.sum()), 1e-9))


def _agreements(
    query: Query,
    in_title: NDArray[np.float64],
    tokens: Ints,
    fields: Ints,
    owner: Ints,
    store: Store,
    count: int,
) -> tuple[dict[str, NDArray[np.float64]], dict[str, NDArray[np.float64]]]:
    """Same or different sizes, variants, …; both 0 where one side names none."""
    classes, variants = store.classes.view[tokens], store.variants.view[tokens]
    in_name = (fields & IN_TITLE) > 0
    same: dict[str, NDArray[np.float64]] = {}
    differs: dict[str, NDArray[np.float64]] = {}
    for name, asked, said, kinds in (
        ("variant", query.named.variants, variants, _VARIANTS),
        ("size", query.named.classes, classes, _SIZES),
        ("measure", query.named.classes, classes, (TokenClass.MEASURE,)),
        ("model", query.named.classes, classes, (TokenClass.MODEL,)),
        ("article", query.named.classes, classes, (TokenClass.ARTICLE,)),
        ("number", query.named.classes, classes, (TokenClass.NUMBER,)),
    ):
        found = [
            _agreement(asked == kind, in_title, in_name & (said == kind), owner, count)
            for kind in kinds
        ]
        same[name] = np.max([agree for agree, _ in found], axis=0)
        differs[name] = np.max([conflict for _, conflict in found], axis=0)
    return same, differs


def _agreement(
    asked: NDArray[np.bool_],
    in_title: NDArray[np.float64],
    is_kind: NDArray[np.bool_],
    owner: Ints,
    count: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if not asked.any():
        return np.zeros(count), np.zeros(count)
    share = in_title[:, asked].sum(1) / int(asked.sum())
    named = np.bincount(owner[is_kind], minlength=count) > 0
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
    if not len(query.named.brand):
        return same.astype(np.float64), np.zeros(count)
    wanted = np.isin(tokens[is_brand], query.named.brand)
    same = np.bincount(owner[is_brand], wanted, count) > 0
    return same.astype(np.float64), ((size > 0) & ~same).astype(np.float64)
