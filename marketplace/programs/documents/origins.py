"""Where a need came from: the contact at an expo or bazaar it grew out of, for who may see it."""

from marketplace.infra.web import current_actor
from marketplace.programs import policies
from marketplace.programs.models import Lead
from marketplace.programs.queries import leads


def origins_of_need(need_id: int) -> list[Lead]:
    """The contacts this officer may open; to a producer they would tell whose need it is."""
    actor = current_actor()
    if not actor.is_officer:
        return []
    return [lead for lead in leads.leads_of_need(need_id) if policies.may_see_lead(actor, lead)]
