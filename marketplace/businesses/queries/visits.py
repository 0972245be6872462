"""Visits on site, and where a business lay before."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.businesses.models import BusinessMove, SiteVisit, VisitedPaper
from marketplace.infra.db import session


def visits_of(business_id: int, limit: int = 20) -> Sequence[SiteVisit]:
    """The newest first, with the papers seen."""
    return session.scalars(
        select(SiteVisit)
        .options(
            joinedload(SiteVisit.office),
            selectinload(SiteVisit.papers).joinedload(VisitedPaper.paper),
        )
        .where(SiteVisit.business_id == business_id)
        .order_by(SiteVisit.visited_on.desc(), SiteVisit.id.desc())
        .limit(limit)
    ).all()


def visits_by(person_id: int) -> Sequence[SiteVisit]:
    """What an officer wrote down of visits: part of their data."""
    return session.scalars(
        select(SiteVisit).where(SiteVisit.officer_id == person_id).order_by(SiteVisit.id)
    ).all()


def moves_of(business_id: int) -> Sequence[BusinessMove]:
    """Where it lay, the newest move first."""
    return session.scalars(
        select(BusinessMove)
        .where(BusinessMove.business_id == business_id)
        .order_by(BusinessMove.at.desc(), BusinessMove.id.desc())
        .limit(50)
    ).all()
