"""The register by NIB, for other government systems."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from marketplace.businesses.models import Business
from marketplace.businesses.queries.businesses import living
from marketplace.businesses.rules import BusinessKind
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session

_CHUNK = 500


def by_nib(nibs: Collection[str]) -> dict[str, Business]:
    """The businesses with these numbers and their papers."""
    found: dict[str, Business] = {}
    numbers = sorted(nibs)
    for start in range(0, len(numbers), _CHUNK):
        for business in session.scalars(
            select(Business)
            .options(selectinload(Business.papers), selectinload(Business.kbli_codes))
            .where(Business.nib.in_(numbers[start : start + _CHUNK]))
        ):
            found[business.nib or ""] = business
    return found


def producers_with_nib(area: str) -> Iterator[Sequence[Business]]:
    """All producers of an officer's scope that have a NIB, in chunks, with their papers."""
    after = 0
    while True:
        found = session.scalars(
            living()
            .options(selectinload(Business.papers), selectinload(Business.kbli_codes))
            .where(
                Business.kind == BusinessKind.PRODUCER,
                Business.nib.is_not(None),
                Business.id > after,
                lies_in(Business.region_code, area),
            )
            .order_by(Business.id)
            .limit(_CHUNK)
        ).all()
        if not found:
            return
        yield found
        after = found[-1].id
