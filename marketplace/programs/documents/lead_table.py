"""Contacts made at stalls as a table to take along."""

from collections.abc import Sequence
from datetime import date

from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.core.text import N_
from marketplace.infra.i18n import say
from marketplace.programs.models import Lead
from marketplace.programs.rules.leads import LEAD_STATE_NAMES, is_overdue
from marketplace.regions.rules import full_region_name


def lead_table(leads: Sequence[Lead], today: date) -> tuple[list[Column], list[list[Cell]]]:
    """One row for each contact; name and number stand only where the person agreed to it."""
    columns = [
        Column("program", say(N_("Comes from")), width=30),
        Column("stall", say(N_("Stall")), width=30),
        Column("outlet", say(N_("Outlet or company")), width=30),
        Column("area", say(N_("Kabupaten or kota")), width=24),
        Column("wants", say(N_("What they want")), width=40),
        Column("volume", say(N_("How much, how often")), width=24),
        Column("product", say(N_("Product")), width=30),
        Column("person", say(N_("Person")), width=24),
        Column("phone", say(N_("WhatsApp"))),
        Column("step", say(N_("Next step")), width=30),
        Column("due", say(N_("By when")), kind=ColumnKind.DATE),
        Column("overdue", say(N_("Overdue"))),
        Column("state", say(N_("State")), width=20),
        Column("why", say(N_("Why")), width=30),
    ]
    return columns, [_row(lead, today) for lead in leads]


def _row(lead: Lead, today: date) -> list[Cell]:
    return [
        lead.program.title,
        lead.holder.name,
        lead.outlet_name,
        full_region_name(lead.region_code) if lead.region_code else "",
        lead.wants,
        lead.volume,
        lead.product.name if lead.product is not None else "",
        lead.person_name,
        lead.phone,
        lead.next_step,
        lead.due_on,
        say(N_("yes")) if is_overdue(lead.state, lead.due_on, today) else "",
        say(LEAD_STATE_NAMES[lead.state]),
        lead.reason,
    ]
