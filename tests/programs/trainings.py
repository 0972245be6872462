"""A training of three sessions, this week, with as many people as a test needs."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from marketplace.accounts import queries as accounts
from marketplace.accounts.models import Person
from marketplace.core.actor import ANONYMOUS, Actor
from marketplace.core.clock import today
from marketplace.infra.transaction import transaction
from marketplace.programs.models import SignUp, Training
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.queries import trainings as queries
from marketplace.programs.rules import ProgramLevel
from marketplace.programs.rules.trainings import SessionDraft, SignUpDraft, TrainingDraft
from marketplace.programs.services import attending, certifying, signing_up, trainings
from tests import factories

_serial = count(1)


@dataclass(frozen=True)
class Course:
    """A training by number: what is read of it is read anew each time."""

    id: int
    officer: Person

    @property
    def actor(self) -> Actor:
        return accounts.actor_of(accounts.get_person(self.officer.id))

    @property
    def training(self) -> Training:
        return queries.get_training(self.id)

    @property
    def sessions(self) -> list[int]:
        return [one.id for one in self.training.sessions]

    def states(self) -> list[str]:
        """In the order of signing up."""
        return [one.state.value for one in reads.list_sign_ups(self.id)]


def draft_of(starts: int = -2, days: int = 3, **given: Any) -> TrainingDraft:
    """`days` sessions, one a day from nine to twelve, the first in `starts` days."""
    first = today() + timedelta(days=starts)
    values: dict[str, Any] = {
        "title": "Membuat cokelat Bangka",
        "subject": "Cokelat",
        "level": ProgramLevel.PROVINCE,
        "organiser": "Dinas Koperasi dan UKM",
        "region_code": factories.PANGKALPINANG,
        "place": "Aula Dinas",
        "starts_on": first,
        "ends_on": first + timedelta(days=days - 1),
        "seats": 20,
        "sign_up_until": first + timedelta(days=days - 1),
        "sessions": tuple(
            SessionDraft(first + timedelta(days=number), 9 * 60, 12 * 60) for number in range(days)
        ),
        "unlocks": ("paper:pirt", "category:cokelat"),
        **given,
    }
    return TrainingDraft(**values)


def make_course(
    officer: Person | None = None, *, is_open: bool = True, starts: int = -2, **given: Any
) -> Course:
    """Ends today and takes sign-ups, unless said otherwise."""
    officer = officer or factories.make_person("province")
    actor = accounts.actor_of(accounts.get_person(officer.id))
    with transaction():
        training = trainings.add_training(actor=actor, draft=draft_of(starts, **given))
        if is_open:
            trainings.open_training(actor=actor, program_id=training.program_id)
    return Course(training.program_id, officer)


def next_phone() -> str:
    return f"+62815{next(_serial):08}"


def join(course: Course, name: str = "", phone: str = "", **given: Any) -> SignUp:
    """Somebody signs up from the page."""
    phone = phone or next_phone()
    draft = SignUpDraft(name or f"Peserta {phone[-3:]}", phone, **given)
    with transaction():
        done = signing_up.sign_up_by_link(actor=ANONYMOUS, program_id=course.id, draft=draft)
    return done.sign_up


def attend(course: Course, sign_up: SignUp, sessions: int = 3) -> None:
    """At the first so many sessions."""
    with transaction():
        for session_id in course.sessions[:sessions]:
            attending.note_present(actor=course.actor, session_id=session_id, sign_up_id=sign_up.id)


def certify(course: Course) -> int:
    with transaction():
        return certifying.issue(actor=course.actor, program_id=course.id)
