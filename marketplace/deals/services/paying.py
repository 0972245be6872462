"""Invoices, payments, and what an outlet sold of goods on consignment."""

from datetime import date

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.core.params import Money
from marketplace.core.text import N_
from marketplace.deals import guards, policies, queries
from marketplace.deals.models import Order, Payment, SalesReport
from marketplace.deals.rules import orders
from marketplace.deals.rules.orders import OrderState
from marketplace.deals.services import telling
from marketplace.deals.services.ordering import enter
from marketplace.deals.services.steps import Evidence
from marketplace.infra.db import session
from marketplace.infra.web import require


def invoice(*, actor: Actor, order_id: int, evidence: Evidence) -> Order:
    """Ask for the money of what was taken; on consignment, of what was sold so far."""
    found = queries.lock_order(order_id)
    require(policies.may_deliver(actor, found.deal))
    orders.check_transition(found.state, OrderState.INVOICED)
    orders.check_day(evidence.on, today(), after=found.decided_on)
    if found.is_consignment and not found.sold:
        raise RuleBroken(N_("Nothing is reported sold yet: there is nothing to invoice."))
    found.invoiced_on = evidence.on
    found.due_on = orders.due_on(evidence.on, found.terms_days)
    found.invoice_amount = _owed(found)
    return enter(actor, found, OrderState.INVOICED, evidence)


def report_sales(
    *, actor: Actor, order_id: int, sold: int, returned: int, evidence: Evidence
) -> Order:
    """What the outlet sold and gave back since its last report; an open invoice grows with it."""
    found = queries.lock_order(order_id)
    require(policies.may_order(actor, found.deal))
    if not found.is_consignment:
        raise RuleBroken(N_("Only goods on consignment are reported as sold."))
    if found.state not in {OrderState.ACCEPTED, OrderState.INVOICED}:
        raise RuleBroken(N_("These goods are not on sale there now."))
    if sold + returned == 0:
        message = N_("Say how many were sold or returned.")
        raise InvalidInput(message, fields={"sold": message})
    orders.check_day(evidence.on, today(), after=found.decided_on)
    if not guards.sell(found.id, sold, returned):
        message = N_("More than is there: %(left)s are not yet sold or returned.")
        left = (found.accepted or 0) - found.sold - found.returned
        raise InvalidInput(message, fields={"sold": message}, left=left)
    session.refresh(found, ["sold", "returned", "version"])
    session.add(
        SalesReport(
            order_id=found.id,
            on=evidence.on,
            sold=sold,
            returned=returned,
            by_id=actor.person_id,
            by_name=actor.name,
            note=evidence.note,
        )
    )
    if found.state is OrderState.INVOICED:
        found.invoice_amount = _owed(found)
    session.flush()
    audit.record(actor, "order.reported", found, deal=found.deal_id, sold=sold, returned=returned)
    _settle(actor, found, evidence.on)
    return found


def pay(*, actor: Actor, order_id: int, amount: int, evidence: Evidence) -> Order:
    """Money came in. Never more than the invoice; in full, the order is paid."""
    found = queries.lock_order(order_id)
    require(policies.may_deliver(actor, found.deal))
    if found.state is not OrderState.INVOICED:
        orders.check_transition(found.state, OrderState.PAID)
    orders.check_day(evidence.on, today(), after=found.invoiced_on)
    left = found.invoice_amount - found.paid_amount
    if amount < 1 or not guards.pay(found.id, amount):
        message = N_("More than is owed: %(left)s of this invoice is not paid yet.")
        raise InvalidInput(message, fields={"amount": message}, left=Money(left))
    session.refresh(found, ["paid_amount", "version"])
    if evidence.file is not None:
        evidence.file.kept = True
    session.add(
        Payment(
            order_id=found.id,
            amount=amount,
            on=evidence.on,
            by_id=actor.person_id,
            by_name=actor.name,
            note=evidence.note,
            file_id=evidence.file.id if evidence.file else None,
        )
    )
    audit.record(
        actor, "order.payment", found, deal=found.deal_id, number=found.number, amount=amount
    )
    _settle(actor, found, evidence.on)
    return found


def _owed(found: Order) -> int:
    if found.is_consignment:
        return orders.amount_of(found.sold, found.price, found.commission_percent)
    return orders.amount_of(found.accepted or 0, found.price, None)


def _settle(actor: Actor, found: Order, on: date) -> None:
    """Paid is: all money came in, and nothing is still on the outlet's shelf."""
    if found.state is not OrderState.INVOICED or found.paid_amount < found.invoice_amount:
        return
    if found.is_consignment and found.sold + found.returned < (found.accepted or 0):
        return
    found.paid_on = on
    enter(actor, found, OrderState.PAID, Evidence(on))
    telling.paid(found)
