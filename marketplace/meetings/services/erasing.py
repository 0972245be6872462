"""Who asked the office to erase their data comes to no temu bisnis by name or number."""

from marketplace.accounts.models import DataRequest
from marketplace.accounts.policies import may_erase
from marketplace.audit import services as audit
from marketplace.businesses import queries as businesses
from marketplace.businesses.rules import is_named
from marketplace.core.actor import Actor
from marketplace.infra.web import require
from marketplace.meetings.queries import events as queries


def erase_person(*, actor: Actor, asked: DataRequest) -> int:
    """Take a person out of the lists of who comes; that the business came stays."""
    require(may_erase(actor, asked))
    person = asked.person
    producers, outlets = businesses.ids_of_person(person.id)
    touched = 0
    for one in queries.participants_reached(person.phone, producers | outlets):
        is_theirs = is_named(one.person_name, person.full_name)
        if not is_theirs and (not person.phone or one.phone != person.phone):
            continue
        one.phone = ""
        if is_theirs:
            one.person_name = ""
        touched += 1
        audit.record(actor, "participant.contact_erased", one)
    return touched
