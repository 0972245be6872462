"""Several workers, one producer: the cap holds to the last place, on both databases."""

import pytest
from flask import Flask

from marketplace.accounts import queries as accounts
from marketplace.core.clock import today
from marketplace.core.errors import Conflict
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.suggestions.jobs import suggest_for_need, suggest_for_product
from marketplace.suggestions.models import Exposure, ExposureRule, Suggestion
from marketplace.suggestions.rules import ExposureDraft, ExposurePeriod, SuggestionState, period_of
from marketplace.suggestions.services import exposing
from tests.factories import make_person
from tests.suggestions.test_exposure import make_goods, make_wish
from tests.support.processes import in_processes

pytestmark = pytest.mark.both_databases

MONTH = ExposurePeriod.MONTH


def compute(need_ids: list[int], product_ids: list[int]) -> None:
    for need_id in need_ids:
        suggest_for_need({"need_id": need_id}, lambda _done, _total: None)
    for product_id in product_ids:
        suggest_for_product({"product_id": product_id}, lambda _done, _total: None)


def set_cap(person_id: int, cap: int) -> str:
    actor = accounts.actor_of(accounts.get_person(person_id))
    try:
        with transaction():
            exposing.set_rule(actor=actor, draft=ExposureDraft(MONTH, cap))
    except Conflict:
        return "late"
    return "set"


def test_workers_together_never_pass_the_cap(app: Flask) -> None:
    officer = make_person("province")
    set_cap(officer.id, 3)
    products = [make_goods(name=f"Kemplang tenggiri {size} g") for size in (250, 260)]
    needs = [make_wish() for _ in range(6)]
    numbers, goods = [need.id for need in needs], [product.id for product in products]
    calls = [(numbers, goods), (numbers[::-1], goods[::-1])]
    in_processes(app, compute, calls * 2)
    session.rollback()
    for product in products:
        rows = session.query(Suggestion).filter_by(product_id=product.id).all()
        proposed = [row for row in rows if row.state is SuggestionState.PROPOSED]
        assert len(proposed) == 3
        assert len(rows) - len(proposed) == 3
        row = (
            session.query(Exposure)
            .filter_by(business_id=product.business_id, period=period_of(today(), MONTH))
            .one()
        )
        assert row.taken == 3


def test_of_two_officers_who_set_a_cap_at_once_one_rule_is_in_force(app: Flask) -> None:
    officers = [make_person("province").id for _ in range(2)]
    answers = in_processes(app, set_cap, [(officers[n % 2], n + 1) for n in range(4)])
    assert "set" in answers
    session.rollback()
    assert session.query(ExposureRule).filter_by(is_in_force=True).count() == 1
