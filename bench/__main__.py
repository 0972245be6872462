"""`make bench`: the engine and its peers on the same work in one run, written to bench/RESULTS.md.

    BENCH_DATA=/path/to/data python -m bench [--quick]

The quick form takes less than two minutes: 10,000 offers, few needs of each set, and a file of its
own beside the other. Every measurement is a process with a time limit; speed is measured one after
the other, quality in two processes at once.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.figures import OURS, Figure
from bench.peers import PEERS
from bench.peers.notes import constraining, noted
from bench.processes import figures_of

HERE = Path(__file__).parent
SETS = ("shopee", "abt_buy", "icecat", "crowdflower", "crowdflower+text", "homedepot")
PACKAGES = ("numpy", "numba", "rapidfuzz", "tantivy", "bm25s", "sparse-dot-topn", "scikit-learn")
PACKAGES += ("scipy", "psycopg")


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


FULL = Plan(
    "RESULTS.md",
    (10_000, 100_000, 1_000_000),
    {10_000: 1.0, 100_000: 2.0, 1_000_000: 4.0},
    {10_000: 60, 100_000: 120, 1_000_000: 240},
    2_000,
    1_000,
    420,
    900,
    (10_000, 100_000, 1_000_000),
)
QUICK = Plan("RESULTS.quick.md", (10_000,), {10_000: 0.4}, {10_000: 15}, 300, 80, 30, 75, (10_000,))


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
    # Imported here: nothing but the report itself needs it, and `--again` must not need a run.
    from bench.report import render

    if options.again:
        about, *figures = kept.read_text(encoding="utf-8").splitlines()
        text = render((Figure(**json.loads(one)) for one in figures), json.loads(about), notes())
    else:
        started, load = time.monotonic(), os.getloadavg()[0]
        figures = measure(plan)
        about = described(plan, load, time.monotonic() - started)
        lines = [json.dumps(about), *(json.dumps(asdict(one)) for one in figures)]
        kept.write_text("\n".join(lines) + "\n", encoding="utf-8")
        text = render(figures, about, notes())
    target.write_text(text, encoding="utf-8")
    print(text)


def measure(plan: Plan) -> list[Figure]:
    """Everything of a plan, in an order in which nothing disturbs the clock."""
    from bench.scale import make_market
    from bench.sets import shopee

    found: list[Figure] = []
    titles = [offer.title for offer in shopee().offers]
    with tempfile.TemporaryDirectory(prefix="bench") as place:
        for size in plan.sizes:
            _say(f"making {size:,} offers")
            folder = Path(place) / str(size)
            make_market(titles, size).save(folder)
            for job in _speed_jobs(plan, size, folder):
                found += job()
    with ThreadPoolExecutor(2) as pool:
        for more in pool.map(lambda job: job(), _quality_jobs(plan)):
            found += more
    return found


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
    for name in PEERS:
        jobs.append(_job(["bench.peers", "speed", name, "OUT", *more], name, where, "", limit))
    if size in plan.lists:
        command = ["bench.speed", "OUT", "--list", *more]
        jobs.append(_job(command, OURS, where, "the list command", limit))
    return jobs


def _quality_jobs(plan: Plan) -> list[Job]:
    quick = ["--quick"] if plan is QUICK else []
    jobs = [_job(["bench.ours", "OUT", *quick], OURS, "all sets", "quality", plan.ours_limit)]
    for name in PEERS:
        command = ["bench.peers", "quality", name, "OUT", "--sets", *SETS]
        command += ["--sample", str(plan.sample)]
        jobs.append(_job(command, name, "all sets", "quality", plan.quality_limit))
    return jobs


def described(plan: Plan, load: float, took: float) -> list[str]:
    """When, on what and with what the run was made, and how to repeat it."""
    from bench.sets import TASKS

    sets = []
    for name in SETS:
        task = TASKS[name]()
        sets.append(f"{name} {len(task.needs):,} needs and {len(task.offers):,} offers")
    quick = " QUICK=1" if plan is QUICK else ""
    now = datetime.now(UTC)
    return [
        f"- {now:%Y-%m-%d %H:%M} UTC, {took / 60:.0f} minutes, commit {_commit()}.",
        f"- {_processor()}, {os.cpu_count()} cores, {_memory_gb():.0f} GB, load {load:.2f} at the"
        f" start; Python {platform.python_version()}, SQLite {_sqlite()}, {_postgres()}.",
        f"- {', '.join(f'{name} {_version(name)}' for name in PACKAGES)}.",
        f"- Sets: {'; '.join(sets)}; peers on at most {plan.sample:,} needs of each, the same for"
        " every peer.",
        "- Markets: made from the shopee titles (`bench/scale.py`),"
        f" {', '.join(f'{size:,}' for size in plan.sizes)} offers; up to {plan.questions:,}"
        " questions each.",
        f"- Again: `make bench{quick} BENCH_DATA=/path/to/data` on an idle machine.",
    ]


def notes() -> list[str]:
    """What a reader must know to read the tables rightly."""
    return [
        "Ours answers a question whole: ordered by the model, judged by every rule, with points,"
        " confidence and the reasons as sentences. A peer gives rows and scores and nothing else.",
        "Figures of ours for quality come from weights that were fitted without the needs they are"
        " quoted on (five folds by need or group); one model and one setting for all sets.",
        "A peer's F1 is that of the best threshold there is for it, found on the needs it is quoted"
        " on: that flatters it. Ours is taken at the threshold that ships. Before a threshold the"
        " scores of a peer are divided by what the need scores with itself, where it is an offer.",
        "No-match AUC asks whether the top answer is right. A side whose top answer is often wrong"
        " is asked an easier question: read it beside MRR@10 and P@1.",
        "Constraints: " + "; ".join(constraining()) + ".",
        *noted(),
        "All against all: two forked processes that share one index; a question at a time.",
        "Changes: the time from the call until a question gives the right answer. A peer that must"
        " be built again is charged with the build.",
        "Memory is what the process keeps more after building than before, plus files or tables;"
        " what a run compiles is not counted, on either side.",
    ]


def _say(text: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {text}", file=sys.stderr, flush=True)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _commit() -> str:
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=HERE
    )
    return found.stdout.strip() or "unknown"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _sqlite() -> str:
    import sqlite3

    return sqlite3.sqlite_version


def _postgres() -> str:
    from tests.support.postgres import find_binaries

    place = find_binaries()
    if place is None:
        return "no PostgreSQL"
    found = subprocess.run([place / "postgres", "--version"], capture_output=True, text=True)
    number = re.search(r"[\d.]+", found.stdout)
    return f"PostgreSQL {number[0]}" if number else "PostgreSQL"


if __name__ == "__main__":
    main()
