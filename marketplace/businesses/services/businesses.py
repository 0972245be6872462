"""Register and change producers and outlets."""

from marketplace.audit import services as audit
from marketplace.businesses import policies, queries
from marketplace.businesses.events import BusinessChanged, BusinessNamed, ProducerMoved
from marketplace.businesses.models import Business, BusinessMove
from marketplace.businesses.rules import (
    BusinessDraft,
    BusinessKind,
    Figures,
    PaperDraft,
    PaperKind,
    read_number,
)
from marketplace.businesses.services.branches import keep_single_branch
from marketplace.businesses.services.kbli import set_kbli
from marketplace.businesses.services.papers import enter
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.text import N_, fold
from marketplace.infra.db import session
from marketplace.infra.events import publish
from marketplace.infra.web import require

CHANGED_MEANWHILE = N_("Someone else changed this meanwhile. Look at it again.")
NIB_TAKEN = N_("Another business is registered with this NIB.")


def register_business(*, actor: Actor, draft: BusinessDraft) -> Business:
    """Register a producer or outlet; a single shop gets its one branch by itself."""
    require(policies.may_register_there(actor, draft.kind, draft.region_code))
    _check_same(draft)
    business = Business(kind=draft.kind, kept_by=_keeper(actor, draft.kind))
    nib = _checked_nib(draft.nib)
    _write(business, draft, nib)
    session.add(business)
    session.flush()
    audit.record(actor, "business.registered", business, name=business.name)
    set_kbli(actor=actor, business=business, codes=draft.kbli)
    if nib:
        enter(actor=actor, business=business, draft=PaperDraft(PaperKind.NIB, nib))
    keep_single_branch(business)
    publish(BusinessChanged(business.id))
    return business


def change_business(*, actor: Actor, business: Business, draft: BusinessDraft, version: int) -> int:
    """Correct what is said about a business. Its kind stays what it is.

    A move to another kabupaten/kota moves the case to another office: only the province, or the
    business itself, may do that. Returns how many open matters went along to the other office.
    """
    require(policies.may_edit(actor, business))
    if business.version != version:
        raise Conflict(CHANGED_MEANWHILE)
    before = business.region_code
    moved = before != draft.region_code
    if moved and not actor.belongs_to(business.id):
        require(policies.may_register_there(actor, business.kind, draft.region_code))
    _check_same(draft, business.id)
    nib = _checked_nib(draft.nib, business.id)
    is_new_nib = nib is not None and nib != business.nib
    named = (draft.name, draft.phone) != (business.name, business.phone) or is_new_nib
    _write(business, draft, nib)
    audit.record(actor, "business.changed", business, moved=moved)
    set_kbli(actor=actor, business=business, codes=draft.kbli)
    along = _note_move(actor, business, before) if moved else 0
    session.flush()
    if is_new_nib and nib and not queries.find_live_paper(business.id, PaperKind.NIB, nib, None):
        enter(actor=actor, business=business, draft=PaperDraft(PaperKind.NIB, nib))
    keep_single_branch(business)
    if moved:
        publish(BusinessChanged(business.id))
    elif named:
        publish(BusinessNamed(business.id))
    return along


def _keeper(actor: Actor, kind: BusinessKind) -> str:
    return actor.area[:2] if kind is BusinessKind.OUTLET and actor.is_province_officer else ""


def _note_move(actor: Actor, business: Business, before: str) -> int:
    """Keep where it lay: reports count what happened before in the area it happened in.

    Returns how many open matters of other rooms went along.
    """
    session.add(
        BusinessMove(
            business_id=business.id,
            from_code=before,
            to_code=business.region_code,
            by_id=actor.person_id,
            by_name=actor.name,
        )
    )
    audit.record(actor, "business.moved", business, **{"from": before, "to": business.region_code})
    if business.kind is not BusinessKind.PRODUCER:
        return 0
    answers = publish(ProducerMoved(business.id, before, business.region_code))
    return sum(answer for answer in answers if answer)


def declare_figures(*, actor: Actor, business: Business, figures: Figures, version: int) -> None:
    """Keep what the business declares; its size class follows from the sales (PP 7/2021)."""
    require(policies.may_see_figures(actor, business) and policies.may_edit(actor, business))
    if business.version != version:
        raise Conflict(CHANGED_MEANWHILE)
    if figures.yearly_sales is not None and figures.yearly_sales_on is None:
        message = N_("Say until which day this year of sales ran.")
        raise InvalidInput(message, fields={"yearly_sales_on": message})
    if figures.yearly_sales_on is not None and figures.yearly_sales_on > today():
        message = N_("This day lies in the future.")
        raise InvalidInput(message, fields={"yearly_sales_on": message})
    business.yearly_sales = figures.yearly_sales
    business.yearly_sales_on = figures.yearly_sales_on if figures.yearly_sales is not None else None
    business.working_capital = figures.working_capital
    # The amounts themselves stay out of the trail, which more people read.
    audit.record(actor, "business.figures_declared", business)
    publish(BusinessChanged(business.id))


def note_figures_seen(*, actor: Actor, business: Business) -> None:
    """An office looked at sales and capital: who and when is kept, and the business sees it."""
    require(policies.may_see_figures(actor, business))
    audit.record(actor, "business.figures_seen", business)


def _check_same(draft: BusinessDraft, besides: int | None = None) -> None:
    if queries.find_same(draft.kind, draft.name, draft.region_code, besides) is not None:
        message = N_("A business of this name is already registered in this kabupaten/kota.")
        raise Conflict(message, field="name")


def _checked_nib(typed: str, business_id: int | None = None) -> str | None:
    """The NIB as stored; InvalidInput says what is wrong, Conflict that another business has it."""
    if not typed:
        return None
    number = read_number(PaperKind.NIB, typed, today())
    problem = number.first_block
    if problem is not None:
        raise InvalidInput(problem.msgid, fields={"nib": problem.msgid}, **dict(problem.params))
    other = queries.find_by_nib(number.normalised)
    if other is not None and other.id != business_id:
        raise Conflict(NIB_TAKEN, field="nib")
    return number.normalised


def _write(business: Business, draft: BusinessDraft, nib: str | None) -> None:
    business.name, business.folded_name = draft.name, fold(draft.name)[:200]
    business.region_code, business.address = draft.region_code, draft.address
    business.about = draft.about
    business.contact_name, business.phone = draft.contact_name, draft.phone
    business.nib = nib
    if business.kind is BusinessKind.OUTLET:
        business.outlet_format, business.is_chain = draft.outlet_format, draft.is_chain
