"""Who may see and do what with businesses, their people and their papers (domain.md)."""

from collections.abc import Sequence

from marketplace.accounts import policies as accounts
from marketplace.accounts.models import Person
from marketplace.businesses.models import Business, Paper
from marketplace.businesses.rules import BusinessKind, PaperState
from marketplace.core.actor import Actor


def is_of_office(actor: Actor, business: Business) -> bool:
    """A kabupaten/kota answers for its producers, the province for all of its own.

    A producer belongs to where it lies, an outlet to the province that registered it; what no
    office registered is every province's. `queries.businesses.of_office` says the same of lists.
    """
    if business.kind is BusinessKind.OUTLET:
        return actor.is_province_officer and business.kept_by not in actor.other_provinces
    return may_register_there(actor, business.kind, business.region_code)


def may_list_businesses(actor: Actor) -> bool:
    return actor.is_officer or actor.is_admin


def may_export(actor: Actor) -> bool:
    """The list with contacts and figures: the office, not who keeps the machine running."""
    return actor.is_officer


def may_register(actor: Actor) -> bool:
    return actor.is_officer


def may_register_there(actor: Actor, kind: BusinessKind, region_code: str) -> bool:
    """A kabupaten/kota registers its own producers; outlets, wherever they lie, the province."""
    if actor.is_province_officer:
        return kind is BusinessKind.OUTLET or actor.covers(region_code)
    return actor.is_regency_officer and kind is BusinessKind.PRODUCER and region_code == actor.area


def may_see(actor: Actor, business: Business) -> bool:
    """Producers are there to be found; who buys is for the outlet itself and the office."""
    if business.kind is BusinessKind.PRODUCER:
        return True
    return may_see_private(actor, business) or actor.is_admin


def may_see_private(actor: Actor, business: Business) -> bool:
    """Contacts, papers, branches, history: the business itself and its office.

    Every province brings its producers to the same outlets, so it reads what another keeps of one.
    """
    if business.kind is BusinessKind.OUTLET and actor.is_province_officer:
        return True
    return actor.belongs_to(business.id) or is_of_office(actor, business)


def may_see_trade_details(actor: Actor, business: Business) -> bool:
    """Which kinds of papers a producer has: buyers too."""
    return bool(actor.outlet_ids) or may_see_private(actor, business)


def may_see_figures(actor: Actor, business: Business) -> bool:
    """Yearly sales and working capital; an officer's look is noted (views/register.py)."""
    return actor.belongs_to(business.id) or is_of_office(actor, business)


def may_edit(actor: Actor, business: Business) -> bool:
    """The business itself, or its office for those who cannot do it themselves."""
    return actor.belongs_to(business.id) or is_of_office(actor, business)


def may_act_for(actor: Actor, business: Business) -> bool:
    """One's own business, or for an officer one of the own area."""
    return business.id in actor.business_ids or is_of_office(actor, business)


def may_choose_business(actor: Actor) -> bool:
    return actor.is_signed_in


# --- papers


def may_see_paper(actor: Actor, paper: Paper) -> bool:
    return may_see_private(actor, paper.business)


def may_edit_paper(actor: Actor, paper: Paper) -> bool:
    """Only until it is decided on: what was verified stays what was verified."""
    return paper.state is PaperState.ENTERED and may_edit(actor, paper.business)


def may_check_papers(actor: Actor) -> bool:
    return actor.is_officer


def may_verify(actor: Actor, paper: Paper) -> bool:
    """The office of the area, never somebody of the business itself."""
    return is_of_office(actor, paper.business) and paper.business_id not in actor.business_ids


def may_visit(actor: Actor, business: Business) -> bool:
    """The office of the area goes there, never somebody of the business itself."""
    return is_of_office(actor, business) and business.id not in actor.business_ids


# --- people


def may_list_people(actor: Actor) -> bool:
    return accounts.may_manage_people(actor)


def areas_of(businesses: Sequence[Business]) -> list[str]:
    """What `accounts.policies.may_manage_person` judges by: an outlet is its province's alone."""
    return [
        business.region_code if business.kind is BusinessKind.PRODUCER else business.kept_by
        for business in businesses
    ]


def may_manage_person(actor: Actor, person: Person, businesses: Sequence[Business]) -> bool:
    return accounts.may_manage_person(actor, person, areas_of(businesses))


def may_hand_out_accounts(actor: Actor, business: Business) -> bool:
    """Accounts come from the office, also for colleagues of somebody who has one."""
    return is_of_office(actor, business) or actor.is_admin
