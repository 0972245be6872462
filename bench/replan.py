"""Supply plans made anew: after a plan, ten producers lose half of what they can make.

    python -m bench.replan OUT ours WHERE

Twenty lots are locked. What counts is the time, how many lots are others beside those of the ten,
whether a locked one is, and what is lost against a plan made from the beginning in the full time.
"""

import random
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench.figures import OURS, Figure, Sheet
from bench.supply import QUICK_SECONDS, QUICK_TASKS, SECONDS, TASKS, make_task, ours
from marketplace.planning.supply import broken_rules, plan_supply

AGAIN_SECONDS = 2.0
DROPPED, LOCKED = 10, 20
_NAMES = ("supply flow", "supply mixed")


def measure(out: Path, who: str, where: str) -> None:
    """Plan, lose capacity, plan again near to the first; both looked over."""
    of = where.removeprefix("again ")
    quick = of in QUICK_TASKS
    task = make_task(*(QUICK_TASKS if quick else TASKS)[of])
    seconds = QUICK_SECONDS if quick else SECONDS
    sheet = Sheet(out, who)
    ours(make_task(5, 5, 10, 1.0, False), 1.0)  # compiled before the clock starts
    before = plan_supply(task, seconds=seconds)
    dice = random.Random(7)
    dropped = set(dice.sample(sorted({int(lot.producer) for lot in before.lots}), DROPPED))
    may_lock = [lot for lot in before.lots if lot.producer not in dropped]
    again = replace(
        task,
        producers=[
            one._replace(capacity=(one.capacity[0] // 2,)) if one.id in dropped else one
            for one in task.producers
        ],
        current=before.lots,
        pinned=dice.sample(may_lock, LOCKED),
    )
    begun = time.perf_counter()
    plan = plan_supply(again, seconds=AGAIN_SECONDS)
    sheet.write(where, "seconds", time.perf_counter() - begun)
    if broken_rules(again, plan.lots):
        sheet.write(where, "changed", problem="it breaks a rule or a lock")
        return
    fresh = plan_supply(replace(again, current=()), seconds=seconds)
    sheet.write(where, "lots", float(len(before.lots)))
    sheet.write(where, "hit", float(sum(lot.producer in dropped for lot in before.lots)))
    sheet.write(where, "changed", float(len(plan.changed)))
    sheet.write(where, "lost", float(1 - plan.objective / fresh.objective))


def commands(quick: bool) -> list[tuple[list[str], str, str, str, float]]:
    """What `bench` is to run: arguments, who, where, measure, and the most seconds."""
    return [
        (["bench.replan", "OUT", OURS, where], OURS, where, "changed", 30.0 if quick else 180.0)
        for of in (QUICK_TASKS if quick else TASKS)
        if of.startswith(_NAMES)
        for where in [f"again {of}"]
    ]


def section(figures: Sequence[Figure]) -> list[str]:
    """What making plans anew takes and changes."""
    told = {
        (one.where, one.measure): one.value for one in figures if one.where.startswith("again ")
    }
    wheres = list(dict.fromkeys(where for where, _ in told))
    if not wheres:
        return []
    lines = ["", "### Made anew: ten producers lose half, twenty lots are locked", ""]
    lines += ["| | seconds | aim | lots | of the ten | changed | lost |"]
    lines += ["|---|---:|---:|---:|---:|---:|---:|"]
    for where in wheres:
        seconds = told.get((where, "seconds"))
        values = [told.get((where, name)) for name in ("lots", "hit", "changed")]
        lost = told.get((where, "lost"))
        cells = [f"{value:,.0f}" if value is not None else "-" for value in values]
        took = f"{seconds:.2f}" if seconds is not None else "-"
        lines.append(
            f"| {where.removeprefix('again supply ')} | {took} | <= {AGAIN_SECONDS:.0f} | "
            + " | ".join(cells)
            + f" | {f'{lost:.2%}' if lost is not None else '-'} |"
        )
    return lines


if __name__ == "__main__":
    measure(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
