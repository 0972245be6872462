"""Confidence heeds how a candidate stands among the others, as the weights were fitted."""

from dataclasses import asdict

import numpy as np
import pytest

from marketplace.matching import DEFAULT_SETTINGS, Engine, Need, Offer, World
from marketplace.matching.learning import Tuning, settings_of
from marketplace.matching.scoring import STANDING, standing

TITLES = (
    "Kemplang panggang ikan tenggiri 250 gram",
    "Kemplang panggang ikan tenggiri 500 gram",
    "Kemplang goreng",
    "Getas ikan super",
)


def told(points: list[int], field: int) -> dict[str, list[float]]:
    matrix = standing(np.array(points, float), field)
    return {name: np.round(matrix[:, place], 6).tolist() for place, name in enumerate(STANDING)}


def test_only_the_first_leads_and_a_tie_leads_nowhere() -> None:
    assert told([300, 100, 0], 3)["lead"] == [0.4, 0, 0]
    assert told([300, 300, 0], 3)["lead"] == [0, 0, 0]
    assert told([900, 100], 2)["lead"] == [1, 0]
    assert told([300, 100, 0], 3)["rank"] == pytest.approx([1, 0.5, 1 / 3], abs=1e-5)


def test_one_that_does_not_compete_changes_nothing_for_the_others() -> None:
    alone, beside = told([300, 100], 2), told([300, 100, 800], 2)
    assert all(beside[name][:2] == alone[name] for name in STANDING)
    assert (beside["lead"][2], beside["rank"][2]) == (1, 1)


@pytest.mark.parametrize("points", [[], [250]])
def test_few_candidates_are_no_special_case(points: list[int]) -> None:
    for field in {0, len(points)}:
        matrix = standing(np.array(points, float), field)
        assert matrix.shape == (len(points), len(STANDING))
        assert np.isfinite(matrix).all()


def test_an_office_that_lets_texts_count_more_makes_nothing_surer(world: World) -> None:
    need = Need("n", "kemplang panggang 250g")
    sure = []
    for percent in (100, 150):
        tuning = Tuning(asdict(DEFAULT_SETTINGS.fit), percent)
        engine = Engine(world, settings_of(tuning, "tried"))
        engine.load(Offer(str(i), title, papers_known=False) for i, title in enumerate(TITLES))
        found = engine.rank(need).pairings
        sure.append({pairing.offer_id: pairing.confidence for pairing in found})
    assert sure[0] == pytest.approx(sure[1], abs=0.01)
