"""Who plans programmes, keeps their records and sees their figures."""

from marketplace.core.actor import Actor
from marketplace.programs.models import Program


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
