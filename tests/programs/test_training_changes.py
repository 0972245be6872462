"""A training is changed after people signed up: sessions, a stale form, entries joined."""

from dataclasses import replace

import pytest
from flask import Flask

from marketplace.core.errors import Conflict, InvalidInput, RuleBroken
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.programs.models import TrainingSession
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.rules.trainings import TrainingDraft
from marketplace.programs.services import signing_up, trainings
from marketplace.register import queries as register
from marketplace.register.models import BusinessTwin
from marketplace.register.services import merging
from tests import factories
from tests.conftest import SignIn
from tests.programs.trainings import Course, attend, certify, draft_of, join, make_course


def change(course: Course, draft: TrainingDraft) -> None:
    version = course.training.program.version
    with transaction():
        trainings.change_training(
            actor=course.actor, program_id=course.id, draft=draft, version=version
        )


@pytest.mark.both_databases
def test_a_session_keeps_who_was_there_while_its_day_and_hour_stay(app: Flask) -> None:
    course = make_course()
    sign_up = join(course)
    attend(course, sign_up, 2)
    first, second, third = course.sessions
    draft = draft_of()
    longer = replace(draft.sessions[0], ends=15 * 60, topic="Biji kakao")
    moved = replace(draft.sessions[2], starts=13 * 60, ends=16 * 60)
    change(course, replace(draft, sessions=(longer, draft.sessions[1], moved)))
    assert course.sessions[:2] == [first, second]
    assert course.sessions[2] != third
    assert course.training.sessions[0].topic == "Biji kakao"
    assert reads.attendance_of(course.id) == {sign_up.id: frozenset({first, second})}
    assert session.query(TrainingSession).count() == 3


def test_a_session_somebody_was_at_is_not_taken_out(app: Flask) -> None:
    course = make_course()
    attend(course, join(course), 1)
    draft = draft_of()
    with pytest.raises(InvalidInput) as refused:
        change(course, replace(draft, sessions=draft.sessions[1:]))
    assert "sessions" in refused.value.fields
    assert len(course.sessions) == 3


def test_a_form_filled_before_somebody_elses_change_is_shown_beside_it(
    app: Flask, signed_in: SignIn
) -> None:
    course = make_course()
    stale = course.training.program.version
    change(course, replace(draft_of(), title="Nama baru"))
    with pytest.raises(Conflict), transaction():
        trainings.change_training(
            actor=course.actor, program_id=course.id, draft=draft_of(), version=stale
        )
    page = signed_in(course.officer).text(f"/trainings/{course.id}/edit")
    assert "Nama baru" in page


def test_what_is_called_off_tells_everybody_and_takes_nobody(app: Flask) -> None:
    course = make_course()
    sign_up = join(course)
    with transaction():
        assert trainings.cancel_training(actor=course.actor, program_id=course.id) == 1
    with pytest.raises(RuleBroken):
        join(course)
    with pytest.raises(RuleBroken):
        certify(course)
    with transaction():
        signing_up.erase(actor=course.actor, sign_up_id=sign_up.id)
    assert course.states() == ["withdrawn"]


def test_sign_ups_go_with_the_entry_that_stays(app: Flask) -> None:
    course = make_course()
    keep, gone = factories.make_producer(), factories.make_producer()
    sign_up = join(course, business_id=gone.id)
    versions = {one.id: one.version for one in (keep, gone)}
    with transaction():
        twin = BusinessTwin(first_id=keep.id, second_id=gone.id, grounds=[], confidence=1)
        session.add(twin)
        session.flush()
        merging.merge(
            actor=course.actor,
            twin=register.get_twin(twin.id),
            keep_id=keep.id,
            taken_over=(),
            versions=versions,
        )
    assert reads.get_sign_up(sign_up.id).business_id == keep.id
