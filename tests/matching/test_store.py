"""The arrays of texts, ids and packed offers hold what plain Python says of them."""

import pickle
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.matching.batch import Batch, batches
from marketplace.matching.layout import BODY_SHIFT, IN_BODY, IN_BRAND, IN_TITLE, TITLE_SHIFT
from marketplace.matching.names import Names
from marketplace.matching.offers import Offer
from marketplace.matching.packing import Packed
from marketplace.matching.store import Store, outlines_of, trigrams_of
from tests.matching.markets import catalogues

words = st.lists(st.sampled_from(["getas", "ikan", "250g", "a", "é", "tenggiri"]), max_size=6)
rows = st.lists(st.tuples(words, words, words, words), min_size=1, max_size=5)


def written(store: Store, texts: list[tuple[list[str], ...]], *, counts: bool = True) -> int:
    tokens = [store.token(word) for row in texts for part in row for word in part]
    runs = np.array([[len(part) for part in row] for row in texts], np.int32)
    return store.add(np.array(tokens, np.int32), runs, counts=counts)


@given(st.lists(rows, min_size=1, max_size=3))
def test_a_row_holds_each_word_once_with_its_fields_and_its_trigrams(
    lots: list[list[tuple[list[str], ...]]],
) -> None:
    store = Store()
    for lot in lots:
        written(store, lot)
    for row, (title, brand, category, body) in enumerate(row for lot in lots for row in lot):
        said = list(dict.fromkeys([*title, *brand, *category, *body]))
        assert [store.words[token] for token in store.tokens.row(row)] == said
        at, _ = store.tokens.positions(np.array([row]))
        for word, flags in zip(said, store.fields.view[at].tolist(), strict=True):
            assert bool(flags & IN_TITLE) == (word in title)
            assert bool(flags & IN_BRAND) == (word in brand)
            assert bool(flags & IN_BODY) == (word in body)
            assert flags >> TITLE_SHIFT & 63 == title.count(word)
            assert flags >> BODY_SHIFT & 63 == body.count(word)
        once = " ".join(dict.fromkeys(title))
        assert sorted(store.title_trigrams(row).tolist()) == trigrams_of(once).tolist()
        assert store.title_lengths.view[row] == len(title)
        assert store.body_lengths.view[row] == len(body)


@given(rows, rows)
def test_a_row_that_is_forgotten_leaves_no_trace_in_the_counts(
    kept: list[tuple[list[str], ...]], gone: list[tuple[list[str], ...]]
) -> None:
    store, never = Store(), Store()
    first = written(store, gone)
    written(store, kept)
    for row in range(first, first + len(gone)):
        store.forget(row)
    written(never, kept)
    told = {word: n for word, n in zip(store.words, store.frequency.view, strict=True) if n}
    assert told == Counter(word for row in kept for word in {word for part in row for word in part})
    assert (store.trigram_frequency == never.trigram_frequency).all()
    assert (store.average_title, store.average_body) == (never.average_title, never.average_body)
    assert store.counted == len(kept)


def test_a_word_said_a_hundred_times_counts_as_often_as_can_be_written() -> None:
    store = Store()
    written(store, [(["getas"] * 100, [], [], ["getas"] * 100)])
    assert store.fields.view.tolist() == [IN_TITLE | IN_BODY | 63 << TITLE_SHIFT | 63 << BODY_SHIFT]


@given(st.lists(st.lists(st.sampled_from(["a", "b", "ab", "", "é", "日本", "\ud800"])), max_size=8))
def test_an_id_means_the_row_entered_last(lots: list[list[str]]) -> None:
    names, latest, row = Names(), {}, 0
    for lot in lots:
        known = [name in latest or name in lot[:place] for place, name in enumerate(lot)]
        assert names.again(lot).tolist() == known
        for name in lot:
            latest[name] = row
            row += 1
    assert all(names.find(name) == place for name, place in latest.items())
    assert all(names.name(place) == name for name, place in latest.items())
    assert names.find("c") is None


def test_thousands_of_ids_are_told_apart() -> None:
    names = Names()
    for start in range(0, 20_000, 1000):
        names.extend([f"id{number}" for number in range(start, start + 1000)])
        assert (names.enter(np.arange(start, start + 1000, dtype=np.int32)) < 0).all()
    assert all(names.find(f"id{number}") == number for number in range(0, 20_000, 77))
    assert names.find("id20000") is None


@given(catalogues)
def test_an_offer_is_unpacked_as_it_was_packed(offers: tuple[Offer, ...]) -> None:
    packed = Packed()
    for batch in batches(offers, 3):
        assert list(batch) == [offer for offer in offers if offer.id in batch.columns["id"]]
        packed.extend(batch)
    assert [packed.offer(row, offer.id) for row, offer in enumerate(offers)] == list(offers)


@given(catalogues)
def test_what_many_offers_say_alike_is_kept_once_and_unpacked_with_each(
    offers: tuple[Offer, ...],
) -> None:
    many = [replace(offer, title=f"{offer.title} {turn}") for turn in range(20) for offer in offers]
    packed = Packed()
    packed.extend(Batch.of(many))
    for offer in many:
        packed.extend(Batch.of([offer]))
    assert [packed.offer(row, offer.id) for row, offer in enumerate(many * 2)] == many * 2


def test_a_thousand_offers_that_share_their_terms_hold_them_once() -> None:
    offers = [
        Offer(f"{n}", "Getas", zones=frozenset({"sumatera", "jabodetabek"})) for n in range(1000)
    ]
    alike, plain = Packed(), Packed()
    alike.extend(Batch.of(offers))
    plain.extend(Batch.of([replace(offer, zones=frozenset()) for offer in offers]))
    a_number = 6
    assert alike.size <= plain.size + a_number * len(offers)


def test_rows_that_came_in_batches_of_any_size_are_unpacked_in_any_order() -> None:
    offers = [Offer(f"{n}", f"Getas {n}", price=1000 * n) for n in range(120)]
    packed = Packed()
    first = 0
    for size in (1, 16, 17, 40, 2, 44):
        packed.extend(Batch.of(offers[first : first + size]))
        first += size
    again = pickle.loads(pickle.dumps(packed))
    for row in (119, 0, 1, 16, 17, 18, 33, 34, 60, 76, 75, 119):
        assert packed.offer(row, offers[row].id) == offers[row]
        assert again.offer(row, offers[row].id) == offers[row]


def test_a_batch_holds_no_column_of_which_nobody_spoke() -> None:
    assert set(Batch.of([Offer("1", "Getas"), Offer("2", "Rusip")]).columns) == {"id", "title"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sendal", "sandal"), ("keripik", "kripik"), ("cardigan", "kardigan"), ("boxer", "bokser"),
        ("telphone", "telefon"), ("kuning", "kunning"), ("whiskas", "wiskas"), ("asinan", "esinan"),
    ],
)  # fmt: skip
def test_careless_spellings_of_a_word_have_one_outline(one: str, other: str) -> None:
    first, second = outlines_of([one, other]).tolist()
    assert first == second > 0


def test_other_words_have_other_outlines() -> None:
    words = ["sandal", "sandang", "kemplang", "kerupuk", "terasi", "getas", "rusip", "kacang"]
    assert len(set(outlines_of(words).tolist())) == len(words)


@pytest.mark.parametrize("word", ["", "kopi", "bau", "250g", "lx350h", "ko\u0142ak", "aaaaaa"])
def test_what_is_short_or_no_plain_word_has_no_outline(word: str) -> None:
    """Too many words would share it."""
    assert outlines_of([word, "sandal"]).tolist()[0] == 0


def test_every_word_of_a_store_has_the_outline_it_has_alone() -> None:
    store = Store()
    words = ["sendal", "250g", "kerupuk"]
    tokens = np.array([store.token(word) for word in words], np.int32)
    store.add(tokens, np.array([[3, 0, 0, 0]], np.int32))
    assert store.outlines.view.tolist() == [outlines_of([word])[0] for word in words]
