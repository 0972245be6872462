"""Who may do what with accounts."""

from collections.abc import Collection

from marketplace.accounts.models import DataRequest, Person
from marketplace.core.actor import Actor, ActorKind


def is_signed_in(actor: Actor) -> bool:
    return actor.is_signed_in


def is_officer(actor: Actor) -> bool:
    return actor.is_officer


def is_province_officer(actor: Actor) -> bool:
    return actor.is_province_officer


def may_manage_people(actor: Actor) -> bool:
    """Offices hand out accounts; administrators also those of officers."""
    return actor.is_officer or may_manage_officers(actor)


def may_manage_officers(actor: Actor) -> bool:
    """The system itself makes the first administrator (accounts/cli.py)."""
    return actor.is_admin or actor.kind is ActorKind.SYSTEM


def may_manage_person(actor: Actor, person: Person, areas: Collection[str]) -> bool:
    """Officers' accounts are the administrator's; a kabupaten/kota has the people of its own area.

    `areas` are the regions of the businesses the person works for, "" for an outlet, which belongs
    to the province. All of them must be the officer's own: a new code opens all of them.
    """
    if may_manage_officers(actor):
        return True
    if not actor.is_officer or person.office_roles:
        return False
    if actor.is_province_officer:
        return all(actor.covers(area) for area in areas)
    return bool(areas) and all(area == actor.area for area in areas)


def may_erase(actor: Actor, asked: DataRequest) -> bool:
    """The province carries an erasure out, in every room at once; nobody their own."""
    return actor.is_province_officer and actor.person_id != asked.person_id


def may_answer_requests(actor: Actor) -> bool:
    """Requests about personal data are the province's, who runs the service."""
    return actor.is_province_officer or actor.is_admin


def may_answer_request(actor: Actor, areas: Collection[str]) -> bool:
    """Beside another province: of its own people, by the areas of their businesses."""
    return may_answer_requests(actor) and all(actor.covers(area) for area in areas)
