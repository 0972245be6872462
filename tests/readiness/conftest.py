"""A market small enough that everything it opens can be added up by hand."""

from collections.abc import Callable

import pytest
from flask import Flask

from marketplace.infra import search
from marketplace.infra.transaction import transaction
from marketplace.readiness.services import measuring

Measure = Callable[[], None]


@pytest.fixture
def measure(app: Flask, run_jobs: Callable[[], int]) -> Measure:
    """Measure every open need, as the daily job does."""

    def run() -> None:
        search.forget()
        with transaction():
            measuring.schedule_for_all()
        run_jobs()

    return run
