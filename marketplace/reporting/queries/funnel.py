"""How far producers came by the end of a period, and why cases ended within it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)

from marketplace.businesses.models import Business
from marketplace.businesses.rules import BusinessKind
from marketplace.catalog.models import Product
from marketplace.deals.models import Deal, Order, Payment
from marketplace.deals.rules.orders import DELIVERED, OrderState
from marketplace.deals.rules.states import DealState
from marketplace.infra.db import session
from marketplace.infra.paging import Page
from marketplace.meetings.models import Meeting, MeetingRequest
from marketplace.meetings.rules import MeetingState, RequestState
from marketplace.reporting.queries.areas import area_on, in_scope, within_days, within_instants
from marketplace.reporting.queries.events import (
    BOTH_AGREED,
    Buyer,
    columns,
    of_deal,
    pairing,
)
from marketplace.reporting.queries.figures import FigureRow, all_of, page_of
from marketplace.reporting.queries.shares import (
    SUPPLIER,
    Producer,
    join_suppliers,
    once,
    suppliers_of,
)
from marketplace.reporting.rules.funnel import Loss, Step
from marketplace.reporting.rules.scopes import Scope
from marketplace.suggestions.models import Introduction, Suggestion
from marketplace.suggestions.rules import IntroductionState, SuggestionState


@dataclass(frozen=True, slots=True)
class LossCount:
    loss: Loss
    reason: str  # the code of the reason in its own room; "" where there is none
    count: int


def _reached(scope: Scope) -> Select[Any]:
    """Each producer of the scope with the farthest step it had reached by the period's last day."""
    _first, end = scope.period.span()
    last = scope.period.last
    by_product = select(Product.business_id).select_from(Suggestion).join(Suggestion.product)
    paid = select(Payment.order_id).where(Payment.on <= last)
    seen: list[tuple[Step, Any]] = [
        (
            Step.REGISTERED,
            select(Business.id).where(
                Business.kind == BusinessKind.PRODUCER,
                Business.merged_into_id.is_(None),
                Business.created_at < end,
            ),
        ),
        (Step.PUBLISHED, select(Product.business_id).where(Product.published_at < end)),
        (Step.SUGGESTED, by_product.where(Suggestion.created_at < end)),
        (
            Step.ACCEPTED,
            by_product.where(
                Suggestion.state == SuggestionState.ACCEPTED, Suggestion.decided_at < end
            ),
        ),
        (
            Step.INTRODUCED,
            by_product.join(Suggestion.introductions).where(
                Introduction.state == IntroductionState.AGREED, end > BOTH_AGREED
            ),
        ),
        (
            Step.MET,
            select(Meeting.producer_id).where(
                Meeting.state == MeetingState.HELD, Meeting.starts_at < end
            ),
        ),
        (
            Step.DEALT,
            join_suppliers(select(SUPPLIER).select_from(Deal), Deal).where(
                Deal.state != DealState.COMMITMENT, Deal.signed_on <= last
            ),
        ),
        (Step.DELIVERED, suppliers_of(Order.state.in_(DELIVERED), Order.decided_on <= last)),
        (Step.PAID, suppliers_of(Order.id.in_(paid))),
    ]
    each = union_all(
        *(
            statement.add_columns(literal(step.value).label("step")).distinct()
            for step, statement in seen
        )
    ).subquery()
    area = area_on(Producer, last)
    return (
        select(
            Producer.id.label("business_id"),
            *columns(
                Producer.id,
                link=Producer.id,
                area=area,
                on=null(),
                who=Producer.name,
                what=literal(""),
                amount=func.max(each.c.step),
            ),
        )
        .join(each, each.c[0] == Producer.id)
        .where(Producer.merged_into_id.is_(None), in_scope(area, scope))
        .group_by(Producer.id, Producer.name, Producer.region_code)
    )


def count_steps(scope: Scope) -> dict[Step, int]:
    """How many producers reached each step, or one after it."""
    rows = _reached(scope).subquery()
    stands = {
        Step(step): int(count)
        for step, count in session.execute(
            select(rows.c.amount, func.count()).group_by(rows.c.amount)
        )
    }
    return {step: sum(n for other, n in stands.items() if other >= step) for step in Step}


def page_of_step(scope: Scope, step: Step, *, stopped: bool, number: int) -> Page[FigureRow]:
    """Producers who reached a step; `stopped`: and came no farther."""
    return page_of(_of_step(scope, step, stopped), number, 25)


def list_of_step(scope: Scope, step: Step, *, stopped: bool) -> list[FigureRow]:
    return all_of(_of_step(scope, step, stopped))


def _of_step(scope: Scope, step: Step, stopped: bool) -> Select[Any]:
    rows = _reached(scope).subquery()
    at = rows.c.amount == step.value if stopped else rows.c.amount >= step.value
    return select(rows).where(at)


# --- why cases ended


def _rejected(scope: Scope) -> Select[Any]:
    return (
        pairing(Suggestion.decided_at, Suggestion.id)
        .add_columns(Suggestion.reject_reason.label("reason"))
        .where(
            Suggestion.state == SuggestionState.REJECTED,
            within_instants(Suggestion.decided_at, scope),
        )
    )


def _introductions(on: Any, reason: Any, state: IntroductionState, scope: Scope) -> Select[Any]:
    return (
        pairing(on, Introduction.id)
        .add_columns(reason.label("reason"))
        .join(Introduction, Introduction.suggestion_id == Suggestion.id)
        .where(Introduction.state == state, within_instants(on, scope))
    )


def _of_meeting(table: Any, on: Any, reason: Any) -> Select[Any]:
    return (
        select(
            table.producer_id.label("business_id"),
            *columns(
                table.id,
                link=table.id,
                area=table.area_code,
                on=on,
                who=Producer.name,
                what=Buyer.name,
            ),
            reason.label("reason"),
        )
        .outerjoin(Producer, Producer.id == table.producer_id)
        .outerjoin(Buyer, Buyer.id == table.buyer_id)
    )


def _requests(scope: Scope) -> Select[Any]:
    request = MeetingRequest
    return _of_meeting(request, request.declined_at, request.decline_reason).where(
        request.state == RequestState.DECLINED, within_instants(request.declined_at, scope)
    )


def _meetings(state: MeetingState, reason: Any, scope: Scope) -> Select[Any]:
    return _of_meeting(Meeting, Meeting.starts_at, reason).where(
        Meeting.state == state, within_instants(Meeting.starts_at, scope)
    )


def _closed(scope: Scope) -> Select[Any]:
    return (
        of_deal(Deal.closed_on, Deal.id, Deal.id, None)
        .add_columns(Deal.state.label("reason"))
        .where(
            or_(Deal.state == DealState.CANCELLED, Deal.state == DealState.DISPUTED),
            within_days(Deal.closed_on, scope),
        )
    )


def _goods(scope: Scope) -> Select[Any]:
    return (
        of_deal(Order.decided_on, Order.id, Order.id, None, source=Order)
        .add_columns(Order.reject_reason.label("reason"))
        .where(Order.state == OrderState.REJECTED, within_days(Order.decided_on, scope))
    )


LOSSES: Mapping[Loss, Callable[[Scope], Select[Any]]] = {
    Loss.REJECTED: _rejected,
    Loss.DECLINED: lambda scope: _introductions(
        Introduction.declined_at, Introduction.decline_reason, IntroductionState.DECLINED, scope
    ),
    Loss.UNANSWERED: lambda scope: _introductions(
        Introduction.expires_at, null(), IntroductionState.EXPIRED, scope
    ),
    Loss.MEETING_DECLINED: _requests,
    Loss.MISSED: lambda scope: _meetings(MeetingState.NO_SHOW, Meeting.no_show_by, scope),
    Loss.CALLED_OFF: lambda scope: _meetings(MeetingState.CANCELLED, null(), scope),
    Loss.DEAL_CLOSED: _closed,
    Loss.GOODS_REJECTED: _goods,
}

# As the figures of deals: a row for each supplier of them, counted once.
SHARED = frozenset({Loss.DEAL_CLOSED, Loss.GOODS_REJECTED})


def _lost(loss: Loss, scope: Scope, reason: str | None = None) -> Select[Any]:
    statement = LOSSES[loss](scope)
    rows = (once(statement, scope) if loss in SHARED else statement).subquery()
    narrowed: list[ColumnElement[bool]] = [in_scope(rows.c.area, scope)]
    if reason is not None:
        # As text: a code that is no reason of this kind finds nothing, it is not an error.
        said = type_coerce(rows.c.reason, String)
        narrowed.append(said.is_(None) if not reason else said == reason)
    return select(rows).where(*narrowed)


def count_losses(scope: Scope) -> list[LossCount]:
    """By kind and reason, the most frequent reason of each kind first."""
    found: list[LossCount] = []
    for loss in Loss:
        rows = _lost(loss, scope).subquery()
        counts = session.execute(
            select(rows.c.reason, func.count())
            .group_by(rows.c.reason)
            .order_by(func.count().desc(), rows.c.reason)
        )
        found += [LossCount(loss, str(reason or ""), int(count)) for reason, count in counts]
    return found


def page_of_losses(scope: Scope, loss: Loss, reason: str, number: int) -> Page[FigureRow]:
    return page_of(_lost(loss, scope, reason), number, 25)


def list_of_losses(scope: Scope, loss: Loss, reason: str) -> list[FigureRow]:
    return all_of(_lost(loss, scope, reason))
