"""The figures of quality are those of the engine: what is measured is what it would answer."""

from itertools import pairwise

import numpy as np
import pytest

from bench.measures import ranked
from bench.sets import Task
from bench.tables import Tables, Words
from marketplace.matching import DEFAULT_SETTINGS, Engine, Need, Offer
from marketplace.suggestions.services.world import fact_world

_TEXT = """
    kemplang kerupuk getas terasi madu kopi lada rusip dodol panggang goreng manis pedas asin super
    asli kecil besar merah promo ready lx350h 250g 500 gram isi 12 100ml
"""
_WORDS = _TEXT.split()


@pytest.mark.parametrize("count", [40, 400])
def test_what_is_measured_is_what_the_engine_answers(count: int) -> None:
    """With fewer offers than are compared, and with more."""
    random = np.random.default_rng(count)
    offers = [
        Offer(f"{number:03}", " ".join(random.choice(_WORDS, random.integers(2, 8))))
        for number in range(count)
    ]
    needs = [Need(offer.id, offer.title) for offer in offers[:30]]
    task = Task("shopee", offers, needs, {need.id: {} for need in needs}, is_match=True)
    tables = Tables(task, Words())
    engine = Engine(fact_world(), DEFAULT_SETTINGS)
    engine.load(offers)
    for need in needs:
        table = tables.of(need)
        assert table is not None
        order, sure = ranked(table, DEFAULT_SETTINGS.weights)
        answers = engine.rank(need, top=count).pairings[: len(order) + 1]
        answers = tuple(one for one in answers if one.offer_id != need.id)
        told = {one.offer_id: one for one in answers}
        in_order = [told[table.ids[place]] for place in order]
        # Tables keep comparisons in half the bits, so that a point may be rounded the other way.
        scores = [one.score for one in in_order]
        assert len(told) == len(in_order)
        assert all(after <= before + 2 for before, after in pairwise(scores))
        assert [one.confidence for one in in_order] == pytest.approx(sure[order].tolist(), abs=5e-3)
