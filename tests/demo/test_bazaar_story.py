"""The demonstration's bazaars: one over with nearly all its figures, one to come."""

from flask import Flask

from marketplace.core.clock import today
from marketplace.demo.services import bazaar_story
from marketplace.infra.transaction import transaction
from marketplace.programs.queries import bazaars, figures
from marketplace.programs.rules import ProgramState
from tests import factories


def test_one_is_over_with_thirty_stalls_and_one_is_to_come(app: Flask) -> None:
    factories.make_person("province", email="petugas@contoh.id")
    factories.make_person("regency", email="kabupaten@contoh.id")
    for _ in range(26):
        factories.make_product(factories.make_producer(is_example=True))
    with transaction():
        bazaar_story.play()
    coming, past = bazaars.earlier_bazaars(None)
    assert (past.state, coming.state) == (ProgramState.CLOSED, ProgramState.DRAFT)
    assert past.is_example
    assert coming.is_example
    assert "contoh" in past.title
    (found,) = figures.list_figures(past.starts_on, today())
    assert (found.participants, found.due) == (30, 90)
    assert 80 <= found.reported < 90
    assert found.estimate is not None
    assert 400_000_000 < found.turnover < 700_000_000
    assert found.turnover != found.estimate.amount
