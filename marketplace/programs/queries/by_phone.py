"""What programmes keep of one person, whoever wrote it down."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from marketplace.accounts.models import Person
from marketplace.businesses import queries as businesses
from marketplace.core.text import fold
from marketplace.infra.db import session
from marketplace.programs.models import Lead, SignUp, StallHolder, Training


@dataclass(frozen=True, slots=True)
class Kept:
    """Seats in trainings, contacts at stalls that name this person, stalls with this contact."""

    sign_ups: Sequence[SignUp] = ()
    leads: Sequence[Lead] = ()
    holders: Sequence[StallHolder] = ()

    def __bool__(self) -> bool:
        return bool(self.sign_ups or self.leads or self.holders)


def kept_of(person: Person) -> Kept:
    """With their programmes: what stands under the person's number, or under their name at one of
    their own businesses.
    """
    producers, outlets = businesses.ids_of_person(person.id)
    own, phone = producers | outlets, person.phone or "-"  # no number is ever a dash
    return Kept(
        session.scalars(
            select(SignUp)
            .options(joinedload(SignUp.training).joinedload(Training.program))
            .where(
                or_(
                    SignUp.phone == phone,
                    and_(
                        SignUp.business_id.in_(own),
                        SignUp.folded_name == fold(person.full_name)[:200],
                    ),
                )
            )
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
            .where(
                or_(
                    StallHolder.phone == phone,
                    and_(
                        StallHolder.business_id.in_(own),
                        StallHolder.contact_name == person.full_name,
                    ),
                )
            )
            .order_by(StallHolder.id)
        ).all(),
    )
