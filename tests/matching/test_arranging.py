"""Offers that rules say the same of sit side by side in the lists."""

from itertools import pairwise

import numpy as np
import pytest

from marketplace.matching import HeldPaper, Offer, World, arranging
from marketplace.matching.batch import batches
from marketplace.matching.columns import Columns

PAPERS = ((), (HeldPaper("halal"),), (HeldPaper("halal"), HeldPaper("pirt")))
REACHES = (frozenset({"sumatera"}), frozenset({"sumatera", "jabodetabek"}))


@pytest.mark.parametrize("small", [arranging._SMALL, 3])
def test_between_two_bounds_sit_offers_of_one_category_zones_and_papers(
    world: World, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr(arranging, "_SMALL", small)
    random = np.random.default_rng(5)
    categories = sorted(world.categories)[:6]
    offers = []
    for row in range(400):
        category, zones, papers = (
            values[int(random.integers(len(values)))] for values in (categories, REACHES, PAPERS)
        )
        offers.append(Offer(str(row), "kerupuk", category=category, zones=zones, papers=papers))
    columns = Columns()
    for batch in batches(offers):
        columns.extend(batch)
    order, bounds = arranging.arrangement_of(columns, world)
    assert sorted(order.tolist()) == list(range(len(offers)))
    blocks = [order[start:end].tolist() for start, end in pairwise(bounds)]
    blocks = [block for block in blocks if block]
    alike = [{_like(offers[row]) for row in block} for block in blocks]
    assert [len(one) for one in alike] == [1] * len(blocks)
    assert len(blocks) == len({_like(offer) for offer in offers}) > len(categories)
    assert all(block == sorted(block) for block in blocks)
    # All of a branch lie in one piece.
    branches = [world.ancestors(offers[block[0]].category)[-1] for block in blocks]
    changes = sum(one != other for one, other in pairwise(branches))
    assert changes == len(set(branches)) - 1


def _like(offer: Offer) -> tuple[str, frozenset[str], frozenset[str]]:
    return offer.category, offer.zones, frozenset(paper.kind for paper in offer.papers)
