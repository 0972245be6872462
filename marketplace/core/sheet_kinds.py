"""What a room says about the tables it can take in and give out, without a database or a page.

The room `exchange` reads the file, maps its columns, shows the preview and runs the job. The room
that owns the records says which columns there are, what a row means and what a row changes: one
`SheetKind` each, in its `sheets.py`.
"""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from marketplace.core.actor import Actor
from marketplace.core.errors import InvalidInput
from marketplace.core.money import whole_number_of
from marketplace.core.params import Phrase
from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.core.text import N_, clean_text, fold

Values = Mapping[str, Cell]
Option = tuple[str, str]  # code, label (a msgid, or a name in the reader's language)

CHOICES_SHOWN = 30
NOT_IN_LIST = N_('"%(value)s" is not in the list. Choose one of: %(choices)s')
REQUIRED = N_("This cell must be filled in")
NOT_A_DAY = N_("This is not a date: write it like 31/12/2026")
SAME_TWICE = N_("Row %(row)s already says this. Keep one of the two.")
TOO_LONG = N_("At most %(limit)s characters, please.")


class Outcome(StrEnum):
    """What a row did, or in a preview would do; EMPTY is a row that tells nothing yet."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell that cannot be used: what is wrong and how to mend it. "" is the whole row."""

    column: str
    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: its label and note are msgids, its synonyms what other files call it.

    `options` gives the drop-down of the template and the choices of the mapping page, for a
    locale; `is_mappable` lets a person say for each value of the file which option it means.
    `knows` says whether such a value is understood as it is. `refers_to` says the cell names a
    `producer` or an `outlet`, by NIB or name. `words` gives the labels (msgids) of codes a cell
    may hold, one or several with commas between: given out in the reader's language, read in all.
    """

    key: str
    label: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    kind: ColumnKind = ColumnKind.TEXT
    options: Callable[[str], Sequence[Option]] | None = None
    is_mappable: bool = False
    knows: Callable[[str], bool] | None = None
    refers_to: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    example: Cell = None
    note: str = ""
    width: int | None = None

    def shown(self, translate: Callable[[str], str]) -> Column:
        """The column with its label in the reader's language."""
        label = translate(self.label)
        return Column(
            self.key, label, (self.label, *self.synonyms), self.required, self.kind, self.width
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds for every row of one import.

    `business_id` is the business of rows that name none; `publish` puts records on offer at once.
    """

    business_id: int | None = None
    publish: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A row that was read: either a draft to apply or what is wrong with it."""

    draft: Any = None
    problems: tuple[Problem, ...] = ()


class SheetKind(Protocol):
    """A kind of record that comes in and goes out as a table.

    A draft has a hashable `key`: two rows of one file with the same key are the same record, which
    `merge` joins (an outlet and its branches, a need and its lines); where it returns a Problem the
    second row is refused.
    """

    key: str
    title: str  # msgid
    columns: Sequence[SheetColumn]

    def may_import(self, actor: Actor) -> bool: ...

    def parse_row(self, values: Values, scope: Scope) -> Parsed:
        """Read one row without a database; every bad cell is named, not only the first."""

    def merge(self, first: Any, second: Any) -> Any | Problem:
        """Join two rows of one record, or refuse the second (`SAME_TWICE` is told the row)."""

    def apply_rows(
        self, actor: Actor, drafts: Sequence[Any], scope: Scope, *, is_trial: bool
    ) -> Sequence[Outcome | Problem]:
        """Say for each draft what it does; unless `is_trial`, do it in the current transaction.

        Loads what exists for all drafts at once. Blank cells leave a record as it is, so the same
        drafts a second time answer SAME and change nothing.
        """

    def export_rows(self, actor: Actor, filters: Mapping[str, str]) -> Sequence[Sequence[Cell]]:
        """The cells, in the order of `columns`, of every record this actor's list shows."""


@runtime_checkable
class NotesLooks(Protocol):
    """A kind whose export shows what may be looked at, but not unseen."""

    def note_look(self, actor: Actor, filters: Mapping[str, str]) -> None:
        """Write down who looks at what, in a transaction of its own, before it is shown."""


class RowReader:
    """Reads the cells of one row and gathers what is wrong, so that a person mends it in one go."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self.problems: list[Problem] = []

    def refuse(self, column: str, msgid: str, **params: object) -> None:
        self.problems.append(Problem(column, msgid, params))

    def refuse_word(self, column: str, said: str, shown: Sequence[str]) -> None:
        """A word that is in no list; `shown` are the names (msgids too) to choose from."""
        choices = [*map(Phrase, shown[:CHOICES_SHOWN]), *(["…"] if shown[CHOICES_SHOWN:] else [])]
        self.refuse(column, NOT_IN_LIST, value=said[:60], choices=choices)

    def has(self, column: str) -> bool:
        return bool(self._said(column))

    def text(self, column: str, *, required: bool = False, limit: int = 200) -> str:
        """One line of text; a number cell becomes its digits (`899...` typed as a number)."""
        said = self._said(column)
        if not said and required:
            self.refuse(column, REQUIRED)
        if len(said) > limit:
            self.refuse(column, TOO_LONG, limit=limit)
            return ""
        return said

    def value(
        self, column: str, read: Callable[[Any], Any], *, required: bool = False, none: Any = None
    ) -> Any:
        """What `read` makes of the cell; its InvalidInput becomes the problem of this cell."""
        if not self._said(column):
            if required:
                self.refuse(column, REQUIRED)
            return none
        try:
            return read(self._values[column])
        except InvalidInput as error:
            self.problems.append(Problem(column, error.msgid, error.params))
            return none

    def choice(
        self,
        column: str,
        words: Mapping[str, str],
        *,
        shown: Sequence[str] = (),
        required: bool = False,
    ) -> str:
        """The code a word stands for; `words` maps `fold`ed spellings to codes, "" where blank."""
        said = self._said(column)
        if not said:
            if required:
                self.refuse(column, REQUIRED)
            return ""
        code = words.get(fold(said))
        if code is None:
            self.refuse_word(column, said, shown)
            return ""
        return code

    def _said(self, column: str) -> str:
        cell = self._values.get(column)
        if cell is None:
            return ""
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        return clean_text(str(cell))


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan", "februari february feb pebruari", "maret march mar",
            "april apr", "mei may", "juni june jun", "juli july jul",
            "agustus august agu ags agt aug", "september sep sept", "oktober october okt oct",
            "november nov nopember nop", "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip


def day_of(cell: Cell) -> date:
    """The day a cell says: a date, `2026-12-31`, `31/12/2026`, `31 Desember 2026`.

    The day stands before the month, as everywhere in Indonesia. Raises InvalidInput.
    """
    if isinstance(cell, date):
        return cell
    parts = re.split(r"[\s/.\-]+", fold(str(cell)).strip())
    try:
        if len(parts) != 3:
            raise ValueError
        if len(parts[0]) == 4:
            return date(int(parts[0]), int(parts[1]), int(parts[2]))
        month = _MONTHS.get(parts[1]) or int(parts[1])
        if len(parts[2]) != 4:
            raise ValueError
        return date(int(parts[2]), month, int(parts[0]))
    except ValueError as error:
        raise InvalidInput(NOT_A_DAY) from error


_DAYS_IN = {
    word: days
    for days, words in {
        1: "hari hr day days",
        7: "minggu pekan mgg week weeks",
        30: "bulan bln month months",
        365: "tahun thn th year years",
    }.items()
    for word in words.split()
}
_SPAN = re.compile(r"([\d.,]+)\s*([a-z]+)\.?")


def days_of(cell: Cell, *, max: int, min: int = 0) -> int:
    """The number of days a cell says: a bare number, `120 hari`, `6 bulan`, `1 tahun`.

    A month is 30 days, a year 365. Raises InvalidInput.
    """
    said = _SPAN.fullmatch(fold(cell).strip()) if isinstance(cell, str) else None
    times = _DAYS_IN.get(said[2]) if said else None
    if said is None or times is None:
        return whole_number_of(cell, max=max, min=min)
    days = whole_number_of(said[1], max=max) * times
    return whole_number_of(days, max=max, min=min)


def key_of(*parts: object) -> Hashable:
    """A record's key from its natural parts; text is folded so that spellings compare."""
    return tuple(fold(part) if isinstance(part, str) else part for part in parts)
