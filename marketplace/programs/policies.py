"""Who plans programmes, keeps their records and sees their figures."""

from marketplace.core.actor import Actor, ActorKind
from marketplace.programs.models import Certificate, Program, SignUp


def may_list_programs(actor: Actor) -> bool:
    """Every officer sees what the offices organise."""
    return actor.is_officer


def may_add_program(actor: Actor) -> bool:
    return actor.is_officer


def may_see_program(actor: Actor, program: Program) -> bool:
    return actor.is_officer


def may_run_program(actor: Actor, program: Program) -> bool:
    """Change it and keep its records: the office it belongs to, and the province for all."""
    return actor.is_province_officer or (
        actor.is_regency_officer and program.office_id == actor.office_id
    )


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


def may_invite_to(actor: Actor, program: Program, area: str) -> bool:
    """Its own office whomever it likes; a kabupaten/kota its own producers to any training."""
    return may_run_program(actor, program) or (actor.is_regency_officer and area == actor.area)


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
