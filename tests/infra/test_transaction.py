"""One place commits: all or nothing, never nested, never by accident."""

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import Office, Person
from marketplace.core.errors import Conflict
from marketplace.infra import jobs
from marketplace.infra.db import WriteOutsideTransaction, db, session
from marketplace.infra.jobs import Job
from marketplace.infra.transaction import after_commit, transaction
from tests import factories

pytestmark = pytest.mark.both_databases


def count(model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_an_error_takes_everything_back(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        session.add(Job(kind="a"))
        session.flush()
        raise ZeroDivisionError
    assert count(Job) == 0


def test_transactions_do_not_nest(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="nest"), transaction(), transaction():
        pass  # pragma: no cover


def test_after_a_refused_nesting_the_outer_work_is_taken_back(app: Flask) -> None:
    with pytest.raises(RuntimeError), transaction():
        session.add(Job(kind="a"))
        with transaction():
            pass  # pragma: no cover
    assert count(Job) == 0
    with transaction():
        session.add(Job(kind="b"))
    assert count(Job) == 1


def test_a_write_outside_a_transaction_is_refused(app: Flask) -> None:
    session.add(Job(kind="a"))
    with pytest.raises(WriteOutsideTransaction):
        session.flush()
    session.rollback()
    with pytest.raises(WriteOutsideTransaction):
        session.execute(insert(Job).values(kind="a"))
    session.rollback()
    assert count(Job) == 0


def test_changes_made_before_a_transaction_are_not_slipped_into_it(app: Flask) -> None:
    person = factories.make_person()
    person.full_name = "Somebody else"
    with pytest.raises(RuntimeError, match="before the transaction"), transaction():
        pass  # pragma: no cover
    session.rollback()
    assert session.get_one(Person, person.id).full_name != "Somebody else"


def test_a_value_that_is_taken_is_a_conflict_that_names_the_field(app: Flask) -> None:
    factories.make_person(phone="+628123456789")
    with pytest.raises(Conflict) as caught:
        factories.make_person(phone="+628123456789")
    assert caught.value.field == "phone"


def test_values_that_are_taken_together_are_a_conflict_too(app: Flask) -> None:
    outlet = factories.make_outlet(branches=[])
    factories.make_branch(outlet, name="Cabang Kota")
    with pytest.raises(Conflict) as caught:
        factories.make_branch(outlet, name="Cabang Kota")
    assert caught.value.field == "name"


def test_a_reference_to_nothing_is_not_called_a_conflict(app: Flask) -> None:
    with pytest.raises(IntegrityError):
        factories.make_producer(region_code="99.99")


def test_a_stale_row_is_a_conflict(app: Flask) -> None:
    person = factories.make_person()
    stale = person.version
    with transaction():
        session.get_one(Person, person.id).full_name = "First"
    assert person.version == stale + 1
    with pytest.raises(Conflict), transaction():
        row = session.get_one(Person, person.id)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
            # Somebody else's change between our read and our write; SQLite would make them wait,
            # so the row is aged in our own transaction there.
            target = session if db.engine.dialect.name == "sqlite" else other
            target.execute(Person.__table__.update().values(version=Person.__table__.c.version + 1))
        row.full_name = "Second"


def test_a_second_transaction_sees_what_others_did_since_the_first(app: Flask) -> None:
    with transaction():
        job = Job(kind="a")
        session.add(job)
    number = job.id
    with app.app_context(), transaction():  # somebody else
        session.get_one(Job, number).done = 5
    with transaction():
        session.get_one(Job, number).done += 1
    assert session.get_one(Job, number).done == 6


def test_what_is_to_follow_a_commit_follows_only_a_commit(app: Flask) -> None:
    done: list[str] = []
    with transaction():
        after_commit(lambda: done.append("kept"))
        assert done == []
    with pytest.raises(ZeroDivisionError), transaction():
        after_commit(lambda: done.append("lost"))
        raise ZeroDivisionError
    assert done == ["kept"]


def test_following_a_commit_needs_a_transaction(app: Flask) -> None:
    with pytest.raises(RuntimeError):
        after_commit(lambda: None)


def test_a_job_of_a_transaction_that_failed_never_existed(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        jobs.enqueue("a")
        raise ZeroDivisionError
    assert jobs.due_jobs() == []


def test_what_the_database_forbids_stays_out(app: Flask) -> None:
    with pytest.raises(IntegrityError, match="reachable"):
        factories.make_person(phone=None, email=None)
    assert count(Person) == 0
    assert count(Office) == 0
