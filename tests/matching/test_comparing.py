"""The kernel compares as the plain arithmetic does."""

import numpy as np
import pytest

from marketplace.matching import Need, Offer, World
from marketplace.matching.catalogue import Catalogue
from marketplace.matching.features import FEATURES, compare
from tests.matching import reference

_TEXT = """
    kemplang kerupuk getas ikan tenggiri udang panggang goreng super asli 250g 500g 600ml 16gb isi
    12 3 40 a52 k13x lx350h pslx350h sony kabel botol kecil besar merah hitam mawar kecap
    promo toner 16gb sendal sandal
"""
_WORDS = _TEXT.split()
# A misspelt word stands for several, a split article number for the joined one.
_ASKED = [*_WORDS, "tengiri", "kerupik", "ps lx350h", "ngawur", "8gb"]


def market(random: np.random.Generator) -> list[Offer]:
    def some(most: int) -> str:
        return " ".join(random.choice(_WORDS, random.integers(0, most + 1)))

    return [
        Offer(f"{i:03}", some(9) or "ikan", some(12), brand=some(2), category=some(1))
        for i in range(random.integers(1, 90))
    ]


def question(random: np.random.Generator) -> Need:
    words = random.choice(_ASKED, random.integers(1, 7))
    return Need("n", " ".join(words), brand=str(random.choice(["", "sony", "mawar"])))


@pytest.mark.parametrize("seed", range(40))
def test_every_comparison_equals_the_plain_arithmetic(world: World, seed: int) -> None:
    random = np.random.default_rng(seed)
    catalogue = Catalogue(world)
    catalogue.add_all(market(random))
    for _ in range(4):
        query = catalogue.query(question(random))
        rows = random.permutation(catalogue.store.rows)
        context = int(random.integers(0, len(rows) + 1))
        fast = compare(catalogue.store, query, rows, context)
        slow = reference.compare(catalogue.store, query, rows, context)
        for place, name in enumerate(FEATURES):
            assert fast.matrix[:, place] == pytest.approx(slow.matrix[:, place], abs=1e-9), name
        assert fast.found == pytest.approx(slow.found)
        assert fast.likeness == pytest.approx(slow.likeness)


def test_a_market_shows_every_comparison(world: World) -> None:
    """Else the test above could pass for comparisons it never sees."""
    seen = np.zeros(len(FEATURES), bool)
    for seed in range(40):
        random = np.random.default_rng(seed)
        catalogue = Catalogue(world)
        catalogue.add_all(market(random))
        query = catalogue.query(question(random))
        rows = np.arange(catalogue.store.rows)
        seen |= (compare(catalogue.store, query, rows, len(rows)).matrix != 0).any(0)
    assert [name for name, is_seen in zip(FEATURES, seen, strict=True) if not is_seen] == []
