"""Lists that are hardly read find the same rows as reading every text."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from marketplace.matching.kernels import collecting, inverting
from marketplace.matching.kernels.shapes import (
    Array,
    Asked,
    Lists,
    Passing,
    Rule,
    Scratch,
    Sieve,
    Texts,
)

RULE = Rule(8.0, 4.0, 1.2, 0.75)
# Where a row lies and how long it is, side by side as in the store: for other types and places the
# kernels would be compiled once more.
HEAD = np.dtype([("start", "u4"), ("count", "u2"), ("title", "u2"), ("body", "u2")], align=True)
EVERYTHING = np.zeros(0, bool)
AS_THEY_CAME = np.zeros(0, np.uint32)


@dataclass
class Market:
    """Random texts, `alive` rows, and of every row what goods it is."""

    texts: Texts
    alive: Array
    words: int
    goods: Array

    def lists(self, first: int, last: int, order: Array = AS_THEY_CAME) -> Lists:
        told = inverting.offsets(self.texts, order, first, last, self.alive, self.words)
        rows, impacts = np.zeros(told[-1], np.uint32), np.zeros(told[-1], np.uint16)
        lists = Lists(told, rows, impacts, np.zeros(self.words, np.uint16))
        inverting.invert(self.texts, RULE, order, first, last, self.alive, lists)
        return lists

    def ask(self, asked: Asked, k: int, *, early: int, listed: int, passing: Array) -> list:
        """The best that pass, told as bits, as truth values, and a half of it in each.

        The same with the early rows as they came, and with like goods side by side.
        """
        late = np.arange(len(passing)) >= len(passing) // 2
        ways = [(passing, EVERYTHING), (EVERYTHING, passing), (passing | late, passing | ~late)]
        answers = [
            self.ask_so(asked, k, early, listed, self.sieved(seats, *way))
            for seats in (self.seated(early), (AS_THEY_CAME, np.zeros(0, np.int64)))
            for way in ways
        ]
        assert answers == [answers[0]] * len(answers)
        return answers[0]

    def seated(self, early: int) -> tuple[Array, Array]:
        goods = self.goods[:early]
        ends = np.cumsum(np.bincount(goods, minlength=1))
        order = np.argsort(goods, kind="stable").astype(np.uint32)
        return order, np.concatenate(([0], ends)).astype(np.int64)

    def sieved(self, seats: tuple[Array, Array], passing: Array, alive: Array) -> Passing:
        (order, bounds), bits = seats, packed(passing)
        arranged, spans = bits, np.zeros((0, 2), np.int64)
        if len(passing) and len(order):
            arranged = inverting.arranged(bits, order)
            spans = inverting.spans(arranged, bounds)
            assert_told(spans, passing[order])
        return Passing(Sieve(bits, arranged, spans), alive, len(alive) > 0, order)

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
            self.lists(0, early, passing.order),
            self.lists(early, listed, passing.order),
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


def assert_told(spans: Array, passing: Array) -> None:
    """The spans are apart, in order, and hold everyone who passes."""
    inside = np.zeros(len(passing), bool)
    for first, last in spans.tolist():
        assert not inside[first:].any()
        inside[first:last] = True
    assert inside[passing].all()
    assert len(spans) == 1 or (spans[1:, 0] > spans[:-1, 1]).all()


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
    goods = random.integers(0, random.integers(1, 6), rows)
    return Market(texts, random.random(rows) < 0.9, words, goods)


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


def test_a_question_for_some_goods_finds_the_best_of_those() -> None:
    random = np.random.default_rng(3)
    shelf = market(random, 3000, 12)
    for goods in range(int(shelf.goods.max()) + 1):
        passing = shelf.alive & (shelf.goods == goods)
        for listed in (3000, 2500):
            asked = question(random, shelf)
            found = shelf.ask(asked, 40, early=2000, listed=listed, passing=passing)
            wanted = shelf.best(asked, 40, passing)
            assert [score for _, score in found] == pytest.approx([score for _, score in wanted])
            assert {row for row, _ in found} <= set(np.flatnonzero(passing).tolist())
            order, bounds = shelf.seated(2000)
            seats = inverting.arranged(packed(passing), order)
            assert inverting.spans(seats, bounds).tolist() == [bounds[goods : goods + 2].tolist()]


def test_where_no_goods_pass_nothing_is_read() -> None:
    bits = packed(np.zeros(30, bool))
    assert inverting.spans(bits, np.array([0, 7, 20, 30])).tolist() == [[0, 0]]


def test_goods_that_sit_side_by_side_are_read_in_one_go() -> None:
    passing = np.zeros(40, bool)
    passing[[3, 12, 25]] = True
    spans = inverting.spans(packed(passing), np.array([0, 5, 5, 20, 24, 40]))
    assert spans.tolist() == [[0, 20], [24, 40]]


def test_where_goods_lie_in_many_places_those_nearest_to_each_other_are_read_as_one() -> None:
    bounds = np.arange(0, 4001, 10)
    passing = np.zeros(4000, bool)
    passing[np.random.default_rng(2).choice(4000, 60, replace=False)] = True
    spans = inverting.spans(packed(passing), bounds)
    assert 1 < len(spans) <= 16
    told = np.zeros(4000, bool)
    for start, end in spans.tolist():
        told[start:end] = True
    assert told[passing].all()
    assert not told.all()
    starts, ends = spans[:, 0], spans[:, 1]
    assert (starts[1:] > ends[:-1]).all()


def test_withdrawn_rows_are_left_out_where_lists_are_made() -> None:
    random = np.random.default_rng(1)
    shelf = market(random, 300, 20)
    lists = shelf.lists(0, 300)
    assert set(lists.seats.tolist()) <= set(np.flatnonzero(shelf.alive).tolist())
    asked = question(random, shelf)
    found = shelf.ask(asked, 300, early=200, listed=300, passing=EVERYTHING)
    assert [row for row, _ in found] == [row for row, _ in shelf.best(asked, 300, shelf.alive)]


def test_equal_rows_come_in_the_order_they_were_added() -> None:
    count = 40
    texts = texts_of([0] * count, [1 | 1 << 4] * count, [1] * count, [1] * count, [0] * count)
    shelf = Market(texts, np.ones(count, bool), 1, np.arange(count)[::-1] // 9)
    asked = Asked(np.zeros(1, np.int64), np.zeros(1, np.int64), np.ones(1), np.ones(1))
    for listed in (0, 25, 40):
        found = shelf.ask(asked, 5, early=listed // 2, listed=listed, passing=EVERYTHING)
        assert [row for row, _ in found] == [0, 1, 2, 3, 4]
