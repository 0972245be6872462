"""Who may do what with accounts."""

from marketplace.accounts.models import Person
from marketplace.core.actor import Actor


def is_signed_in(actor: Actor) -> bool:
    return actor.is_signed_in


def is_officer(actor: Actor) -> bool:
    return actor.is_officer


def is_province_officer(actor: Actor) -> bool:
    return actor.is_province_officer


def may_manage_people(actor: Actor) -> bool:
    """Offices hand out accounts; administrators also those of officers."""
    return actor.is_officer or actor.is_admin


def may_manage_officers(actor: Actor) -> bool:
    return actor.is_admin


def may_manage_person(actor: Actor, person: Person) -> bool:
    """Officers' accounts are the administrator's; nobody edits their own roles."""
    if actor.is_admin:
        return True
    return actor.is_officer and not person.office_roles
