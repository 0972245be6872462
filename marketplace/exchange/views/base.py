"""What the pages of import and export share."""

from typing import Any

from flask import Blueprint, request

from marketplace.businesses.queries import tables as businesses
from marketplace.businesses.rules import BusinessKind
from marketplace.core.actor import Actor
from marketplace.core.sheet_kinds import SheetKind
from marketplace.exchange.sheets import KINDS
from marketplace.infra.security import IMPORT_BODY_LIMIT

bp = Blueprint("exchange", __name__)
# Kinds whose records are drafts until somebody publishes them.
PUBLISHABLE = frozenset({"products", "needs"})
# The parts of the form around a file of the full size.
_AROUND = 64 * 1024


@bp.url_value_preprocessor
def allow_a_larger_file(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the body: only the upload of a table may be this large."""
    if endpoint == "exchange.upload":
        request.max_content_length = IMPORT_BODY_LIMIT + _AROUND


def kinds_of(actor: Actor) -> list[SheetKind]:
    """The kinds this actor may bring in, in the order they build on each other."""
    return [kind for kind in KINDS.values() if kind.may_import(actor)]


def names_for(actor: Actor, kind: SheetKind) -> dict[str, list[str]]:
    """Names of the businesses a row may refer to, for suggestions; at most a few hundred."""
    wanted = {column.refers_to for column in kind.columns if column.refers_to}
    return {word: _names(actor, BusinessKind(word)) for word in wanted}


def _names(actor: Actor, kind: BusinessKind) -> list[str]:
    if actor.is_officer and actor.acting_for is None:
        area = actor.scope
        return businesses.list_names(kind, area=area)
    own = actor.producer_ids if kind is BusinessKind.PRODUCER else actor.outlet_ids
    return businesses.list_names(kind, ids=own | {actor.acting_for or 0})


def only_business(actor: Actor, kind: SheetKind) -> int | None:
    """The one business whose rows these can only be: one's own, or the one acted for."""
    wanted = {column.refers_to for column in kind.columns if column.refers_to}
    if not wanted or (actor.is_officer and actor.acting_for is None):
        return None
    if actor.acting_for is not None:
        return actor.acting_for
    own = actor.producer_ids if wanted == {"producer"} else actor.outlet_ids
    return next(iter(own)) if len(own) == 1 else None
