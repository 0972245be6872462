"""Orders under a deal: ordered, sent, received, accepted or rejected."""

from dataclasses import dataclass
from datetime import date

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput, NotFound, RuleBroken
from marketplace.core.params import Month
from marketplace.core.text import N_
from marketplace.deals import guards, policies, queries
from marketplace.deals.models import Deal, DealLine, Order, OrderSupply
from marketplace.deals.rules import orders, states
from marketplace.deals.rules.lines import in_month
from marketplace.deals.rules.months import month_of, months_from, shared_out
from marketplace.deals.rules.orders import OrderState, RejectReason
from marketplace.deals.rules.states import DealState
from marketplace.deals.services import telling
from marketplace.deals.services.steps import Evidence, add_order_step, add_step
from marketplace.demand.rules import Terms
from marketplace.infra.db import session
from marketplace.infra.web import require


@dataclass(frozen=True, slots=True)
class OrderDraft:
    line_id: int
    quantity: int
    wanted_on: date


def order(*, actor: Actor, deal_id: int, draft: OrderDraft, evidence: Evidence) -> Order:
    """Order goods for one line, within what the deal promises for that month."""
    deal = queries.lock_deal(deal_id)
    require(policies.may_order(actor, deal))
    return _order(actor, deal, draft, evidence)


def order_month(
    *, actor: Actor, deal_id: int, month: date, wanted_on: date, evidence: Evidence
) -> list[Order]:
    """Order for every line what the deal says for a month; what was ordered of it counts."""
    deal = queries.lock_deal(deal_id)
    require(policies.may_order(actor, deal))
    states.check_binding(deal.state)
    ordered = queries.ordered_of_lines(deal.id, month)
    made = [
        _order(actor, deal, OrderDraft(line.id, left, wanted_on), evidence)
        for line in deal.lines
        if (left := planned(deal, line, month) - ordered.get(line.id, 0)) > 0
    ]
    if not made:
        raise RuleBroken(
            N_("Everything the deal says for %(month)s is ordered."), month=Month(month)
        )
    return made


def planned(deal: Deal, line: DealLine, month: date) -> int:
    """What the deal says for a line in a month, along its ramp; 0 outside the deal."""
    if deal.starts_on is None or deal.months is None:
        return 0
    months = months_from(deal.starts_on, deal.months)
    if month not in months:
        return 0
    return in_month(line.volume, [step.stores for step in deal.ramp], months.index(month))


def send(*, actor: Actor, order_id: int, evidence: Evidence) -> Order:
    """The goods left; never under a deal that was cancelled, disputed or ended."""
    found = queries.lock_order(order_id)
    require(policies.may_deliver(actor, found.deal))
    states.check_binding(found.deal.state)
    orders.check_transition(found.state, OrderState.SENT)
    orders.check_day(evidence.on, today(), after=found.ordered_on)
    found.sent_on = evidence.on
    enter(actor, found, OrderState.SENT, evidence)
    telling.goods_sent(found, evidence.on)
    return found


def receive(*, actor: Actor, order_id: int, evidence: Evidence) -> Order:
    found = queries.lock_order(order_id)
    require(policies.may_take(actor, found.deal))
    orders.check_transition(found.state, OrderState.RECEIVED)
    orders.check_day(evidence.on, today(), after=found.sent_on)
    found.received_on = evidence.on
    return enter(actor, found, OrderState.RECEIVED, evidence)


def accept(
    *,
    actor: Actor,
    order_id: int,
    accepted: int,
    evidence: Evidence,
    reason: RejectReason | None = None,
) -> Order:
    """The buyer takes the goods; fewer than came needs a reason."""
    found = queries.lock_order(order_id)
    require(policies.may_take(actor, found.deal))
    orders.check_transition(found.state, OrderState.ACCEPTED)
    orders.check_day(evidence.on, today(), after=found.received_on)
    if not 1 <= accepted <= found.quantity:
        message = N_("Between one and what was ordered, please; to take nothing, reject it.")
        raise InvalidInput(message, fields={"accepted": message})
    if accepted < found.quantity and reason is None:
        message = N_("Say why not everything was taken.")
        raise InvalidInput(message, fields={"reason": message})
    found.accepted, found.decided_on = accepted, evidence.on
    found.reject_reason = reason if accepted < found.quantity else None
    enter(actor, found, OrderState.ACCEPTED, evidence)
    telling.goods_decided(found, evidence.on)
    return found


def reject(*, actor: Actor, order_id: int, reason: RejectReason, evidence: Evidence) -> Order:
    """The buyer takes nothing, and says why."""
    found = queries.lock_order(order_id)
    require(policies.may_take(actor, found.deal))
    orders.check_transition(found.state, OrderState.REJECTED)
    orders.check_day(evidence.on, today(), after=found.received_on)
    found.accepted, found.decided_on, found.reject_reason = 0, evidence.on, reason
    enter(actor, found, OrderState.REJECTED, evidence)
    telling.goods_decided(found, evidence.on)
    return found


def take(
    *,
    actor: Actor,
    order_id: int,
    accepted: int,
    evidence: Evidence,
    reason: RejectReason | None = None,
) -> Order:
    """Say in one go that the goods came and how many are taken; none of them needs a reason."""
    found = queries.lock_order(order_id)
    if found.state is OrderState.SENT:
        receive(actor=actor, order_id=order_id, evidence=evidence)
    if accepted:
        return accept(
            actor=actor, order_id=order_id, accepted=accepted, evidence=evidence, reason=reason
        )
    if reason is None:
        message = N_("Say why not everything was taken.")
        raise InvalidInput(message, fields={"reason": message})
    return reject(actor=actor, order_id=order_id, reason=reason, evidence=evidence)


def enter(actor: Actor, found: Order, then: OrderState, evidence: Evidence) -> Order:
    """Change the state and tell: the one place an order's state is set."""
    found.state = then
    session.flush()
    add_order_step(actor, found, evidence)
    audit.record(actor, f"order.{then.value}", found, deal=found.deal_id, number=found.number)
    return found


def _order(actor: Actor, deal: Deal, draft: OrderDraft, evidence: Evidence) -> Order:
    states.check_binding(deal.state)
    line = next((each for each in deal.lines if each.id == draft.line_id), None)
    if line is None:
        raise NotFound(N_("There is no such line in this deal."))
    if draft.wanted_on < evidence.on:
        message = N_("The goods cannot be wanted before they are ordered.")
        raise InvalidInput(message, fields={"wanted_on": message})
    orders.check_day(evidence.on, today(), after=deal.signed_on)
    # The office may write down an old paper; a buyer cannot make the other side late at once.
    if draft.wanted_on < today() and not policies.may_record_deal(actor):
        message = N_("This day is past. Choose today or a later one.")
        raise InvalidInput(message, fields={"wanted_on": message})
    item = next(each for each in deal.items if each.id == line.item_id)
    made = Order(
        deal=deal,
        item=item,
        line=line,
        number=queries.last_order_number(deal.id) + 1,
        state=OrderState.ORDERED,
        quantity=draft.quantity,
        price=item.price,
        is_consignment=deal.terms == Terms.CONSIGNMENT,
        commission_percent=deal.commission_percent,
        terms_days=deal.terms_days,
        ordered_on=evidence.on,
        wanted_on=draft.wanted_on,
        supplies=_taken(deal, [supply.product_id for supply in item.supplies], draft),
    )
    session.add(made)
    session.flush()
    enter(actor, made, OrderState.ORDERED, evidence)
    if deal.state is DealState.SIGNED:
        deal.state = DealState.RUNNING
        session.flush()
        add_step(actor, deal, on=evidence.on)
        audit.record(actor, "deal.running", deal, title=deal.title)
        telling.first_order(deal, evidence.on)
    return made


def _taken(deal: Deal, product_ids: list[int], draft: OrderDraft) -> list[OrderSupply]:
    """Take the quantity out of the month's promises, of each supplier by what is left of theirs."""
    month = month_of(draft.wanted_on)
    rows = queries.list_promises(deal.id, month, product_ids)
    left = [row.promised - row.ordered for row in rows]
    if sum(left) < draft.quantity:
        raise RuleBroken(
            N_("The deal has %(left)s left to order for %(month)s."),
            left=sum(left),
            month=Month(month),
        )
    parts = shared_out(draft.quantity, left)
    for row, part in zip(rows, parts, strict=True):
        if part and not guards.order(deal.id, row.product_id, month, part):
            raise RuleBroken(
                N_("The deal has %(left)s left to order for %(month)s."),
                left=sum(left),
                month=Month(month),
            )
    return [
        OrderSupply(product_id=row.product_id, quantity=part)
        for row, part in zip(rows, parts, strict=True)
        if part
    ]
