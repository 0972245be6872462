"""The words as a table to take along."""

from collections.abc import Sequence

from flask_babel import gettext as _

from marketplace.commodities.models import Spelling
from marketplace.commodities.rules import SPELLING_KIND_NAMES, SpellingKind
from marketplace.core.sheets import Cell, Column
from marketplace.infra.i18n import say


def words_table(words: Sequence[Spelling]) -> tuple[list[Column], list[list[Cell]]]:
    """One row a word, those out of use too."""
    columns = [
        Column("written", _("Written")),
        Column("means", _("Means")),
        Column("kind", _("Kind")),
        Column("note", _("Note"), width=40),
        Column("in_use", _("In use")),
    ]
    rows: list[list[Cell]] = [
        [
            word.written,
            word.means,
            say(SPELLING_KIND_NAMES[SpellingKind(word.kind)]),
            word.note,
            _("yes") if word.is_active else _("no"),
        ]
        for word in words
    ]
    return columns, rows
