"""Who plans programmes, keeps their records and sees their figures."""

from marketplace.accounts.models import DataRequest
from marketplace.businesses import policies as businesses
from marketplace.businesses.models import Business
from marketplace.core.actor import Actor, ActorKind
from marketplace.programs.models import Certificate, Lead, Program, SignUp, StallHolder
from marketplace.programs.rules import ProgramKind


def may_list_programs(actor: Actor) -> bool:
    """Every officer sees what the offices organise."""
    return actor.is_officer


def may_add_program(actor: Actor) -> bool:
    return actor.is_officer and actor.office_id is not None


def may_see_program(actor: Actor, program: Program) -> bool:
    """Trainings are there for every office; a bazaar's stalls and figures for who keeps them."""
    if program.kind is ProgramKind.TRAINING:
        return actor.is_officer
    return may_run_program(actor, program)


def may_run_program(actor: Actor, program: Program) -> bool:
    """Change it and keep its records: the office it belongs to, and the province above it."""
    return actor.runs_office(program.office_id)


def may_erase_person(actor: Actor, _asked: DataRequest) -> bool:
    """Requests about personal data are the province's, which runs every programme below it."""
    return actor.is_province_officer


# --- stalls and their turnover


def link_subject(holder: StallHolder) -> str:
    """Whom a signed link speaks for; one made anew silences those before it."""
    return f"stall:{holder.id}:{holder.link_number}"


def may_run_stall(actor: Actor, holder: StallHolder) -> bool:
    return may_run_program(actor, holder.program)


def may_own_stall(actor: Actor, holder: StallHolder) -> bool:
    """The producer who stands there."""
    return holder.business_id is not None and actor.belongs_to(holder.business_id)


def may_use_stall(actor: Actor, holder: StallHolder) -> bool:
    """Enter its turnover and its contacts: the stall itself, by account or link, or its office."""
    if actor.kind is ActorKind.LINK:
        return actor.link_subject == link_subject(holder)
    return may_own_stall(actor, holder) or may_run_stall(actor, holder)


def may_have_stalls(actor: Actor) -> bool:
    return bool(actor.producer_ids) or actor.acting_kind == "producer"


def may_see_turnover_of(actor: Actor, business: Business) -> bool:
    """A sole trader's turnover is personal finance: the producer and the office of the area."""
    return businesses.may_see_figures(actor, business)


# --- contacts made at a stall


def may_see_lead(actor: Actor, lead: Lead) -> bool:
    """The office that was there, the producer asked, and the office of the producer's area."""
    if may_run_program(actor, lead.program) or may_own_stall(actor, lead.holder):
        return True
    business = lead.holder.business
    return business is not None and businesses.is_of_office(actor, business)


def may_list_leads(actor: Actor) -> bool:
    return actor.is_officer or may_have_stalls(actor)


# --- trainings


def may_list_trainings(actor: Actor) -> bool:
    return actor.is_officer


def may_add_training(actor: Actor) -> bool:
    """The province plans its own, a kabupaten/kota its own."""
    return actor.is_officer and actor.office_id is not None


def may_see_training(actor: Actor, program: Program) -> bool:
    """That it is held, when and how full it is; who takes part is for its own office."""
    return actor.is_officer


def may_see_participants(actor: Actor, program: Program) -> bool:
    """Names and numbers: the office that keeps its records, and the province for all."""
    return may_run_program(actor, program)


def may_list_participants(actor: Actor, program: Program) -> bool:
    """Its own office the whole list, a kabupaten/kota its own people wherever they learn."""
    return actor.is_officer


def area_of_participants(actor: Actor, program: Program) -> str:
    """Whose names an officer sees on the list of a training: "" for everybody's."""
    return "" if may_see_participants(actor, program) else actor.area or "-"


def may_invite(actor: Actor, business: Business) -> bool:
    """An office its own producers, to any training: the letter goes to the number of the register,
    which other offices do not see. Others come by the link that is passed on."""
    return businesses.is_of_office(actor, business)


def may_sign_up_by_link(actor: Actor) -> bool:
    """Anybody: the page is passed on by WhatsApp, and the number is who they are."""
    return True


def may_sign_up_own(actor: Actor, business_id: int) -> bool:
    return actor.belongs_to(business_id)


def may_list_own_trainings(actor: Actor) -> bool:
    """Whoever is signed in: one may have learnt something without a business."""
    return actor.is_signed_in


def may_answer_for(actor: Actor, sign_up: SignUp) -> bool:
    """Take a seat or give it up: by one's own link, for one's business, or its office."""
    if actor.kind is ActorKind.LINK:
        return actor.link_subject == f"sign-up:{sign_up.id}"
    if sign_up.business_id is not None and actor.belongs_to(sign_up.business_id):
        return True
    return may_run_program(actor, sign_up.training.program)


def may_see_certificate(actor: Actor, certificate: Certificate) -> bool:
    sign_up = certificate.sign_up
    own = sign_up.business_id is not None and actor.belongs_to(sign_up.business_id)
    return own or may_run_program(actor, certificate.training.program)


def may_follow_up(actor: Actor) -> bool:
    return actor.is_officer
