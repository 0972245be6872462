"""How sure the engine must be before an office is asked to look, measured on the shipped names.

The names have one of 58 categories each. A name asks for goods as an outlet does, by its first two
words, while all others are on offer; nobody's papers are known, so that words alone decide.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from marketplace.commodities.rules import labelled_names
from marketplace.matching import Engine, Need, Offer, Pairing, Point
from marketplace.suggestions.services.computing import LIKELY, SURELY, is_proposable
from marketplace.suggestions.services.world import fact_world

TOP = 10
EVERY = 3


@dataclass(frozen=True)
class Asked:
    """What one name was answered: the offers proposed, and of how many the category is its own."""

    proposed: int
    own: int


@pytest.fixture(scope="module")
def engine() -> Engine:
    made = Engine(fact_world())
    made.load(
        Offer(name, name, category=category, papers_known=False)
        for name, category in labelled_names()
    )
    return made


def asked(engine: Engine, *, told: bool) -> Iterator[Asked]:
    """Every third name, with its category `told` or not."""
    category_of = dict(labelled_names())
    for name, category in labelled_names()[::EVERY]:
        need = Need("need", " ".join(name.split()[:2]), category=category if told else "")
        found = [
            pairing
            for pairing in engine.rank(need, top=TOP + 1).pairings
            if pairing.offer_id != name and is_proposable(pairing)
        ]
        own = [one for one in found if category_of[one.offer_id] == category]
        yield Asked(len(found), len(own))


@pytest.mark.parametrize(
    ("confidence", "same_category", "shown"),
    [
        (SURELY, False, True),
        (SURELY - 0.01, False, False),
        (SURELY - 0.01, True, True),
        (LIKELY, True, True),
        (LIKELY - 0.01, True, False),
    ],
)
def test_of_the_same_category_less_is_needed(
    confidence: float, same_category: bool, shown: bool
) -> None:
    points = (Point("fit_category", 30, {}),) if same_category else ()
    score = sum(point.points for point in points)
    pairing = Pairing("o", "n", True, score, confidence, matched=True, points=points)
    assert is_proposable(pairing) is shown


def test_one_shared_word_does_not_bring_goods_of_another_category(engine: Engine) -> None:
    answers = list(asked(engine, told=False))
    wrong = sum(one.proposed - one.own for one in answers)
    # .5 would let in three times as many, .3 eighteen times.
    assert wrong <= 0.02 * len(answers)
    assert sum(one.own for one in answers) > 2 * wrong


def test_half_of_those_who_name_their_category_are_shown_something_and_nobody_much(
    engine: Engine,
) -> None:
    answers = list(asked(engine, told=True))
    served = sum(one.own > 0 for one in answers)
    assert served >= 0.45 * len(answers)
    assert sum(one.proposed for one in answers) <= 5 * served
