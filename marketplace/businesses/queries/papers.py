"""Reads of papers."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.businesses.models import Business, Paper
from marketplace.businesses.queries.businesses import of_office
from marketplace.businesses.rules import BusinessKind, PaperKind, PaperState
from marketplace.core.actor import Actor
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged

_LIVE = (PaperState.ENTERED, PaperState.VERIFIED)


def get_paper(paper_id: int) -> Paper:
    """With its business and scan."""
    found = session.scalar(
        select(Paper)
        .options(joinedload(Paper.business), joinedload(Paper.scan))
        .where(Paper.id == paper_id)
    )
    if found is None:
        raise NotFound(N_("There is no such paper."))
    return found


def papers_of(business_id: int) -> Sequence[Paper]:
    """All papers of a business with their scans, the ones that may count first."""
    rows = session.scalars(
        select(Paper)
        .options(joinedload(Paper.scan))
        .where(Paper.business_id == business_id)
        .order_by(Paper.kind, Paper.id.desc())
    ).all()
    return sorted(rows, key=lambda paper: paper.state not in _LIVE)


def papers_of_many(business_ids: Collection[int]) -> dict[int, list[Paper]]:
    """Entered and verified papers by business; whether one is in date is for the reader to ask."""
    found: dict[int, list[Paper]] = {number: [] for number in business_ids}
    for paper in session.scalars(
        select(Paper)
        .where(Paper.business_id.in_(business_ids), Paper.state.in_(_LIVE))
        .order_by(Paper.kind, Paper.id)
    ):
        found[paper.business_id].append(paper)
    return found


def find_live_paper(
    business_id: int, kind: PaperKind, number: str, valid_to: date | None
) -> Paper | None:
    """The same paper, entered or verified before; a renewal has another last day."""
    return session.scalar(
        select(Paper)
        .where(
            Paper.business_id == business_id,
            Paper.kind == kind,
            Paper.number == number,
            Paper.valid_to.is_(None) if valid_to is None else Paper.valid_to == valid_to,
            Paper.state.in_(_LIVE),
        )
        .limit(1)
    )


def _to_check(actor: Actor) -> Select[Any]:
    """Entered papers the actor's office checks: own producers, or all for the province."""
    statement = select(Paper).join(Paper.business).where(Paper.state == PaperState.ENTERED)
    if actor.is_province_officer:
        return statement.where(of_office(actor.scope))
    return statement.where(
        Business.kind == BusinessKind.PRODUCER, lies_in(Business.region_code, actor.scope)
    )


def _waiting(actor: Actor) -> Select[Any]:
    return (
        _to_check(actor)
        .options(contains_eager(Paper.business), joinedload(Paper.scan))
        .order_by(Paper.created_at, Paper.id)
    )


def page_of_papers_to_check(actor: Actor, number: int) -> Page[Paper]:
    """Oldest first, with business and scan."""
    return paged(_waiting(actor), number=number)


def list_papers_to_check(actor: Actor) -> Sequence[Paper]:
    """The same papers, all of them: for a download."""
    return session.scalars(_waiting(actor)).all()


def count_papers_to_check(actor: Actor) -> int:
    counted = _to_check(actor).with_only_columns(func.count(Paper.id))
    return session.scalar(counted) or 0
