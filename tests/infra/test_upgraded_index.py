"""After an upgrade every process finds an index of the version before: that is said once."""

import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask, current_app

from marketplace.infra import search
from marketplace.infra.changes import note_change
from marketplace.infra.generations import Generations
from marketplace.infra.transaction import transaction
from tests.factories import make_product
from tests.support.processes import in_processes

pytestmark = pytest.mark.both_databases

ANOTHER_VERSION = "the search index is from another version; it is built anew"
PROCESSES = 3


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[list[str]]:
    lines = _Lines()
    search.log.addHandler(lines)
    try:
        yield lines.told
    finally:
        search.log.removeHandler(lines)


def _meet(place: str) -> None:
    """Go on when the others are here too."""
    (Path(place) / str(os.getpid())).touch()
    end = time.monotonic() + 30
    while len(list(Path(place).iterdir())) < PROCESSES and time.monotonic() < end:
        pass  # who sleeps comes late


def start_and_answer(meeting_point: str, kind: str) -> tuple[list[str], list[int]]:
    """What a process says at its start, and what a visitor finds then."""
    _meet(meeting_point)
    with _listening() as told:
        if kind == "web":
            search.warm_up(current_app._get_current_object()).join()  # type: ignore[attr-defined]
        else:
            search.keep_index()
        return told, search.find_products("kemplang")


def look_at_each(meeting_point: str, generations: list[Path]) -> list[str]:
    """What a process says that finds one outdated generation after the other."""
    _meet(meeting_point)
    with _listening() as told:
        for generation in generations:
            search._tell_outdated(generation)
        return told


@pytest.fixture
def meeting_point(tmp_path: Path) -> str:
    place = tmp_path / "meeting-point"
    place.mkdir()
    return str(place)


@pytest.fixture
def outdated(app: Flask) -> Path:
    """The generation that another version left."""
    product = make_product(name="Kemplang panggang 250 g")
    with transaction():
        note_change("product", product.id)
    assert search.reindex() == 1
    search.forget()
    found = Generations(app.config["DATA_DIR"] / "index").current()
    assert found is not None
    manifest = found / "snapshot.json"
    told = json.loads(manifest.read_text(encoding="ascii"))
    manifest.write_text(json.dumps({**told, "version": "0/0"}), encoding="ascii")
    return found


def test_processes_that_start_together_say_it_once_and_all_answer(
    app: Flask, outdated: Path, meeting_point: str
) -> None:
    kinds = ["web", "web", "worker"]
    started = in_processes(app, start_and_answer, [(meeting_point, kind) for kind in kinds])
    assert [line for told, _found in started for line in told] == [ANOTHER_VERSION]
    assert {len(found) for _told, found in started} == {1}
    assert Generations(outdated.parent).current() != outdated


def test_who_looks_in_the_same_moment_as_another_leaves_it_to_one(
    app: Flask, tmp_path: Path, meeting_point: str
) -> None:
    generations = [tmp_path / f"generation-{number}" for number in range(500)]
    for generation in generations:
        generation.mkdir()
    calls = [(meeting_point, generations)] * PROCESSES
    told = in_processes(app, look_at_each, calls)
    assert sum(len(lines) for lines in told) == len(generations)
