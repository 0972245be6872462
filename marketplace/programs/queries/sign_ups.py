"""Who signed up, who was there, who holds a certificate."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.businesses.models import Business
from marketplace.businesses.queries import living
from marketplace.businesses.rules import BusinessKind
from marketplace.core.actor import Actor
from marketplace.core.errors import NotFound
from marketplace.core.text import N_, fold
from marketplace.infra.areas import lies_in, run_by
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.programs.models import (
    Attendance,
    Certificate,
    FollowUp,
    Program,
    SignUp,
    Training,
    TrainingSession,
)
from marketplace.programs.rules.trainings import TAKING_PART, SignUpState

_WHOLE = (
    joinedload(SignUp.business),
    joinedload(SignUp.training).options(
        joinedload(Training.program).joinedload(Program.office), selectinload(Training.sessions)
    ),
)


def get_sign_up(sign_up_id: int) -> SignUp:
    """With the business, the training and its sessions, as they are now."""
    found = session.scalar(
        select(SignUp)
        .options(*_WHOLE)
        .where(SignUp.id == sign_up_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(N_("There is no such participant."))
    return found


def find_sign_up(program_id: int, phone: str) -> SignUp | None:
    """Who signed up with this number, as it is now."""
    return session.scalar(
        select(SignUp)
        .options(*_WHOLE)
        .where(SignUp.program_id == program_id, SignUp.phone == phone)
        .execution_options(populate_existing=True)
    )


def find_of_business(program_id: int, business_id: int) -> SignUp | None:
    return session.scalar(
        select(SignUp)
        .options(*_WHOLE)
        .where(SignUp.program_id == program_id, SignUp.business_id == business_id)
        .order_by(SignUp.id)
        .limit(1)
        .execution_options(populate_existing=True)
    )


def list_sign_ups(
    program_id: int, states: Collection[SignUpState] = (), text: str = "", area: str = ""
) -> Sequence[SignUp]:
    """In the order of signing up; a training is small enough to be read whole."""
    query = (
        select(SignUp).options(joinedload(SignUp.business)).where(SignUp.program_id == program_id)
    )
    if states:
        query = query.where(SignUp.state.in_(states))
    if text:
        query = query.where(SignUp.folded_name.contains(fold(text), autoescape=True))
    if area:
        query = query.where(lies_in(SignUp.region_code, area))
    return session.scalars(query.order_by(SignUp.turn, SignUp.id)).all()


def page_of_sign_ups(
    program_id: int,
    number: int,
    *,
    state: SignUpState | None = None,
    text: str = "",
    area: str = "",
) -> Page[SignUp]:
    """`area` only the people of one kabupaten/kota."""
    query = (
        select(SignUp).options(joinedload(SignUp.business)).where(SignUp.program_id == program_id)
    )
    if state is not None:
        query = query.where(SignUp.state == state)
    if text:
        query = query.where(SignUp.folded_name.contains(fold(text), autoescape=True))
    if area:
        query = query.where(lies_in(SignUp.region_code, area))
    return paged(query.order_by(SignUp.turn, SignUp.id), number=number, size=50)


def first_waiting(program_id: int) -> SignUp | None:
    """Whose turn it is when a seat comes free."""
    return session.scalar(
        select(SignUp)
        .options(*_WHOLE)
        .where(SignUp.program_id == program_id, SignUp.state == SignUpState.WAITING)
        .order_by(SignUp.turn)
        .limit(1)
        .execution_options(populate_existing=True)
    )


def place_in_line(sign_up: SignUp) -> int:
    """1 for the first of the waiting list."""
    return 1 + (
        session.scalar(
            select(func.count())
            .select_from(SignUp)
            .where(
                SignUp.program_id == sign_up.program_id,
                SignUp.state == SignUpState.WAITING,
                SignUp.turn < sign_up.turn,
            )
        )
        or 0
    )


def attendance_of(program_id: int) -> dict[int, frozenset[int]]:
    """The sessions each participant was at, by the participant's number."""
    found: dict[int, set[int]] = {}
    rows = session.execute(
        select(Attendance.sign_up_id, Attendance.session_id)
        .join(TrainingSession, TrainingSession.id == Attendance.session_id)
        .where(TrainingSession.program_id == program_id)
    )
    for sign_up_id, session_id in rows:
        found.setdefault(sign_up_id, set()).add(session_id)
    return {number: frozenset(there) for number, there in found.items()}


def sessions_attended(sign_up_ids: Collection[int]) -> dict[int, int]:
    """At how many sessions each of these participants was; who was at none is left out."""
    rows = session.execute(
        select(Attendance.sign_up_id, func.count())
        .where(Attendance.sign_up_id.in_(sign_up_ids))
        .group_by(Attendance.sign_up_id)
    )
    return {row[0]: row[1] for row in rows}


def present_at(session_id: int) -> dict[int, Attendance]:
    """Who is there, by the participant's number."""
    rows = session.scalars(select(Attendance).where(Attendance.session_id == session_id))
    return {one.sign_up_id: one for one in rows}


def certificates_of(program_id: int) -> Sequence[Certificate]:
    """All that were issued, revoked ones too, by number."""
    return session.scalars(
        select(Certificate)
        .options(joinedload(Certificate.sign_up))
        .where(Certificate.program_id == program_id)
        .order_by(Certificate.serial)
    ).all()


def get_certificate(certificate_id: int) -> Certificate:
    found = session.scalar(
        select(Certificate)
        .options(
            joinedload(Certificate.sign_up),
            joinedload(Certificate.training).options(
                joinedload(Training.program).joinedload(Program.office),
                selectinload(Training.sessions),
            ),
        )
        .where(Certificate.id == certificate_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(N_("There is no such certificate."))
    return found


def certificates_of_people(sign_up_ids: Collection[int]) -> dict[int, Certificate]:
    """The one that holds, by the participant's number."""
    rows = session.scalars(
        select(Certificate).where(
            Certificate.sign_up_id.in_(sign_up_ids), Certificate.revoked_at.is_(None)
        )
    )
    return {one.sign_up_id: one for one in rows}


def own_sign_ups(business_ids: Collection[int], phone: str | None = None) -> Sequence[SignUp]:
    """Of these businesses, and of this person's own number; the newest training first."""
    mine = SignUp.business_id.in_(business_ids)
    return session.scalars(
        select(SignUp)
        .options(*_WHOLE)
        .join(SignUp.training)
        .join(Training.program)
        .where(or_(mine, SignUp.phone == phone) if phone else mine)
        .order_by(Program.starts_on.desc(), SignUp.id)
    ).all()


def producers_by_phone(phone: str) -> Sequence[Business]:
    """Entries of the register that carry this number."""
    return session.scalars(
        living()
        .where(Business.kind == BusinessKind.PRODUCER, Business.phone == phone)
        .order_by(Business.id)
        .limit(10)
    ).all()


def producers(ids: Collection[int]) -> Sequence[Business]:
    """Those of these numbers that stand in the register as producers."""
    return session.scalars(
        living()
        .where(Business.kind == BusinessKind.PRODUCER, Business.id.in_(ids))
        .order_by(Business.folded_name, Business.id)
    ).all()


def page_to_invite(
    program_id: int, number: int, *, text: str = "", area: str = ""
) -> Page[Business]:
    """Producers that are not on the list yet, by name."""
    there = select(SignUp.business_id).where(
        SignUp.program_id == program_id, SignUp.business_id.is_not(None)
    )
    query = living().where(Business.kind == BusinessKind.PRODUCER, Business.id.not_in(there))
    if area:
        query = query.where(lies_in(Business.region_code, area))
    if text:
        query = query.where(Business.folded_name.contains(fold(text), autoescape=True))
    return paged(query.order_by(Business.folded_name, Business.id), number=number)


# --- follow-ups


def attended_without_follow_up(ended_by: date, months: int) -> Sequence[tuple[int, date]]:
    """(participant, last day of the training) of those who were there and have no such call yet."""
    called = select(FollowUp.sign_up_id).where(FollowUp.months == months)
    rows = session.execute(
        select(SignUp.id, Program.ends_on)
        .join(SignUp.training)
        .join(Training.program)
        .where(
            Program.ends_on <= ended_by,
            SignUp.state.in_(TAKING_PART),
            SignUp.erased_at.is_(None),
            SignUp.id.in_(select(Attendance.sign_up_id)),
            SignUp.id.not_in(called),
        )
        .order_by(SignUp.id)
        .limit(500)
    )
    return [(number, ends_on) for number, ends_on in rows]


def get_follow_up(follow_up_id: int) -> FollowUp:
    found = session.scalar(
        select(FollowUp)
        .options(joinedload(FollowUp.sign_up).options(*_WHOLE))
        .where(FollowUp.id == follow_up_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(N_("There is no such call."))
    return found


def get_program_of_follow_up(follow_up_id: int) -> Program:
    return get_follow_up(follow_up_id).sign_up.training.program


def page_of_follow_ups(number: int, *, actor: Actor | None = None) -> Page[FollowUp]:
    """Calls still to make, the oldest first; those of the trainings an officer runs."""
    query = _to_call(actor).options(joinedload(FollowUp.sign_up).options(*_WHOLE))
    return paged(query.order_by(FollowUp.due_on, FollowUp.id), number=number)


def count_follow_ups(actor: Actor | None = None) -> int:
    waiting = _to_call(actor).with_only_columns(FollowUp.id).subquery()
    return session.scalar(select(func.count()).select_from(waiting)) or 0


def _to_call(actor: Actor | None) -> Select[FollowUp]:
    query = (
        select(FollowUp)
        .join(FollowUp.sign_up)
        .join(SignUp.training)
        .join(Training.program)
        .where(FollowUp.done_at.is_(None))
    )
    return query if actor is None else query.where(run_by(actor, Program.office_id))


def follow_ups_of(sign_up_ids: Collection[int]) -> Sequence[FollowUp]:
    return session.scalars(
        select(FollowUp)
        .where(FollowUp.sign_up_id.in_(sign_up_ids))
        .order_by(FollowUp.sign_up_id, FollowUp.months)
    ).all()
