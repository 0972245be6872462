"""A person's part of "all my data": stalls of their businesses, what they sold, who asked there."""

from collections.abc import Mapping, Sequence

from marketplace.businesses import queries as businesses
from marketplace.programs.queries import bazaars, leads, turnover


def personal_data(person_id: int) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Stalls with the contact named for them, every figure given, contacts made at the stalls."""
    ids = {business.id for business in businesses.list_of_person(person_id)}
    return {
        "stalls": [
            {
                "program": one.program.title,
                "stall": one.stall.label if one.stall is not None else None,
                "name": one.name,
                "contact_name": one.contact_name,
                "phone": one.phone,
                "sells": one.sells,
                "state": one.state.value,
            }
            for one in bazaars.own_holders(ids)
        ],
        "turnover_reports": [
            {
                "program": one.holder.program.title,
                "day_on": one.day_on,
                "amount": one.amount,
                "transactions": one.transactions,
                "best_sellers": one.best_sellers,
                "source": one.source.value,
                "entered_by": one.entered_by_name,
                "entered_at": one.entered_at,
            }
            for one in turnover.reports_of_businesses(ids)
        ],
        "leads": [
            {
                "program": one.program.title,
                "outlet": one.outlet_name,
                "wants": one.wants,
                "next_step": one.next_step,
                "due_on": one.due_on,
                "state": one.state.value,
            }
            for one in leads.leads_of_businesses(ids)
        ],
    }
