"""Input of an import: the file, and what its columns and values mean."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from marketplace.core.sheet_kinds import SheetColumn, SheetKind
from marketplace.core.sheets import Sheet
from marketplace.core.text import LINE_MAX, clean_text, whole_number
from marketplace.exchange.rules import BY_NAME, LEAVE_OUT, VALUES_MOST, ColumnMap, distinct_values
from marketplace.infra.forms import Form


class UploadForm(Form):
    file = FileField(_l("Excel or CSV file"))


def mapping_of(sent: Mapping[str, str], kind: SheetKind, table: Sheet) -> ColumnMap:
    """What the mapping page says. Fields: `col-<key>` a column's index, `def-<key>` one value for
    all rows, `val-<key>-<n>` the meaning of the n-th most frequent value, given for the column
    `for-<key>`. What was not offered counts as not said.
    """
    columns: dict[str, int] = {}
    defaults: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    for column in kind.columns:
        index = _index(sent.get(f"col-{column.key}", ""), len(table.headers))
        if index is not None:
            columns[column.key] = index
        default = _offered(column, clean_text(sent.get(f"def-{column.key}", ""))[:LINE_MAX])
        if default:
            defaults[column.key] = default
        # Answers given for another column of the file mean nothing for this one.
        if index is not None and sent.get(f"for-{column.key}") == str(index):
            values[column.key] = _answers(sent, column, table, index)
    return ColumnMap(columns, values, defaults, publish="publish" in sent)


def _answers(
    sent: Mapping[str, str], column: SheetColumn, table: Sheet, index: int
) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, (value, _count) in enumerate(distinct_values(table.rows, index)[: VALUES_MOST + 1]):
        name = f"val-{column.key}-{number}"
        if name in sent:
            found[value] = _offered(column, clean_text(sent[name])[:LINE_MAX])
    return found


def _offered(column: SheetColumn, answer: str) -> str:
    """An answer as it was offered: a code of the column's list, or free text where it has none."""
    if answer == LEAVE_OUT or (answer == BY_NAME and column.key == "category"):
        return answer
    if column.options is None:
        return answer
    return answer if answer in {code for code, _label in column.options("id")} else ""


def _index(said: str, width: int) -> int | None:
    index = whole_number(said, digits=4)
    return index if index is not None and index < width else None
