"""Fixtures of all tests.

`app`        the application on a fresh database, its context pushed for the whole test
`client`     a browser nobody is signed in to
`signed_in`  `signed_in(person)` is a browser with that person signed in
`run_jobs`   does the background work that waits, and returns how much there was
`jobs_inline`  background work happens at once, at the end of its transaction

Tests marked `both_databases` run on SQLite and on PostgreSQL, all others on SQLite. Under STRICT=1
a skipped test is a failure.
"""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask, current_app
from hypothesis import settings as hypothesis_settings
from jinja2 import FileSystemBytecodeCache

from marketplace.accounts import services as account_services
from marketplace.accounts.models import Person
from marketplace.infra import jobs, queue, search
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests.support import postgres
from tests.support.backends import Backend, Postgres, Sqlite
from tests.support.client import Client

# The same examples each time, so that a red run means a change and not a lucky guess; HUNT=1 looks
# for new ones, many of them.
hypothesis_settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis_settings.register_profile("hunt", deadline=None)
hypothesis_settings.load_profile("hunt" if os.environ.get("HUNT") == "1" else "steady")

SignIn = Callable[[Person], Client]

# What is imported stays to the end: nobody looks for garbage among it, now or between the tests.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "backend" in metafunc.fixturenames and metafunc.definition.get_closest_marker(
        "both_databases"
    ):
        server = pytest.param("postgres", marks=pytest.mark.postgres)
        metafunc.parametrize("backend", ["sqlite", server], indirect=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.skipped and os.environ.get("STRICT") == "1" and not hasattr(report, "wasxfail"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"STRICT=1 forbids skipping: {reason}"
    return report


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """What templates were compiled to, for both databases and all processes of this run."""
    folder = tmp_path_factory.getbasetemp()
    shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    place = shared / "templates"
    place.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(place))


@pytest.fixture(scope="session")
def sqlite_backend(
    tmp_path_factory: pytest.TempPathFactory, compiled_templates: FileSystemBytecodeCache
) -> Iterator[Sqlite]:
    backend = Sqlite(tmp_path_factory.mktemp("sqlite"))
    backend.app.jinja_env.bytecode_cache = compiled_templates
    yield backend
    backend.release()


@pytest.fixture(scope="session")
def postgres_backend(
    tmp_path_factory: pytest.TempPathFactory, compiled_templates: FileSystemBytecodeCache
) -> Iterator[Postgres]:
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgres.running_server())
        except LookupError as error:
            pytest.skip(str(error))
        backend = Postgres(tmp_path_factory.mktemp("postgres"), server)
        backend.app.jinja_env.bytecode_cache = compiled_templates
        yield backend
        backend.drop()
        backend.drop("_template")


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> Backend:
    """The database of this test, with the facts in it and nothing else."""
    chosen: Backend = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_backend")
    chosen.renew()
    return chosen


@pytest.fixture
def app(backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    app = backend.app
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path)
    monkeypatch.setitem(app.config, "UPLOADS_DIR", tmp_path / "uploads")
    # No worker runs beside a test: a job waits in its row until `run_jobs`.
    monkeypatch.setattr(queue, "push", lambda number: None)
    app.test_client_class = Client
    search.forget()  # it follows the database, which is a new one
    with app.app_context():
        yield app
        session.remove()


@pytest.fixture
def client(app: Flask) -> Client:
    return new_client(app)


@pytest.fixture
def signed_in(app: Flask) -> SignIn:
    def sign_in(person: Person) -> Client:
        browser = new_client(app)
        with transaction():
            token = account_services.open_session(person, long=True, device="test")
        # A context of its own: its end may not take away the session the test works with.
        with app.app_context(), browser.session_transaction() as kept:
            kept["sid"] = token
        return browser

    return sign_in


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], int]:
    def run() -> int:
        total = 0
        while due := jobs.due_jobs():
            for number in due:
                with current_app.app_context():
                    jobs.run_job(number)
            total += len(due)
            session.rollback()
        return total

    return run


@pytest.fixture
def jobs_inline(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "JOBS_INLINE", True)


def new_client(app: Flask) -> Client:
    browser = app.test_client()
    assert isinstance(browser, Client)
    return browser
