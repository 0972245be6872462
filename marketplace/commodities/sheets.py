"""Categories and units as people write them in tables."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from marketplace.commodities import rules
from marketplace.core.quantity import canonical_unit
from marketplace.core.sheet_kinds import Option, RowReader
from marketplace.core.text import fold


def category_options(locale: str) -> list[Option]:
    """The leaves of the tree, in the order to show."""
    return [(leaf.code, leaf.name(locale)) for leaf in rules.leaves()]


def unit_options(locale: str) -> list[Option]:
    return [(unit.code, unit.name(locale)) for unit in rules.UNITS.values()]


@cache
def category_words() -> Mapping[str, str]:
    """Folded codes and names of the leaves, in both languages, to their codes."""
    return MappingProxyType(
        {
            fold(word): leaf.code
            for leaf in rules.leaves()
            for word in (leaf.code, leaf.name_id, leaf.name_en)
        }
    )


@cache
def _unit_words() -> Mapping[str, str]:
    words = {
        fold(word): unit.code
        for unit in rules.UNITS.values()
        for word in (unit.code, unit.name_id, unit.name_en)
    }
    # Units whose usual short form is another one's code.
    return MappingProxyType({**words, "g": "gram", "gr": "gram", "l": "liter", "lt": "liter"})


@cache
def _leaf_names() -> tuple[str, ...]:
    return tuple(leaf.name("id") for leaf in rules.leaves())


def knows_category(value: str) -> bool:
    return fold(value) in category_words()


def knows_unit(value: str) -> bool:
    return _unit_code(value) is not None


def read_category(row: RowReader, column: str, *, required: bool = False) -> str:
    """A leaf's code by its name or code."""
    return row.choice(column, category_words(), shown=_leaf_names(), required=required)


def read_unit(row: RowReader, column: str, *, required: bool = False) -> str:
    """A trade unit's code by its name, code or a usual short form (`bks`, `ltr`)."""
    said = row.text(column, required=required, limit=40)
    if not said:
        return ""
    code = _unit_code(said)
    if code is None:
        row.refuse_word(column, said, [unit.name("id") for unit in rules.UNITS.values()])
        return ""
    return code


def _unit_code(said: str) -> str | None:
    word = fold(said).strip(".")
    return _unit_words().get(word) or _unit_words().get(canonical_unit(word))
