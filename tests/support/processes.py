"""Run functions of the tests in processes of their own, on the database of the test."""

import atexit
import gc
import multiprocessing
import os
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any

from flask import Flask
from sqlalchemy.orm import configure_mappers

from marketplace.app import create_app
from marketplace.infra.config import Settings
from marketplace.infra.db import db

# One server imports the application and forks: a process is there in milliseconds, and inherits no
# threads, connections or context variables of the test.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(
    ["marketplace.app", "pytest", "tests.factories", "tests.support.processes"]
)
_forks = multiprocessing.get_context("fork")
SECONDS = 120


def settings_like(app: Flask) -> dict[str, Any]:
    """What another process needs to serve the same data."""
    settings: Settings = app.config["SETTINGS"]
    return {**settings.model_dump(), "data_dir": app.config["DATA_DIR"]}


def _make_app(settings: dict[str, Any]) -> Flask:
    # Whoever looks for garbage among what was imported touches, and so copies, all of it; each
    # process forked from here would do so again.
    gc.freeze()
    app = create_app(Settings(**settings))
    configure_mappers()
    gc.freeze()
    return app


def _run(settings: dict[str, Any], work: Callable[..., Any], args: Sequence[Any]) -> Any:
    return _work(_make_app(settings), work, args)


def _work(app: Flask, work: Callable[..., Any], args: Sequence[Any]) -> Any:
    with app.app_context():
        try:
            return work(*args)
        finally:
            db.session.remove()
            db.engine.dispose()


_ready: list[Flask] = []


def _work_ready(work: Callable[..., Any], args: Sequence[Any]) -> Any:
    return _work(_ready[0], work, args)


def _fork_for_each(settings: dict[str, Any], test: Connection) -> None:
    """Make the application once, and for each race of a test fork from it, once per call.

    The application has no connection here, and nobody has used it: every process starts as new.
    """
    app = _make_app(settings)
    _ready.append(app)
    while True:
        try:
            folder, work, calls = test.recv()
        except EOFError:  # the tests are over
            return
        here = Settings(**{**settings, "data_dir": folder})
        app.config.update(SETTINGS=here, DATA_DIR=folder, UPLOADS_DIR=here.uploads_dir)
        try:
            with _forks.Pool(len(calls)) as pool:
                waiting = [pool.apply_async(_work_ready, (work, call)) for call in calls]
                test.send([one.get(timeout=SECONDS) for one in waiting])
        except Exception as error:  # it is raised in the test
            test.send(error)


# By database: the end of the line to the process that forks.
_lines: dict[str, Connection] = {}


def _line_to(settings: dict[str, Any]) -> Connection:
    database = settings["database_url"]
    if database not in _lines:
        _lines[database], other = _processes.Pipe()
        _processes.Process(target=_fork_for_each, args=(settings, other)).start()
        other.close()
    return _lines[database]


@atexit.register
def _hang_up() -> None:
    """Before `multiprocessing` waits for the processes, which end with their line."""
    for line in _lines.values():
        line.close()


def in_processes(app: Flask, work: Callable[..., Any], calls: Sequence[Sequence[Any]]) -> list[Any]:
    """Call `work` once per entry of `calls`, each in its own process, all at the same time.

    `work` is a function of a module (it is looked up by name there); its result is sent back.
    """
    db.session.rollback()
    db.session.expire_all()
    settings = settings_like(app)
    line = _line_to(settings)
    line.send((settings["data_dir"], work, calls))
    found: list[Any] | Exception = line.recv()
    if isinstance(found, Exception):
        raise found
    return found


def start_process(app: Flask, work: Callable[..., Any], *args: Any) -> Any:
    """Start `work` in a process that the test may kill."""
    db.session.rollback()
    db.session.expire_all()
    process = _processes.Process(target=_run, args=(settings_like(app), work, args), daemon=True)
    process.start()
    return process


def vanish() -> None:
    """End this process as a power cut would: nothing is finished, nothing is said."""
    os._exit(9)
