"""What happened to producers, one select per kind: the rows that figures are made of.

Each select has the columns `id` (of the row), `link` (of the page about it), `business_id`, `area`
(of the producer then), `on` (the day or instant that decides), `who`, `what` and `amount`. Those
of deals have a row for each supplier, and `rank`: 0 of the deal's contact.

Tables that give names alone are outer joins: where only numbers are asked for, the databases leave
them out by themselves.
"""

from typing import Any

from sqlalchemy import Select, case, func, literal, select
from sqlalchemy.orm import aliased

from marketplace.businesses.models import Business
from marketplace.businesses.rules import BusinessKind
from marketplace.catalog.models import Product
from marketplace.deals.models import Deal, Order, Payment
from marketplace.deals.rules.orders import DELIVERED
from marketplace.deals.rules.states import DealState
from marketplace.demand.models import Need
from marketplace.meetings.models import Meeting
from marketplace.meetings.rules import MeetingState
from marketplace.reporting.queries.areas import area_at, area_on, within_days, within_instants
from marketplace.reporting.queries.shares import Producer, join_producers, part_of
from marketplace.reporting.rules.scopes import Scope
from marketplace.suggestions.models import Introduction, Suggestion
from marketplace.suggestions.rules import IntroductionState, SuggestionState

Buyer = aliased(Business)
# When both had said yes: the later of the two.
BOTH_AGREED = case(
    (
        Introduction.producer_agreed_at > Introduction.buyer_agreed_at,
        Introduction.producer_agreed_at,
    ),
    else_=Introduction.buyer_agreed_at,
)


def columns(
    row: Any, *, link: Any, area: Any, on: Any, who: Any, what: Any, amount: Any = None
) -> tuple[Any, ...]:
    return (
        row.label("id"),
        link.label("link"),
        area.label("area"),
        on.label("on"),
        who.label("who"),
        what.label("what"),
        (literal(0) if amount is None else amount).label("amount"),
    )


def narrowed(statement: Select[Any], *kept: str) -> Select[Any]:
    """The same rows with these columns only."""
    return statement.with_only_columns(
        *(column for column in statement.selected_columns if column.key in kept)
    )


def registered(scope: Scope) -> Select[Any]:
    return select(
        Producer.id.label("business_id"),
        *columns(
            Producer.id,
            link=Producer.id,
            area=area_at(Producer, Producer.created_at),
            on=Producer.created_at,
            who=Producer.name,
            what=literal(""),
        ),
    ).where(
        Producer.kind == BusinessKind.PRODUCER,
        Producer.merged_into_id.is_(None),
        within_instants(Producer.created_at, scope),
    )


def published(scope: Scope) -> Select[Any]:
    return (
        select(
            Product.business_id.label("business_id"),
            *columns(
                Product.id,
                link=Product.id,
                area=area_at(Producer, Product.published_at),
                on=Product.published_at,
                who=Producer.name,
                what=Product.name,
            ),
        )
        .join(Producer, Producer.id == Product.business_id)
        .where(within_instants(Product.published_at, scope))
    )


def pairing(on: Any, row: Any) -> Select[Any]:
    """Of suggestions: their area was written down, and a decided case keeps it."""
    return (
        select(
            Product.business_id.label("business_id"),
            *columns(
                row,
                link=row,
                area=Suggestion.area_code,
                on=on,
                who=Producer.name,
                what=Product.name + " → " + Buyer.name,
            ),
        )
        .select_from(Suggestion)
        .join(Product, Product.id == Suggestion.product_id)
        .outerjoin(Producer, Producer.id == Product.business_id)
        .outerjoin(Need, Need.id == Suggestion.need_id)
        .outerjoin(Buyer, Buyer.id == Need.business_id)
    )


def matched(scope: Scope) -> Select[Any]:
    return pairing(Suggestion.decided_at, Suggestion.id).where(
        Suggestion.state == SuggestionState.ACCEPTED,
        within_instants(Suggestion.decided_at, scope),
    )


def introduced(scope: Scope) -> Select[Any]:
    return (
        pairing(BOTH_AGREED, Introduction.id)
        .join(Introduction, Introduction.suggestion_id == Suggestion.id)
        .where(
            Introduction.state == IntroductionState.AGREED,
            within_instants(BOTH_AGREED, scope),
        )
    )


def met(scope: Scope) -> Select[Any]:
    return (
        select(
            Meeting.producer_id.label("business_id"),
            *columns(
                Meeting.id,
                link=Meeting.id,
                area=Meeting.area_code,
                on=Meeting.starts_at,
                who=Producer.name,
                what=Buyer.name,
            ),
        )
        .outerjoin(Producer, Producer.id == Meeting.producer_id)
        .outerjoin(Buyer, Buyer.id == Meeting.buyer_id)
        .where(Meeting.state == MeetingState.HELD, within_instants(Meeting.starts_at, scope))
    )


def of_deal(on: Any, row: Any, link: Any, amount: Any, *, source: Any = Deal) -> Select[Any]:
    """A row for each supplier with its part; `shares.once` makes one of the parts of an event."""
    statement = select(
        Producer.id.label("business_id"),
        *columns(
            row,
            link=link,
            area=area_on(Producer, on),
            on=on,
            who=Producer.name,
            what=Deal.title + " → " + Buyer.name,
            amount=None if amount is None else part_of(amount, row),
        ),
        case((Producer.id == Deal.producer_id, 0), else_=1).label("rank"),
    ).select_from(source)
    if source is Payment:
        statement = statement.join(Order, Order.id == Payment.order_id)
    if source is not Deal:
        statement = statement.join(Deal, Deal.id == Order.deal_id)
    return join_producers(statement, source).outerjoin(Buyer, Buyer.id == Deal.buyer_id)


def dealt(scope: Scope) -> Select[Any]:
    return of_deal(Deal.signed_on, Deal.id, Deal.id, None).where(
        Deal.state != DealState.COMMITMENT, within_days(Deal.signed_on, scope)
    )


def delivered(scope: Scope) -> Select[Any]:
    worth = func.coalesce(Order.accepted, 0) * Order.price
    return of_deal(Order.decided_on, Order.id, Order.id, worth, source=Order).where(
        Order.state.in_(DELIVERED), within_days(Order.decided_on, scope)
    )


def received(scope: Scope) -> Select[Any]:
    return of_deal(Payment.on, Payment.id, Order.id, Payment.amount, source=Payment).where(
        within_days(Payment.on, scope)
    )
