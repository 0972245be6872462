"""One bazaar or expo: its days, its stalls, who stands there."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from marketplace.businesses.models import Business
from marketplace.businesses.queries import living
from marketplace.businesses.rules import BusinessKind
from marketplace.core.actor import Actor
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.areas import run_by
from marketplace.infra.db import session
from marketplace.programs.models import (
    BazaarDay,
    Program,
    Stall,
    StallHolder,
    TurnoverReport,
)
from marketplace.programs.queries.programs import get_program
from marketplace.programs.rules import ProgramState
from marketplace.programs.rules.bazaars import WITH_STALLS, HolderState


def get_bazaar(bazaar_id: int) -> Program:
    """A bazaar or an expo, with its office."""
    return get_program(bazaar_id, *WITH_STALLS)


def lock_bazaar(bazaar_id: int, *, to_change: bool = True) -> Program:
    """The same for a change, held until the transaction ends.

    Who only enters a figure holds it together with others: its state and days stay as they are.
    """
    found = session.scalar(
        select(Program)
        .options(joinedload(Program.office, innerjoin=True))
        .where(Program.id == bazaar_id, Program.kind.in_(WITH_STALLS))
        .with_for_update(read=not to_change, of=Program)
        # Whoever was waited for may have closed it: what was read before the lock does not count.
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(N_("There is no such programme."))
    return found


def days_of(program_id: int) -> Sequence[BazaarDay]:
    return session.scalars(
        select(BazaarDay).where(BazaarDay.program_id == program_id).order_by(BazaarDay.day_on)
    ).all()


def find_day(program_id: int, day_on: date) -> BazaarDay | None:
    return session.scalar(
        select(BazaarDay).where(BazaarDay.program_id == program_id, BazaarDay.day_on == day_on)
    )


def stalls_of(program_id: int) -> Sequence[Stall]:
    """In the order they stand in."""
    return session.scalars(
        select(Stall).where(Stall.program_id == program_id).order_by(Stall.position, Stall.id)
    ).all()


def holders_of(program_id: int, *, only_coming: bool = False) -> Sequence[StallHolder]:
    """By stall, those without one last; with stall and register entry."""
    statement = (
        select(StallHolder)
        .outerjoin(StallHolder.stall)
        .options(joinedload(StallHolder.stall), joinedload(StallHolder.business))
        .where(StallHolder.program_id == program_id)
        .order_by(Stall.position.is_(None), Stall.position, StallHolder.name, StallHolder.id)
    )
    if only_coming:
        statement = statement.where(StallHolder.state == HolderState.COMES)
    return session.scalars(statement).all()


def get_holder(holder_id: int) -> StallHolder:
    """With programme, office, stall and register entry."""
    found = session.scalar(
        select(StallHolder)
        .options(
            joinedload(StallHolder.program).joinedload(Program.office),
            joinedload(StallHolder.stall),
            joinedload(StallHolder.business),
        )
        .where(StallHolder.id == holder_id)
    )
    if found is None:
        raise NotFound(N_("There is no such stall."))
    return found


def find_holder_of(program_id: int, business_id: int) -> StallHolder | None:
    return session.scalar(
        select(StallHolder).where(
            StallHolder.program_id == program_id, StallHolder.business_id == business_id
        )
    )


def business_ids_at(program_id: int) -> frozenset[int]:
    return frozenset(
        number
        for number in session.scalars(
            select(StallHolder.business_id).where(StallHolder.program_id == program_id)
        )
        if number is not None
    )


def producers_of(business_ids: Collection[int]) -> Sequence[Business]:
    """Those of these numbers that are producers standing for themselves."""
    return session.scalars(
        living()
        .where(Business.id.in_(business_ids), Business.kind == BusinessKind.PRODUCER)
        .order_by(Business.folded_name, Business.id)
    ).all()


def own_holders(business_ids: Collection[int]) -> Sequence[StallHolder]:
    """The stalls these businesses have or had, the newest first; drafts are not told yet."""
    return session.scalars(
        select(StallHolder)
        .join(StallHolder.program)
        .options(joinedload(StallHolder.program), joinedload(StallHolder.stall))
        .where(
            StallHolder.business_id.in_(business_ids),
            Program.state.in_((ProgramState.OPEN, ProgramState.CLOSED)),
        )
        .order_by(Program.starts_on.desc(), StallHolder.id)
    ).all()


def days_with_reports(program_id: int) -> frozenset[date]:
    return frozenset(
        session.scalars(
            select(TurnoverReport.day_on).where(TurnoverReport.program_id == program_id).distinct()
        )
    )


def labels_held(program_id: int) -> Mapping[str, str]:
    """Stall label -> who holds it."""
    rows = session.execute(
        select(Stall.label, StallHolder.name)
        .join(StallHolder, StallHolder.stall_id == Stall.id)
        .where(Stall.program_id == program_id)
    )
    return {row.label: row.name for row in rows}


def count_holders(program_id: int) -> int:
    return (
        session.scalar(
            select(func.count()).where(
                StallHolder.program_id == program_id, StallHolder.state == HolderState.COMES
            )
        )
        or 0
    )


def earlier_bazaars(actor: Actor | None, limit: int = 8) -> Sequence[Program]:
    """What a set-up can be taken from: the last ones that an officer runs, or of all."""
    statement = select(Program).where(Program.kind.in_(WITH_STALLS))
    if actor is not None:
        statement = statement.where(run_by(actor, Program.office_id))
    return session.scalars(
        statement.order_by(Program.starts_on.desc(), Program.id.desc()).limit(limit)
    ).all()


def named_bazaars(number: int | None, title: str, office_id: int | None) -> Sequence[Program]:
    """Programmes with stalls of this number or title, the newest first."""
    statement = select(Program).where(
        Program.kind.in_(WITH_STALLS),
        or_(Program.id == (number or 0), func.lower(Program.title) == title.strip().lower()),
    )
    if office_id is not None:
        statement = statement.where(Program.office_id == office_id)
    return session.scalars(statement.order_by(Program.starts_on.desc(), Program.id.desc())).all()


def holders_to_hand_over(merged_id: int, survivor_id: int) -> Sequence[int]:
    """Stalls of the one entry at programmes where the other has none (register merges)."""
    there = select(StallHolder.program_id).where(StallHolder.business_id == survivor_id)
    return session.scalars(
        select(StallHolder.id)
        .where(StallHolder.business_id == merged_id, StallHolder.program_id.not_in(there))
        .order_by(StallHolder.id)
    ).all()
