"""How long a person waits for a page of the office, on a large market with two years of work.

    python -m bench.pages                       # SQLite and PostgreSQL, some minutes to build
    python -m bench.pages --folder /tmp/market  # keeps the SQLite market there, for the next time
    python -m bench.pages / /queue              # these pages alone

Each page is asked six times in one process, as the province's officer; the first time is left out
and the median of the others told: by the clock, by the processor (the server's with it, on
PostgreSQL), what the database took of it by the clock, and the statements sent.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.capacity import MOST_SECONDS, ROOT, flask

TIMES = 5
OFFICER = "petugas@contoh.id"
COMPUTED = 20  # needs the engine answers, whose evidence the made-up suggestions carry
DATABASES = ("sqlite", "postgres")


def pages() -> Sequence[str]:
    from marketplace.core.clock import today

    year, quarter = today().year, (today().month + 2) // 3
    period = f"{year}-Q{quarter}"
    return (
        "/",
        "/queue",
        "/queue?state=accepted",
        "/readiness",
        "/readiness/pairings",
        "/readiness/certificates",
        "/readiness/plan",
        "/workload",
        f"/report?period={year}-{today().month:02d}",
        f"/report?period={period}",
        f"/report?period={period}&area=19.71",
        f"/report?period={year}",
        f"/report/figures/helped?period={year}",
        f"/report/steps/suggested?period={year}",
        f"/report.pdf?period={period}",
        f"/report.xlsx?period={period}",
        f"/report.pdf?period={year}",
    )


@dataclass(frozen=True)
class Waited:
    page: str
    seconds: float
    processor: float
    database: float
    statements: int
    kilobytes: int


def prepare() -> None:
    """Fill the database of the environment, unless it is filled."""
    from bench.history import History, is_filled
    from marketplace.app import create_app
    from marketplace.demand import queries as demand
    from marketplace.demo.services import filling
    from marketplace.infra.db import db
    from marketplace.infra.transaction import transaction
    from marketplace.suggestions.jobs.computing import suggest_for_need

    for command in (("db", "upgrade"), ("load-facts",), ("seed", "--size", "large", "--once")):
        flask(*command)
    with create_app().app_context():
        if not filling.is_seeded() or is_filled():
            return
        for need_id in demand.open_need_ids()[:COMPUTED]:
            suggest_for_need({"need_id": need_id}, lambda _done, _total: None)
        with transaction():
            counts = History().fill()
        print(", ".join(f"{count} {name}" for name, count in counts.items()), file=sys.stderr)
        # What a server does by itself after so many new rows.
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")


def used_by(process: str) -> float:
    """Seconds of the processor a process of this machine has used so far (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(asked: Sequence[str], times: int = TIMES) -> Iterator[Waited]:
    from sqlalchemy import event, select

    from marketplace.accounts.models import Person
    from marketplace.accounts.services.sessions import open_session
    from marketplace.app import create_app
    from marketplace.infra.db import db, session
    from marketplace.infra.transaction import transaction

    app = create_app()
    spent: list[float] = []
    with app.app_context():
        engine = db.engine
        with transaction():
            officer = session.scalars(select(Person).where(Person.email == OFFICER)).one()
            token = open_session(officer, long=True, device="bench")
    begun = [0.0]
    servers: set[str] = set()

    @event.listens_for(engine, "checkout")
    def connected(connection: Any, *_given: Any) -> None:
        if engine.dialect.name == "postgresql":
            servers.add(str(connection.info.backend_pid))

    @event.listens_for(engine, "before_cursor_execute")
    def begin(*_given: Any) -> None:
        begun[0] = time.perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def end(*_given: Any) -> None:
        spent.append(time.perf_counter() - begun[0])

    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["sid"] = token
    for page in asked:
        took: list[float] = []
        inside: list[float] = []
        busy: list[float] = []
        for _turn in range(times + 1):
            spent.clear()
            used = time.process_time() + sum(map(used_by, servers))
            started = time.perf_counter()
            answer = client.get(page)
            body = answer.get_data()
            took.append(time.perf_counter() - started)
            busy.append(time.process_time() + sum(map(used_by, servers)) - used)
            inside.append(sum(spent))
            if answer.status_code != 200:
                raise SystemExit(f"{page}: {answer.status}")
        yield Waited(
            page,
            *(statistics.median(each[1:]) for each in (took, busy, inside)),
            len(spent),
            len(body) // 1_000,
        )


@contextmanager
def places(databases: Sequence[str], folder: str | None) -> Iterator[Mapping[str, dict[str, str]]]:
    """The environment of each database; what is not kept is gone afterwards."""
    from tests.support import postgres

    with tempfile.TemporaryDirectory() as passing:
        found = {}
        if "sqlite" in databases:
            found["sqlite"] = {"DATA_DIR": folder or passing, "DATABASE_URL": ""}
        if "postgres" not in databases:
            yield found
            return
        with postgres.running_server() as server:
            if not os.environ.get("TEST_DATABASE_URL"):
                postgres.execute(server, 'CREATE DATABASE "pages"')
            url = postgres.with_database(server, "pages")
            found["postgres"] = {"DATA_DIR": str(Path(passing) / "files"), "DATABASE_URL": url}
            yield found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="*")
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--folder", help="keep the SQLite market here")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        prepare()
        for one in measure(asked.pages or pages()):
            print(
                f"| `{one.page}` | {one.seconds:.2f} | {one.processor:.2f} | {one.database:.2f}"
                f" | {one.statements} | {one.kilobytes} |",
                flush=True,
            )
        return
    with places(asked.database or DATABASES, asked.folder) as found:
        for name, environment in found.items():
            print(f"\n| {name} | seconds | processor | database | statements | KB |")
            print("|---|---|---|---|---|---|", flush=True)
            subprocess.run(
                [sys.executable, "-m", "bench.pages", "--here", *asked.pages],
                cwd=ROOT,
                env=os.environ | environment,
                check=True,
                timeout=MOST_SECONDS,
            )


if __name__ == "__main__":
    main()
