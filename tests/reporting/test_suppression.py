"""Nobody's own figure can be read from a public table, nor worked out from the others."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.reporting.rules.suppression import FEWEST, TOTAL, hidden_cells


def table(rows: list[list[int]]) -> dict[tuple[str, str], int]:
    """Cells with their totals, as if no producer stood in two cells."""
    cells = {(f"r{i}", f"c{j}"): n for i, row in enumerate(rows) for j, n in enumerate(row)}
    for i, row in enumerate(rows):
        cells[f"r{i}", TOTAL] = sum(row)
    for j in range(len(rows[0])):
        cells[TOTAL, f"c{j}"] = sum(row[j] for row in rows)
    cells[TOTAL, TOTAL] = sum(map(sum, rows))
    return cells


TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 12), min_size=width, max_size=width), min_size=1, max_size=5
    )
)


def test_a_cell_under_five_is_empty_and_five_is_shown() -> None:
    cells = {("a", "x"): 4, ("b", "x"): 5, ("c", "x"): 9, ("d", "x"): 0}
    assert hidden_cells(cells) == {("a", "x")}


def test_where_a_total_stands_beside_it_another_cell_is_emptied_too() -> None:
    cells = {("a", "x"): 4, ("b", "x"): 6, ("c", "x"): 9, (TOTAL, "x"): 19}
    assert hidden_cells(cells) == {("a", "x"), ("b", "x")}


def test_two_empty_cells_that_stand_on_fewer_than_five_are_not_enough() -> None:
    cells = {("a", "x"): 1, ("b", "x"): 2, ("c", "x"): 9, ("d", "x"): 8, (TOTAL, "x"): 20}
    assert hidden_cells(cells) == {("a", "x"), ("b", "x"), ("d", "x")}


def test_a_total_that_is_one_cell_alone_is_emptied_with_it() -> None:
    cells = {("a", "x"): 3, ("b", "x"): 0, (TOTAL, "x"): 3}
    assert hidden_cells(cells) == {("a", "x"), (TOTAL, "x")}


@given(TABLES)
def test_no_row_and_no_column_gives_a_small_cell_away(rows: list[list[int]]) -> None:
    cells = table(rows)
    hidden = hidden_cells(cells)
    assert {key for key, n in cells.items() if 0 < n < FEWEST} <= hidden
    names = ({key[0] for key in cells}, {key[1] for key in cells})
    for axis, name in [(0, one) for one in names[0]] + [(1, one) for one in names[1]]:
        line = [key for key in cells if key[axis] == name]
        empty = [key for key in line if key in hidden]
        # What the total less the shown cells would give away: fewer than five, or one cell alone.
        if (name, TOTAL) in cells or (TOTAL, name) in cells:
            assert len(empty) != 1
            inside = [key for key in empty if TOTAL not in key]
            total = (name, TOTAL) if axis == 0 else (TOTAL, name)
            if inside and total not in hidden and name != TOTAL:
                assert sum(cells[key] for key in inside) >= FEWEST


@given(TABLES)
def test_what_stands_on_nothing_is_never_emptied(rows: list[list[int]]) -> None:
    cells = table(rows)
    assert all(cells[key] for key in hidden_cells(cells))


def test_large_tables_come_to_an_end() -> None:
    cells = table([[(i * j) % 7 for j in range(12)] for i in range(12)])
    assert hidden_cells(cells) == hidden_cells(dict(reversed(cells.items())))
