"""`make bench`: the engine and its peers on the same work in one run, written to bench/RESULTS.md.

    BENCH_DATA=/path/to/data python -m bench [--quick]

The quick form takes less than two minutes on two cores: 10,000 offers, few needs of five of the
sets, and a file of its own beside the other. Every measurement is a process with a time limit;
speed is measured one after the other, quality in two processes at once.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench import pace, replan, supply, timetable
from bench.about import described, notes
from bench.figures import OURS, Figure
from bench.peers import PEERS
from bench.processes import figures_of
from bench.report import render
from bench.scale import make_market
from bench.sets import QUICK_TASKS, TASKS

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Plan:
    """How much of everything. `seconds` and `limits` go by number of offers."""

    result: str
    sizes: tuple[int, ...]
    seconds: dict[int, float]
    limits: dict[int, float]
    questions: int
    sample: int
    quality_limit: float
    ours_limit: float
    lists: tuple[int, ...]
    # Needs in the file of the list command, and the sets that quality is measured on.
    listed: int
    sets: tuple[str, ...]


FULL = Plan(
    "RESULTS.md",
    (10_000, 100_000, 1_000_000),
    {10_000: 1.0, 100_000: 2.0, 1_000_000: 4.0},
    {10_000: 60, 100_000: 120, 1_000_000: 240},
    2_000,
    1_000,
    420,
    1_500,
    (10_000, 100_000, 1_000_000),
    10_000,
    tuple(TASKS),
)
QUICK = Plan(
    "RESULTS.quick.md",
    (10_000,),
    {10_000: 0.4},
    {10_000: 30},
    300,
    30,
    20,
    60,
    (10_000,),
    2_000,
    QUICK_TASKS,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything, under 2 minutes")
    parser.add_argument(
        "--again", action="store_true", help="write the report of the last run anew"
    )
    options = parser.parse_args()
    if not os.environ.get("BENCH_DATA"):
        sys.exit("Set BENCH_DATA to the folder of the shared data sets.")
    plan = QUICK if options.quick else FULL
    target = HERE / plan.result
    kept = target.with_suffix(".jsonl")
    if not options.again:
        run(plan, kept)
    text = report(kept)
    target.write_text(text, encoding="utf-8")
    print(text)


def run(plan: Plan, kept: Path) -> None:
    """Measure everything of a plan; what is measured is kept at once, should the run be ended."""
    started = time.monotonic()
    again = f"make bench{' QUICK=1' if plan is QUICK else ''} BENCH_DATA=/path/to/data"
    about = described(plan.sizes, plan.questions, plan.sets, plan.sample, again)
    kept.write_text(json.dumps({"about": about}) + "\n", encoding="utf-8")
    for figures in measure(plan):
        _append(kept, *(asdict(one) for one in figures))
    _append(kept, {"minutes": (time.monotonic() - started) / 60})


def _append(kept: Path, *lines: dict[str, object]) -> None:
    with kept.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)


def report(kept: Path) -> str:
    """The report of what a run kept."""
    first, *lines = (json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines())
    minutes = next((line["minutes"] for line in lines if "minutes" in line), None)
    took = f"{minutes:.0f} minutes" if minutes is not None else "ended before all was measured"
    figures = [Figure(**line) for line in lines if "minutes" not in line]
    return render(figures, [*first["about"], f"- The run: {took}."], notes())


def measure(plan: Plan) -> Iterator[list[Figure]]:
    """Everything of a plan, in an order in which nothing disturbs the clock."""
    titles = [offer.title for offer in TASKS["shopee"]().offers]
    with tempfile.TemporaryDirectory(prefix="bench") as place:
        for size in plan.sizes:
            _say(f"making {size:,} offers")
            folder = Path(place) / str(size)
            make_market(titles, size).save(folder)
            for job in _speed_jobs(plan, size, folder):
                yield job()
    for command, who in timetable.commands(quick=plan is QUICK):
        yield _job(command, who, "timetable", "", plan.ours_limit)()
    for command in (*supply.commands(plan is QUICK), *replan.commands(plan is QUICK)):
        yield _job(*command)()
    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(lambda job: job(), _quality_jobs(plan))


Job = Callable[[], list[Figure]]


def _job(arguments: Sequence[str], who: str, where: str, first: str, limit: float) -> Job:
    def run() -> list[Figure]:
        begun = time.monotonic()
        found = figures_of(arguments, who, where, first, limit)
        _say(f"{who}, {where}: {time.monotonic() - begun:.0f} s")
        return found

    return run


def _speed_jobs(plan: Plan, size: int, folder: Path) -> list[Job]:
    where, limit = str(size), plan.limits[size]
    more = ["--market", str(folder), "--seconds", str(plan.seconds[size])]
    more += ["--most", str(plan.questions)]
    jobs = [_job(["bench.speed", "OUT", *more], OURS, where, "speed", limit)]
    # Machines drift within a run: the peer that tells the pace is measured right after ours.
    for name in sorted(PEERS, key=lambda name: name != pace.PEER):
        jobs.append(_job(["bench.peers", "speed", name, "OUT", *more], name, where, "", limit))
    if size in plan.lists:
        command = ["bench.speed", "OUT", "--list", "--listed", str(plan.listed), *more]
        jobs.append(_job(command, OURS, where, "the list command", limit))
    return jobs


def _quality_jobs(plan: Plan) -> list[Job]:
    quick = ["--quick"] if plan is QUICK else []
    jobs = [_job(["bench.ours", "OUT", *quick], OURS, "all sets", "quality", plan.ours_limit)]
    for name in PEERS:
        command = ["bench.peers", "quality", name, "OUT", "--sets", *plan.sets]
        command += ["--sample", str(plan.sample)]
        jobs.append(_job(command, name, "all sets", "quality", plan.quality_limit))
    return jobs


def _say(text: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
