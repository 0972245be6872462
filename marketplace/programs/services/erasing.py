"""Who asked the office to erase their data is erased in programmes too."""

from marketplace.accounts.models import DataRequest
from marketplace.accounts.rules import RequestKind
from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.programs import policies
from marketplace.programs.queries.by_phone import kept_of
from marketplace.programs.services import signing_up


def erase_person(*, actor: Actor, asked: DataRequest) -> int:
    """Take name and number of who asked out of all programmes; returns out of how many records.

    That somebody was there, asked for goods or sold them stays, for the figures. It is the person's
    right against the whole service: what the office of another province keeps goes too.
    """
    require(policies.may_erase_person(actor, asked))
    if asked.kind is not RequestKind.ERASE or asked.done_at is not None:
        raise RuleBroken(N_("Only an open request to erase is carried out here."))
    kept = kept_of(asked.person)
    sign_ups = [each.id for each in kept.sign_ups]
    leads, holders = kept.leads, kept.holders
    for lead in leads:
        # The note was written about a person who is not to be known any more.
        lead.person_name = lead.phone = lead.note = ""
        lead.consented_at, lead.updated_at = None, now()
        audit.record(actor, "lead.person_erased", lead)
    for holder in holders:
        holder.contact_name = holder.phone = ""
        holder.link_number += 1  # the link that was sent to this number opens nothing any more
        audit.record(actor, "stall.contact_erased", holder)
    session.flush()
    for sign_up_id in sign_ups:
        signing_up.take_out(actor=actor, sign_up_id=sign_up_id)
    return len(sign_ups) + len(leads) + len(holders)
