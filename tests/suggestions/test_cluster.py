"""The same shards on a cluster, whose workers may die."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from flask import Flask

from marketplace.infra.config import ROOT, Settings
from marketplace.infra.db import session
from marketplace.suggestions.jobs import running
from marketplace.suggestions.queries import shards as queries
from marketplace.suggestions.rules import ShardState
from tests.suggestions.nation import forget_all, make_nation, times_computed, told

pytest.importorskip("distributed")
WORKERS = 2
STARTED_WITHIN_SECONDS = 60


@contextmanager
def started(*arguments: str, environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """One process of `dask`, as an operator would start it."""
    dask = Path(sys.executable).parent / "dask"
    process = subprocess.Popen(
        [dask, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def appeared(place: Path) -> None:
    waited = time.monotonic() + STARTED_WITHIN_SECONDS
    while not place.exists():
        assert time.monotonic() < waited, f"no {place.name}"
        time.sleep(0.05)


@pytest.fixture
def cluster(app: Flask, tmp_path: Path) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    """The address of a scheduler, and its worker processes; each knows the database by itself."""
    settings: Settings = app.config["SETTINGS"]
    environment = {
        "DATA_DIR": str(app.config["DATA_DIR"]),
        "DATABASE_URL": settings.resolved_database_url,
        "SECRET_KEY": settings.secret_key,
        "TESTING": "true",
        "DASK_DISTRIBUTED__WORKER__DAEMON": "False",
    }
    told_at = tmp_path / "scheduler.json"
    with ExitStack() as stack:
        address = ("--scheduler-file", str(told_at))
        ports = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        stack.enter_context(started("scheduler", *address, *ports, environment=environment))
        appeared(told_at)
        place = json.loads(told_at.read_text(encoding="utf-8"))["address"]
        workers = [
            stack.enter_context(
                started(
                    *("worker", place, "--nthreads", "1", "--no-nanny", "--no-dashboard"),
                    *("--local-directory", str(tmp_path / f"worker-{number}")),
                    environment=environment,
                )
            )
            for number in range(WORKERS)
        ]
        yield place, workers


@pytest.mark.both_databases
def test_a_worker_killed_half_way_changes_nothing(
    app: Flask, cluster: tuple[str, list["subprocess.Popen[bytes]"]], tmp_path: Path
) -> None:
    scheduler, workers = cluster
    make_nation()
    killed: list[int] = []

    def kill_one_half_way(done: int, total: int) -> None:
        if done >= total // 2 and not killed:
            killed.append(done)
            os.kill(workers[0].pid, signal.SIGKILL)

    run_id = running.begin("killed")
    summary = running.bring_to_end(
        run_id, folder=tmp_path / "killed", scheduler=scheduler, report=kill_one_half_way
    )
    assert killed
    assert workers[0].wait(30) == -signal.SIGKILL
    assert workers[1].poll() is None
    assert summary.is_done
    on_cluster = told()
    assert times_computed() == len(on_cluster)

    forget_all()
    running.bring_to_end(running.begin("alone"), folder=tmp_path / "alone")
    assert on_cluster == told()
    session.rollback()
    assert queries.count_shards(run_id)[ShardState.DONE] == sum(summary.shards.values())
