"""Contacts made at stalls."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.businesses.models import Business
from marketplace.core.actor import Actor
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.areas import lies_in, run_by
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.programs.models import Lead, Program, StallHolder
from marketplace.programs.rules.leads import SETTLED, LeadState


@dataclass(frozen=True, slots=True)
class LeadCounts:
    """Contacts of a programme: all, those whose next step is overdue, what they became."""

    all: int = 0
    overdue: int = 0
    needs: int = 0
    meetings: int = 0
    commitments: int = 0


def get_lead(lead_id: int) -> Lead:
    """With programme, stall, register entry and product."""
    found = session.scalar(_whole(select(Lead)).where(Lead.id == lead_id))
    if found is None:
        raise NotFound(N_("There is no such contact."))
    return found


def leads_of_need(need_id: int) -> Sequence[Lead]:
    """The contacts a need grew out of, with their programme."""
    statement = _whole(select(Lead)).where(Lead.need_id == need_id).order_by(Lead.id)
    return session.scalars(statement.limit(10)).all()


def _whole(statement: Select[Lead]) -> Select[Lead]:
    return statement.options(
        joinedload(Lead.program),
        joinedload(Lead.holder).options(
            joinedload(StallHolder.business),
            joinedload(StallHolder.program),
            joinedload(StallHolder.stall),
        ),
        joinedload(Lead.product),
    )


def page_of_leads(
    number: int,
    *,
    program_id: int | None = None,
    business_ids: Collection[int] | None = None,
    actor: Actor | None = None,
) -> Page[Lead]:
    """Open ones first, the longest overdue on top; then what is settled.

    An officer sees contacts of the programmes they run and of their producers at those of others.
    """
    return paged(_in_order(program_id, business_ids, actor), number=number)


def list_leads(
    *,
    program_id: int | None = None,
    business_ids: Collection[int] | None = None,
    actor: Actor | None = None,
    limit: int = 5_000,
) -> Sequence[Lead]:
    """The same without pages, for a file."""
    return session.scalars(_in_order(program_id, business_ids, actor).limit(limit)).all()


def count_overdue(today: date, *, actor: Actor) -> int:
    """Contacts whose next step should have been done, as the list of this officer has them."""
    late = _narrowed(None, None, actor).where(_is_late(today))
    return (
        session.scalar(select(func.count()).select_from(late.with_only_columns(Lead.id).subquery()))
        or 0
    )


def _is_late(today: date) -> ColumnElement[bool]:
    return Lead.state.not_in(SETTLED) & (Lead.due_on < today)


def _in_order(
    program_id: int | None,
    business_ids: Collection[int] | None,
    actor: Actor | None,
) -> Select[Lead]:
    settled = case((Lead.state.in_(SETTLED), 1), else_=0)
    return (
        _narrowed(program_id, business_ids, actor)
        .options(
            contains_eager(Lead.program),
            contains_eager(Lead.holder).options(
                contains_eager(StallHolder.business), joinedload(StallHolder.stall)
            ),
            joinedload(Lead.product),
        )
        .order_by(settled, Lead.due_on.is_(None), Lead.due_on, Lead.id.desc())
    )


def _narrowed(
    program_id: int | None,
    business_ids: Collection[int] | None,
    actor: Actor | None,
) -> Select[Lead]:
    statement = select(Lead).join(Lead.program).join(Lead.holder).outerjoin(StallHolder.business)
    if program_id is not None:
        statement = statement.where(Lead.program_id == program_id)
    if business_ids is not None:
        statement = statement.where(StallHolder.business_id.in_(business_ids))
    if actor is not None:
        statement = statement.where(
            or_(run_by(actor, Program.office_id), lies_in(Business.region_code, actor.scope))
        )
    return statement


def count_of_program(program_id: int, today: date) -> LeadCounts:
    row = session.execute(
        select(
            func.count(),
            func.count().filter(_is_late(today)),
            func.count().filter(Lead.state == LeadState.NEED),
            func.count().filter(Lead.state == LeadState.MEETING),
            func.count().filter(Lead.state == LeadState.COMMITMENT),
        ).where(Lead.program_id == program_id)
    ).one()
    return LeadCounts(*row)


def leads_of_businesses(business_ids: Collection[int]) -> Sequence[Lead]:
    """Contacts made at the stalls of these businesses."""
    return session.scalars(
        select(Lead)
        .join(Lead.holder)
        .where(StallHolder.business_id.in_(business_ids))
        .options(joinedload(Lead.program))
        .order_by(Lead.id)
    ).all()
