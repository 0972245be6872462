"""Measurements in processes of their own, each with a time limit: one that fails costs one row."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Figure, read

_GRACE = 20


def figures_of(
    arguments: Sequence[str], who: str, where: str, measure: str, seconds: float
) -> list[Figure]:
    """Run `python -m …` with the file for its figures in place of `OUT`.

    What was written before an end by time or failure is kept, with one more figure that says what
    happened.
    """
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        out, log = Path(folder) / "figures", Path(folder) / "log"
        command = [sys.executable, "-m", *(str(out) if a == "OUT" else a for a in arguments)]
        problem = _run(command, log, seconds)
        found = list(read(out))
        if problem == "failed":
            said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            problem = f"failed: {said[-1][:160] if said else 'without a word'}"
            print("\n".join(said[-12:]), file=sys.stderr)
    if problem:
        found.append(Figure(who, where, measure, problem=problem))
    return found


def _run(command: Sequence[str], log: Path, seconds: float) -> str:
    # A group of its own, so that the processes it starts end with it.
    quiet = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with log.open("w", encoding="utf-8") as said:
        process = subprocess.Popen(
            command, stdout=said, stderr=said, env=quiet, start_new_session=True
        )
        try:
            return "failed" if process.wait(seconds) else ""
        except subprocess.TimeoutExpired:
            return f"stopped after {seconds:.0f} s"
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask first: a database server must be stopped by whoever started it."""
    for kind in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, kind)
            try:
                process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                continue
