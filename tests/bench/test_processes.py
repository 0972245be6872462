"""A measurement that fails or takes too long costs one row, not the run."""

from pathlib import Path

import pytest

from bench.figures import Figure
from bench.processes import figures_of

WRITES = "from bench.figures import Sheet; from pathlib import Path; import sys, time\n"
WRITES += "Sheet(Path(sys.argv[1]), 'peer').write('10', 'plain p50', 1.5)\n"


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str, seconds: float) -> list[Figure]:
    (folder / "measuring_for_a_test.py").write_text(WRITES + body, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return figures_of(["measuring_for_a_test", "OUT"], "peer", "10", "speed", seconds)


GOT = Figure("peer", "10", "plain p50", 1.5)


def test_figures_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(tmp_path, monkeypatch, "", 30) == [GOT]


def test_a_failure_is_a_row_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = run(tmp_path, monkeypatch, "raise ValueError('no such thing')", 30)
    assert found[0] == GOT
    assert found[1].problem == "failed: ValueError: no such thing"


def test_what_takes_too_long_is_stopped_and_keeps_what_it_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = run(tmp_path, monkeypatch, "time.sleep(60)", 2)
    assert found[0] == GOT
    assert found[1].problem == "stopped after 2 s"
