"""People of businesses: who works where, accounts handed out, and acting in a business's name."""

from marketplace.accounts import services as accounts
from marketplace.accounts.models import Person, SignInSession
from marketplace.accounts.services import PersonDraft
from marketplace.audit import services as audit
from marketplace.businesses import policies, queries
from marketplace.businesses.models import Business, Membership
from marketplace.core.actor import Actor
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require


def add_person_of(*, actor: Actor, business: Business, draft: PersonDraft) -> Person:
    """Register a person who works for this business."""
    require(policies.may_hand_out_accounts(actor, business))
    person = accounts.add_person(actor=actor, draft=draft)
    _join(actor, person, business)
    return person


def add_member(*, actor: Actor, business: Business, person: Person) -> None:
    """Let somebody who has an account also work for this business.

    The office must answer for both, else one area could look into another.
    """
    require(
        policies.may_hand_out_accounts(actor, business)
        and policies.may_manage_person(actor, person, queries.list_of_person(person.id))
    )
    if queries.find_membership(person.id, business.id) is not None:
        raise Conflict(N_("This person already works for this business."), field="business")
    _join(actor, person, business)


def remove_member(*, actor: Actor, business: Business, person: Person) -> None:
    """From now on the person no longer sees or does anything for this business."""
    require(policies.may_hand_out_accounts(actor, business))
    held = queries.find_membership(person.id, business.id)
    if held is None:
        raise NotFound(N_("This person does not work for this business."))
    session.delete(held)
    audit.record(actor, "business.member_removed", business, person=person.id)


def issue_code(*, actor: Actor, person: Person) -> str:
    """A one-time code for somebody of this officer's area; returned once (accounts.issue_code)."""
    return accounts.issue_code(actor=actor, person=person, areas=_areas(person))


def disable_person(*, actor: Actor, person: Person) -> None:
    accounts.disable_person(actor=actor, person=person, areas=_areas(person))


def enable_person(*, actor: Actor, person: Person) -> None:
    accounts.enable_person(actor=actor, person=person, areas=_areas(person))


def act_for(*, actor: Actor, running: SignInSession, business: Business) -> None:
    """This session now acts in the name of the business; an officer's step is written down."""
    require(policies.may_act_for(actor, business))
    accounts.act_for(running, business.id)
    if not actor.belongs_to(business.id):
        audit.record(actor, "business.acted_for", business)


def _areas(person: Person) -> list[str]:
    return areas_of_person(person.id)


def areas_of_person(person_id: int) -> list[str]:
    """Where the businesses a person works for belong."""
    return policies.areas_of(queries.list_of_person(person_id))


def _join(actor: Actor, person: Person, business: Business) -> None:
    session.add(Membership(person_id=person.id, business_id=business.id))
    audit.record(actor, "business.member_added", business, person=person.id)
