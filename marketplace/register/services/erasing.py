"""Who asked the office to erase their data is in no memory of a merge either."""

from marketplace.accounts.models import DataRequest
from marketplace.accounts.policies import may_erase
from marketplace.businesses import queries as businesses
from marketplace.businesses.rules import is_named
from marketplace.core.actor import Actor
from marketplace.infra.web import require
from marketplace.register import queries


def erase_person(*, actor: Actor, asked: DataRequest) -> int:
    """Take name and number out of what entries said before they were joined; how many were."""
    require(may_erase(actor, asked))
    person = asked.person
    producers, outlets = businesses.ids_of_person(person.id)
    touched = 0
    for merge in queries.merges_saying(person.phone, producers | outlets):
        before = {side: dict(values) for side, values in merge.before.items()}
        for values in before.values():
            if is_named(values.get("contact_name") or "", person.full_name):
                values["contact_name"] = values["phone"] = ""
            elif person.phone and values.get("phone") == person.phone:
                values["phone"] = ""
        if before != merge.before:
            merge.before = before
            touched += 1
    return touched
