"""What a supply plan promises, on tasks nobody thought of."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from marketplace.planning.supply import SupplyPlan, SupplyTask, broken_rules, plan_supply
from tests.planning.supplies import best_by_trying, tasks


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
