"""Deals and unpaid invoices as tables to take along."""

from collections.abc import Sequence
from datetime import date

from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.core.text import N_
from marketplace.deals.documents.shown import card_of, line_name, terms_words
from marketplace.deals.models import Deal, Order
from marketplace.deals.rules.orders import days_late
from marketplace.deals.rules.states import ORIGIN_NAMES, STATE_NAMES
from marketplace.deals.rules.terms import last_day
from marketplace.infra.i18n import say
from marketplace.regions.rules import full_region_name


def deals_table(deals: Sequence[Deal]) -> tuple[list[Column], list[list[Cell]]]:
    """One row for each deal, as the list shows it and with its terms."""
    columns = [
        Column("number", say(N_("Number")), kind=ColumnKind.NUMBER),
        Column("deal", say(N_("Deal")), width=40),
        Column("producer", say(N_("Producer")), width=30),
        Column("area", say(N_("Kabupaten/kota")), width=24),
        Column("outlet", say(N_("Outlet")), width=30),
        Column("state", say(N_("State"))),
        Column("origin", say(N_("Comes from")), width=24),
        Column("volume", say(N_("A month")), width=24),
        Column("money", say(N_("Money a month")), kind=ColumnKind.MONEY),
        Column("payment", say(N_("Payment")), width=24),
        Column("starts", say(N_("Starts on")), kind=ColumnKind.DATE),
        Column("ends", say(N_("Ends on")), kind=ColumnKind.DATE),
    ]
    return columns, [_deal_row(deal) for deal in deals]


def _deal_row(deal: Deal) -> list[Cell]:
    card = card_of(deal)
    return [
        deal.id,
        deal.title,
        deal.producer.name,
        full_region_name(deal.area_code),
        deal.buyer.name,
        say(STATE_NAMES[deal.state]),
        say(ORIGIN_NAMES[deal.origin]),
        card["volume"],
        card["money"],
        terms_words(deal),
        deal.starts_on,
        last_day(deal.starts_on, deal.months) if deal.starts_on and deal.months else None,
    ]


def unpaid_table(orders: Sequence[Order], today: date) -> tuple[list[Column], list[list[Cell]]]:
    """One row for each invoice that is not paid in full."""
    columns = [
        Column("deal", say(N_("Deal")), width=40),
        Column("order", say(N_("Order no.")), kind=ColumnKind.NUMBER),
        Column("producer", say(N_("Producer")), width=30),
        Column("outlet", say(N_("Outlet")), width=30),
        Column("place", say(N_("Place")), width=24),
        Column("invoiced", say(N_("Invoiced")), kind=ColumnKind.MONEY),
        Column("paid", say(N_("Paid")), kind=ColumnKind.MONEY),
        Column("owed", say(N_("Owed")), kind=ColumnKind.MONEY),
        Column("due", say(N_("To be paid by")), kind=ColumnKind.DATE),
        Column("late", say(N_("Days late")), kind=ColumnKind.NUMBER),
    ]
    return columns, [
        [
            order.deal.title,
            order.number,
            order.deal.producer.name,
            order.deal.buyer.name,
            line_name(order.line),
            order.invoice_amount,
            order.paid_amount,
            (order.invoice_amount or 0) - order.paid_amount,
            order.due_on,
            days_late(order.due_on, None, today),
        ]
        for order in orders
    ]
