"""Signing a deal takes its volumes out of what its products can give; closing gives them back."""

from datetime import date

from marketplace.audit import services as audit
from marketplace.catalog.models import Product
from marketplace.catalog.services import pack_of
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.core.errors import Conflict, InvalidInput, RuleBroken
from marketplace.core.params import Money, Month
from marketplace.core.text import N_
from marketplace.deals import guards, policies, queries
from marketplace.deals.models import Deal, DealPromise
from marketplace.deals.rules import lines, states, terms
from marketplace.deals.rules.months import month_of, summed
from marketplace.deals.rules.orders import check_day
from marketplace.deals.rules.states import CLOSED, DealState
from marketplace.deals.services import feasible, telling
from marketplace.deals.services.recording import draft_of
from marketplace.deals.services.steps import Evidence, add_step
from marketplace.demand.queries import pack_of as pack_of_need
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.meetings.queries import requests as meetings
from marketplace.programs.rules.leads import LeadState
from marketplace.programs.services import leads

Volumes = dict[tuple[int, date], int]


def sign(
    *,
    actor: Actor,
    deal_id: int,
    evidence: Evidence,
    version: int | None = None,
    capital_reason: str = "",
    unit_cost: int | None = None,
) -> Deal:
    """Both sides signed: it must add up, and every month must hold what it promises.

    Raises RuleBroken and keeps nothing where one month of one product does not cover it, and
    InvalidInput where a supplier needs more working capital than declared and no reason is given.
    `unit_cost` is what one unit costs the maker, where they said it: else a share of the price.
    """
    deal = queries.lock_deal(deal_id)
    require(policies.may_change_deal(actor, deal))
    states.check_transition(deal.state, DealState.SIGNED)
    if version is not None and version != deal.version:
        raise Conflict(
            N_("Someone else changed this deal meanwhile. Compare, then save yours again.")
        )
    terms.check_signable(draft_of(deal))
    check_day(evidence.on, today(), after=None)
    _check_shares(deal)
    _check_prices(deal)
    deal.unit_cost = unit_cost
    _check_capital(deal, capital_reason)
    _promise(deal)
    deal.state, deal.signed_on = DealState.SIGNED, evidence.on
    deal.capital_reason = capital_reason
    session.flush()
    add_step(actor, deal, on=evidence.on, note=evidence.note, file=evidence.file)
    audit.record(actor, "deal.signed", deal, title=deal.title)
    telling.signed(deal, evidence.on)
    return deal


def close(*, actor: Actor, deal_id: int, then: DealState, evidence: Evidence) -> Deal:
    """End, cancel or dispute a deal; what of the months to come was not sent is free again.

    A commitment is withdrawn: it promised nothing, so it frees nothing.

    An order that did not leave never will (`ordering.send`), so it holds no capacity either.
    """
    deal = queries.lock_deal(deal_id)
    require(policies.may_change_deal(actor, deal))
    if then not in CLOSED:
        raise RuleBroken(N_("A deal in this state cannot be changed that way."))
    states.check_transition(deal.state, then)
    if then is not DealState.ENDED and not evidence.note:
        why = N_("Say why: both sides will read it.")
        raise InvalidInput(why, fields={"note": why})
    check_day(evidence.on, today(), after=deal.signed_on)
    queries.lock_products(_products(deal))
    first = month_of(today())
    for (product_id, month), quantity in queries.unsent_of(deal.id, first).items():
        guards.take_back(deal.id, product_id, month, quantity)
    for row in queries.promises_of_deal(deal.id, first):
        guards.give_back(row.product_id, row.month, row.promised - row.ordered, row.at_risk)
        guards.release(row.id)
    deal.state, deal.closed_on = then, evidence.on
    session.flush()
    if then is DealState.WITHDRAWN:
        _take_back_contact(actor, deal, evidence.note)
    add_step(actor, deal, on=evidence.on, note=evidence.note, file=evidence.file)
    audit.record(actor, f"deal.{then.value}", deal, title=deal.title)
    return deal


def _take_back_contact(actor: Actor, deal: Deal, reason: str) -> None:
    """The contact it grew out of is no commitment any more, unless another deal stands on it."""
    if deal.lead_id is None or queries.count_standing_of_lead(deal.lead_id):
        return
    met = meetings.requests_of_lead(deal.lead_id)
    to = LeadState.MEETING if met else LeadState.TALKING
    leads.take_back_commitment(actor=actor, lead_id=deal.lead_id, to=to, reason=reason)


def volumes_of(deal: Deal) -> Volumes:
    """What a deal needs of each product in each month, in the order in which rows are locked."""
    if deal.starts_on is None or deal.months is None:
        return {}
    ramp = [step.stores for step in deal.ramp]
    pairs: list[tuple[tuple[int, date], int]] = []
    for item in deal.items:
        own = [line.volume for line in deal.lines if line.item_id == item.id]
        shares = [supply.share_percent for supply in item.supplies]
        for month, volume in lines.by_month(own, ramp, deal.starts_on, deal.months).items():
            for supply, part in zip(item.supplies, lines.shares_of(volume, shares), strict=True):
                if part:
                    pairs.append(((supply.product_id, month), part))
    return summed(pairs)


def _promise(deal: Deal) -> None:
    volumes = volumes_of(deal)
    names = {
        supply.product_id: supply.product.name for item in deal.items for supply in item.supplies
    }
    capacities = queries.lock_products(_products(deal))
    for product_id, capacity in capacities.items():
        if capacity is None:
            raise RuleBroken(
                N_("Say first how much of %(product)s can be made a month."),
                product=names[product_id],
            )
    guards.open_months({key: capacities[key[0]] or 0 for key in volumes})
    for (product_id, month), volume in volumes.items():
        if not guards.promise(product_id, month, volume):
            raise _too_much(names[product_id], product_id, month, volume)
        session.add(
            DealPromise(deal_id=deal.id, product_id=product_id, month=month, promised=volume)
        )


def _too_much(name: str, product_id: int, month: date, volume: int) -> RuleBroken:
    row = queries.list_months([product_id], month, month)[0]
    return RuleBroken(
        N_("%(product)s has %(left)s left in %(month)s; this deal needs %(needed)s."),
        product=name,
        left=row.capacity - row.promised,
        month=Month(month),
        needed=volume,
    )


def _check_shares(deal: Deal) -> None:
    for item in deal.items:
        if sum(supply.share_percent for supply in item.supplies) != 100:
            raise RuleBroken(N_("The shares of the suppliers must add up to a hundred percent."))


def _check_prices(deal: Deal) -> None:
    """Every price lies within the ceiling of the need it fills, where the two compare."""
    need = deal.need
    if need is None or need.ceiling_price is None:
        return
    for item in deal.items:
        product: Product = item.supplies[0].product
        ceiling = terms.ceiling_of(
            item.unit,
            pack_of(product),
            ceiling=need.ceiling_price,
            need_unit=need.unit,
            need_pack=pack_of_need(need),
        )
        if ceiling is not None and (item.price or 0) > ceiling:
            raise RuleBroken(
                N_("The price is above the buyer's ceiling, which is %(ceiling)s for this pack."),
                ceiling=Money(ceiling),
            )


def _check_capital(deal: Deal, reason: str) -> None:
    """More working capital than was declared is a reason to ask, not to refuse."""
    if reason or not any(need.is_more for need in feasible.capital_of(deal)):
        return
    message = N_("This needs more working capital than was declared. Say why it is signed anyway.")
    raise InvalidInput(message, fields={"capital_reason": message})


def _products(deal: Deal) -> list[int]:
    return [supply.product_id for item in deal.items for supply in item.supplies]
