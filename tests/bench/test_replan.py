"""The table of supply plans made anew."""

from pathlib import Path

from bench import replan
from bench.figures import OURS, read


def test_a_plan_made_anew_is_measured_and_told_with_its_aim(tmp_path: Path) -> None:
    out = tmp_path / "figures.jsonl"
    replan.measure(out, OURS, "again supply mixed, 100 x 50")
    lines = replan.section(list(read(out)))
    assert lines[3].startswith("| | seconds | aim |")
    (row,) = lines[5:]
    assert row.startswith("| mixed, 100 x 50 |")
    assert "<= 2" in row
    assert "| - |" not in row


def test_where_nothing_was_measured_there_is_no_table() -> None:
    assert replan.section([]) == []
