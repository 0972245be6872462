"""Background work: rows with a lease are the truth, the queue only carries their number.

A killed worker loses nothing: a row whose lease ran out is taken again, so handlers are written to
be repeated. After `MAX_ATTEMPTS` a job is parked as failed, where people can see it.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import current_app
from sqlalchemy import (
    JSON,
    BigInteger,
    Index,
    String,
    Text,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.clock import now
from marketplace.core.errors import DomainError, NotFound, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import Id, Model, UtcDateTime, enum_column, session
from marketplace.infra.paging import Page, paged
from marketplace.infra.transaction import after_commit, transaction

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 3


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Model):
    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_due", "state", "run_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    args: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[JobState] = mapped_column(enum_column(JobState), default=JobState.WAITING)
    # The same key while a job waits means the same work: it is not queued twice.
    key: Mapped[str | None] = mapped_column(String(120), index=True)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    owner_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_over(self) -> bool:
        return self.state in {JobState.DONE, JobState.FAILED}


class Progress:
    """Handed to a handler: tell how far it is; that also keeps the lease."""

    def __init__(self, job_id: int) -> None:
        self._job_id = job_id

    def __call__(self, done: int, total: int, message: str = "") -> None:
        with transaction():
            session.execute(
                update(Job)
                .where(Job.id == self._job_id)
                .values(done=done, total=total, message=message, lease_until=now() + LEASE)
            )


Report = Callable[[int, int], None]
Handler = Callable[[Mapping[str, Any], Report], Mapping[str, Any] | None]
_handlers: dict[str, Handler] = {}


def register_handlers(table: Mapping[str, Handler]) -> None:
    _handlers.update(table)


def enqueue(
    kind: str,
    args: Mapping[str, Any] | None = None,
    *,
    key: str | None = None,
    owner_id: int | None = None,
) -> Job | None:
    """Write a job down in the current transaction; None where the same work already waits."""
    if key is not None:
        waiting = session.scalar(select(Job).where(Job.key == key).limit(1))
        if waiting is not None:
            return None
    job = Job(kind=kind, args=dict(args or {}), key=key, owner_id=owner_id)
    session.add(job)
    session.flush()
    number = job.id
    after_commit(lambda: _announce(number))
    return job


def _announce(number: int) -> None:
    if current_app.config.get("JOBS_INLINE"):
        run_job(number)
        return
    from marketplace.infra.queue import push  # the queue library is only needed where jobs run

    try:
        push(number)
    except Exception:
        # The row is kept: the worker's sweep finds it within seconds.
        log.warning("job %s could not be announced", number, exc_info=True)


def run_job(number: int) -> None:
    """Run one job if it is free; safe to call twice, by two workers, or after a crash."""
    if not _take(number):
        return
    job = get_job(number)
    handler = _handlers.get(job.kind)
    try:
        if handler is None:
            raise DomainError(N_("Nobody here knows how to do this job."))
        result = handler(dict(job.args), Progress(number))
    except Exception as error:
        session.rollback()
        log.exception("job %s (%s) failed", number, job.kind)
        _give_back(number, job.attempts, error)
        return
    _finish(number, JobState.DONE, result=dict(result or {}))


def _take(number: int) -> bool:
    free = or_(
        Job.state == JobState.WAITING,
        (Job.state == JobState.RUNNING) & (Job.lease_until < now()),
    )
    with transaction():
        taken = session.execute(
            update(Job)
            .where(Job.id == number, free, Job.run_at <= now())
            .values(
                state=JobState.RUNNING,
                lease_until=now() + LEASE,
                attempts=Job.attempts + 1,
                key=None,  # from here on a new request is new work
            )
        )
    return bool(getattr(taken, "rowcount", 0))


def _give_back(number: int, attempts: int, error: Exception) -> None:
    # A refusal in words will not go away by itself; a crash may.
    if attempts >= MAX_ATTEMPTS or isinstance(error, DomainError):
        message = str(error) if isinstance(error, DomainError) else type(error).__name__
        _finish(number, JobState.FAILED, message=message)
        return
    with transaction():
        session.execute(
            update(Job)
            .where(Job.id == number)
            .values(
                state=JobState.WAITING,
                lease_until=None,
                run_at=now() + timedelta(seconds=5 * 2**attempts),
            )
        )


def _finish(
    number: int, state: JobState, *, result: dict[str, Any] | None = None, message: str = ""
) -> None:
    values: dict[str, Any] = {"state": state, "lease_until": None, "finished_at": now()}
    if result is not None:
        values["result"] = result
    if message:
        values["message"] = message
    with transaction():
        session.execute(update(Job).where(Job.id == number).values(**values))


def due_jobs(limit: int = 100) -> list[int]:
    """Numbers of jobs that wait or whose worker died, oldest first."""
    return list(
        session.scalars(
            select(Job.id)
            .where(
                or_(
                    (Job.state == JobState.WAITING) & (Job.run_at <= now()),
                    (Job.state == JobState.RUNNING) & (Job.lease_until < now()),
                )
            )
            .order_by(Job.id)
            .limit(limit)
        )
    )


def count_waiting(kind: str, at_most: int) -> int:
    """How many jobs of a kind wait; counting stops at `at_most`."""
    waiting = (
        select(Job.id).where(Job.kind == kind, Job.state == JobState.WAITING).limit(at_most)
    ).subquery()
    return session.scalar(select(func.count()).select_from(waiting)) or 0


def get_job(number: int) -> Job:
    found = session.get(Job, number, populate_existing=True)
    if found is None:
        raise NotFound(N_("There is no such job."))
    return found


def page_of_jobs(number: int) -> Page[Job]:
    """All jobs, those that need a look first, then the newest."""
    trouble = (Job.state == JobState.FAILED).desc()
    return paged(select(Job).order_by(trouble, Job.id.desc()), number=number)


def try_again(number: int) -> None:
    """Put a failed job back into the queue with fresh attempts."""
    job = get_job(number)
    if job.state is not JobState.FAILED:
        raise RuleBroken(N_("Only a failed job can run again."))
    job.state, job.attempts, job.message = JobState.WAITING, 0, ""
    job.finished_at, job.run_at = None, now()
    after_commit(lambda: _announce(number))


def forget_old(age: timedelta) -> None:
    """Work that was done long ago; what failed stays until somebody looks at it."""
    session.execute(
        delete(Job).where(
            Job.state == JobState.DONE,
            Job.finished_at < now() - age,
            # Lists and imports are shown by their job for as long as their owner wants them.
            Job.owner_id.is_(None),
        )
    )
