"""Choosing a category, and the input of a word."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from marketplace.commodities import rules
from marketplace.commodities.rules import SPELLING_KIND_NAMES, SpellingDraft, SpellingKind
from marketplace.core.params import UnitPrice
from marketplace.core.text import N_
from marketplace.infra.forms import Form, LineField, present
from marketplace.infra.i18n import say, show_money

Choices = dict[str, list[tuple[str, str]]]


def category_name(code: str | None) -> str:
    """The category's name in the reader's language; an unknown or empty code as it is."""
    category = rules.categories().get(code or "")
    return category.name(_language()) if category else code or ""


def unit_name(code: str | None) -> str:
    """The trade unit in the reader's language; an unknown or empty code as it is."""
    unit = rules.UNITS.get(code or "")
    return unit.name(_language()) if unit else code or ""


def unit_price(price: UnitPrice) -> str:
    """A price with what it is asked for, in the reader's language; the price alone if unknown."""
    shown = show_money(price.amount)
    if not price.unit and not price.pack:
        return shown
    return f"{shown} {_per(_language(), price.unit, price.pack)}"


@lru_cache(maxsize=1024)
def _per(language: str, unit: str, pack: str) -> str:
    """Lists tell prices by the thousand, in few units."""
    return say(N_("per %(unit)s"), {"unit": f"{unit_name(unit)} {pack}".strip()})


def category_choices(blank: str | None = None) -> Choices:
    """Leaves grouped by their branch for a SelectField; `blank` labels an empty first choice."""
    tree = rules.categories()
    groups: Choices = {} if blank is None else {"": [("", blank)]}
    for leaf in rules.leaves():
        branch = tree[leaf.parent] if leaf.parent else leaf
        groups.setdefault(branch.name(_language()), []).append((leaf.code, leaf.name(_language())))
    return groups


def branch_choices(blank: str | None = None) -> Choices:
    """Like `category_choices`, with "everything in the branch" first in each group: for filters."""
    groups = category_choices(blank)
    for category in rules.categories().values():
        name = category.name(_language())
        if not category.parent and name in groups and groups[name][0][0] != category.code:
            label = say(N_("All of: %(name)s"), {"name": name})
            groups[name] = [(category.code, label), *groups[name]]
    return groups


class CategoryField(SelectField):  # type: ignore[misc]
    """A leaf of the tree, grouped by branch; data is its code, None for the blank choice."""

    def __init__(self, *args: Any, blank: str | None = None, **kwargs: Any) -> None:
        super().__init__(
            *args, choices=lambda: category_choices(blank), coerce=lambda v: v or None, **kwargs
        )


class CategoryWays:
    """For a form that asks for a category: the leaves its name suggests stand above the list.

    `category_field` names the field that is the list.
    """

    suggested = RadioField(_l("Category that fits the name"), validate_choice=False)
    category_field = "category"

    def suggest(self, codes: Sequence[str]) -> None:
        """Offer these categories above the whole list."""
        self.suggested.choices = [(code, category_name(code)) for code in codes]
        if codes:
            self.suggested.choices.append(("", say(N_("None of these: choose from the list"))))

    @property
    def chosen_category(self) -> str:
        """The suggestion that was picked, else what the list says; "" for neither."""
        picked = self.suggested.data
        return str(picked if picked in rules.categories() else self._listed.data or "")

    def keep_choice(self) -> None:
        """Before the form is shown again: a picked suggestion is then what the list says."""
        self._listed.data = self.chosen_category or None
        self.suggested.data = None

    @property
    def _listed(self) -> Any:
        return getattr(self, self.category_field)


def _language() -> str:
    return str(get_locale() or "id")


class SpellingForm(Form):
    written = LineField(_l("Word as people write it"), [present], limit=60)
    means = LineField(_l("Means"), [present], limit=60)
    kind = SelectField(
        _l("Kind"),
        choices=lambda: [(kind.value, say(name)) for kind, name in SPELLING_KIND_NAMES.items()],
    )
    note = LineField(_l("Note"))

    def draft(self) -> SpellingDraft:
        return SpellingDraft(
            self.written.data, self.means.data, SpellingKind(self.kind.data), self.note.data or ""
        )
