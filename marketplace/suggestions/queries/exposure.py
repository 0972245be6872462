"""Reads of cap and floor: the rule, the ledger, who was held back, and the spread."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import case, func, or_, select

from marketplace.businesses.models import Business
from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState
from marketplace.core.clock import WIB
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.suggestions.models import Exposure, ExposureRule, Suggestion
from marketplace.suggestions.rules import ExposureReason, SuggestionState, first_day


def rule_in_force() -> ExposureRule | None:
    return session.scalar(select(ExposureRule).where(ExposureRule.is_in_force))


def list_rules(limit: int = 20) -> Sequence[ExposureRule]:
    """What was set, newest first."""
    return session.scalars(select(ExposureRule).order_by(ExposureRule.id.desc()).limit(limit)).all()


def producers_of(product_ids: Collection[int]) -> Mapping[int, int]:
    """The business of each product."""
    rows = session.execute(
        select(Product.id, Product.business_id).where(Product.id.in_(product_ids))
    )
    return {row[0]: row[1] for row in rows}


def product_ids_of_need(need_id: int) -> Sequence[int]:
    """The products suggested for a need, in whatever state, without loading the suggestions."""
    return session.scalars(select(Suggestion.product_id).where(Suggestion.need_id == need_id)).all()


def start_of(period: str) -> datetime:
    """The instant a period begins, by the business day."""
    day = first_day(period)
    return datetime(day.year, day.month, day.day, tzinfo=WIB).astimezone(UTC)


def count_slots(business_ids: Collection[int], period: str) -> Mapping[int, int]:
    """Places taken since the period began, counted from the suggestions themselves."""
    rows = session.execute(
        select(Product.business_id, func.count(Suggestion.id))
        .join(Suggestion.product)
        .where(Product.business_id.in_(business_ids), Suggestion.slot_at >= start_of(period))
        .group_by(Product.business_id)
    )
    return {row[0]: row[1] for row in rows}


def known_ledger(business_ids: Collection[int], periods: Sequence[str]) -> set[tuple[int, str]]:
    rows = session.execute(
        select(Exposure.business_id, Exposure.period).where(
            Exposure.business_id.in_(business_ids), Exposure.period.in_(periods)
        )
    )
    return {(row[0], row[1]) for row in rows}


def lock_ledger(
    business_ids: Collection[int], periods: Sequence[str]
) -> Mapping[tuple[int, str], int]:
    """What each producer took, locked until the transaction ends, always in the same order."""
    rows = session.execute(
        select(Exposure.business_id, Exposure.period, Exposure.taken)
        .where(Exposure.business_id.in_(business_ids), Exposure.period.in_(periods))
        .order_by(Exposure.business_id, Exposure.period)
        .with_for_update()
    )
    return {(row[0], row[1]): row[2] for row in rows}


def businesses_to_release(period: str, cap: int | None, limit: int = 50) -> Sequence[int]:
    """Producers with something held back who have a place again."""
    statement = (
        select(Product.business_id)
        .distinct()
        .select_from(Suggestion)
        .join(Suggestion.product)
        .outerjoin(
            Exposure,
            (Exposure.business_id == Product.business_id) & (Exposure.period == period),
        )
        .where(Suggestion.state == SuggestionState.HELD)
        .order_by(Product.business_id)
        .limit(limit)
    )
    if cap is not None:
        statement = statement.where(or_(Exposure.taken.is_(None), Exposure.taken < cap))
    return session.scalars(statement).all()


def list_held_of(business_id: int, limit: int = 200) -> Sequence[Suggestion]:
    """What is held back of a producer, best first."""
    return session.scalars(
        select(Suggestion)
        .join(Suggestion.product)
        .where(Product.business_id == business_id, Suggestion.state == SuggestionState.HELD)
        .order_by(Suggestion.score.desc(), Suggestion.id)
        .limit(limit)
    ).all()


def starved_product_ids(period: str, floor: int) -> Mapping[int, Sequence[int]]:
    """Published products by producer, of the producers who took less than `floor`."""
    rows = session.execute(
        select(Product.business_id, Product.id)
        .outerjoin(
            Exposure,
            (Exposure.business_id == Product.business_id) & (Exposure.period == period),
        )
        .where(
            Product.state == ProductState.PUBLISHED,
            or_(Exposure.taken.is_(None), Exposure.taken < floor),
        )
        .order_by(Product.business_id, Product.id)
    )
    found: dict[int, list[int]] = {}
    for business_id, product_id in rows:
        found.setdefault(business_id, []).append(product_id)
    return found


@dataclass(frozen=True, slots=True)
class ProducerShare:
    """What one producer with goods on offer had of the suggestions of a period."""

    business_id: int
    name: str
    region_code: str
    new: int
    by_floor: int
    held: int
    accepted: int


def list_shares(period: str, area: str = "") -> Sequence[ProducerShare]:
    """Every producer with published goods or a suggestion in the period; most new ones first.

    `new` counts suggestions that took a place in the period, `held` those held back now.
    """
    since = start_of(period)
    is_new = Suggestion.slot_at >= since
    raised = Suggestion.exposure["why"].as_string() == ExposureReason.FLOOR.value
    counted = (
        select(
            Product.business_id.label("business_id"),
            func.sum(case((is_new, 1), else_=0)).label("new"),
            func.sum(case((is_new & raised, 1), else_=0)).label("by_floor"),
            func.sum(case((Suggestion.state == SuggestionState.HELD, 1), else_=0)).label("held"),
            func.sum(
                case((is_new & (Suggestion.state == SuggestionState.ACCEPTED), 1), else_=0)
            ).label("accepted"),
        )
        .join(Suggestion.product)
        .where(or_(is_new, Suggestion.state == SuggestionState.HELD))
        .group_by(Product.business_id)
        .subquery()
    )
    on_offer = select(Product.business_id).where(Product.state == ProductState.PUBLISHED)
    statement = (
        select(
            Business.id,
            Business.name,
            Business.region_code,
            func.coalesce(counted.c.new, 0),
            func.coalesce(counted.c.by_floor, 0),
            func.coalesce(counted.c.held, 0),
            func.coalesce(counted.c.accepted, 0),
        )
        .outerjoin(counted, counted.c.business_id == Business.id)
        .where(or_(Business.id.in_(on_offer), counted.c.business_id.is_not(None)))
        .order_by(func.coalesce(counted.c.new, 0).desc(), Business.folded_name, Business.id)
    )
    if area:
        statement = statement.where(lies_in(Business.region_code, area))
    return [ProducerShare(*row) for row in session.execute(statement)]


def names_of(business_ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    """Name and place of businesses."""
    rows = session.execute(
        select(Business.id, Business.name, Business.region_code).where(
            Business.id.in_(business_ids)
        )
    )
    return {row[0]: (row[1], row[2]) for row in rows}
