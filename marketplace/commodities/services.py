"""Writes of categories and words."""

from marketplace.audit import services as audit
from marketplace.commodities import policies, queries, rules
from marketplace.commodities.events import SpellingsChanged
from marketplace.commodities.models import Category, Spelling
from marketplace.commodities.rules import SpellingDraft
from marketplace.core.actor import Actor
from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.text import N_, fold
from marketplace.infra.db import session
from marketplace.infra.events import publish
from marketplace.infra.web import require


def load_facts() -> int:
    """Bring the categories in line with the facts and add words that are missing; rows changed.

    A word an officer edited, or took out of use, stays as they left it.
    """
    known = dict(queries.categories_by_code())
    changed = 0
    for code, fact in rules.categories().items():
        row = known.get(code)
        if row is None:
            session.add(Category(code=code, parent_code=fact.parent or None))
            changed += 1
        elif row.parent_code != (fact.parent or None):
            row.parent_code = fact.parent or None
            changed += 1
    written = queries.written_words()
    for word in rules.spellings():
        if word.written not in written:
            session.add(
                Spelling(
                    written=word.written, means=word.means, kind=word.kind.value, note=word.note
                )
            )
            changed += 1
    session.flush()
    return changed


def add_spelling(*, actor: Actor, draft: SpellingDraft) -> Spelling:
    """Teach the search a word; it counts from the next search on."""
    require(policies.may_edit_spellings(actor))
    written, means = _checked(draft)
    if queries.find_written(written) is not None:
        message = N_("This word is already in the list. Change it there.")
        raise Conflict(message, field="written")
    row = Spelling(
        written=written, means=means, kind=draft.kind.value, note=draft.note,
        entered_by_id=actor.person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(actor, "spelling.added", row, written=written, means=means)
    publish(SpellingsChanged())
    return row


def change_spelling(*, actor: Actor, spelling: Spelling, draft: SpellingDraft) -> None:
    """Correct what a word means; the written word itself may be corrected too."""
    require(policies.may_edit_spellings(actor))
    written, means = _checked(draft)
    other = queries.find_written(written)
    if other is not None and other.id != spelling.id:
        message = N_("This word is already in the list. Change it there.")
        raise Conflict(message, field="written")
    before = {"written": spelling.written, "means": spelling.means}
    spelling.written, spelling.means = written, means
    spelling.kind, spelling.note = draft.kind.value, draft.note
    spelling.entered_by_id = actor.person_id
    audit.record(actor, "spelling.changed", spelling, before=before, written=written, means=means)
    publish(SpellingsChanged())


def set_spelling_active(*, actor: Actor, spelling: Spelling, active: bool) -> None:
    """Take a word out of use, or back into it."""
    require(policies.may_edit_spellings(actor))
    if active and queries.find_chain(spelling.written, spelling.means) is not None:
        raise InvalidInput(CHAINED)
    spelling.is_active = active
    audit.record(
        actor,
        "spelling.used" if active else "spelling.unused",
        spelling,
        written=spelling.written,
    )
    publish(SpellingsChanged())


CHAINED = N_("One step only: the meaning may not itself be rewritten, nor the word be a meaning.")


def _checked(draft: SpellingDraft) -> tuple[str, str]:
    """Both words as the search compares them; a word to itself or through another is refused."""
    written, means = fold(draft.written), fold(draft.means)
    if written == means:
        message = N_("Both words are the same.")
        raise InvalidInput(message, fields={"means": message})
    if written in rules.protected_words():
        message = N_("This is the usual name of a product and stays as it is.")
        raise InvalidInput(message, fields={"written": message})
    if queries.find_chain(written, means) is not None:
        raise InvalidInput(CHAINED, fields={"means": CHAINED})
    return written, means
