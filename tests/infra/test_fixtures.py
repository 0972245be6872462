"""The fixtures keep what they promise."""

import pytest
from flask import Flask
from sqlalchemy import delete, func, inspect, select, text

from marketplace.accounts.models import Person
from marketplace.commodities.models import Spelling
from marketplace.infra.db import db, session
from marketplace.infra.transaction import transaction
from marketplace.regions.models import Region
from tests import factories

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("again", [1, 2])
def test_every_test_starts_with_the_facts_and_nobody(app: Flask, again: int) -> None:
    assert session.scalar(select(func.count()).select_from(Person)) == 0
    assert session.scalar(select(func.count()).select_from(Region)) == 38 + 514
    factories.make_person("province")


@pytest.mark.parametrize("again", [1, 2])
def test_rows_are_numbered_from_the_start_and_no_fact_stays_changed(app: Flask, again: int) -> None:
    assert factories.make_producer().id == 1
    with transaction():
        session.get_one(Region, factories.BELITUNG).name = "Changed"
        session.execute(delete(Spelling))
    assert session.scalar(select(Region.name).where(Region.name == "Changed"))


@pytest.mark.parametrize("again", [1, 2])
def test_no_rule_of_a_table_stays_changed(app: Flask, again: int) -> None:
    assert "extra" not in {column["name"] for column in inspect(db.engine).get_columns("people")}
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE people ADD COLUMN extra INTEGER"))


def test_the_database_is_the_one_asked_for(app: Flask, request: pytest.FixtureRequest) -> None:
    asked = request.node.callspec.params["backend"]
    assert db.engine.dialect.name == {"sqlite": "sqlite", "postgres": "postgresql"}[asked]


@pytest.mark.parametrize("role", ["producer", "buyer", "province", "regency", "admin"])
def test_every_role_can_sign_in(app: Flask, signed_in, role: str) -> None:
    person = factories.make_person(role)
    assert person.full_name in signed_in(person).text("/account")


def test_the_factories_make_rows_both_databases_accept(app: Flask) -> None:
    product, need = factories.make_product(), factories.make_need()
    factories.make_paper(factories.make_producer(), covers=[product])
    introduction = factories.make_introduction(factories.make_suggestion(product, need))
    assert introduction.id
