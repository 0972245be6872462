"""What only served for a while does not stay for ever."""

from datetime import timedelta

import pytest

from marketplace.accounts.models import SignInAttempt, SignInSession
from marketplace.accounts.services import open_session
from marketplace.core.clock import now
from marketplace.home.jobs import forget_old_rows
from marketplace.infra import jobs, once
from marketplace.infra.changes import Change
from marketplace.infra.db import session
from marketplace.infra.jobs import Job, JobState
from marketplace.infra.once import FormEffect
from marketplace.infra.transaction import transaction
from tests.factories import make_person

LONG_AGO = now() - timedelta(days=400)


@pytest.mark.both_databases
def test_old_rows_go_and_young_ones_stay(app: object) -> None:
    person = make_person()
    with transaction():
        session.add(SignInAttempt(key="old", at=LONG_AGO))
        session.add(SignInAttempt(key="young"))
        session.add(Change(kind="product", ref_id=1, at=LONG_AGO))
        session.add(Change(kind="product", ref_id=2, at=LONG_AGO))
        once.remember(None, "young", "/here")
        session.add(FormEffect(key="0:old", location="/there", at=LONG_AGO))
        open_session(person, long=True, device="young")
        ended = SignInSession(
            token_hash="x", person_id=person.id, expires_at=LONG_AGO, device="old"
        )
        session.add(ended)
        for state in (JobState.DONE, JobState.FAILED):
            session.add(Job(kind=state.value, state=state, finished_at=LONG_AGO))
    forget_old_rows()
    assert [row.key for row in session.query(SignInAttempt)] == ["young"]
    assert [row.ref_id for row in session.query(Change)] == [2]  # the newest number is kept
    assert [row.location for row in session.query(FormEffect)] == ["/here"]
    assert [row.ended_at for row in session.query(SignInSession)] == [None]
    assert session.query(SignInSession).filter_by(token_hash="x").count() == 0
    assert [row.kind for row in session.query(jobs.Job)] == ["failed"]
