"""Work of a room in processes of its own, on this machine or on others, each with its application.

A task carries the function that makes the application and its settings, so that a process started
anywhere can run it: `Inside(make, settings)(work, *args)`.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app

from marketplace.infra.config import Settings
from marketplace.infra.db import session

T = TypeVar("T")

_lock = threading.Lock()
_made: dict[str, Flask] = {}


@dataclass(frozen=True, slots=True)
class Inside:
    """Calls a function inside an application that is made once in each process.

    `settings` None takes those of the process: a worker on another machine has an environment of
    its own, and no password of a database travels to it.
    """

    make: Callable[[Settings | None], Flask]
    settings: Settings | None

    def __call__(self, work: Callable[..., T], *args: Any) -> T:
        with self._app().app_context():
            try:
                return work(*args)
            finally:
                session.remove()

    def _app(self) -> Flask:
        settings = self.settings or Settings()
        key = settings.model_dump_json()
        with _lock:
            if key not in _made:
                _made[key] = self.make(settings)
            return _made[key]


def same_application(*, here: bool) -> Inside:
    """For tasks of this application; `here` says that they run on this machine."""
    make: Callable[[Settings | None], Flask] = current_app.extensions["make_app"]
    settings: Settings = current_app.config["SETTINGS"]
    given = settings.model_copy(update={"data_dir": current_app.config["DATA_DIR"]})
    return Inside(make, given if here else None)
