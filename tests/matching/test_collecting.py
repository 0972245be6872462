"""Lists that are hardly read find the same rows as reading every text."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from marketplace.matching.kernels import collecting, inverting
from marketplace.matching.kernels.shapes import Array, Asked, Lists, Passing, Rule, Scratch, Texts

RULE = Rule(8.0, 4.0, 1.2, 0.75)
# Where a row lies and how long it is, side by side as in the store: for other types and places the
# kernels would be compiled once more.
HEAD = np.dtype([("start", "u4"), ("count", "u2"), ("title", "u2"), ("body", "u2")], align=True)
EVERYTHING = np.zeros(0, bool)


@dataclass
class Market:
    """Random texts, and `alive` rows."""

    texts: Texts
    alive: Array
    words: int

    def lists(self, first: int, last: int) -> Lists:
        return inverting.invert(self.texts, RULE, first, last, self.alive, self.words)

    def ask(self, asked: Asked, k: int, *, early: int, listed: int, passing: Array) -> list:
        """The best that pass, told as bits, as truth values, and a half of it in each."""
        late = np.arange(len(passing)) >= len(passing) // 2
        ways = [
            Passing(packed(passing), EVERYTHING),
            Passing(packed(EVERYTHING), passing),
            Passing(packed(passing | late), passing | ~late),
        ]
        found, *others = (self.ask_so(asked, k, early, listed, way) for way in ways)
        assert others == [found, found]
        return found

    def ask_so(self, asked: Asked, k: int, early: int, listed: int, passing: Passing) -> list:
        rows = len(self.alive)
        # Whatever stands there from the question before.
        scratch = Scratch(
            np.full((4, rows + 1), 7, np.uint32),
            np.full((4, rows + 1), 1e9, np.float32),
            np.zeros(rows // 8 + 1, np.uint8),
            np.full(rows + 1, 7, np.int64),
        )
        found, scores = collecting.collect(
            self.texts,
            self.lists(0, early),
            self.lists(early, listed),
            listed,
            rows,
            passing,
            asked,
            RULE,
            k,
            scratch,
        )
        assert not scratch.bits.any()
        return list(zip(found.tolist(), scores.tolist(), strict=True))

    def score(self, row: int, asked: Asked) -> float:
        """The definition, in plain words: what every field says of a word, added, saturated."""
        texts = self.texts
        start = texts.starts[row]
        fields = dict(
            zip(
                texts.tokens[start : start + texts.lengths[row]].tolist(),
                texts.fields[start : start + texts.lengths[row]].tolist(),
                strict=True,
            )
        )
        total = 0.0
        for word, idf in enumerate(asked.idf.tolist()):
            tokens = [
                (weight, fields[token])
                for token, of, weight in zip(*map(np.ndarray.tolist, asked[:3]), strict=True)
                if of == word and token in fields
            ]
            said = max((w * self.said(row, field) for w, field in tokens), default=0)
            total += idf * said * 2.2 / (said + 1.2)
        return total

    def said(self, row: int, field: int) -> float:
        texts, said = self.texts, 0.0
        if field & 1:
            said += 8 * (field >> 4 & 63) / stretch(texts.title_lengths[row], texts.average_title)
        if field & 6:
            said += 4
        if field & 8:
            said += (field >> 10) / stretch(texts.body_lengths[row], texts.average_body)
        return said

    def best(self, asked: Asked, k: int, passing: Array) -> list[tuple[int, float]]:
        scored = [(row, self.score(row, asked)) for row in np.flatnonzero(passing).tolist()]
        found = [pair for pair in scored if pair[1] > 0]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]


def packed(passing: Array) -> Array:
    return np.packbits(passing, bitorder="little")


def stretch(length: int, average: float) -> float:
    return 0.25 + 0.75 * length / average


def market(random: np.random.Generator, rows: int, words: int) -> Market:
    """Few common words and many rare ones, in all fields; some words several times."""
    tokens, fields, lengths, title_lengths, body_lengths = [], [], [], [], []
    for _ in range(rows):
        mine = np.unique((words * random.random(random.integers(1, 12)) ** 3).astype(int))
        flags = random.integers(1, 16, len(mine))
        times = np.where(flags & 1, random.integers(1, 4, len(mine)), 0)
        told = np.where(flags & 8, random.integers(1, 9, len(mine)), 0)
        tokens += mine.tolist()
        fields += (flags | times << 4 | told << 10).tolist()
        lengths.append(len(mine))
        title_lengths.append(int(times.sum()))
        body_lengths.append(int(told.sum()))
    texts = texts_of(tokens, fields, lengths, title_lengths, body_lengths)
    return Market(texts, random.random(rows) < 0.9, words)


def texts_of(
    tokens: Sequence[int],
    fields: Sequence[int],
    lengths: Sequence[int],
    title_lengths: Sequence[int],
    body_lengths: Sequence[int],
) -> Texts:
    heads = np.zeros(max(len(lengths), 2), HEAD)
    heads["start"][: len(lengths)] = np.cumsum(lengths) - lengths
    for name, values in (("count", lengths), ("title", title_lengths), ("body", body_lengths)):
        heads[name][: len(lengths)] = values
    return Texts(
        np.array(tokens, np.uint32),
        np.array(fields, np.uint16),
        *(heads[name] for name in ("start", "count", "title", "body")),
        max(1.0, float(np.mean(title_lengths))),
        max(1.0, float(np.mean(body_lengths))),
    )


def question(random: np.random.Generator, market: Market) -> Asked:
    """Words of the market and words nobody says, some of them with several spellings."""
    tokens = random.permutation(market.words + 20)[: random.integers(1, 12)]
    word_of = np.sort(random.integers(0, max(1, len(tokens) - 3), len(tokens)))
    word_of = np.unique(word_of, return_inverse=True)[1].astype(np.int64)
    weights = np.where(random.random(len(tokens)) < 0.6, 1.0, random.random(len(tokens)))
    idf = random.random(int(word_of.max()) + 1) * 9 + 0.01
    return Asked(np.sort(tokens).astype(np.int64), random.permutation(word_of), weights, idf)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("passing_share", [1.0, 0.3, 0.02])
def test_the_best_rows_are_those_of_reading_everything(seed: int, passing_share: float) -> None:
    random = np.random.default_rng(seed)
    shelf = market(random, int(random.integers(1, 600)), int(random.integers(3, 120)))
    rows = len(shelf.alive)
    early, listed = np.sort(random.integers(0, rows + 1, 2)).tolist()
    passing = shelf.alive & (random.random(rows) < passing_share)
    for k in (1, 7, 150):
        asked = question(random, shelf)
        found = shelf.ask(asked, k, early=early, listed=listed, passing=passing)
        wanted = shelf.best(asked, k, passing)
        assert [score for _, score in found] == pytest.approx([score for _, score in wanted])
        assert {row for row, _ in found} <= set(np.flatnonzero(passing).tolist())
        for row, score in found:
            assert score == pytest.approx(shelf.score(row, asked))
        # Equal scores may come from different sums; else the rows agree as well.
        if len({round(score, 9) for _, score in wanted}) == len(wanted):
            assert [row for row, _ in found] == [row for row, _ in wanted]


def test_withdrawn_rows_are_left_out_where_lists_are_made() -> None:
    random = np.random.default_rng(1)
    shelf = market(random, 300, 20)
    lists = shelf.lists(0, 300)
    assert set(lists.rows.tolist()) <= set(np.flatnonzero(shelf.alive).tolist())
    asked = question(random, shelf)
    found = shelf.ask(asked, 300, early=200, listed=300, passing=EVERYTHING)
    assert [row for row, _ in found] == [row for row, _ in shelf.best(asked, 300, shelf.alive)]


def test_equal_rows_come_in_the_order_they_were_added() -> None:
    count = 40
    texts = texts_of([0] * count, [1 | 1 << 4] * count, [1] * count, [1] * count, [0] * count)
    shelf = Market(texts, np.ones(count, bool), 1)
    asked = Asked(np.zeros(1, np.int64), np.zeros(1, np.int64), np.ones(1), np.ones(1))
    for listed in (0, 25, 40):
        found = shelf.ask(asked, 5, early=listed // 2, listed=listed, passing=EVERYTHING)
        assert [row for row, _ in found] == [0, 1, 2, 3, 4]
