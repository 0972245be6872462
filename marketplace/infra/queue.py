"""The queue (huey): it carries the numbers of job rows between processes, nothing else."""

import logging
import threading
from typing import Any

from flask import Flask, current_app
from huey import SqliteHuey
from huey.api import Huey

from marketplace.infra import jobs

log = logging.getLogger(__name__)

SWEEP_SECONDS = 5.0

_queues: dict[str, tuple[Huey, Any]] = {}


def queue_of(app: Flask) -> tuple[Huey, Any]:
    """The queue beside the database and its one task."""
    place = str(app.config["DATA_DIR"] / "queue.sqlite3")
    if place not in _queues:
        huey = SqliteHuey("temu-gerai", filename=place, results=False, fsync=False)

        def work(number: int) -> None:
            with app.app_context():
                jobs.run_job(number)

        _queues[place] = (huey, huey.task()(work))
    return _queues[place]


def push(number: int) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    _huey, task = queue_of(app)
    task(number)


def serve_queue(app: Flask) -> None:
    """Run the consumer until told to stop; a sweep finds what a killed worker left behind."""
    huey, _task = queue_of(app)
    stop = threading.Event()
    sweeper = threading.Thread(target=_sweep, args=(app, stop), name="sweep", daemon=True)
    sweeper.start()
    consumer = huey.create_consumer(workers=1, periodic=False, initial_delay=0.05, max_delay=0.5)
    try:
        consumer.run()
    finally:
        stop.set()


def _sweep(app: Flask, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            with app.app_context():
                for number in jobs.due_jobs():
                    jobs.run_job(number)
                for periodic in app.extensions.get("periodic_jobs", ()):
                    periodic()
        except Exception:
            log.exception("the sweep failed; it goes on")
        stop.wait(SWEEP_SECONDS)
