"""Housekeeping: rows that only served for a while are taken away, once an hour."""

from datetime import timedelta

from marketplace.accounts import guards as sign_in
from marketplace.core.clock import now
from marketplace.infra import changes, jobs, once
from marketplace.infra.transaction import transaction

_EVERY = timedelta(hours=1)
_last = [now()]


def tidy_up() -> None:
    """For the worker's sweep; cheap while the hour is not over."""
    if now() - _last[0] < _EVERY:
        return
    _last[0] = now()
    forget_old_rows()


def forget_old_rows() -> None:
    """Delete what is older than its purpose (UU PDP: retention ends in destruction)."""
    with transaction():
        sign_in.forget_attempts(timedelta(days=1))
        sign_in.forget_sessions(timedelta(days=30))
        once.forget_old(timedelta(days=30))
        changes.forget_old(timedelta(days=7))
        jobs.forget_old(timedelta(days=30))
