"""Everything is computed in shards: cut, answered by branch, stored once."""

import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from marketplace.core.clock import now, today
from marketplace.demand.rules import NeedState
from marketplace.infra import search
from marketplace.infra.config import ROOT
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.matching import DEFAULT_RULES, Need, Offer, Rule, World
from marketplace.matching.engine import Engine
from marketplace.matching.frequencies import Frequencies, frequencies_of, measure_against
from marketplace.suggestions.guards import shards as guards
from marketplace.suggestions.jobs import running
from marketplace.suggestions.jobs.computing import suggest_all
from marketplace.suggestions.models import Suggestion, SuggestionRun, SuggestionShard
from marketplace.suggestions.queries import shards as queries
from marketplace.suggestions.rules import RejectReason, ShardState, SuggestionState
from marketplace.suggestions.services import shards
from marketplace.suggestions.services.world import fact_world
from tests.factories import make_need, make_outlet, make_producer, make_product
from tests.suggestions.nation import forget_all, make_nation, times_computed, told


def compute(folder: Path, name: str = "night", **options: int) -> running.Summary:
    return running.bring_to_end(running.begin(name, **options), folder=folder / name)


def test_a_shard_holds_needs_of_one_place_and_one_branch_up_to_its_size() -> None:
    places = [
        ("19.01", "kopi", 5),
        ("19.01", "teh", 2),
        ("19.01", "terasi", 3),
        ("31.71", "kopi", 4),
    ]
    branch = {"kopi": "minuman", "teh": "minuman", "terasi": "hasil-laut"}
    found = list(shards.cut(places, branch.__getitem__, most=1))
    assert found == [
        shards.Cut("19.01", "hasil-laut", 3, 3, 1),
        shards.Cut("19.01", "minuman", 2, 2, 1),
        shards.Cut("19.01", "minuman", 5, 5, 1),
        shards.Cut("31.71", "minuman", 4, 4, 1),
    ]


def test_a_branch_is_asked_alone_only_while_the_rule_keeps_the_others_out() -> None:
    world = fact_world()
    assert shards.branch_of("terasi", world) == "hasil-laut"
    assert shards.branch_of("", world) == shards.ANY
    lenient = tuple(
        Rule("category", "category", "warn") if rule.check == "category" else rule
        for rule in DEFAULT_RULES
    )
    assert shards.branch_of("terasi", World(today(), world.categories, rules=lenient)) == shards.ANY


def test_every_open_need_lies_in_exactly_one_shard(app: Flask) -> None:
    make_nation()
    run = queries.get_run(running.begin("night", needs_per_shard=3))
    cut = session.scalars(select(SuggestionShard).where(SuggestionShard.run_id == run.id)).all()
    held = [
        need for shard in cut for need in queries.need_ids_of(shard, shards.codes_of(shard.branch))
    ]
    assert sorted(held) == list(range(1, 41))
    assert max(shard.needs for shard in cut) <= 3


GOODS = {
    "kerupuk-camilan": ("kemplang", "Kemplang panggang tenggiri", "Kemplang bakar"),
    "minuman": ("kopi", "Kopi robusta sangrai", "Kopi bubuk robusta"),
    "kerajinan": ("tenun", "Kain cual katun", "Selendang cual sutra"),
}


def goods(world: World) -> list[Offer]:
    return [
        Offer(
            f"{code}-{n}-{title}",
            f"{title} {'abcdefgh'[n]}{code}",
            category=code,
            papers_known=False,
        )
        for code, *titles in GOODS.values()
        for title in titles
        for n in range(8)
    ]


def test_a_branch_measured_against_the_whole_says_of_a_pair_what_the_whole_says() -> None:
    """No word is shared between branches here, so that the field of candidates is the same too."""
    world = fact_world()
    whole = Engine(world)
    whole.load(goods(world))
    counted = Frequencies()
    parts = {}
    for branch in GOODS:
        parts[branch] = Engine(world)
        parts[branch].load(
            offer for offer in goods(world) if world.ancestors(offer.category)[-1] == branch
        )
        counted = counted.plus(frequencies_of(parts[branch]))
    for branch, (code, title, other) in GOODS.items():
        need = Need("need", f"{other} {title.split()[-1]}", category=code)
        alone = parts[branch].rank(need).pairings
        measure_against(parts[branch], counted)
        measured = parts[branch].rank(need).pairings
        assert measured == whole.rank(need).pairings
        assert [one.score for one in alone] != [one.score for one in measured]


def test_frequencies_are_kept_and_taken_apart_as_they_were_added(tmp_path: Path) -> None:
    world = fact_world()
    engine = Engine(world)
    engine.load(goods(world))
    one = frequencies_of(engine)
    one.save(tmp_path / "kept")
    kept = Frequencies.load(tmp_path / "kept")
    again = kept.plus(one).plus(one, -1)
    assert (again.words, again.texts, again.title_tokens) == (one.words, 48, one.title_tokens)
    assert (again.trigrams == one.trigrams).all()


def test_shards_suggest_what_one_pass_over_the_whole_suggests(app: Flask, tmp_path: Path) -> None:
    """The same pairs with the same scores and confidences."""
    make_nation()
    search.forget()
    suggest_all({}, lambda done, total: None)
    whole = told()
    forget_all()
    summary = compute(tmp_path)
    assert summary.needs == 40
    assert len(whole) > 20
    assert told() == whole


def test_a_run_that_is_done_is_not_computed_again(app: Flask, tmp_path: Path) -> None:
    make_nation(needs=10)
    first = compute(tmp_path)
    before = times_computed()
    again = compute(tmp_path)
    assert first.is_done
    assert (again.needs, again.found) == (first.needs, first.found)
    assert times_computed() == before
    assert not (tmp_path / "night").exists()  # its indexes are gone with it


def test_another_run_gives_the_same_rows(app: Flask, tmp_path: Path) -> None:
    make_nation(needs=10)
    compute(tmp_path, "monday")
    before = told()
    assert compute(tmp_path, "tuesday").added == 0
    assert told() == before


def test_a_decision_is_never_overwritten(app: Flask, tmp_path: Path) -> None:
    make_nation(needs=10)
    compute(tmp_path, "monday")
    with transaction():
        row = session.scalars(select(Suggestion).order_by(Suggestion.id)).first()
        assert row is not None
        row.state, row.reject_reason, row.score = SuggestionState.REJECTED, RejectReason.PRICE, -7
    compute(tmp_path, "tuesday")
    session.expire_all()
    assert (row.state, row.score) == (SuggestionState.REJECTED, -7)


def test_a_product_changed_since_the_index_was_made_is_judged_as_it_is_now(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = make_product(make_producer(), name="Kemplang panggang tenggiri 250 g")
    need = make_need(make_outlet(), title="Kemplang panggang 250 g", ceiling_price=30_000)
    make_indexes = running._make_indexes

    def then_the_price_rises(task: running.Task, pool: running.Pool) -> None:
        make_indexes(task, pool)
        with transaction():
            product.price = 90_000
            running_change(product.id)

    monkeypatch.setattr(running, "_make_indexes", then_the_price_rises)
    compute(tmp_path)
    assert (product.id, need.id) not in told()


def running_change(product_id: int) -> None:
    from marketplace.infra.changes import note_change

    note_change("product", product_id)


def test_a_need_closed_meanwhile_gets_no_suggestion(app: Flask, tmp_path: Path) -> None:
    make_product(make_producer(), name="Kemplang panggang tenggiri 250 g")
    need = make_need(make_outlet(), title="Kemplang panggang 250 g")
    run_id = running.begin("night")
    with transaction():
        need.state = NeedState.PAUSED
    assert running.bring_to_end(run_id, folder=tmp_path / "night").found == 0
    assert told() == {}


def test_only_the_last_attempt_may_finish_a_shard(app: Flask) -> None:
    make_nation(needs=1)
    run_id = running.begin("night")
    number = queries.free_shards(run_id, "")[0]
    with transaction():
        assert guards.take(number, holder="a", until=now() - timedelta(seconds=1))
        assert guards.take(number, holder="b", until=now() + timedelta(minutes=1))
        assert not guards.take(number, holder="c", until=now() + timedelta(minutes=1))
        assert not guards.finish(number, attempt=1, found=0, added=0, seconds=0)
        assert not guards.finish_run(run_id)
        assert guards.finish(number, attempt=2, found=0, added=0, seconds=0)
        assert guards.finish_run(run_id)


def test_leases_are_renewed_again_after_the_database_was_too_busy(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = threading.Semaphore(0)

    def too_busy(holder: str, until: object) -> None:
        tried.release()
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    monkeypatch.setattr(running, "LEASE", timedelta(milliseconds=30))
    monkeypatch.setattr(guards, "renew_leases", too_busy)
    with running._leases_kept("night"):
        assert all(tried.acquire(timeout=10) for _ in range(3))


def test_a_shard_that_fails_is_tried_three_times_and_parked_with_its_reason(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_nation(needs=5)
    answer = shards.answer

    def fail_on_some(engine: Engine, needs: list[Need], *rest: object) -> object:
        if "1" in {need.id for need in needs}:
            raise ValueError("a need nobody understands")
        return answer(engine, needs, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(shards, "answer", fail_on_some)
        summary = compute(tmp_path, needs_per_shard=1)
    assert summary.shards[ShardState.FAILED] == 1
    assert summary.needs == 4
    parked = session.scalars(
        select(SuggestionShard).where(SuggestionShard.state == ShardState.FAILED)
    ).one()
    assert (parked.attempts, parked.message) == (3, "ValueError: a need nobody understands")
    assert queries.find_unfinished_run() is not None
    assert compute(tmp_path).is_done  # the same command once more, with the fault mended


def test_old_runs_go_and_their_shards_with_them(app: Flask, tmp_path: Path) -> None:
    make_nation(needs=2)
    compute(tmp_path, "long ago")
    with transaction():
        run = queries.find_run("long ago")
        assert run is not None
        run.finished_at = now() - running.KEPT - timedelta(days=1)
    running.begin("tonight")
    session.rollback()
    assert session.scalars(select(SuggestionRun.name)).all() == ["tonight"]
    assert {row.run_id for row in session.scalars(select(SuggestionShard))} == {
        queries.find_run("tonight").id  # type: ignore[union-attr]
    }


def test_the_command_computes_and_says_what_it_did(app: Flask, tmp_path: Path) -> None:
    make_nation(needs=5)
    runner = app.test_cli_runner()
    said = runner.invoke(
        args=["suggest-all", "--jobs", "1", "--run", "night", "--work-dir", str(tmp_path)]
    )
    assert said.exit_code == 0, said.output
    assert "night: 5 needs in" in said.output
    assert len(told()) > 0
    nothing = runner.invoke(args=["suggest-all", "--resume"])
    assert nothing.exit_code == 1
    assert "no run to go on with" in nothing.output


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--scheduler", "nowhere", "tcp://10.0.0.1:8786"),
        ("--work-dir", "/proc/nowhere", "cannot be made"),
    ],
)
def test_a_place_that_cannot_be_is_told_before_a_run_begins(
    app: Flask, option: str, value: str, said: str
) -> None:
    told = app.test_cli_runner().invoke(args=["suggest-all", "--run", "night", option, value])
    assert told.exit_code != 0
    assert said in told.stderr
    assert isinstance(told.exception, SystemExit)
    assert queries.find_run("night") is None


def test_the_site_begins_without_the_library_of_the_cluster_and_without_the_compiler() -> None:
    """What serves pages must not need the one, and no command waits for what it may not need."""
    asked = "import sys, marketplace.app; print({'distributed', 'numba'} & sys.modules.keys())"
    told = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout == "set()\n"
