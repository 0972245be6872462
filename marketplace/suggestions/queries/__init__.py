"""Reads of suggestions, introductions and remarks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, exists, func, literal_column, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.businesses.models import Business
from marketplace.catalog.models import Product
from marketplace.commodities.rules import categories, is_within
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.demand.models import Need
from marketplace.demand.rules import NeedState
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.suggestions.models import EngineVersion, Introduction, Remark, Suggestion
from marketplace.suggestions.queries.holding import is_held_by
from marketplace.suggestions.rules import (
    OPEN_INTRODUCTIONS,
    IntroductionState,
    RequestedBy,
    SuggestionState,
)

_CASE = (
    joinedload(Suggestion.product).joinedload(Product.business),
    joinedload(Suggestion.need).joinedload(Need.business),
    joinedload(Suggestion.need).selectinload(Need.lines),
)
_WITH_INTRODUCTION = selectinload(Suggestion.introductions)
_IS_ASKED = Suggestion.requested_by != RequestedBy.ENGINE
# In the words of the partial index (models.SOME), and not as a parameter: else it is not used.
_IS_OVERRIDDEN = Suggestion.override_reason != literal_column("''")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the officer looks at; empty fields do not filter."""

    state: SuggestionState = SuggestionState.PROPOSED
    area: str = ""
    asked_only: bool = False
    category: str = ""
    overridden_only: bool = False
    forwarded_only: bool = False
    # `mine`, `office` or `nobody`, of the officer who looks (queries.holding).
    whose: str = ""
    person_id: int | None = None
    office_id: int | None = None


def _queue(wanted: QueueFilter) -> Select[Suggestion]:
    statement = select(Suggestion).where(Suggestion.state == wanted.state)
    if wanted.area:
        statement = statement.where(lies_in(Suggestion.area_code, wanted.area))
    if wanted.asked_only:
        statement = statement.where(_IS_ASKED)
    if wanted.overridden_only:
        statement = statement.where(_IS_OVERRIDDEN)
    if wanted.forwarded_only:
        statement = statement.where(Suggestion.forwarded_at.is_not(None))
    if wanted.whose:
        statement = statement.where(is_held_by(wanted.person_id, wanted.office_id, wanted.whose))
    if wanted.category:
        within = [code for code in categories() if is_within(code, wanted.category)]
        statement = statement.join(Suggestion.need).where(Need.category_code.in_(within))
    return statement


def page_of_queue(wanted: QueueFilter, number: int, size: int = 10) -> Page[Suggestion]:
    """The queue, best first; what somebody asked for comes before what only the engine found."""
    asked_first = (Suggestion.requested_by == RequestedBy.ENGINE).asc()
    order = (
        (Suggestion.decided_at.desc(), Suggestion.id.desc())
        if wanted.state in {SuggestionState.ACCEPTED, SuggestionState.REJECTED}
        else (asked_first, Suggestion.score.desc(), Suggestion.id)
    )
    return paged(
        _queue(wanted).options(*_CASE, _WITH_INTRODUCTION).order_by(*order),
        number=number,
        size=size,
        key=Suggestion.id,
    )


def list_of_queue(wanted: QueueFilter, limit: int = 5_000) -> Sequence[Suggestion]:
    """The same list without pages, for an export."""
    return session.scalars(
        _queue(wanted)
        .options(*_CASE, _WITH_INTRODUCTION)
        .order_by(Suggestion.score.desc(), Suggestion.id)
        .limit(limit)
    ).all()


def count_by_state(area: str = "") -> dict[SuggestionState, int]:
    statement = select(Suggestion.state, func.count()).group_by(Suggestion.state)
    if area:
        statement = statement.where(lies_in(Suggestion.area_code, area))
    counts = dict.fromkeys(SuggestionState, 0)
    for state, count in session.execute(statement):
        counts[state] = count
    return counts


def count_to_decide(area: str = "") -> int:
    statement = (
        select(func.count())
        .select_from(Suggestion)
        .where(Suggestion.state == SuggestionState.PROPOSED)
    )
    if area:
        statement = statement.where(lies_in(Suggestion.area_code, area))
    return session.scalar(statement) or 0


def count_asked(area: str = "") -> int:
    statement = (
        select(func.count())
        .select_from(Suggestion)
        .where(Suggestion.state == SuggestionState.PROPOSED, _IS_ASKED)
    )
    if area:
        statement = statement.where(lies_in(Suggestion.area_code, area))
    return session.scalar(statement) or 0


def _unanswered() -> Select[Need]:
    """Open needs for which nothing waits for a decision and nothing was accepted."""
    answered = exists().where(
        Suggestion.need_id == Need.id,
        Suggestion.state.in_(
            [SuggestionState.PROPOSED, SuggestionState.ACCEPTED, SuggestionState.POSTPONED]
        ),
    )
    return select(Need).where(Need.state == NeedState.OPEN, ~answered)


def count_unanswered() -> int:
    return session.scalar(select(func.count()).select_from(_unanswered().subquery())) or 0


def page_of_unanswered(number: int) -> Page[Need]:
    """Needs the engine has nobody for, oldest first: they have waited longest."""
    return paged(
        _unanswered()
        .options(joinedload(Need.business), selectinload(Need.lines))
        .order_by(Need.published_at, Need.id),
        number=number,
    )


def count_forwarded(area: str = "") -> int:
    """Cases a kabupaten/kota asked the province to look at, not yet decided."""
    statement = (
        select(func.count())
        .select_from(Suggestion)
        .where(Suggestion.state == SuggestionState.PROPOSED, Suggestion.forwarded_at.is_not(None))
    )
    if area:
        statement = statement.where(lies_in(Suggestion.area_code, area))
    return session.scalar(statement) or 0


def count_overrides(area: str = "") -> int:
    statement = select(func.count()).select_from(Suggestion).where(_IS_OVERRIDDEN)
    if area:
        statement = statement.where(lies_in(Suggestion.area_code, area))
    return session.scalar(statement) or 0


def money_at_stake(area: str = "") -> int:
    """Rupiah a month of everything that waits for a decision."""
    statement = select(func.coalesce(func.sum(Suggestion.money_per_month), 0)).where(
        Suggestion.state == SuggestionState.PROPOSED, Suggestion.is_eligible
    )
    if area:
        statement = statement.where(lies_in(Suggestion.area_code, area))
    return int(session.scalar(statement) or 0)


def get_suggestion(suggestion_id: int) -> Suggestion:
    found = session.scalar(
        select(Suggestion)
        .options(*_CASE, _WITH_INTRODUCTION)
        .where(Suggestion.id == suggestion_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(N_("There is no such suggestion."))
    return found


def find_pair(product_id: int, need_id: int) -> Suggestion | None:
    return session.scalar(
        select(Suggestion).where(Suggestion.product_id == product_id, Suggestion.need_id == need_id)
    )


def list_of_product(product_id: int) -> Sequence[Suggestion]:
    return session.scalars(select(Suggestion).where(Suggestion.product_id == product_id)).all()


def list_of_need(need_id: int) -> Sequence[Suggestion]:
    return session.scalars(select(Suggestion).where(Suggestion.need_id == need_id)).all()


def list_of_needs(need_ids: Sequence[int], limit: int = 2_000) -> Sequence[Suggestion]:
    """The pairings of several needs with their products and producers, the best first."""
    return session.scalars(
        select(Suggestion)
        .options(joinedload(Suggestion.product).joinedload(Product.business))
        .where(Suggestion.need_id.in_(need_ids))
        .order_by(Suggestion.score.desc(), Suggestion.id)
        .limit(limit)
    ).all()


def list_due_again(day: date, limit: int = 200) -> Sequence[Suggestion]:
    """Postponed suggestions whose day has come."""
    return session.scalars(
        select(Suggestion)
        .where(Suggestion.state == SuggestionState.POSTPONED, Suggestion.postponed_until <= day)
        .limit(limit)
    ).all()


def get_introduction(introduction_id: int) -> Introduction:
    found = session.scalar(
        select(Introduction)
        .options(joinedload(Introduction.suggestion).options(*_CASE))
        .where(Introduction.id == introduction_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(N_("There is no such introduction."))
    return found


def page_of_own_introductions(business_ids: Sequence[int], number: int) -> Page[Introduction]:
    """Introductions about one's own products and needs, the open ones first."""
    own_products = select(Product.id).where(Product.business_id.in_(business_ids))
    own_needs = select(Need.id).where(Need.business_id.in_(business_ids))
    return paged(
        select(Introduction)
        .join(Introduction.suggestion)
        .options(joinedload(Introduction.suggestion).options(*_CASE))
        .where(
            Introduction.state != IntroductionState.UNDONE,
            Suggestion.state == SuggestionState.ACCEPTED,
            Suggestion.product_id.in_(own_products) | Suggestion.need_id.in_(own_needs),
        )
        .order_by(
            Introduction.state.in_([state.value for state in OPEN_INTRODUCTIONS]).desc(),
            Introduction.id.desc(),
        ),
        number=number,
    )


def count_own_open_introductions(business_ids: Sequence[int]) -> int:
    """Introductions that still wait for the answer of one of these businesses."""
    if not business_ids:
        return 0
    mine = (
        select(func.count(func.distinct(Introduction.id)))
        .select_from(Introduction)
        .join(Introduction.suggestion)
        .join(Suggestion.product)
        .join(Suggestion.need)
        .where(
            Introduction.state.in_(OPEN_INTRODUCTIONS),
            (Product.business_id.in_(business_ids) & Introduction.producer_agreed_at.is_(None))
            | (Need.business_id.in_(business_ids) & Introduction.buyer_agreed_at.is_(None)),
        )
    )
    return session.scalar(mine) or 0


def list_expired_introductions(moment: datetime, limit: int = 200) -> Sequence[Introduction]:
    return session.scalars(
        select(Introduction)
        .where(Introduction.state.in_(OPEN_INTRODUCTIONS), Introduction.expires_at < moment)
        .limit(limit)
    ).all()


def list_open_introductions(suggestion_ids: Sequence[int]) -> Sequence[Introduction]:
    return session.scalars(
        select(Introduction).where(
            Introduction.suggestion_id.in_(suggestion_ids),
            Introduction.state.in_(OPEN_INTRODUCTIONS),
        )
    ).all()


def count_introductions(area: str = "") -> dict[IntroductionState, int]:
    counts = dict.fromkeys(IntroductionState, 0)
    statement = select(Introduction.state, func.count()).group_by(Introduction.state)
    if area:
        statement = statement.join(Introduction.suggestion).where(
            lies_in(Suggestion.area_code, area)
        )
    rows = session.execute(statement)
    for state, count in rows:
        counts[state] = count
    return counts


def list_remarks(suggestion_id: int) -> Sequence[Remark]:
    return session.scalars(
        select(Remark).where(Remark.suggestion_id == suggestion_id).order_by(Remark.id)
    ).all()


def find_engine_version(digest: str) -> EngineVersion | None:
    return session.scalar(select(EngineVersion).where(EngineVersion.digest == digest))


def get_engine_version(version_id: int) -> EngineVersion:
    found = session.get(EngineVersion, version_id)
    if found is None:
        raise NotFound(N_("There is no such engine version."))
    return found


def spread_of_suggestions(area: str = "", limit: int = 10) -> Sequence[tuple[str, int]]:
    """Producers with the most open or accepted suggestions, to see whether a few take all."""
    waiting = select(Suggestion.product_id, func.count().label("suggested")).where(
        Suggestion.state.in_([SuggestionState.PROPOSED, SuggestionState.ACCEPTED])
    )
    if area:
        waiting = waiting.where(lies_in(Suggestion.area_code, area))
    # By product first: far fewer rows are joined.
    products = waiting.group_by(Suggestion.product_id).subquery()
    suggested = func.sum(products.c.suggested)
    statement = (
        select(Business.name, suggested)
        .select_from(products)
        .join(Product, Product.id == products.c.product_id)
        .join(Product.business)
        .group_by(Business.id, Business.name)
        .order_by(suggested.desc(), Business.name)
        .limit(limit)
    )
    return [(row[0], int(row[1])) for row in session.execute(statement)]
