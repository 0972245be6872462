"""Files to take along: the template, the rows to mend, a list."""

from collections.abc import Mapping, Sequence

from marketplace.core.sheet_kinds import SheetKind
from marketplace.core.sheets import Cell, Column, Sheet
from marketplace.core.text import N_
from marketplace.exchange.sheets.tables import RowProblem, shown_columns
from marketplace.infra.i18n import choose_locale, say
from marketplace.infra.workbooks import write_xlsx

WRONG = N_("What is wrong")


def template_of(kind: SheetKind, names: Mapping[str, Sequence[str]]) -> bytes:
    """An empty workbook with drop-downs, one example row and a sheet of help.

    `names` gives the names of producers or outlets to choose from, by what a column refers to.
    """
    locale = choose_locale()
    choices: dict[str, Sequence[str]] = {}
    for column in kind.columns:
        if column.options is not None:
            choices[column.key] = [say(label) for code, label in column.options(locale) if code]
        elif column.refers_to:
            choices[column.key] = names.get(column.refers_to, ())
    return write_xlsx(
        shown_columns(kind),
        (),
        choices=choices,
        example={column.key: column.example for column in kind.columns},
        notes={column.key: say(column.note) for column in kind.columns if column.note},
        title=say(kind.title),
        notes_title=say(N_("Help")),
    )


def rows_to_mend(table: Sheet, problems: Sequence[RowProblem], kind: SheetKind) -> bytes:
    """The bad rows under their own headers, each with a column that says what is wrong."""
    labels = {column.key: column.label for column in shown_columns(kind)}
    by_row: dict[int, list[str]] = {}
    for each in problems:
        by_row.setdefault(each.row, []).append(sentence(each, labels))
    columns = [Column(f"c{index}", header) for index, header in enumerate(table.headers)]
    wrong = Column("wrong", say(WRONG), width=60)
    rows: list[list[Cell]] = [
        [*table.rows[row], "; ".join(said)[:32_000]] for row, said in sorted(by_row.items())
    ]
    return write_xlsx([*columns, wrong], rows, title=say(WRONG))


def sentence(each: RowProblem, labels: dict[str, str]) -> str:
    """`Harga: tulis seperti 15.000`: the column, then what is wrong and how to mend it."""
    words = say(each.problem.msgid, each.problem.params)
    label = labels.get(each.problem.column)
    return f"{label}: {words}" if label else words


def in_words(kind: SheetKind, rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Rows of an export with the labels of drop-downs in the reader's language."""
    labelled = [
        index
        for index, column in enumerate(kind.columns)
        if column.options is not None and column.key not in {"category", "unit"}
    ]
    listed = [index for index, column in enumerate(kind.columns) if column.words]
    shown = [list(row) for row in rows]
    for row in shown:
        for index in labelled:
            if isinstance(row[index], str):
                row[index] = say(str(row[index]))
        for index in listed:
            if isinstance(row[index], str):
                row[index] = ", ".join(map(say, str(row[index]).split(", ")))
    return shown
