"""What waits for each role, counted."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from marketplace.businesses.models import Business, Paper
from marketplace.businesses.rules import BusinessKind, PaperState
from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState
from marketplace.core.actor import Actor
from marketplace.core.clock import now, today
from marketplace.deals import queries as deals
from marketplace.deals.policies import may_record_deal
from marketplace.demand.models import Need
from marketplace.demand.rules import NeedState
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.learning import queries as learning
from marketplace.meetings import queries as meetings
from marketplace.meetings.queries import results
from marketplace.notifications import queries as outbox
from marketplace.notifications.policies import tray_of
from marketplace.programs.queries import leads, sign_ups
from marketplace.questions import queries as questions
from marketplace.questions.queries import Waiting
from marketplace.readiness.queries import radar
from marketplace.readiness.rules import Horizon
from marketplace.suggestions import queries as suggestions
from marketplace.suggestions.queries import holding
from marketplace.suggestions.rules import IntroductionState, SuggestionState

EXPIRY_NOTICE = timedelta(days=30)
# So long a kabupaten/kota is told on its first page that the province decided its cases.
NEWS_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class PublicFigures:
    producers: int
    products: int
    outlets: int


@dataclass(frozen=True, slots=True)
class OfficeTasks:
    """The morning of an officer; `stake` is rupiah a month of all that waits."""

    to_decide: int
    asked: int
    stake: int
    to_send: int
    papers_to_check: int
    papers_expiring: int
    contacts_overdue: int
    calls: int
    invoices_late: int
    problems: int  # of deals, told to the office and not answered
    problem_deal: int | None
    awaiting_answers: int
    agreed: int
    overrides: int
    unanswered: int
    to_learn: int
    events: int
    without_step: int
    without_result: int
    steps_due: int
    samples_late: int
    questions: Waiting
    mine: int
    untaken: int  # given to the office, taken by nobody there yet
    decided_lately: int


@dataclass(frozen=True, slots=True)
class ProducerTasks:
    drafts: int
    published: int
    to_answer: int
    meetings_to_answer: int
    steps_due: int
    orders: int  # to be sent
    papers_expiring: int
    questions: Waiting
    business_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BuyerTasks:
    open_needs: int
    drafts: int
    to_answer: int
    meetings_to_answer: int
    steps_due: int
    orders: int  # on the way, or to be judged
    questions: Waiting
    business_ids: tuple[int, ...]


def _count(statement: object) -> int:
    return session.scalar(statement) or 0  # type: ignore[call-overload]


def public_figures() -> PublicFigures:
    published = Product.state == ProductState.PUBLISHED
    return PublicFigures(
        producers=_count(select(func.count(func.distinct(Product.business_id))).where(published)),
        products=_count(select(func.count()).select_from(Product).where(published)),
        outlets=_count(
            select(func.count())
            .select_from(Business)
            .where(Business.kind == BusinessKind.OUTLET, Business.merged_into_id.is_(None))
        ),
    )


def office_tasks(actor: Actor) -> OfficeTasks:
    area = actor.scope
    states = suggestions.count_by_state(area)
    introductions = suggestions.count_introductions(area)
    problems, problem_deal = 0, None
    if may_record_deal(actor):  # who answers them
        problems, problem_deal = deals.open_notices(deals.DealFilter(area=area))
    return OfficeTasks(
        to_decide=states[SuggestionState.PROPOSED],
        asked=suggestions.count_asked(area),
        stake=suggestions.money_at_stake(area),
        to_send=outbox.count_to_send(tray_of(actor)),
        papers_to_check=_papers(area, Paper.state == PaperState.ENTERED),
        papers_expiring=radar.count_within(area, Horizon.DAYS_30, today()),
        contacts_overdue=leads.count_overdue(today(), actor=actor),
        calls=sign_ups.count_follow_ups(actor),
        problems=problems,
        problem_deal=problem_deal,
        invoices_late=deals.count_late(deals.DealFilter(area=area), today()),
        awaiting_answers=introductions[IntroductionState.SENT]
        + introductions[IntroductionState.AGREED_BY_ONE],
        agreed=introductions[IntroductionState.AGREED],
        overrides=suggestions.count_overrides(area),
        unanswered=suggestions.count_unanswered() if actor.is_province_officer else 0,
        to_learn=sum(learning.count_to_decide()),
        events=meetings.count_open_events(),
        without_step=results.count_without_step(area),
        without_result=results.count_without_result(area, now()),
        steps_due=results.count_due_steps(today(), area),
        samples_late=results.count_late_samples(area, now()),
        questions=questions.waiting_in(area),
        mine=holding.count_held_by(actor.person_id),
        untaken=holding.count_untaken_at(actor.office_id),
        decided_lately=0
        if actor.is_province_officer
        else holding.count_decided_since(area, now() - NEWS_FOR),
    )


def _expiring() -> tuple[object, ...]:
    """Papers that still count and stop counting within the notice."""
    return (
        Paper.state.in_([PaperState.ENTERED, PaperState.VERIFIED]),
        Paper.valid_to.between(today(), today() + EXPIRY_NOTICE),
    )


def _papers(area: str, *conditions: object) -> int:
    statement = (
        select(func.count()).select_from(Paper).join(Business, Business.id == Paper.business_id)
    )
    for condition in conditions:
        statement = statement.where(condition)  # type: ignore[arg-type]
    if area:
        statement = statement.where(lies_in(Business.region_code, area))
    return _count(statement)


def _businesses_of(actor: Actor, kind: BusinessKind) -> tuple[int, ...]:
    """Those this person works for, or the one acted for, of one kind."""
    if actor.acting_for is not None:
        chosen = session.get(Business, actor.acting_for)
        return (chosen.id,) if chosen is not None and chosen.kind is kind else ()
    own = actor.producer_ids if kind is BusinessKind.PRODUCER else actor.outlet_ids
    return tuple(sorted(own))


def producer_tasks(actor: Actor) -> ProducerTasks | None:
    ids = _businesses_of(actor, BusinessKind.PRODUCER)
    if not ids:
        return None
    rows = session.execute(
        select(Product.state, func.count())
        .where(Product.business_id.in_(ids))
        .group_by(Product.state)
    )
    states = {row[0]: row[1] for row in rows}
    expiring = select(func.count()).select_from(Paper).where(Paper.business_id.in_(ids))
    for condition in _expiring():
        expiring = expiring.where(condition)  # type: ignore[arg-type]
    return ProducerTasks(
        drafts=states.get(ProductState.DRAFT, 0),
        published=states.get(ProductState.PUBLISHED, 0),
        to_answer=suggestions.count_own_open_introductions(ids),
        meetings_to_answer=meetings.count_own_to_answer(ids, now()),
        steps_due=results.count_due_steps(today(), business_ids=ids),
        orders=deals.count_to_send(ids),
        papers_expiring=_count(expiring),
        questions=questions.waiting_for(ids),
        business_ids=ids,
    )


def buyer_tasks(actor: Actor) -> BuyerTasks | None:
    ids = _businesses_of(actor, BusinessKind.OUTLET)
    if not ids:
        return None
    rows = session.execute(
        select(Need.state, func.count()).where(Need.business_id.in_(ids)).group_by(Need.state)
    )
    states = {row[0]: row[1] for row in rows}
    return BuyerTasks(
        open_needs=states.get(NeedState.OPEN, 0),
        drafts=states.get(NeedState.DRAFT, 0),
        to_answer=suggestions.count_own_open_introductions(ids),
        meetings_to_answer=meetings.count_own_to_answer(ids, now()),
        steps_due=results.count_due_steps(today(), business_ids=ids),
        orders=deals.count_to_take(ids),
        questions=questions.waiting_for(ids),
        business_ids=ids,
    )
