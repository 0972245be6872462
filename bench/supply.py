"""Supply plans: ours beside greedy, HiGHS and SciPy on the same tasks.

    python -m bench.supply OUT WHO WHERE

Tasks are drawn with a seed. `flow`: needs of 20..400 units, as much capacity as needed in all,
spread unevenly, pairs by chance, scores 1..1000: the hard case, for with much more or much less
capacity the best plan is nearly the greedy one. `ample`: the same with 40 % more capacity than
needed. `mixed`: as `ample`, with a smallest lot of 10..60 on seven pairs in ten, one to three
suppliers allowed for seven needs in ten, and the first fifth of the needs in groups of three to
ten that are met in full or not at all.
Time is that of model and solver in one process, reading left out; what is compiled once for a
machine is not counted. Everybody gets the same seconds.
"""

import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bench.figures import OURS, Figure, Sheet
from marketplace.planning.supply import (
    Lot,
    Need,
    Pairing,
    Producer,
    SupplyTask,
    broken_rules,
    plan_supply,
)

PEERS = ("greedy", "HiGHS", "SciPy")
# Needs, producers, pairings, capacity as a share of all volumes, with lots and groups.
TASKS = {
    "supply flow, 10,000 x 5,000": (10_000, 5_000, 189_000, 1.0, False),
    "supply ample, 10,000 x 5,000": (10_000, 5_000, 189_000, 1.4, False),
    "supply mixed, 1,000 x 500": (1_000, 500, 19_000, 1.4, True),
}
QUICK_TASKS = {
    "supply flow, 1,000 x 500": (1_000, 500, 19_000, 1.0, False),
    "supply mixed, 100 x 50": (100, 50, 1_000, 1.4, True),
}
SECONDS = 10.0
QUICK_SECONDS = 1.5
Answer = tuple[list[Lot], float | None]


def make_task(
    needs: int, producers: int, pairs: int, share: float, mixed: bool, seed: int = 1
) -> SupplyTask:
    dice = random.Random(seed)
    volumes = [dice.randint(20, 400) for _ in range(needs)]
    sizes = [dice.randint(20, 400) for _ in range(producers)]
    factor = share * sum(volumes) / sum(sizes)
    group: list[str | None] = [None] * needs
    place = number = 0
    while mixed and place < needs // 5:
        size = dice.randint(3, 10)
        group[place : place + size] = [f"g{number}"] * size
        place, number = place + size, number + 1
    limits = [dice.randint(1, 3) if mixed and dice.random() < 0.7 else None for _ in range(needs)]
    chosen = sorted(dice.sample(range(needs * producers), pairs))
    return SupplyTask(
        [Producer(n, (max(1, int(size * factor)),)) for n, size in enumerate(sizes)],
        [Need(n, (volume,), group[n], limits[n]) for n, volume in enumerate(volumes)],
        [
            Pairing(
                one % producers,
                one // producers,
                dice.randint(1, 1000),
                dice.randint(10, 60) if mixed and dice.random() < 0.7 else 0,
            )
            for one in chosen
        ],
    )


def ours(task: SupplyTask, seconds: float) -> Answer:
    plan = plan_supply(task, seconds=seconds)
    return [*plan.lots], float(plan.bound)


def greedy(task: SupplyTask, seconds: float) -> Answer:
    """The best score first, as much as fits; groups are left out, as it cannot promise them."""
    capacity = {one.id: one.capacity[0] for one in task.producers}
    lacking = {one.id: one.volume[0] for one in task.needs}
    free = {one.id: len(task.producers) for one in task.needs}
    free |= {one.id: one.max_suppliers for one in task.needs if one.max_suppliers is not None}
    free |= {one.id: 0 for one in task.needs if one.group is not None}
    lots = []
    for one in sorted(task.pairings, key=lambda one: -one.score):
        amount = min(capacity[one.producer], lacking[one.need])
        if amount and amount >= one.min_lot and free[one.need]:
            capacity[one.producer] -= amount
            lacking[one.need] -= amount
            free[one.need] -= 1
            lots.append(Lot(one.producer, one.need, (amount,)))
    return lots, None


def _matrix(task: SupplyTask) -> tuple[np.ndarray, ...]:
    """The plain textbook program: x, then y for each pair, z for each group; rows as triples."""
    pairs = len(task.pairings)
    mixed = any(n.group is not None or n.max_suppliers is not None for n in task.needs)
    groups = {n.group: 0 for n in task.needs if n.group is not None}
    groups = {group: 2 * pairs + place for place, group in enumerate(groups)}
    triples: list[tuple[int, int, float]] = []
    least, most = [], []

    def row(entries: Sequence[tuple[int, float]], low: float, high: float) -> None:
        triples.extend((len(most), column, value) for column, value in entries)
        least.append(low)
        most.append(high)

    by_producer: dict[object, list[int]] = {one.id: [] for one in task.producers}
    by_need: dict[object, list[int]] = {one.id: [] for one in task.needs}
    for place, one in enumerate(task.pairings):
        by_producer[one.producer].append(place)
        by_need[one.need].append(place)
    capacity = {one.id: one.capacity[0] for one in task.producers}
    volume = {one.id: one.volume[0] for one in task.needs}
    for producer in task.producers:
        row([(p, 1.0) for p in by_producer[producer.id]], -np.inf, producer.capacity[0])
    for need in task.needs:
        entries = [(p, 1.0) for p in by_need[need.id]]
        if need.group is None:
            row(entries, -np.inf, need.volume[0])
        else:
            row([*entries, (groups[need.group], -float(need.volume[0]))], 0.0, 0.0)
        if need.max_suppliers is not None:
            row([(pairs + p, 1.0) for p in by_need[need.id]], -np.inf, need.max_suppliers)
    if mixed:
        for place, one in enumerate(task.pairings):
            size = float(min(capacity[one.producer], volume[one.need]))
            row([(place, 1.0), (pairs + place, -size)], -np.inf, 0.0)
            if one.min_lot:
                row([(place, 1.0), (pairs + place, -float(one.min_lot))], 0.0, np.inf)
    total = 2 * pairs + len(groups) if mixed else pairs
    gains = np.zeros(total)
    gains[:pairs] = [one.score for one in task.pairings]
    upper = np.ones(total)
    upper[:pairs] = [min(capacity[o.producer], volume[o.need]) for o in task.pairings]
    whole = np.arange(total) >= pairs
    rows, columns, values = zip(*triples, strict=True)
    return (
        gains,
        upper,
        np.array(rows),
        np.array(columns),
        np.array(values),
        np.array(least),
        np.array(most, float),
        whole,
    )


def _lots(task: SupplyTask, values: np.ndarray) -> list[Lot]:
    volumes = np.rint(values[: len(task.pairings)]).astype(int).tolist()
    both = zip(task.pairings, volumes, strict=True)
    return [Lot(one.producer, one.need, (volume,)) for one, volume in both if volume]


def highs(task: SupplyTask, seconds: float) -> Answer:
    import highspy

    begun = time.perf_counter()
    gains, upper, rows, columns, values, least, most, whole = _matrix(task)
    order = np.lexsort((rows, columns))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(gains), len(most)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_, model.col_lower_, model.col_upper_ = gains, np.zeros(len(gains)), upper
    model.row_lower_, model.row_upper_ = least, most
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.searchsorted(columns[order], np.arange(len(gains) + 1))
    model.a_matrix_.index_, model.a_matrix_.value_ = rows[order], values[order]
    if whole.any():
        kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
        model.integrality_ = [kinds[int(one)] for one in whole]
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", seconds - (time.perf_counter() - begun))
    solver.passModel(model)
    solver.run()
    bound = solver.getInfo().mip_dual_bound if whole.any() else None
    return _lots(task, np.array(solver.getSolution().col_value)), bound


def scipy(task: SupplyTask, seconds: float) -> Answer:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csc_matrix

    begun = time.perf_counter()
    gains, upper, rows, columns, values, least, most, whole = _matrix(task)
    matrix = csc_matrix((values, (rows, columns)), shape=(len(most), len(gains)))
    found = milp(
        -gains,
        integrality=whole.astype(int),
        bounds=Bounds(0, upper),
        constraints=LinearConstraint(matrix, least, most),
        options={"time_limit": seconds - (time.perf_counter() - begun)},
    )
    bound = -found.mip_dual_bound if whole.any() and found.mip_dual_bound is not None else None
    return _lots(task, found.x) if found.x is not None else [], bound


SOLVERS: dict[str, Callable[[SupplyTask, float], Answer]] = {
    OURS: ours,
    "greedy": greedy,
    "HiGHS": highs,
    "SciPy": scipy,
}


def measure(out: Path, who: str, where: str) -> None:
    """One solver on one task; what breaks a rule counts nothing."""
    quick = where in QUICK_TASKS
    task = make_task(*(QUICK_TASKS if quick else TASKS)[where])
    sheet = Sheet(out, who)
    if who == OURS:  # compiled, or read from where it is kept, before the clock starts
        ours(make_task(5, 5, 10, 1.0, False), 1.0)
    begun = time.perf_counter()
    lots, bound = SOLVERS[who](task, QUICK_SECONDS if quick else SECONDS)
    sheet.write(where, "seconds", time.perf_counter() - begun)
    if broken_rules(task, lots):
        sheet.write(where, "objective", problem="its plan breaks a rule, or is not done in time")
        return
    scores = {(one.producer, one.need): one.score for one in task.pairings}
    total = sum(scores[lot.producer, lot.need] * (lot.volume or (0,))[0] for lot in lots)
    sheet.write(where, "objective", float(total))
    if bound is not None and bound > 0 and bound < 1e300:
        sheet.write(where, "bound", float(bound))


def commands(quick: bool) -> list[tuple[list[str], str, str, str, float]]:
    """What `bench` is to run: arguments, who, where, measure, and the most seconds."""
    limit = 20.0 if quick else 180.0
    return [
        (["bench.supply", "OUT", who, where], who, where, "objective", limit)
        for where in (QUICK_TASKS if quick else TASKS)
        for who in (OURS, *PEERS)
    ]


def glance(figures: Sequence[Figure]) -> list[str]:
    """In how many of the tasks no plan is better than ours."""
    told = {
        (one.who, one.where): one.value
        for one in figures
        if one.where.startswith("supply") and one.measure == "objective" and one.value is not None
    }
    tasks = [where for who, where in told if who == OURS]
    if not tasks:
        return []
    best = sum(
        all(told[OURS, where] >= told.get((who, where), 0.0) for who in SOLVERS) for where in tasks
    )
    return [
        f"Supply plans: none is better than ours in {best} of {len(tasks)} tasks. {_aims(figures)}",
        "",
    ]


def _aims(figures: Sequence[Figure]) -> str:
    """What engine.md asks of a plan: a flow within a second, a proven gap of one percent."""
    told = {(one.where, one.measure): one.value for one in figures if one.who == OURS}
    said = []
    for where in TASKS:
        seconds, value = told.get((where, "seconds")), told.get((where, "objective"))
        bound = told.get((where, "bound"))
        if seconds is None or not value or not bound:
            continue
        name, gap = where.removeprefix("supply "), 1 - value / bound
        if TASKS[where][4]:
            said.append(f"{name}: proven to {gap:.2%}, aim <= 1%")
        else:
            said.append(f"{name}: {seconds:.2f} s, aim <= 1")
    return "; ".join(said) + ("." if said else "")


def section(figures: Sequence[Figure]) -> list[str]:
    """The tables of the report: time, objective, and the gap each can prove."""
    told = {
        (one.where, one.who, one.measure): one.value
        for one in figures
        if one.where.startswith("supply") and one.value is not None
    }
    wheres = list(dict.fromkeys(where for where, _, _ in told))
    lines = ["", "## Supply plans"] if wheres else []
    for where in wheres:
        lines += ["", f"### {where.removeprefix('supply ').capitalize()}", ""]
        lines += ["| | seconds | objective | below the best bound | gap it proves |"]
        lines += ["|---|---:|---:|---:|---:|"]
        bounds = [told[where, who, "bound"] for who in SOLVERS if (where, who, "bound") in told]
        best = min((one for one in bounds if one), default=None)
        for who in SOLVERS:
            seconds = told.get((where, who, "seconds"))
            value, bound = told.get((where, who, "objective")), told.get((where, who, "bound"))
            if seconds is None:
                continue
            below = f"{1 - value / best:.3%}" if value is not None and best else "-"
            gap = f"{1 - value / bound:.3%}" if value is not None and bound else "-"
            shown = f"{value:,.0f}" if value is not None else "no valid plan"
            lines.append(f"| {who} | {seconds:.2f} | {shown} | {below} | {gap} |")
    return lines


if __name__ == "__main__":
    measure(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
