"""A deal as pages show it: cards, time line, lines with what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup

from marketplace.commodities.forms import unit_name
from marketplace.core.clock import today
from marketplace.core.text import N_
from marketplace.deals import queries
from marketplace.deals.models import Deal, DealLine, Order
from marketplace.deals.rules import orders, states
from marketplace.deals.rules.orders import OrderState
from marketplace.deals.rules.terms import last_day
from marketplace.deals.rules.timeline import milestones_of
from marketplace.demand.rules import TERMS_NAMES, Terms
from marketplace.infra.i18n import say, show_date, show_number
from marketplace.infra.web import current_actor
from marketplace.programs import policies as program_policies
from marketplace.programs.queries import bazaars as programs
from marketplace.programs.queries import leads
from marketplace.programs.rules import ProgramState
from marketplace.regions.forms import place_name


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line and what became of it."""

    line: DealLine
    name: str
    region: str
    unit: str
    total: queries.LineTotal


def line_name(line: DealLine) -> str:
    return line.branch.name if line.branch else place_name(line.place)


def order_name(order: Order) -> str:
    """`Order 3, Toko Rasa`."""
    number = say(N_("Order %(number)s"), {"number": order.number})
    return f"{number}, {line_name(order.line)}"


def terms_words(deal: Deal) -> str | None:
    """How the buyer pays, in a few words; None where it is still open."""
    if deal.terms == Terms.DAYS and deal.terms_days:
        return say(N_("%(days)s days after delivery"), {"days": deal.terms_days})
    if deal.terms == Terms.CONSIGNMENT and deal.commission_percent is not None:
        return say(N_("Consignment, %(share)s%% commission"), {"share": deal.commission_percent})
    return say(TERMS_NAMES[Terms(deal.terms)]) if deal.terms else None


def card_of(deal: Deal) -> dict[str, Any]:
    """What a list shows of a deal."""
    volumes = [(item.volume, unit_name(item.unit)) for item in deal.items if item.volume]
    return {
        "id": deal.id,
        "title": deal.title,
        "producer": deal.producer.name,
        "buyer": deal.buyer.name,
        "state": deal.state,
        "volume": ", ".join(f"{show_number(volume)} {unit}" for volume, unit in volumes),
        "money": sum((item.volume or 0) * (item.price or 0) for item in deal.items) or None,
        "starts_on": deal.starts_on,
        "example": deal.is_example,
    }


def facts_of(deal: Deal) -> list[tuple[str, str | None]]:
    last = last_day(deal.starts_on, deal.months) if deal.starts_on and deal.months else None
    ramp = ", ".join(show_number(step.stores) for step in deal.ramp)
    return [
        (say(N_("Comes from")), say(states.ORIGIN_NAMES[deal.origin])),
        (say(N_("At which expo or bazaar")), _program_link(deal)),
        (say(N_("Contact at the stall")), _lead_link(deal)),
        (say(N_("Payment")), terms_words(deal)),
        (say(N_("Returned and expired goods")), deal.returns or None),
        (say(N_("Starts on")), show_date(deal.starts_on) if deal.starts_on else None),
        (say(N_("Ends on")), show_date(last) if last else None),
        (say(N_("Stores served, month by month")), ramp or None),
    ]


def _program_link(deal: Deal) -> Markup | None:
    """The expo or bazaar it was said at, with its page for everybody."""
    if deal.program_id is None:
        return None
    program = programs.get_bazaar(deal.program_id)
    if program.state not in {ProgramState.OPEN, ProgramState.CLOSED}:
        return Markup.escape(program.title)
    url = url_for("programs.show_public_bazaar", bazaar_id=program.id)
    return Markup('<a href="{}">{}</a>').format(url, program.title)


def _lead_link(deal: Deal) -> Markup | None:
    """The contact it grew out of, for who may read it: never for the other side."""
    if deal.lead_id is None:
        return None
    lead = leads.get_lead(deal.lead_id)
    if not program_policies.may_see_lead(current_actor(), lead):
        return None
    url = url_for("programs.show_lead", lead_id=lead.id)
    return Markup('<a href="{}">{}</a>').format(url, lead.outlet_name)


def line_rows(deal: Deal) -> list[LineRow]:
    totals = queries.totals_by_line(deal.id)
    return [
        LineRow(
            line,
            line_name(line),
            place_name(line.place) if line.branch else "",
            unit_name(line.item.unit),
            totals.get(line.id, queries.LineTotal()),
        )
        for line in deal.lines
    ]


def timeline_of(deal: Deal) -> list[dict[str, Any]]:
    """What was written down and what orders tell, by day."""
    found: list[tuple[date, int, dict[str, Any]]] = [
        (
            step.on,
            number,
            {
                "text": say(_STEP_WORDS[step.state]),
                "at": show_date(step.on),
                "who": step.by_name,
                "note": step.note or None,
                "file_id": step.file_id,
            },
        )
        for number, step in enumerate(queries.list_steps(deal.id))
        # The first order says it better.
        if step.state is not states.DealState.RUNNING
    ]
    told = milestones_of(queries.days_of_orders(deal.id))
    for number, (day, text) in enumerate(
        (
            (told.first_order, N_("First order")),
            (told.delivered, N_("First delivery taken")),
            (told.paid, N_("First order paid in full")),
            (told.repeat, N_("Ordered again")),
        ),
        100,
    ):
        if day is not None:
            found.append((day, number, {"text": say(text), "at": show_date(day), "tone": "good"}))
    return [item for _day, _number, item in sorted(found, key=lambda one: one[:2])]


def lateness(order: Order) -> str | None:
    """How late an order's goods or its money are; None where nothing is late."""
    day = today()
    if order.state is OrderState.INVOICED:
        late = orders.days_late(order.due_on, order.paid_on, day)
        return say(N_("paid %(days)s days late so far"), {"days": late}) if late else None
    if order.state is OrderState.REJECTED:
        return None
    late = orders.days_late(order.wanted_on, order.received_on, day)
    if not late:
        return None
    if order.received_on is None:
        return say(N_("%(days)s days overdue"), {"days": late})
    return say(N_("came %(days)s days late"), {"days": late})


_STEP_WORDS = {
    states.DealState.COMMITMENT: N_("Commitment"),
    states.DealState.SIGNED: N_("Signed by both sides"),
    states.DealState.RUNNING: N_("Running"),
    states.DealState.ENDED: N_("Ended"),
    states.DealState.CANCELLED: N_("Cancelled"),
    states.DealState.DISPUTED: N_("Disputed"),
    states.DealState.WITHDRAWN: N_("Withdrawn"),
}


def personal_data(person_id: int) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """What a person wrote down of deals, for "all my data"."""
    said = ("text", "note", "kind", "state", "amount", "sold", "returned")
    found: dict[str, Sequence[Mapping[str, object]]] = {
        table: [
            {
                "id": row.id,
                "at": row.at,
                **{name: getattr(row, name) for name in said if hasattr(row, name)},
            }
            for row in rows
        ]
        for table, rows in queries.written_by(person_id).items()
    }
    # Of a notice they answered, only the answer is theirs.
    found["deal_notice_answers"] = [
        {"id": row.id, "at": row.answered_at, "answer": row.answer}
        for row in queries.answered_by(person_id)
    ]
    return found
