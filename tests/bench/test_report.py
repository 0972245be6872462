"""A reader sees at once who leads, by how much, and what was not measured."""

import pytest

from bench.figures import OURS, Figure, Sheet, read
from bench.report import Results, Row, difference, render, speed_rows, times

MRR = Row("shopee", "MRR@10", "shopee, MRR@10", True, 0.855)
P50 = speed_rows(1_000_000)[0]


def results(row: Row, **values: float) -> Results:
    names = {"ours": OURS, "bm25s": "bm25s", "tantivy": "tantivy"}
    return Results(
        Figure(names[who], row.where, row.measure, value) for who, value in values.items()
    )


@pytest.mark.parametrize(
    ("row", "ours", "bm25s", "tantivy", "leader"),
    [
        (MRR, 0.86, 0.82, 0.81, OURS),
        (MRR, 0.80, 0.82, 0.81, "bm25s"),
        (MRR, 0.82, 0.82, 0.81, OURS),
        (P50, 0.5, 0.9, 0.7, OURS),
        (P50, 0.9, 0.8, 0.4, "tantivy"),
    ],
)
def test_the_leader_is_the_best_value_in_the_sense_of_the_row(
    row: Row, ours: float, bm25s: float, tantivy: float, leader: str
) -> None:
    assert results(row, ours=ours, bm25s=bm25s, tantivy=tantivy).leader(row) == leader


def test_the_distance_is_told_from_the_best_peer() -> None:
    ahead = results(MRR, ours=0.86, bm25s=0.82, tantivy=0.84)
    assert difference(ahead, MRR) == "+.020 on tantivy"
    behind = results(MRR, ours=0.80, bm25s=0.82)
    assert difference(behind, MRR) == "-.020 on bm25s"


def test_speed_is_told_in_times_and_worse_is_called_worse() -> None:
    assert times(results(P50, ours=0.5, tantivy=1.0), P50) == "2 x better than tantivy"
    assert times(results(P50, ours=2.0, tantivy=0.5), P50) == "4 x worse than tantivy"
    rate = next(row for row in speed_rows(1_000_000) if row.measure == "plain needs/s")
    assert times(results(rate, ours=3000.0, bm25s=1000.0), rate) == "3 x better than bm25s"


def test_a_distance_within_both_intervals_is_called_noise() -> None:
    figures = [
        Figure(OURS, "icecat", "nDCG@10", 0.81, plus_minus=0.05),
        Figure("bm25s", "icecat", "nDCG@10", 0.79, plus_minus=0.05),
    ]
    row = Row("icecat", "nDCG@10", "icecat", True)
    assert "within noise" in difference(Results(figures), row)


def report(*figures: Figure) -> str:
    return render(figures, ["- made today"], ["a note"])


def test_the_best_of_a_row_is_bold_and_only_that() -> None:
    text = report(
        Figure(OURS, "shopee", "MRR@10", 0.842), Figure("bm25s", "shopee", "MRR@10", 0.818)
    )
    assert "| shopee, MRR@10 | **.842** | .818 | +.024 on bm25s | >= .855 missed |" in text


def test_what_is_behind_and_which_aims_are_missed_stands_at_the_top() -> None:
    text = report(
        Figure(OURS, "1000000", "plain p50", 4.0), Figure("tantivy", "1000000", "plain p50", 0.4)
    )
    glance = text.partition("## Quality")[0]
    assert "Ours leads in **0 of 1** rows" in glance
    assert "at 1,000,000 offers: 10 x worse than tantivy" in glance
    assert "one question, p50 ms: 4, aim 1" in glance


def test_a_peer_without_figures_is_named_with_the_reason() -> None:
    text = report(Figure("pg_trgm", "10000", "", problem="not available here: no server"))
    assert "- pg_trgm, 10,000 offers: not available here: no server" in text


def test_a_p99_of_a_few_questions_says_of_how_many() -> None:
    text = report(Figure("bm25s", "10000", "plain p99", 3.5, count=14))
    assert "**3.5 (of 14)**" in text


def test_what_would_be_added_and_what_nobody_can_reach_is_told() -> None:
    text = report(
        Figure(OURS, "shopee", "MRR@10", 0.850),
        Figure(OURS, "shopee", "with stems: MRR@10", 0.852),
        Figure(OURS, "shopee", "collected", 0.969),
        Figure(OURS, "shopee", "best order: MRR@10", 0.99),
        Figure(OURS, "icecat", "one rater's order", 0.85),
    )
    assert "| stems | .852 (+0.002) |" in text.partition("## What was tried")[2]
    assert "The best order of what was collected: shopee MRR@10 .990." in text
    assert "what the others said: icecat .850." in text


def test_memory_of_the_list_command_has_an_aim_at_every_size() -> None:
    small, large = (
        Figure(OURS, "10000", "list: peak_mb", 350),
        Figure(OURS, "1000000", "list: peak_mb", 2300),
    )
    assert "| list: peak_mb | 350 | <= 2,048 reached |" in report(small)
    text = report(small, large)
    assert "| list: peak_mb | 350 | 2,300 | <= 2,048 missed |" in text
    assert "- list: peak_mb: 2,300, aim 2,048" in text.partition("## Quality")[0]


def test_what_a_part_adds_is_told_against_the_whole() -> None:
    text = report(
        Figure(OURS, "shopee", "MRR@10", 0.850),
        Figure(OURS, "shopee", "without spelling: MRR@10", 0.841),
    )
    assert "| spelling | .841 (-0.009) |" in text


def test_figures_written_before_a_process_ended_are_kept(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "figures"
    Sheet(path, "bm25s").write("10000", "plain p50", 0.3, count=7)
    with path.open("a") as file:
        file.write('{"who": "bm25s", "wh')
    assert list(read(path)) == [Figure("bm25s", "10000", "plain p50", 0.3, count=7)]


def test_an_aim_of_speed_is_also_told_at_the_pace_of_the_machine() -> None:
    # Tantivy takes twice as long here as where the aims were set.
    slow = Figure("tantivy", "1000000", "plain p50", 0.72)
    text = report(slow, Figure(OURS, "1000000", "plain p50", 1.5))
    assert "| one question, p50 ms | 0.36 | 0.72 | <= 1 | <= 2 | 1.5 | reached |" in text
    # The aim itself is told as it is.
    assert "- one question, p50 ms: 1.5, aim 1" in text
    assert "| 2.5 | missed |" in report(slow, Figure(OURS, "1000000", "plain p50", 2.5))
    rate = Figure("tantivy", "1000000", "plain needs/s", 1380.0)
    text = report(rate, Figure(OURS, "1000000", "constrained needs/s", 999.0))
    assert ">= 2,000 | >= 1,000 | 999 | missed |" in text


def test_nothing_is_said_of_the_pace_where_tantivy_was_not_measured() -> None:
    assert "pace" not in report(Figure(OURS, "1000000", "plain p50", 1.5))
