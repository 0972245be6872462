"""What programmes keep of one telephone number, whoever wrote it down."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.infra.db import session
from marketplace.programs.models import Lead, SignUp, StallHolder, Training


@dataclass(frozen=True, slots=True)
class Kept:
    """Seats in trainings, contacts at stalls that name this person, stalls of walk-ins."""

    sign_ups: Sequence[SignUp] = ()
    leads: Sequence[Lead] = ()
    holders: Sequence[StallHolder] = ()

    def __bool__(self) -> bool:
        return bool(self.sign_ups or self.leads or self.holders)


def kept_of(phone: str | None) -> Kept:
    """With their programmes. A stall of a business of the register keeps the business's number."""
    if not phone:
        return Kept()
    return Kept(
        session.scalars(
            select(SignUp)
            .options(joinedload(SignUp.training).joinedload(Training.program))
            .where(SignUp.phone == phone)
            .order_by(SignUp.id)
        ).all(),
        session.scalars(
            select(Lead)
            .options(joinedload(Lead.program))
            .where(Lead.phone == phone)
            .order_by(Lead.id)
        ).all(),
        session.scalars(
            select(StallHolder)
            .options(joinedload(StallHolder.program))
            .where(StallHolder.phone == phone, StallHolder.business_id.is_(None))
            .order_by(StallHolder.id)
        ).all(),
    )
