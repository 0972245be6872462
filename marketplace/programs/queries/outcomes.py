"""What became of participants: facts read from register, papers and products by their dates."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import select

from marketplace.businesses.models import Business, Paper
from marketplace.businesses.queries import living
from marketplace.businesses.rules import BusinessKind, PaperState
from marketplace.catalog.models import Product
from marketplace.core.clock import business_day
from marketplace.infra.db import session
from marketplace.programs.models import SignUp
from marketplace.programs.rules.outcomes import Fact, Outcome

_CHUNK = 500


def _chunks(ids: Iterable[Any]) -> Iterable[list[Any]]:
    numbers = sorted(set(ids))
    return (numbers[start : start + _CHUNK] for start in range(0, len(numbers), _CHUNK))


def businesses_of(sign_ups: Sequence[SignUp]) -> dict[int, frozenset[int]]:
    """The entries of the register that are each participant's: the linked one, and producers that
    carry their number, so that who registers later need not be linked by hand."""
    by_phone: dict[str, set[int]] = {}
    for phones in _chunks(one.phone for one in sign_ups if one.phone):
        rows = session.execute(
            living()
            .where(Business.kind == BusinessKind.PRODUCER, Business.phone.in_(phones))
            .with_only_columns(Business.phone, Business.id)
        )
        for phone, number in rows:
            by_phone.setdefault(phone, set()).add(number)
    return {
        one.id: frozenset(
            ({one.business_id} if one.business_id is not None else set())
            | by_phone.get(one.phone or "", set())
        )
        for one in sign_ups
    }


def facts_of(business_ids: Collection[int]) -> list[Fact]:
    """Entered in the register, papers that were checked, products that were published."""
    found: list[Fact] = []
    for ids in _chunks(business_ids):
        for number, name, at in session.execute(
            select(Business.id, Business.name, Business.created_at).where(Business.id.in_(ids))
        ):
            found.append(Fact(number, Outcome.STARTED, business_day(at), name))
        for number, kind, valid_from, at in session.execute(
            select(Paper.business_id, Paper.kind, Paper.valid_from, Paper.created_at).where(
                Paper.business_id.in_(ids), Paper.state == PaperState.VERIFIED
            )
        ):
            found.append(Fact(number, Outcome.PAPER, valid_from or business_day(at), kind.value))
        for number, name, published_at in session.execute(
            select(Product.business_id, Product.name, Product.published_at).where(
                Product.business_id.in_(ids), Product.published_at.is_not(None)
            )
        ):
            if published_at is not None:
                day = business_day(published_at)
                found.append(Fact(number, Outcome.PUBLISHED, day, name))
    return found
