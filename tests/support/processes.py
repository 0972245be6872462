"""Run functions of the tests in processes of their own, on the database of the test."""

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
_processes.set_forkserver_preload(["marketplace.app", "tests.support.processes"])
_forks = multiprocessing.get_context("fork")
SECONDS = 120


def settings_like(app: Flask) -> dict[str, Any]:
    """What another process needs to serve the same data."""
    settings: Settings = app.config["SETTINGS"]
    return {**settings.model_dump(), "data_dir": app.config["DATA_DIR"]}


def _run(settings: dict[str, Any], work: Callable[..., Any], args: Sequence[Any]) -> Any:
    return _work(create_app(Settings(**settings)), work, args)


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


def _run_all(
    settings: dict[str, Any],
    work: Callable[..., Any],
    calls: Sequence[Sequence[Any]],
    answer: Connection,
) -> None:
    """Make the application once, and fork from it once per call, before it has a connection."""
    _ready.append(create_app(Settings(**settings)))
    configure_mappers()
    try:
        with _forks.Pool(len(calls)) as pool:
            waiting = [pool.apply_async(_work_ready, (work, call)) for call in calls]
            answer.send([one.get(timeout=SECONDS) for one in waiting])
    except Exception as error:  # it is raised in the test
        answer.send(error)


def in_processes(app: Flask, work: Callable[..., Any], calls: Sequence[Sequence[Any]]) -> list[Any]:
    """Call `work` once per entry of `calls`, each in its own process, all at the same time.

    `work` is a function of a module (it is looked up by name there); its result is sent back.
    """
    db.session.rollback()
    db.session.expire_all()
    results, answer = _processes.Pipe(duplex=False)
    process = _processes.Process(target=_run_all, args=(settings_like(app), work, calls, answer))
    process.start()
    answer.close()
    found: list[Any] | Exception = results.recv()
    process.join()
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
