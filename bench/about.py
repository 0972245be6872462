"""What a reader of the results must know: when, on what, with what, and how to read the tables."""

import os
import platform
import re
import sqlite3
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.peers.notes import constraining, noted
from bench.sets import TASKS
from tests.support.postgres import find_binaries

PACKAGES = ("numpy", "numba", "rapidfuzz", "tantivy", "bm25s", "sparse-dot-topn", "scikit-learn")
PACKAGES += ("scipy", "psycopg", "highspy")


def described(
    sizes: Sequence[int], questions: int, names: Sequence[str], sample: int, again: str
) -> list[str]:
    """When, on what and with what the run was made, and how to repeat it."""
    sets = []
    for name in names:
        task = TASKS[name]()
        sets.append(f"{name} {len(task.needs):,} needs and {len(task.offers):,} offers")
    now = datetime.now(UTC)
    return [
        f"- Begun {now:%Y-%m-%d %H:%M} UTC at commit {_commit()}.",
        f"- {_processor()}, {os.cpu_count()} cores, {_memory_gb():.0f} GB, load"
        f" {os.getloadavg()[0]:.2f} at the start; Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}, {_postgres()}.",
        f"- {', '.join(f'{name} {_version(name)}' for name in PACKAGES)}.",
        f"- Sets: {'; '.join(sets)}; peers on at most {sample:,} needs of each, the same for"
        " every peer.",
        "- Markets: made from the shopee titles (`bench/scale.py`),"
        f" {', '.join(f'{size:,}' for size in sizes)} offers; up to {questions:,}"
        " questions each.",
        f"- Again: `{again}` on an idle machine.",
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
        "No match told: half of the needs have lost all their partners, the same ones for every"
        " side, and the score of the best answer left is asked which. The aim stands here.",
        "Best answer right asks the same score whether that very answer is right, so that every"
        " side is asked about answers of its own. One whose best answer is mostly wrong has the few"
        " trivial ones to tell from the rest: read it beside MRR@10 and P@1.",
        "Constraints: " + "; ".join(constraining()) + ".",
        *noted(),
        "All against all: two forked processes that share one index; a question at a time.",
        "Changes: the time from the call until a question gives the right answer. A peer that must"
        " be built again is charged with the build.",
        "Memory is what the process keeps more after building than before, plus files or tables;"
        " what a run compiles is not counted, on either side.",
    ]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _commit() -> str:
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent,
    )
    return found.stdout.strip() or "unknown"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _postgres() -> str:
    place = find_binaries()
    if place is None:
        return "no PostgreSQL"
    found = subprocess.run([place / "postgres", "--version"], capture_output=True, text=True)
    number = re.search(r"[\d.]+", found.stdout)
    return f"PostgreSQL {number[0]}" if number else "PostgreSQL"
