"""Reads of questions: about a thing, of a side, of an area."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from marketplace.businesses.models import Business
from marketplace.catalog.models import Product
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.demand.models import Need
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.questions.models import Question
from marketplace.questions.rules import QuestionState

# Two texts of 500 characters each: so many keep a page under its budget of 30 KB.
PAGE_SIZE = 15


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many questions wait for an answer, and since when the oldest does."""

    count: int
    oldest_at: datetime | None


def _loads() -> tuple[ORMOption, ...]:
    return (
        joinedload(Question.asker),
        joinedload(Question.product).joinedload(Product.business),
        joinedload(Question.need).joinedload(Need.business),
    )


def get_question(question_id: int) -> Question:
    """A question with who asked, what about and whose that is."""
    found = session.scalar(select(Question).options(*_loads()).where(Question.id == question_id))
    if found is None:
        raise NotFound(N_("There is no such question."))
    return found


def _about(thing: Product | Need) -> ColumnElement[bool]:
    if isinstance(thing, Product):
        return Question.product_id == thing.id
    return Question.need_id == thing.id


def page_of_answered(
    thing: Product | Need, *, number: int = 1, size: int = PAGE_SIZE
) -> Page[Question]:
    """What all who see the product or need may read, last answered first."""
    statement = (
        select(Question)
        .options(*_loads())
        .where(_about(thing), Question.state == QuestionState.ANSWERED)
        .order_by(Question.answered_at.desc(), Question.id.desc())
    )
    return paged(statement, number=number, size=size)


def list_open_about(
    thing: Product | Need, asker_ids: Collection[int] | None = None, limit: int = PAGE_SIZE
) -> Sequence[Question]:
    """Those without an answer, oldest first; with `asker_ids` those of these businesses."""
    statement = (
        select(Question)
        .options(*_loads())
        .where(_about(thing), Question.state == QuestionState.ASKED)
        .order_by(Question.asked_at, Question.id)
        .limit(limit)
    )
    if asker_ids is not None:
        statement = statement.where(Question.asker_id.in_(asker_ids))
    return session.scalars(statement).all()


def lock_asker(business_id: int) -> None:
    """One question of a business at a time: the count before it must still hold after it."""
    session.execute(
        select(Business.id).where(Business.id == business_id).with_for_update(key_share=True)
    )


def count_open_of(asker_id: int, thing: Product | Need) -> int:
    statement = (
        select(func.count())
        .select_from(Question)
        .where(_about(thing), Question.asker_id == asker_id, Question.state == QuestionState.ASKED)
    )
    return session.scalar(statement) or 0


def _asked_of(business_ids: Collection[int]) -> ColumnElement[bool]:
    """Questions about the products and needs of these businesses."""
    return or_(
        Question.product_id.in_(select(Product.id).where(Product.business_id.in_(business_ids))),
        Question.need_id.in_(select(Need.id).where(Need.business_id.in_(business_ids))),
    )


def _listed(condition: ColumnElement[bool], number: int) -> Page[Question]:
    """Those that wait first, the oldest on top; then the rest, newest first."""
    waits = Question.state == QuestionState.ASKED
    statement = select(Question).options(*_loads()).where(condition)
    waiting = func.coalesce(Question.answered_at, Question.hidden_at)
    return paged(
        statement.order_by(waits.desc(), waiting.desc(), Question.asked_at, Question.id),
        number=number,
        size=PAGE_SIZE,
    )


def page_of_asked(business_ids: Collection[int], number: int) -> Page[Question]:
    """What these businesses asked."""
    return _listed(Question.asker_id.in_(business_ids), number)


def page_to_answer(business_ids: Collection[int], number: int) -> Page[Question]:
    """What these businesses were asked; withdrawn and hidden ones are not theirs to read."""
    told = Question.state.in_([QuestionState.ASKED, QuestionState.ANSWERED])
    return _listed(_asked_of(business_ids) & told, number)


def page_of_area(area: str, number: int) -> Page[Question]:
    """Every question of a kabupaten/kota, or of all of them where `area` is empty."""
    return _listed(lies_in(Question.area_code, area) if area else Question.id > 0, number)


def waiting_for(business_ids: Collection[int]) -> Waiting:
    return _waiting(_asked_of(business_ids))


def waiting_in(area: str) -> Waiting:
    """Of an area, or of all of them where it is empty."""
    return _waiting(lies_in(Question.area_code, area) if area else Question.id > 0)


def _waiting(condition: ColumnElement[bool]) -> Waiting:
    statement: Select[int, datetime | None] = select(
        func.count(), func.min(Question.asked_at)
    ).where(condition, Question.state == QuestionState.ASKED)
    count, oldest = session.execute(statement).one()
    return Waiting(count, oldest)


def list_unanswered_of(thing: Product | Need) -> Sequence[Question]:
    """Every question still open about it, to be closed with it."""
    return session.scalars(
        select(Question)
        .options(*_loads())
        .where(_about(thing), Question.state == QuestionState.ASKED)
        .order_by(Question.id)
    ).all()


def list_of_person(person_id: int, limit: int = 1_000) -> Sequence[Question]:
    """What a person asked or answered, for the copy of their data."""
    return session.scalars(
        select(Question)
        .options(*_loads())
        .where(or_(Question.asked_by_id == person_id, Question.answered_by_id == person_id))
        .order_by(Question.id)
        .limit(limit)
    ).all()
