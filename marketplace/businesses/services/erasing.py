"""Who asked the office to erase their data is no contact and no member of a business any more."""

from marketplace.accounts.models import DataRequest
from marketplace.accounts.policies import may_erase
from marketplace.audit import services as audit
from marketplace.businesses import queries, rules
from marketplace.core.actor import Actor
from marketplace.infra.db import session
from marketplace.infra.web import require


def erase_person(*, actor: Actor, asked: DataRequest) -> int:
    """Take a person out of the register; returns out of how many entries and memberships.

    The number goes wherever it stands, the name where it is the contact of one of their businesses.
    The business itself, its papers and its NIB stay: the law has them kept (PP 28/2025), and they
    are the business's. A number given beside the name goes with it unless a colleague has it.
    """
    require(may_erase(actor, asked))
    person = asked.person
    held = queries.memberships_of_person(person.id)
    touched = 0
    for business in queries.list_contacted(person.phone, [each.business_id for each in held]):
        is_theirs = rules.is_named(business.contact_name, person.full_name)
        others = {
            each.person.phone
            for each in queries.members_of(business.id)
            if each.person_id != person.id
        }
        is_their_number = business.phone == person.phone or (
            is_theirs and business.phone not in others
        )
        if is_theirs:
            business.contact_name = ""
        if is_their_number:
            business.phone = ""
        if is_theirs or is_their_number:
            touched += 1
            audit.record(actor, "business.contact_erased", business)
    for each in held:
        session.delete(each)
    session.flush()
    return touched + len(held)
