"""Deletes by age: what sign-in leaves behind is kept only as long as it serves."""

from datetime import timedelta

from sqlalchemy import delete, or_

from marketplace.accounts.models import SignInAttempt, SignInSession
from marketplace.core.clock import now
from marketplace.infra.db import session


def forget_attempts(age: timedelta) -> None:
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now() - age))


def forget_sessions(age: timedelta) -> None:
    """Sessions that ended or ran out long ago: with them goes which device was used when."""
    before = now() - age
    session.execute(
        delete(SignInSession).where(
            or_(SignInSession.ended_at < before, SignInSession.expires_at < before)
        )
    )
