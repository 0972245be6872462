"""Programmes of all kinds."""

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from marketplace.accounts.models import Office
from marketplace.core.actor import Actor
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.areas import run_by
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.programs.models import Program
from marketplace.programs.rules import ProgramKind


def get_program(program_id: int, *kinds: ProgramKind) -> Program:
    """The programme with its office; NotFound where it is none of the kinds asked for."""
    query = select(Program).options(joinedload(Program.office)).where(Program.id == program_id)
    if kinds:
        query = query.where(Program.kind.in_(kinds))
    program = session.scalar(query)
    if program is None:
        raise NotFound(N_("There is no such programme."))
    return program


def area_of_keeper(program_id: int) -> str:
    """The area of the office that keeps its records: a kabupaten/kota or a province."""
    code = session.scalar(
        select(Office.region_code)
        .join(Program, Program.office_id == Office.id)
        .where(Program.id == program_id)
    )
    return code or ""


def page_of_programs(kind: ProgramKind | None, number: int, *, actor: Actor) -> Page[Program]:
    """The newest first: what this officer runs, and the trainings of all."""
    query = (
        select(Program)
        .options(joinedload(Program.office))
        .where(or_(run_by(actor, Program.office_id), Program.kind == ProgramKind.TRAINING))
    )
    if kind is not None:
        query = query.where(Program.kind == kind)
    return paged(query.order_by(Program.starts_on.desc(), Program.id.desc()), number=number)
