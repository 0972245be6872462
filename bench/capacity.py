"""What computing all suggestions costs, measured here, and what a province or the nation needs.

    python -m bench.capacity --measure   # measures into bench/capacity.json, renews the document
    python -m bench.capacity             # only works out docs/capacity.md anew from the figures

Measured on a seeded market: seconds of processor and of clock per need for answering and for
storing, per offer for indexing, bytes per offer and per suggestion, and one worker against two.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FIGURES, DOCUMENT = ROOT / "bench" / "capacity.json", ROOT / "docs" / "capacity.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
CORES_OF_A_MACHINE, NIGHT_HOURS = 16, 8
# A command that takes longer than this ends the measurement.
MOST_SECONDS = 1_800
Figures = dict[str, float]


@dataclass(frozen=True)
class Scenario:
    """How many businesses there are; what follows from it is told in the document."""

    name: str
    businesses: int

    # Our assumptions: what the mean business offers, and how many needs there are for each.
    @property
    def offers(self) -> int:
        return self.businesses * 3

    @property
    def needs(self) -> int:
        return self.businesses // 4


SCENARIOS = (
    Scenario("a province", 200_000),
    Scenario("Sumatra and Jabodetabek", 18_000_000),
    Scenario("the nation", 65_000_000),
)


class Stopwatch:
    """Seconds of clock and of this process's processor spent in functions, by name."""

    def __init__(self) -> None:
        self.clock: dict[str, float] = defaultdict(float)
        self.processor: dict[str, float] = defaultdict(float)

    def around(self, owner: Any, name: str) -> None:
        """Time every call of `owner.name` from now on."""
        work: Callable[..., Any] = getattr(owner, name)

        def timed(*args: Any, **given: Any) -> Any:
            clock, processor = time.perf_counter(), time.process_time()
            try:
                return work(*args, **given)
            finally:
                self.clock[name] += time.perf_counter() - clock
                self.processor[name] += time.process_time() - processor

        setattr(owner, name, timed)


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The URL of an empty database, "" for SQLite in the data folder."""
    if kind == "sqlite":
        yield ""
        return
    from tests.support import postgres

    with postgres.running_server() as server:
        postgres.execute(server, 'CREATE DATABASE "capacity"')
        yield postgres.with_database(server, "capacity")


def measure(kind: str, products: int, needs: int) -> Figures:
    """One market of that size, computed whole once by one worker and again by one and by two."""
    with tempfile.TemporaryDirectory() as folder, database(kind) as url:
        os.environ |= {"DATA_DIR": folder, "DATABASE_URL": url}
        for command in (("db", "upgrade"), ("load-facts",)):
            flask(*command)
        figures = one_worker(products, needs, Path(folder))
        for jobs in (1, 2):
            begun = time.perf_counter()
            flask("suggest-all", "--jobs", str(jobs), "--run", f"again-{jobs}")
            figures[f"wall_{jobs}"] = time.perf_counter() - begun
    return figures


def flask(*arguments: str) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=MOST_SECONDS)


def one_worker(products: int, needs: int, folder: Path) -> Figures:
    """Seed, compute everything in this process, and tell what each part took."""
    from marketplace.app import create_app
    from marketplace.core.clock import today
    from marketplace.demo.rules import large
    from marketplace.demo.services import filling
    from marketplace.infra.transaction import transaction
    from marketplace.suggestions.jobs import running
    from marketplace.suggestions.services import branches, shards

    watch = Stopwatch()
    for owner, name in (
        (branches.BranchIndexes, "count"),
        (branches.BranchIndexes, "finish"),
        (branches.BranchIndexes, "open"),
        (shards, "answer"),
        (shards, "store"),
    ):
        watch.around(owner, name)
    sizes: Figures = {}
    weigh = branches.BranchIndexes.weigh

    def weigh_and_look(self: branches.BranchIndexes, parts: list[str]) -> int:
        offers = weigh(self, parts)
        sizes["index_bytes"] = bytes_below(self._folder / "parts") / offers
        return offers

    branches.BranchIndexes.weigh = weigh_and_look  # type: ignore[assignment,method-assign]
    app = create_app()
    with app.app_context():
        with transaction():
            market = large(
                19, today(), producers=products // 7, products=products, outlets=2_000, needs=needs
            )
            filling.seed(market, with_accounts=False)
        before = database_bytes(folder)
        done = running.bring_to_end(running.begin("first"), folder=folder / "first")
        grown = database_bytes(folder) - before
        first = watch.clock["store"], watch.processor["store"]
        indexed = watch.clock["count"] + watch.clock["finish"]
        opened, answered = watch.clock["open"], watch.processor["answer"]
        same = running.bring_to_end(running.begin("same"), folder=folder / "same")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    shards_done = sum(done.shards.values())
    return {
        **sizes,
        "offers": products,
        "needs": done.needs,
        "shards": shards_done,
        "found": done.found / done.needs,
        "answer": answered / done.needs,
        "store": first[0] / max(1, done.found),
        "store_processor": first[1] / max(1, done.found),
        "store_same": (watch.clock["store"] - first[0]) / max(1, same.found),
        "index": indexed / products,
        "open": opened / shards_done,
        "suggestion_bytes": grown / max(1, done.found),
        "memory": memory,
    }


def bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def database_bytes(folder: Path) -> int:
    from sqlalchemy import text

    from marketplace.infra.db import db, session

    if db.engine.dialect.name == "postgresql":
        size = int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
        session.rollback()
        return size
    return sum(path.stat().st_size for path in folder.glob("temu_gerai.sqlite3*"))


def report(found: Mapping[str, Any]) -> str:
    """The tables of the document."""
    runs = found["runs"]
    lines = [
        f"Measured on {found['day']}, {found['cores']} cores, Python {found['python']}, load of the"
        f" machine at the beginning {found['load']:.1f}.",
        "",
        "| | " + " | ".join(runs) + " |",
        "|---|" + "---|" * len(runs),
    ]
    for title, show in ROWS:
        lines.append(f"| {title} | " + " | ".join(show(run) for run in runs.values()) + " |")
    basis = list(runs.values())[-1]
    lines += ["", *scenarios(basis)]
    return "\n".join(lines)


ROWS: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("offers", lambda run: f"{run['offers']:,.0f}"),
    ("needs in shards", lambda run: f"{run['needs']:,.0f} in {run['shards']:,.0f}"),
    ("suggestions a need", lambda run: f"{run['found']:.1f}"),
    ("answering one need (processor)", lambda run: f"{run['answer'] * 1e3:.1f} ms"),
    (
        "storing one suggestion (clock; processor of the worker)",
        lambda run: f"{run['store'] * 1e3:.1f}; {run['store_processor'] * 1e3:.1f} ms",
    ),
    (
        "storing one that did not change since (clock)",
        lambda run: f"{run['store_same'] * 1e3:.1f} ms",
    ),
    ("reading and indexing one offer", lambda run: f"{run['index'] * 1e6:.0f} µs"),
    ("index of one offer", lambda run: f"{run['index_bytes']:.0f} bytes"),
    ("one suggestion in the database", lambda run: f"{run['suggestion_bytes'] / 1e3:.1f} KB"),
    ("memory of a worker", lambda run: f"{run['memory'] / 1e6:.0f} MB"),
    ("the whole again, one worker", lambda run: f"{run['wall_1']:.0f} s"),
    (
        "the whole again, two workers",
        lambda run: f"{run['wall_2']:.0f} s ({run['wall_1'] / run['wall_2']:.2f} times as fast)",
    ),
)


def scenarios(run: Figures) -> list[str]:
    """What the measured figures come to at other sizes, row by row."""
    # The largest branch of the seeded market holds a quarter of the offers.
    share = 0.25
    lines = [
        "| | " + " | ".join(one.name for one in SCENARIOS) + " |",
        "|---|" + "---|" * len(SCENARIOS),
    ]

    def row(title: str, show: Callable[[Scenario], str]) -> None:
        lines.append(f"| {title} | " + " | ".join(show(one) for one in SCENARIOS) + " |")

    def answering(one: Scenario) -> float:
        return one.needs * run["answer"] / 3600

    def indexing(one: Scenario) -> float:
        return one.offers * run["index"] / 3600

    def storing(one: Scenario, each: str = "store") -> float:
        return one.needs * run["found"] * run[each] / 3600

    def machines(one: Scenario, each: str) -> int:
        hours = answering(one) + indexing(one) + storing(one, each)
        return ceil(hours / (CORES_OF_A_MACHINE * NIGHT_HOURS))

    row("businesses", lambda one: f"{one.businesses:,}")
    row("offers, needs", lambda one: f"{one.offers:,}, {one.needs:,}")
    row("indexing", lambda one: f"{indexing(one):,.1f} core hours")
    row("answering", lambda one: f"{answering(one):,.1f} core hours")
    row("storing, the first night", lambda one: f"{storing(one):,.1f} hours of one connection")
    row(
        "storing, where nothing changed",
        lambda one: f"{storing(one, 'store_same'):,.1f} hours of one connection",
    )
    row(
        "machines of 16 cores for a night of 8 hours; where nothing changed",
        lambda one: f"{machines(one, 'store')}; {machines(one, 'store_same')}",
    )
    row("all indexes on disk", lambda one: f"{one.offers * run['index_bytes'] / 1e9:,.1f} GB")
    row(
        "largest branch, shared by all workers of a machine",
        lambda one: f"{one.offers * share * run['index_bytes'] / 1e9:,.1f} GB",
    )
    row(
        "suggestions in the database",
        lambda one: f"{one.needs * run['found'] * run['suggestion_bytes'] / 1e9:,.0f} GB",
    )
    row(
        "connections that store all night; where nothing changed",
        lambda one: (
            f"{storing(one) / NIGHT_HOURS:,.1f}; {storing(one, 'store_same') / NIGHT_HOURS:,.1f}"
        ),
    )
    return lines


def renew(text: str) -> None:
    """Put the tables between the marks of the document."""
    before, rest = DOCUMENT.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    DOCUMENT.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--products", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--needs", type=int, default=1_000)
    asked = parser.parse_args()
    if asked.measure:
        found: dict[str, Any] = {
            "day": time.strftime("%Y-%m-%d"),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "load": os.getloadavg()[0],
            "runs": {},
        }
        for products in asked.products:
            name = f"{products:,} offers, {asked.database}"
            found["runs"][name] = measure(asked.database, products, asked.needs)
            # Kept at once, should the next one be ended.
            FIGURES.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    renew(report(json.loads(FIGURES.read_text(encoding="utf-8"))))


if __name__ == "__main__":
    main()
