"""Migrations are one line, and lead exactly to the models, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, inspect

from marketplace.app import create_app
from marketplace.home.cli import fill_facts
from marketplace.infra.config import ROOT, Settings
from marketplace.infra.db import Model, UtcDateTime, db
from tests.support import postgres


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database without any table."""
    url, server = f"sqlite:///{tmp_path / 'empty.sqlite3'}", ""
    if request.param == "postgres":
        server = request.getfixturevalue("postgres_backend").server
        postgres.execute(server, 'DROP DATABASE IF EXISTS "tg_migrations" WITH (FORCE)')
        postgres.execute(server, 'CREATE DATABASE "tg_migrations"')
        url = postgres.with_database(server, "tg_migrations")
    app = create_app(
        Settings(data_dir=tmp_path, database_url=url, secret_key="tests", testing=True)
    )
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if server:
        postgres.execute(server, 'DROP DATABASE "tg_migrations" WITH (FORCE)')


def rules_of(engine: Engine) -> dict[str, set[str]]:
    """Per table the names of its checks, unique rules, foreign keys and indexes."""
    found = inspect(engine)
    return {
        table: {
            str(rule["name"])
            for rule in (
                *found.get_check_constraints(table),
                *found.get_unique_constraints(table),
                *found.get_foreign_keys(table),
                *found.get_indexes(table),
            )
        }
        for table in found.get_table_names()
        if table != "alembic_version"
    }


def test_there_is_one_head() -> None:
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    assert len(scripts.get_heads()) == 1
    assert len(list(scripts.walk_revisions())) == len(
        list((ROOT / "migrations" / "versions").glob("*.py"))
    )


def test_migrations_lead_to_the_models(empty: Flask) -> None:
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": _same_type})
        assert compare_metadata(context, Model.metadata) == []


def _same_type(_context: object, _inspected: object, _column: object, ours: object, theirs: object):
    # An instant is stored as its own type of ours.
    return False if isinstance(theirs, UtcDateTime) else None


def test_migrations_make_every_rule_the_models_have(empty: Flask) -> None:
    """Autogeneration does not compare CHECK rules, so their names are compared here."""
    flask_migrate.upgrade()
    migrated = rules_of(db.engine)
    flask_migrate.downgrade(revision="base")
    db.create_all()
    assert migrated == rules_of(db.engine)


def test_every_step_can_be_taken_back_and_again(empty: Flask) -> None:
    flask_migrate.upgrade()
    flask_migrate.downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    flask_migrate.upgrade()
    assert fill_facts() > 0


def test_facts_loaded_twice_are_loaded_once(empty: Flask) -> None:
    flask_migrate.upgrade()
    fill_facts()
    assert fill_facts() == 0
