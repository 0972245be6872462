"""What a supply plan promises, on tasks nobody thought of."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import InvalidInput
from marketplace.planning.supply import (
    Lot,
    Need,
    Pairing,
    Producer,
    SupplyPlan,
    SupplyTask,
    broken_rules,
    plan_supply,
)
from marketplace.planning.supply import plan as planner
from marketplace.planning.supply.files import read_task
from tests.planning.supplies import best_by_trying, large, tasks


def check(task: SupplyTask, plan: SupplyPlan) -> None:
    """No rule is broken, the figures are those of the lots, and who lacks something is told."""
    assert broken_rules(task, plan.lots) == []
    scores = {(one.producer, one.need): one.score for one in task.pairings}
    got: dict[object, int] = {}
    for lot in plan.lots:
        got[lot.need] = got.get(lot.need, 0) + sum(lot.volume or ())
    total = sum(scores[lot.producer, lot.need] * sum(lot.volume or ()) for lot in plan.lots)
    assert plan.objective == total <= plan.bound
    lacking = {need.id: sum(need.volume) - got.get(need.id, 0) for need in task.needs}
    assert {one.need: sum(one.volume) for one in plan.missing} == {
        need: volume for need, volume in lacking.items() if volume
    }
    for one in plan.missing:
        assert one.sentence % one.params


@given(tasks(plain=True))
def test_without_lots_and_limits_the_plan_is_the_best_there_is(task: SupplyTask) -> None:
    plan = plan_supply(task, seconds=2)
    check(task, plan)
    assert plan.is_optimal
    assert plan.objective == best_by_trying(task)


@given(tasks())
def test_with_lots_groups_and_limits_a_small_plan_is_the_best_there_is(task: SupplyTask) -> None:
    plan = plan_supply(task, seconds=5)
    check(task, plan)
    assert plan.objective == best_by_trying(task)
    assert plan.is_optimal


@given(tasks(most_pairs=4), st.data())
def test_pinned_lots_stay_and_the_rest_is_the_best_beside_them(
    task: SupplyTask, data: st.DataObject
) -> None:
    before = plan_supply(task, seconds=5)
    pinned = [lot for lot in before.lots if data.draw(st.booleans())]
    again = replace(task, pinned=pinned)
    plan = plan_supply(again, seconds=5)
    check(again, plan)
    assert plan.objective == before.objective


@given(tasks(largest=9, most_pairs=8), st.data())
def test_a_plan_made_anew_keeps_its_pinned_lots_and_every_rule(
    task: SupplyTask, data: st.DataObject
) -> None:
    before = plan_supply(task, seconds=5)
    # What is pinned of a group could be left without the rest of it.
    alone = {one.id for one in task.needs if one.group is None}
    pinned = [lot for lot in before.lots if lot.need in alone and data.draw(st.booleans())]
    taken = {lot.producer for lot in pinned}
    producers = [
        one if one.id in taken else one._replace(capacity=tuple(size // 2 for size in one.capacity))
        for one in task.producers
    ]
    again = replace(task, producers=producers, current=before.lots, pinned=pinned)
    plan = plan_supply(again, seconds=5)
    check(again, plan)
    kept = {(lot.producer, lot.need): lot.volume for lot in before.lots}
    now = {(lot.producer, lot.need): lot.volume for lot in plan.lots}
    changed = {pair for pair in kept.keys() | now.keys() if kept.get(pair) != now.get(pair)}
    assert {(one.producer, one.need) for one in plan.changed} == changed
    assert changed.isdisjoint((lot.producer, lot.need) for lot in pinned)


@given(tasks(), st.data())
def test_the_plan_of_today_is_not_changed_where_it_is_the_best_there_is(
    task: SupplyTask, data: st.DataObject
) -> None:
    before = plan_supply(task, seconds=5)
    again = replace(task, current=before.lots, needs=data.draw(st.permutations(task.needs)))
    plan = plan_supply(again, seconds=5)
    assert plan.objective == before.objective
    if before.lots:
        assert plan.changed == ()


@given(tasks(plain=True, largest=3, months=1), st.data())
def test_the_worth_of_one_more_unit_is_what_the_plan_gains_with_it(
    task: SupplyTask, data: st.DataObject
) -> None:
    plan = plan_supply(task)
    told = {one.producer: one.worth for one in plan.worth}
    for place, one in enumerate(task.producers):
        more = [*task.producers]
        more[place] = one._replace(capacity=(one.capacity[0] + 1,))
        gained = plan_supply(replace(task, producers=more)).objective - plan.objective
        assert told.get(one.id, 0) == gained


@pytest.mark.parametrize("huge", [10**12, 10**30])
def test_numbers_beyond_all_bounds_are_no_trouble(huge: int) -> None:
    producers = [Producer("a", (huge,)), Producer("b", (7,))]
    needs = [Need("x", (huge // 3 if huge < 10**15 else 10**15 + 1,)), Need("y", (5,))]
    pairings = [Pairing("a", "x", 3), Pairing("b", "x", 9), Pairing("b", "y", 8)]
    task = SupplyTask(producers, needs, pairings)
    plan = plan_supply(task)
    check(task, plan)
    assert plan.objective == 3 * (needs[0].volume[0] - 2) + 18 + 40
    assert plan.is_optimal


def test_scores_with_decimals_are_added_exactly() -> None:
    task = SupplyTask(
        [Producer("a", (3,)), Producer("b", (3,))],
        [Need("x", (3,)), Need("y", (3,))],
        [
            Pairing("a", "x", 0.1),
            Pairing("a", "y", 0.25),
            Pairing("b", "x", 0.2),
            Pairing("b", "y", 0.3),
        ],
    )
    plan = plan_supply(task)
    assert plan.objective == 1.35
    assert plan.is_optimal


def test_after_a_drop_of_capacity_only_lots_change_that_must() -> None:
    task = large(60, 30, 900)
    before = plan_supply(task)
    producers = [*task.producers]
    producers[3] = producers[3]._replace(capacity=(producers[3].capacity[0] // 2,))
    again = replace(task, producers=producers)
    fresh = plan_supply(again)
    near = plan_supply(replace(again, current=before.lots))
    kept = {(lot.producer, lot.need): lot.volume for lot in before.lots}
    now = {(lot.producer, lot.need): lot.volume for lot in fresh.lots}
    differing = sum(kept.get(pair) != now.get(pair) for pair in kept.keys() | now.keys())
    assert 0 < len(near.changed) <= differing
    assert near.objective >= 0.999 * fresh.objective


def test_a_larger_plan_with_lots_groups_and_limits_keeps_every_rule_and_tells_its_gap() -> None:
    task = large(80, 40, 1_200, mixed=True)
    plan = plan_supply(task, seconds=6)
    check(task, plan)
    assert plan.gap < 0.05


@pytest.mark.parametrize("seconds", [0.05, 0.3])
def test_however_short_the_time_there_is_a_plan_that_keeps_every_rule(seconds: float) -> None:
    task = large(200, 100, 3_000, mixed=True)
    check(task, plan_supply(task, seconds=seconds))


def test_a_solver_that_had_no_time_to_prove_a_bound_leaves_the_one_that_was_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    task = large(60, 30, 600, mixed=True)
    proven = plan_supply(task, seconds=5)
    best_of, asked = planner.best_of, []

    def without_bound(*args: Any, **kwargs: Any) -> Any:
        answer = best_of(*args, **kwargs)
        asked.append(answer)
        return answer and replace(answer, bound=float("inf"))

    monkeypatch.setattr(planner, "best_of", without_bound)
    plan = plan_supply(task, seconds=5)
    assert asked
    check(task, plan)
    assert plan.bound >= proven.objective


def test_the_solver_writes_nothing_to_the_output_of_a_command() -> None:
    asked = """
from marketplace.planning.supply import plan_supply
from tests.planning.supplies import large
plan_supply(large(8, 4, 24, mixed=True), seconds=1)
print("done")
"""
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert ran.stdout == "done\n"


def test_a_flow_stopped_at_any_moment_keeps_every_rule_and_has_a_bound() -> None:
    task = large(300, 150, 6_000)
    best = plan_supply(task)
    assert best.is_optimal
    moved = [one._replace(capacity=(one.capacity[0] // 2,)) for one in task.producers[:9]]
    again = replace(task, producers=[*moved, *task.producers[9:]], current=best.lots)
    fresh = plan_supply(replace(again, current=()))
    for asked in (task, again):
        for looks in (0, 1, 2, 3):
            plan = plan_supply(asked, seconds=1, clock=_Looks(looks))
            check(asked, plan)
            assert plan.bound >= (best if asked is task else fresh).objective


class _Looks:
    """A clock that is over after so many looks at it, and the first, which sets the end."""

    def __init__(self, looks: int) -> None:
        self.left = looks + 1

    def __call__(self) -> float:
        self.left -= 1
        return 0.0 if self.left >= 0 else 1e9


def _reason(needs: list[Need], pairings: list[Pairing], **more: object) -> tuple[str, str]:
    producers = [Producer("a", (10,)), Producer("b", (10,))]
    task = SupplyTask(producers, needs, pairings, **more)  # type: ignore[arg-type]
    plan = plan_supply(task)
    check(task, plan)
    one = next(one for one in plan.missing if one.need == "x")
    return one.code, one.sentence % one.params


def test_who_lacks_something_is_told_why() -> None:
    x, y = Need("x", (10,)), Need("y", (10,))
    rival = Pairing("a", "y", 9)
    assert _reason([x], [])[0] == "no_pairing"
    assert _reason([x], [Pairing("a", "x", 5, 11)])[0] == "no_supplier"
    assert _reason([x], [Pairing("a", "x", 5)], forbidden=[("a", "x")])[0] == "no_supplier"
    assert _reason([x, y], [Pairing("a", "x", 5), rival])[0] == "capacity"
    assert _reason([x], [Pairing("a", "x", -5)])[0] == "no_gain"
    less = Need("y", (4,))
    assert _reason([x, less], [Pairing("a", "x", 5, 8), rival._replace(score=99)])[0] == "lot"
    one = Need("x", (20,), None, 1)
    assert _reason([one], [Pairing("a", "x", 5), Pairing("b", "x", 5)])[0] == "suppliers"
    assert (
        _reason([x._replace(max_suppliers=0)], [Pairing("a", "x", 5)])[0] == "supplier_limit_zero"
    )
    code, said = _reason([Need("x", (11,), "g")], [Pairing("a", "x", 5)])
    assert (code, "10 of its 11" in said) == ("group_short", True)
    both = [x._replace(group="g"), Need("z", (5,), "g"), y]
    assert _reason(both, [Pairing("a", "x", 1), Pairing("a", "z", 1), rival])[0] == "group"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"producers": [{"id": "a", "capacity": -1}]}, "below zero"),
        ({"producers": [{"id": "a", "capacity": 1.5}]}, "whole number"),
        ({"producers": [{"id": "a", "capacity": 1}] * 2}, "same id"),
        ({"needs": [{"id": "x"}]}, "missing: volume"),
        ({"needs": [{"id": "x", "volume": 5, "max_suppliers": -1}]}, "below zero"),
        ({"needs": [{"id": "x", "volume": [5, 5]}], "months": 3}, "2 months"),
        ({"pairings": [{"producer": "a", "need": "x", "score": 1}] * 2}, "paired twice"),
        ({"pairings": [{"producer": "q", "need": "x", "score": 1}]}, "unknown: q"),
        ({"pairings": [{"producer": "a", "need": "x", "score": float("nan")}]}, "nobody can use"),
        ({"pairings": 5}, "must be a list"),
        ({"pinned": [{"producer": "a", "need": "x", "volume": 99}]}, "does not fit"),
        ({"pinned": [["a", "x", 1], ["a", "x", 1]]}, "pinned twice"),
        ({"pinned": [["a", "y"]]}, "no pairing"),
        ({"pinned": [["a", "x", 2]], "forbidden": [["a", "x"]]}, "pinned and forbidden"),
    ],
)
def test_a_task_that_makes_no_sense_is_refused_in_words(
    change: dict[str, object], said: str
) -> None:
    told = {
        "producers": [{"id": "a", "capacity": 5}],
        "needs": [{"id": "x", "volume": 5}],
        "pairings": [{"producer": "a", "need": "x", "score": 3}],
    }
    with pytest.raises(InvalidInput) as refused:
        plan_supply(read_task(json.dumps({**told, **change}))[0])
    assert said in str(refused.value)


def test_pinned_lots_that_do_not_fit_together_are_refused_in_words() -> None:
    producers, needs = [Producer("a", (10,))], [Need("x", (9,)), Need("y", (9,))]
    pairings = [Pairing("a", "x", 1), Pairing("a", "y", 1)]
    pinned = [Lot("a", "x", (6,)), Lot("a", "y", (6,))]
    with pytest.raises(InvalidInput, match="more than its capacity"):
        plan_supply(SupplyTask(producers, needs, pairings, pinned=pinned))


def test_a_pinned_lot_whose_group_cannot_be_met_is_refused_in_words() -> None:
    producers = [Producer("a", (10,))]
    needs = [Need("x", (9,), "g"), Need("y", (9,), "g")]
    pairings = [Pairing("a", "x", 1), Pairing("a", "y", 1)]
    with pytest.raises(InvalidInput, match="keeps all pinned lots"):
        plan_supply(SupplyTask(producers, needs, pairings, pinned=[Lot("a", "x", (9,))]), seconds=2)


def _ran(app: Flask, folder: Path, told: object, *more: str) -> tuple[Result, Path]:
    source, target = folder / "plan.json", folder / "result.json"
    source.write_text(json.dumps(told), encoding="utf-8")
    args = ["plan-supply", "--input", str(source), "--output", str(target), "--lang", "en", *more]
    return app.test_cli_runner().invoke(args=args), target


def test_a_file_goes_in_and_a_plan_with_reasons_comes_out(app: Flask, tmp_path: Path) -> None:
    told = {
        "producers": [{"id": 1, "capacity": 10, "name": "ignored"}],
        "needs": [{"id": "x", "volume": 8}, {"id": "y", "volume": 8}],
        "pairings": [
            {"producer": 1, "need": "x", "score": 2},
            {"producer": 1, "need": "y", "score": 3},
        ],
        "current": [{"producer": 1, "need": "x", "volume": 8}],
    }
    ran, target = _ran(app, tmp_path, told)
    assert ran.exit_code == 0, ran.output
    result = json.loads(target.read_text(encoding="utf-8"))
    assert (result["status"], result["objective"], result["gap"]) == ("optimal", 28, 0)
    assert {(one["producer"], one["need"], one["volume"]) for one in result["allocations"]} == {
        (1, "x", 2),
        (1, "y", 8),
    }
    (unmet,) = result["unmet"]
    assert (unmet["need"], unmet["volume"], unmet["code"]) == ("x", 6, "capacity")
    assert "1 would help first" in unmet["reason"]
    assert len(result["changed"]) == 2
    assert result["worth"] == [{"producer": 1, "worth": 2}]


def test_with_months_volumes_go_in_and_come_out_as_lists(app: Flask, tmp_path: Path) -> None:
    told = {
        "months": 2,
        "producers": [{"id": "a", "capacity": [10, 0]}],
        "needs": [{"id": "x", "volume": 6}],
        "pairings": [{"producer": "a", "need": "x", "score": 2}],
    }
    ran, target = _ran(app, tmp_path, told)
    assert ran.exit_code == 0, ran.output
    result = json.loads(target.read_text(encoding="utf-8"))
    assert result["allocations"] == [{"producer": "a", "need": "x", "volume": [6, 0]}]
    assert result["unmet"][0]["volume"] == [0, 6]


def test_nothing_at_all_gives_an_empty_plan(app: Flask, tmp_path: Path) -> None:
    ran, target = _ran(app, tmp_path, {"producers": [], "needs": [], "pairings": []})
    assert ran.exit_code == 0, ran.output
    result = json.loads(target.read_text(encoding="utf-8"))
    assert (result["status"], result["allocations"], result["unmet"]) == ("optimal", [], [])


@pytest.mark.parametrize("told", [[], {"needs": []}, {"producers": 1, "needs": [], "pairings": []}])
def test_an_unusable_file_ends_with_two_a_sentence_and_no_result(
    app: Flask, tmp_path: Path, told: object
) -> None:
    ran, target = _ran(app, tmp_path, told)
    assert ran.exit_code == 2
    assert len(ran.output.strip().splitlines()) == 1
    assert not target.exists()


@given(tasks(), st.data())
def test_with_floors_every_rule_holds_and_nobody_gains_more_who_gives_as_much(
    task: SupplyTask, data: st.DataObject
) -> None:
    floors = [data.draw(st.integers(0, 3)) for _ in task.producers]
    pairs = zip(task.producers, floors, strict=True)
    floored = replace(task, producers=[one._replace(floor=floor) for one, floor in pairs])
    plan = plan_supply(floored, seconds=5)
    check(floored, plan)
    sent: Counter[tuple[object, int]] = Counter()
    for lot in plan.lots:
        for month, volume in enumerate(lot.volume or ()):
            sent[lot.producer, month] += volume
    lacking = {
        (one.id, month): max(0, min(one.floor, size) - sent[one.id, month])
        for one in floored.producers
        for month, size in enumerate(one.capacity)
    }
    told = {
        (one.producer, month): volume
        for one in plan.below_floor
        for month, volume in enumerate(one.volume)
    }
    assert {key: volume for key, volume in lacking.items() if volume} == {
        key: volume for key, volume in told.items() if volume
    }


@pytest.mark.parametrize("largest", [0, 10**9])
def test_a_plan_with_groups_made_anew_changes_less_than_one_made_from_the_beginning(
    largest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner, "_LARGEST_AGAIN", largest)
    task = large(120, 60, 1_800, mixed=True)
    before = plan_supply(task, seconds=4)
    busiest = max(before.lots, key=lambda lot: lot.volume or (0,)).producer
    producers = [
        one._replace(capacity=(one.capacity[0] // 2,)) if one.id == busiest else one
        for one in task.producers
    ]
    again = replace(task, producers=producers, current=before.lots)
    plan = plan_supply(again, seconds=4)
    check(again, plan)
    # A plan that knows nothing of the current one differs in most of its lots.
    fresh = plan_supply(replace(again, current=()), seconds=4)
    kept = {(lot.producer, lot.need): lot.volume for lot in before.lots}
    now = {(lot.producer, lot.need): lot.volume for lot in fresh.lots}
    differing = sum(kept.get(pair) != now.get(pair) for pair in kept.keys() | now.keys())
    assert 0 < len(plan.changed) < differing
    assert plan.objective >= 0.95 * before.objective


def test_a_floor_gives_a_small_producer_work_that_another_would_do_a_little_better() -> None:
    task = SupplyTask(
        [Producer("large", (100,)), Producer("small", (40,), floor=15)],
        [Need("shop", (100,))],
        [Pairing("large", "shop", 90), Pairing("small", "shop", 70)],
    )
    plan = plan_supply(task)
    assert {(lot.producer, lot.volume) for lot in plan.lots} == {("large", (85,)), ("small", (15,))}
    assert plan.is_optimal
    assert plan.below_floor == ()


def test_a_floor_that_cannot_be_met_is_told_and_loses_nothing_else() -> None:
    task = SupplyTask(
        [Producer("large", (100,)), Producer("small", (40,), floor=15)],
        [Need("shop", (100,), None, 1)],
        [Pairing("large", "shop", 90), Pairing("small", "shop", 70, min_lot=50)],
    )
    plan = plan_supply(task)
    assert [(one.producer, one.volume) for one in plan.below_floor] == [("small", (15,))]
    assert plan.lots == (Lot("large", "shop", (100,)),)


def test_where_time_is_over_at_once_the_plan_still_fills_what_it_can() -> None:
    task = large(40, 20, 200)
    for now in (task, replace(task, current=[Lot(*task.pairings[0][:2], (1,))])):
        plan = plan_supply(now, seconds=0)
        check(now, plan)
        assert plan.objective > 0.5 * plan.bound
        assert {one.code for one in plan.missing} <= {"capacity", "no_pairing", "no_supplier"}


def test_who_lacks_something_because_a_lot_is_pinned_is_told_so() -> None:
    task = SupplyTask(
        [Producer("p", (100,)), Producer("q", (50,))],
        [Need("n", (120,))],
        [Pairing("p", "n", 5), Pairing("q", "n", 4)],
        pinned=[Lot("p", "n", (10,))],
    )
    for held in (task, replace(task, pinned=[Lot("p", "n", (0,))])):
        plan = plan_supply(held)
        check(held, plan)
        assert [(one.code, one.params["producer"]) for one in plan.missing] == [("pinned", "p")]


@pytest.mark.parametrize(
    "name", ["producers", "needs", "pairings", "current", "pinned", "forbidden"]
)
@pytest.mark.parametrize("told", ["x", 5, True, 1.5, [None], [1], ["x"], [[]], [["p"]], [{}]])
def test_what_cannot_be_read_is_named_in_words(name: str, told: object) -> None:
    plan = {
        "producers": [{"id": "p", "capacity": 1}],
        "needs": [{"id": "n", "volume": 1}],
        "pairings": [{"producer": "p", "need": "n", "score": 1}],
    }
    with pytest.raises(InvalidInput) as refused:
        read_task(json.dumps({**plan, name: told}))
    assert "object" not in str(refused.value)
    assert "missing" in str(refused.value) or name in str(refused.value)


def test_the_current_plan_may_be_a_whole_earlier_result() -> None:
    told = {
        "producers": [{"id": "p", "capacity": 3}],
        "needs": [{"id": "n", "volume": 3}],
        "pairings": [{"producer": "p", "need": "n", "score": 1}],
        "current": {
            "status": "optimal",
            "allocations": [{"producer": "p", "need": "n", "volume": 2}],
        },
    }
    task, _ = read_task(json.dumps(told))
    assert task.current == [Lot("p", "n", (2,))]
    with pytest.raises(InvalidInput, match="allocations"):
        read_task(json.dumps({**told, "current": {"status": "optimal"}}))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"producers": [{"id": "p", "capacity": "5"}]},
            'producers, entry 1 (p): "5" is not a whole',
        ),
        ({"producers": [{"id": "p"}]}, "producers, entry 1 (p): Something is missing: capacity"),
        (
            {"needs": [{"id": "m", "volume": 1}, {"volume": 2}]},
            "needs, entry 2: Something is missing: id",
        ),
        ({"pairings": [{"producer": "p", "need": "n"}]}, "pairings, entry 1: Something is missing"),
        (
            {"pairings": [{"producer": "p", "need": "n", "score": None}]},
            "pairings, entry 1: null is not a number",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_where_it_stands(
    change: dict[str, object], said: str
) -> None:
    told = {
        "producers": [{"id": "p", "capacity": 5}],
        "needs": [{"id": "n", "volume": 5}],
        "pairings": [{"producer": "p", "need": "n", "score": 2}],
    }
    with pytest.raises(InvalidInput) as refused:
        read_task(json.dumps({**told, **change}))
    assert str(refused.value).startswith(said)
