"""The settings without which a database loses or bends what it was given."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from marketplace.core.clock import WIB
from marketplace.infra.db import db, prepare_engine, session, writing
from marketplace.infra.jobs import Job
from marketplace.infra.transaction import transaction
from tests import factories


def test_sqlite_is_told_what_it_needs(app: Flask) -> None:
    def pragma(name: str) -> object:
        return session.scalar(text(f"PRAGMA {name}"))

    assert pragma("journal_mode") == "wal"
    assert pragma("foreign_keys") == 1
    assert pragma("busy_timeout") == 10_000


def test_sqlite_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    """On an engine of its own: the one of the tests does not wait for the disk."""
    engine = create_engine(f"sqlite:///{tmp_path / 'kept.sqlite3'}")
    prepare_engine(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA synchronous")) == 2  # FULL
    engine.dispose()


def test_sqlite_takes_the_write_lock_before_it_reads(app: Flask) -> None:
    with transaction():
        session.execute(text("SELECT 1"))
        other = db.engine.raw_connection()
        try:
            other.driver_connection.execute("PRAGMA busy_timeout=0")
            with pytest.raises(Exception, match="locked"):
                other.driver_connection.execute("BEGIN IMMEDIATE")
        finally:
            other.driver_connection.execute("PRAGMA busy_timeout=10000")
            other.close()


def test_a_reader_does_not_wait_for_a_writer(app: Flask) -> None:
    session.execute(text("SELECT count(*) FROM jobs"))
    assert not writing.get()
    other = db.engine.raw_connection()
    try:
        other.driver_connection.execute("PRAGMA busy_timeout=0")
        other.driver_connection.execute("BEGIN IMMEDIATE")
        other.driver_connection.execute("ROLLBACK")
    finally:
        other.driver_connection.execute("PRAGMA busy_timeout=10000")
        other.close()


@pytest.mark.both_databases
def test_an_instant_comes_back_as_the_same_instant(app: Flask) -> None:
    midnight = datetime(2027, 1, 1, 0, 30, tzinfo=WIB)
    with transaction():
        job = Job(kind="a", run_at=midnight)
        session.add(job)
    session.expire_all()
    again = session.get_one(Job, job.id).run_at
    assert again == midnight
    assert again.utcoffset() == timedelta(0)


@pytest.mark.both_databases
def test_an_instant_without_a_zone_is_refused(app: Flask) -> None:
    with pytest.raises(Exception, match="time zone"), transaction():
        session.add(Job(kind="a", run_at=datetime(2027, 1, 1)))


@pytest.mark.both_databases
def test_an_instant_of_another_zone_is_kept_in_utc(app: Flask) -> None:
    wit = timezone(timedelta(hours=9))
    with transaction():
        job = Job(kind="a", run_at=datetime(2027, 1, 1, 9, tzinfo=wit))
        session.add(job)
    session.expire_all()
    assert session.get_one(Job, job.id).run_at == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.both_databases
def test_rupiah_beyond_two_billion_are_kept(app: Flask) -> None:
    product = factories.make_product(price=2_500_000_000)
    session.expire_all()
    assert product.price == 2_500_000_000
