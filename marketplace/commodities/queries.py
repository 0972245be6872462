"""Reads of categories and of the words people use."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, or_, select

from marketplace.commodities import rules
from marketplace.commodities.models import Category, Spelling
from marketplace.core.errors import NotFound
from marketplace.core.text import N_, fold
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.matching.categories import CategoryGuesser
from marketplace.matching.words import DEFAULT_VOCABULARY


def categories_by_code() -> Mapping[str, Category]:
    return {row.code: row for row in session.scalars(select(Category))}


def written_words() -> frozenset[str]:
    """Every word that already leads somewhere, in use or not."""
    return frozenset(session.scalars(select(Spelling.written)))


def spellings() -> Mapping[str, str]:
    """Written word -> the word it means, those in use: the engine's vocabulary."""
    rows = session.execute(select(Spelling.written, Spelling.means).where(Spelling.is_active))
    return {row[0]: row[1] for row in rows}


def list_active() -> Sequence[Spelling]:
    """The spellings in use with their kind, for whoever needs more than the mapping."""
    return session.scalars(
        select(Spelling).where(Spelling.is_active).order_by(Spelling.written)
    ).all()


def get_spelling(spelling_id: int) -> Spelling:
    found = session.get(Spelling, spelling_id)
    if found is None:
        raise NotFound(N_("There is no such word in the list."))
    return found


def find_written(word: str) -> Spelling | None:
    return session.scalar(select(Spelling).where(Spelling.written == word))


def find_chain(written: str, means: str) -> Spelling | None:
    """A spelling that would make two steps out of one: `means` rewritten, or `written` meant."""
    return session.scalar(
        select(Spelling).where(
            Spelling.is_active,
            Spelling.written != written,
            or_(Spelling.written == means, Spelling.means == written),
        )
    )


def _spellings(text: str, kind: str) -> Select[Any]:
    """Words in alphabetical order, by any part of either word."""
    statement = select(Spelling).order_by(Spelling.written)
    if text:
        part = fold(text)
        statement = statement.where(
            or_(
                Spelling.written.contains(part, autoescape=True),
                Spelling.means.contains(part, autoescape=True),
            )
        )
    return statement.where(Spelling.kind == kind) if kind else statement


def page_of_spellings(number: int, text: str = "", kind: str = "") -> Page[Spelling]:
    return paged(_spellings(text, kind), number=number, size=50)


def list_spellings(text: str = "", kind: str = "") -> Sequence[Spelling]:
    """The same words, all of them: for a download."""
    return session.scalars(_spellings(text, kind)).all()


# --- the category a name suggests


def suggest_categories(name: str, *, top: int = 3) -> list[str]:
    """The most likely leaves for the name of goods, best first; empty where nothing is like it."""
    return _guesser().suggest(name[:200], top=top)


def sure_category(name: str) -> str:
    """The leaf a name may be filed under unseen; "" where a person has to say."""
    return _guesser().sure(name[:200])


@cache
def _guesser() -> CategoryGuesser:
    vocabulary = DEFAULT_VOCABULARY.with_spellings(
        ((word.written, word.means) for word in rules.spellings()),
        protected=rules.protected_words(),
    )
    return CategoryGuesser(rules.labelled_names(), vocabulary)
