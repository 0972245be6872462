"""Shards in several processes: killed, resumed, twice at once; on both databases."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from marketplace.core.clock import now
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.suggestions.jobs import running
from marketplace.suggestions.models import SuggestionShard
from marketplace.suggestions.queries import shards as queries
from marketplace.suggestions.rules import ShardState
from marketplace.suggestions.services import shards
from tests.suggestions.nation import forget_all, make_nation, times_computed, told
from tests.support.processes import in_processes, start_process, vanish

pytestmark = pytest.mark.both_databases


def compute(name: str, folder: Path, jobs: int = 1) -> int:
    return running.bring_to_end(running.begin(name), folder=folder / name, jobs=jobs).needs


def die_half_way(run_id: int, folder: Path) -> None:
    """Answer some shards, and be killed in the transaction that writes the next one."""
    store, written = shards.store, []

    def store_or_die(*given: object) -> int:
        added = store(*given)  # type: ignore[arg-type]
        written.append(added)
        if len(written) == 6:
            vanish()
        return added

    shards.store = store_or_die
    running.bring_to_end(run_id, folder=folder)


def test_a_run_killed_half_way_is_brought_to_the_same_end(app: Flask, tmp_path: Path) -> None:
    make_nation(needs=20)
    compute("undisturbed", tmp_path)
    undisturbed = told()
    forget_all()

    run_id = running.begin("killed")
    process = start_process(app, die_half_way, run_id, tmp_path / "killed")
    process.join(120)
    assert process.exitcode == 9
    session.rollback()
    counts = queries.count_shards(run_id)
    assert (counts[ShardState.DONE], counts[ShardState.RUNNING]) == (5, 1)
    half = times_computed()
    assert 0 < half < len(undisturbed)

    with transaction():  # the minute of its lease is over
        session.execute(
            update(SuggestionShard)
            .where(SuggestionShard.state == ShardState.RUNNING)
            .values(lease_until=now() - timedelta(seconds=1))
        )
    assert compute("killed", tmp_path) == 20
    assert told() == undisturbed
    assert times_computed() == len(undisturbed)  # what was done was not done again
    attempts = session.scalars(select(SuggestionShard.attempts).order_by("attempts")).all()
    assert attempts[-1] == 2


def test_two_commands_for_one_run_share_its_shards(app: Flask, tmp_path: Path) -> None:
    make_nation(needs=20)
    needs = in_processes(app, compute, [("night", tmp_path)] * 2)
    assert needs == [20, 20]
    assert times_computed() == len(told()) > 0
    session.rollback()
    assert session.scalar(select(func.max(SuggestionShard.attempts))) == 1


def test_two_runs_at_once_double_nothing(app: Flask, tmp_path: Path) -> None:
    make_nation(needs=12)
    in_processes(app, compute, [("one", tmp_path), ("other", tmp_path)])
    both = told()
    forget_all()
    compute("alone", tmp_path)
    assert both == told()


def test_processes_of_this_machine_find_what_one_process_finds(app: Flask, tmp_path: Path) -> None:
    make_nation(needs=12)
    compute("one", tmp_path)
    alone = told()
    forget_all()
    compute("two", tmp_path, jobs=2)
    assert told() == alone
