"""The papers of a deal, in Indonesian whoever prints them: what they say, as PDF and as a table.

The agreement holds what PP 7/2021, article 117 asks: identities, activity, rights and duties, form
of development, duration, payment, settlement of disputes.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

from flask import current_app, url_for

from marketplace.businesses.models import Business
from marketplace.commodities.forms import unit_name
from marketplace.core.money import rupiah_in_words
from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.core.text import N_
from marketplace.deals import queries
from marketplace.deals.documents.shown import line_name, terms_words
from marketplace.deals.models import Deal, DealLine, Order
from marketplace.deals.rules import law
from marketplace.deals.rules.orders import DELIVERED
from marketplace.deals.rules.papers import PAPER_NAMES, DealPaper
from marketplace.deals.rules.states import UNSIGNED
from marketplace.deals.rules.terms import last_day
from marketplace.infra.i18n import in_language, say, show_date, show_money, show_number
from marketplace.infra.links import public_url, sign
from marketplace.infra.pdf import Paper, Part, write_pdf
from marketplace.regions.rules import full_region_name, region_name

PURPOSE = "deal-paper"


def flags_of(deal: Deal) -> list[law.Flag]:
    """Terms of a deal the retail rules forbid."""
    stores = sum(line.branch.stores if line.branch else 1 for line in deal.lines)
    stores = max(stores, deal.ramp[-1].stores if deal.ramp else 0)
    outlet_format = deal.buyer.outlet_format
    return law.flags_of(
        outlet_format.value if outlet_format else "",
        deal.trading_terms_percent,
        deal.listing_fee,
        stores,
    )


def is_printable(kind: DealPaper, order: Order) -> bool:
    """Whether there is something for this paper to say yet."""
    return {
        DealPaper.PURCHASE_ORDER: True,
        DealPaper.DELIVERY_NOTE: order.sent_on is not None,
        DealPaper.STATEMENT: order.is_consignment and order.state in DELIVERED,
        DealPaper.RECEIPT: order.paid_amount > 0,
    }.get(kind, False)


def agreement_of(deal: Deal) -> Paper:
    with in_language("id"):
        return _agreement(deal)


def order_paper(kind: DealPaper, order: Order) -> Paper:
    """A paper about one order; `is_printable` says whether there is one."""
    build = {
        DealPaper.PURCHASE_ORDER: _purchase_order,
        DealPaper.DELIVERY_NOTE: _delivery_note,
        DealPaper.STATEMENT: _statement,
        DealPaper.RECEIPT: _receipt,
    }[kind]
    with in_language("id"):
        return build(order)


def pdf_of(kind: DealPaper, number: int, paper: Paper) -> bytes:
    token = sign(PURPOSE, [kind.value, number, digest_of(paper)])
    with in_language("id"):
        check = say(N_("Scan this code to see whether this paper is genuine."))
    return write_pdf(paper, check=check, url=public_url(url_for("deals.check_paper", token=token)))


def digest_of(paper: Paper) -> str:
    """What the paper says, as a short print of it: a later one tells whether it still holds."""
    text = json.dumps(asdict(paper), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def sheet_of(paper: Paper) -> tuple[list[Column], list[list[Cell]]]:
    """The same paper as rows for Excel: part by part, each value in a cell of its own."""
    rows: list[list[Cell]] = [[paper.title, paper.number, paper.office]]
    for part in paper.blocks:
        if part.heading:
            rows.append([part.heading])
        rows += [[line] for line in part.lines]
        rows += [list(fact) for fact in part.facts]
        if part.rows:
            rows.append(list(part.heads))
            rows += [list(row) for row in part.rows]
    width = max(len(row) for row in rows)
    with in_language("id"):
        first = say(N_("Part"))
    columns = [
        Column(f"c{number}", first if number == 0 else " " * number, kind=ColumnKind.TEXT)
        for number in range(width)
    ]
    return columns, [row + [None] * (width - len(row)) for row in rows]


def _agreement(deal: Deal) -> Paper:
    last = last_day(deal.starts_on, deal.months) if deal.starts_on and deal.months else None
    duration = (
        say(
            N_("From %(first)s to %(last)s, %(months)s months."),
            {"first": deal.starts_on, "last": last, "months": deal.months},
        )
        if last
        else "–"
    )
    ramp = ", ".join(show_number(step.stores) for step in deal.ramp)
    parts = [
        Part(say(N_("1. The parties")), facts=(*_party(deal.producer), *_party(deal.buyer))),
        Part(
            say(N_("2. What it is about")),
            lines=tuple(
                filter(
                    None,
                    (
                        say(N_("The producer supplies these goods to the outlet's places.")),
                        say(N_("It begins in steps, in stores a month: %(ramp)s."), {"ramp": ramp})
                        if ramp
                        else "",
                    ),
                )
            ),
            heads=(say(N_("Goods")), say(N_("Price, delivered")), say(N_("Volume a month"))),
            rows=tuple(
                (
                    item.title,
                    show_money(item.price),
                    f"{show_number(item.volume)} {unit_name(item.unit)}" if item.volume else "–",
                )
                for item in deal.items
            ),
        ),
        Part(
            say(N_("Places of delivery")),
            heads=(say(N_("Where")), say(N_("Volume a month"))),
            rows=tuple((_place(line), show_number(line.volume)) for line in deal.lines),
        ),
        *_pools(deal),
        Part(say(N_("3. Rights and duties")), lines=tuple(say(text) for text in _DUTIES)),
        Part(
            say(N_("4. Form of development")),
            lines=(deal.development or say(N_("Training and advice on quality by the office.")),),
        ),
        Part(say(N_("5. Duration")), lines=(duration,)),
        Part(say(N_("6. Payment")), lines=_payment(deal)),
        Part(
            say(N_("7. Settlement of disputes")),
            lines=(deal.settlement or say(_SETTLEMENT),),
        ),
    ]
    flags = flags_of(deal)
    if flags:
        parts.append(
            Part(
                say(N_("Terms the law forbids")),
                lines=tuple(f"{say(flag.msgid, flag.params)} ({flag.basis})" for flag in flags),
            )
        )
    title = say(PAPER_NAMES[DealPaper.AGREEMENT])
    draft = say(N_("Draft, not signed")) if deal.state in UNSIGNED else ""
    return Paper(
        title,
        f"TG-K-{deal.id}",
        current_app.config["OFFICE_NAME"],
        tuple(parts),
        signers=(
            (say(N_("Producer")), deal.producer.contact_name or deal.producer.name),
            (say(N_("Outlet")), deal.buyer.contact_name or deal.buyer.name),
            (say(N_("Known to the office")), ""),
        ),
        draft=draft,
    )


_SETTLEMENT = N_("Both sides talk first; then the office mediates; after that the court does.")
_DUTIES = (
    N_("The producer delivers the agreed quantity and quality on the day, with valid papers."),
    N_("The producer says at once when it cannot keep a quantity or a day."),
    N_("The outlet orders within the agreed volume, checks what comes and says why it rejects it."),
    N_("The outlet pays on time and asks for no fee the law does not allow."),
    N_("Neither side takes over the other's business or forces its own service on it."),
)  # fmt: skip


def _payment(deal: Deal) -> tuple[str, ...]:
    lines = [
        say(N_("Terms: %(terms)s."), {"terms": terms_words(deal) or "–"}),
        say(N_("The producer invoices what was accepted; the outlet transfers it in rupiah.")),
    ]
    if deal.terms == "consignment":
        lines.append(
            say(N_("Goods stay the producer's until sold; the outlet reports sales every month."))
        )
    if deal.returns:
        lines.append(say(N_("Returned and expired goods: %(how)s"), {"how": deal.returns}))
    if deal.trading_terms_percent:
        share = deal.trading_terms_percent
        lines.append(say(N_("Trading terms: %(share)s%% of the turnover."), {"share": share}))
    if deal.listing_fee:
        fee = show_money(deal.listing_fee)
        lines.append(say(N_("Listing fee for each product and outlet: %(fee)s."), {"fee": fee}))
    return tuple(lines)


def _pools(deal: Deal) -> list[Part]:
    return [
        Part(
            say(N_("Suppliers of %(goods)s"), {"goods": item.title}),
            lines=(item.recipe,) if item.recipe else (),
            heads=(say(N_("Supplier")), say(N_("Share"))),
            rows=tuple(
                (supply.product.business.name, f"{supply.share_percent}%")
                for supply in item.supplies
            ),
        )
        for item in deal.items
        if len(item.supplies) > 1
    ]


def _place(line: DealLine) -> str:
    """A branch with its kabupaten/kota, or the place itself."""
    region = region_name(line.place) if line.branch else ""
    return ", ".join(filter(None, (line_name(line), region)))


def _party(business: Business) -> tuple[tuple[str, str], ...]:
    address = ", ".join(filter(None, (business.address, full_region_name(business.region_code))))
    return (
        (business.name, f"NIB {business.nib}" if business.nib else say(N_("NIB not entered"))),
        (say(N_("Represented by")), business.contact_name or "–"),
        (say(N_("Address")), address),
    )


def _base(order: Order, kind: DealPaper, parts: Sequence[Part], signers: Sequence[str]) -> Paper:
    deal = order.deal
    return Paper(
        say(PAPER_NAMES[kind]),
        f"TG-K-{deal.id}/{order.number}",
        current_app.config["OFFICE_NAME"],
        (
            Part(
                facts=(
                    (say(N_("From")), deal.producer.name),
                    (say(N_("To")), f"{deal.buyer.name}, {line_name(order.line)}"),
                    (say(N_("Ordered")), show_date(order.ordered_on)),
                    (say(N_("Wanted by")), show_date(order.wanted_on)),
                )
            ),
            *parts,
        ),
        signers=tuple((role, "") for role in signers),
    )


def _goods(order: Order, quantity: int, *, with_price: bool = True) -> Part:
    unit = unit_name(order.item.unit)
    heads = [say(N_("Goods")), say(N_("How many"))]
    row = [order.item.title, f"{show_number(quantity)} {unit}"]
    if with_price:
        heads += [say(N_("Price")), say(N_("Sum"))]
        row += [show_money(order.price), show_money(order.price * quantity)]
    return Part(heads=tuple(heads), rows=(tuple(row),))


def _purchase_order(order: Order) -> Paper:
    signers = (say(N_("Ordered by")), say(N_("Confirmed by")))
    return _base(order, DealPaper.PURCHASE_ORDER, [_goods(order, order.quantity)], signers)


def _delivery_note(order: Order) -> Paper:
    parts = [
        Part(facts=((say(N_("Sent")), show_date(order.sent_on)),)),
        _goods(order, order.quantity, with_price=False),
    ]
    if len(order.supplies) > 1:
        parts.append(
            Part(
                heads=(say(N_("Supplier")), say(N_("How many"))),
                rows=tuple(
                    (supply.product.business.name, show_number(supply.quantity))
                    for supply in order.supplies
                ),
            )
        )
    signers = (say(N_("Handed over by")), say(N_("Received by")))
    return _base(order, DealPaper.DELIVERY_NOTE, parts, signers)


def _statement(order: Order) -> Paper:
    accepted = order.accepted or 0
    reports = queries.list_reports(order.id)
    parts = [
        Part(
            facts=(
                (say(N_("Delivered")), show_number(accepted)),
                (say(N_("Sold")), show_number(order.sold)),
                (say(N_("Returned")), show_number(order.returned)),
                (
                    say(N_("Still on the shelf")),
                    show_number(accepted - order.sold - order.returned),
                ),
                (say(N_("Commission")), f"{order.commission_percent or 0}%"),
                (say(N_("Invoiced")), show_money(order.invoice_amount)),
                (say(N_("Money received")), show_money(order.paid_amount)),
            )
        ),
        Part(
            heads=(say(N_("Day")), say(N_("Sold")), say(N_("Returned"))),
            rows=tuple(
                (show_date(row.on), show_number(row.sold), show_number(row.returned))
                for row in reports
            ),
        ),
    ]
    signers = (say(N_("Outlet")), say(N_("Producer")))
    return _base(order, DealPaper.STATEMENT, parts, signers)


def _receipt(order: Order) -> Paper:
    parts = [
        Part(
            facts=(
                (say(N_("Money received")), show_money(order.paid_amount)),
                (say(N_("In words")), f"{rupiah_in_words(order.paid_amount)}"),
                (say(N_("Invoiced")), show_money(order.invoice_amount)),
                (say(N_("For")), f"{order.item.title}, {show_number(order.accepted)}"),
            )
        ),
        Part(
            heads=(say(N_("Day")), say(N_("Amount"))),
            rows=tuple((show_date(pay.on), show_money(pay.amount)) for pay in order.payments),
        ),
    ]
    return _base(order, DealPaper.RECEIPT, parts, (say(N_("Received by")),))
