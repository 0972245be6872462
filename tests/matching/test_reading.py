"""Reading by looking up says exactly what normalising every text says."""

from itertools import count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.matching import Engine, Need, Offer, World
from marketplace.matching.batch import ROWS, batches
from marketplace.matching.crew import Crew
from marketplace.matching.reading import Reader, read_by
from marketplace.matching.text import MAX_TOKENS, normalise
from marketplace.matching.words import DEFAULT_VOCABULARY

VOCABULARY = DEFAULT_VOCABULARY.with_spellings(
    [
        ("mie instan", "mi"),
        ("isi ulang", "refill"),
        ("dua belas", "lusin"),
        ("minyak wijen", "wijen"),
    ]
)

_CHUNKS = """
kemplang Krupuk x30 isi12 isipan12 gr250 ab1234
ikan-ikan oleh-oleh tehnya boxes 250 250g 250gr 250gram @250g 1/4 kg kg. ½ isi isi:
12 12pcs 12x 2x30 x 30 X 1 / 2 1.250 1,5 ltr liter/botol PS-LX350H pslx350h 12" 12'' 5' ' " 7-inch
inch cm 10cm 3x4x5 (500 ml) [6] mie instan Mie-Instan minyak wijen isi-ulang ulang dua belas 100%
A&B 16 GB é Éclair ﬁsh бренд 3m² ² ③ _12_ a_b 12_ml yg dgn 08123456789 t5 50.000 + - . , rp1000
thn 2thn cu cu. cu.ft. ft. 22.6 cuft 010-10936-00 2020-2021
"""
CHUNKS = _CHUNKS.split()

texts = st.one_of(
    st.lists(st.sampled_from(CHUNKS), max_size=9).map(" ".join),
    st.lists(st.sampled_from([*CHUNKS, "  ", "\t", "\n"]), max_size=9).map("".join),
    st.lists(st.tuples(st.sampled_from(CHUNKS), st.sampled_from([" ", "  ", "\t", ", "]))).map(
        lambda pairs: "".join(chunk + blank for chunk, blank in pairs)
    ),
    st.text(max_size=40),
)


class Numbers(dict[str, int]):
    """A number for every word, and the words behind numbers."""

    def token(self, word: str) -> int:
        return self.setdefault(word, len(self))

    def words(self, tokens: object) -> list[str]:
        names = list(self)
        return [names[token] for token in tokens]  # type: ignore[attr-defined]


@given(st.lists(texts, min_size=1, max_size=6))
def test_looking_up_says_what_normalising_says(found: list[str]) -> None:
    numbers = Numbers()
    reader = Reader(VOCABULARY, numbers.token)
    for text in [*found, *found]:  # the second time from memory
        assert numbers.words(reader.read(text)) == normalise(text, VOCABULARY)


@given(st.lists(texts, min_size=1, max_size=8), st.integers(1, 3))
def test_many_texts_at_once_say_what_each_says(found: list[str], turns: int) -> None:
    numbers = Numbers()
    reader = Reader(VOCABULARY, numbers.token)
    many = found * (600 // len(found) + 1)
    for _ in range(turns):  # from the second time on most are looked up
        tokens, counts = reader.read_all(many)
        read = iter(numbers.words(tokens))
        for text, count_of in zip(many, counts.tolist(), strict=True):
            assert list(islice(read, count_of)) == normalise(text, VOCABULARY)
        assert next(read, None) is None


@pytest.mark.parametrize(
    "text", ["mie instan rasa ayam", "sabun isi 12 @250g", "isi ulang 1 / 2 kg", "12  x  30 cm"]
)
def test_words_that_belong_together_are_read_together(text: str) -> None:
    numbers = Numbers()
    reader = Reader(VOCABULARY, numbers.token)
    for part in text.split():
        reader.read(part)
    assert numbers.words(reader.read(text)) == normalise(text, VOCABULARY)


def test_a_long_text_is_cut_where_normalising_cuts_it() -> None:
    counter = count()
    reader = Reader(VOCABULARY, lambda word: next(counter))
    assert len(reader.read("kemplang " * 1000)) == MAX_TOKENS
    assert len(reader.read("kemplang 250 " * 1000)) == MAX_TOKENS


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_crew_reads_what_one_reads(world: World, jobs: int) -> None:
    chunks = [chunk for chunk in CHUNKS if chunk.isascii()]
    offers = [
        Offer(str(i), f"{chunks[i % len(chunks)]} {chunks[i * 7 % len(chunks)]} {i % 90}gr")
        for i in range(3 * ROWS // 2)
    ]
    alone, shared = Engine(world), Engine(world)
    alone.load(offers)
    shared.load_batches(read_by(Crew(jobs), lambda: batches(offers), world))
    needs = [Need("n", offers[i].title) for i in range(0, len(offers), 1500)]
    for need in needs:
        assert shared.rank(need) == alone.rank(need)
