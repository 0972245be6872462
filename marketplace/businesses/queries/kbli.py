"""Reads of lines of business (KBLI)."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from marketplace.businesses.models import Business, BusinessKbli
from marketplace.core.identifiers import Kbli
from marketplace.infra.db import session


def kbli_rows_of(business_id: int) -> Sequence[BusinessKbli]:
    """The main one first, then by edition, the newest first, and number."""
    return session.scalars(
        select(BusinessKbli)
        .where(BusinessKbli.business_id == business_id)
        .order_by(BusinessKbli.is_main.desc(), BusinessKbli.version.desc(), BusinessKbli.code)
    ).all()


def kbli_of(business_id: int) -> tuple[Kbli, ...]:
    return tuple(row.said for row in kbli_rows_of(business_id))


def in_line_of_business(prefix: str) -> ColumnElement[bool]:
    """Businesses with a code that begins with these digits, of whatever edition: `10` is food."""
    return Business.id.in_(
        select(BusinessKbli.business_id).where(
            BusinessKbli.code.startswith(prefix, autoescape=True)
        )
    )
