"""Background jobs as rows: repeated after a crash, parked when hopeless, never queued twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from marketplace.core.clock import now
from marketplace.core.errors import NotFound, RuleBroken
from marketplace.infra import jobs
from marketplace.infra.db import session
from marketplace.infra.jobs import Job, JobState
from marketplace.infra.transaction import transaction

Handle = Callable[[jobs.Handler], None]


@pytest.fixture
def handle(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Handle:
    return lambda handler: monkeypatch.setitem(jobs._handlers, "work", handler)


def enqueue(**given: str) -> Job:
    with transaction():
        job = jobs.enqueue("work", {"n": 1}, **given)
    assert job is not None
    return job


def run_when_due(job: Job) -> Job:
    """Run the job now, however long it was to wait."""
    with transaction():
        session.get_one(Job, job.id).run_at = now()
    jobs.run_job(job.id)
    return jobs.get_job(job.id)


def test_a_job_keeps_what_its_handler_returns(app: Flask, handle: Handle) -> None:
    handle(lambda args, progress: {"twice": args["n"] * 2})
    job = run_when_due(enqueue())
    assert (job.state, job.result) == (JobState.DONE, {"twice": 2})
    assert job.finished_at is not None


def test_a_job_tells_how_far_it_is(app: Flask, handle: Handle) -> None:
    handle(lambda args, progress: progress(3, 7, "rows read"))
    job = run_when_due(enqueue())
    assert (job.done, job.total, job.message) == (3, 7, "rows read")


def test_a_job_that_crashes_is_tried_again_and_then_parked(app: Flask, handle: Handle) -> None:
    def crash(args: object, progress: object) -> None:
        raise ZeroDivisionError

    handle(crash)
    job = enqueue()
    states = [run_when_due(job).state for _ in range(jobs.MAX_ATTEMPTS)]
    assert states == [JobState.WAITING] * (jobs.MAX_ATTEMPTS - 1) + [JobState.FAILED]
    assert jobs.get_job(job.id).message == "ZeroDivisionError"
    assert jobs.due_jobs() == []


def test_a_crashed_job_waits_before_it_is_tried_again(app: Flask, handle: Handle) -> None:
    def crash(args: object, progress: object) -> None:
        raise ZeroDivisionError

    handle(crash)
    assert run_when_due(enqueue()).run_at > now() + timedelta(seconds=5)


def test_a_refusal_in_words_is_not_tried_again(app: Flask, handle: Handle) -> None:
    def refuse(args: object, progress: object) -> None:
        raise RuleBroken("The file holds no rows.")

    handle(refuse)
    job = run_when_due(enqueue())
    assert (job.state, job.attempts) == (JobState.FAILED, 1)
    assert "holds no rows" in job.message


def test_a_job_nobody_knows_is_parked_where_people_see_it(app: Flask) -> None:
    with transaction():
        job = jobs.enqueue("unheard of")
    assert job is not None
    assert run_when_due(job).state is JobState.FAILED


def test_a_job_that_is_done_is_not_done_again(app: Flask, handle: Handle) -> None:
    done: list[int] = []
    handle(lambda args, progress: done.append(1))
    job = run_when_due(enqueue())
    jobs.run_job(job.id)
    assert done == [1]


def test_the_same_work_waits_only_once(app: Flask, handle: Handle) -> None:
    handle(lambda args, progress: None)
    first = enqueue(key="suggest:7")
    with transaction():
        assert jobs.enqueue("work", key="suggest:7") is None
    run_when_due(first)
    assert enqueue(key="suggest:7").id != first.id  # done once, new work is new work


def test_a_job_that_does_not_exist_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        jobs.get_job(12345)


def test_jobs_done_at_once_are_over_when_the_transaction_is(
    app: Flask, handle: Handle, jobs_inline: None
) -> None:
    handle(lambda args, progress: {"ok": True})
    assert jobs.get_job(enqueue().id).state is JobState.DONE
