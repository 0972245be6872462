"""What one process cannot show: races, killed workers, limits that hold across processes."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select, update

from marketplace.accounts import rules as account_rules
from marketplace.accounts.models import Person
from marketplace.core.clock import now
from marketplace.core.errors import Conflict
from marketplace.infra import jobs
from marketplace.infra.db import session
from marketplace.infra.jobs import Job, JobState
from marketplace.infra.once import FormEffect
from marketplace.infra.transaction import transaction
from tests import factories
from tests.support.client import Client
from tests.support.processes import in_processes, start_process, vanish

pytestmark = pytest.mark.both_databases

PROCESSES, THREADS, EACH = 2, 4, 100


def _in_threads(work: Callable[[], int]) -> int:
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def one() -> int:
        with app.app_context():
            return work()

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(future.result() for future in [pool.submit(one) for _ in range(THREADS)])


def add_one_often(number: int) -> int:
    """Read, add one, write: the way in which updates get lost."""

    def work() -> int:
        for _ in range(EACH):
            with transaction():
                row = session.get_one(Job, number, with_for_update=True)
                row.done += 1
        return EACH

    return _in_threads(work)


def take_while_stocks_last(number: int) -> int:
    """A guarded update: the database itself compares, so the last unit is sold once."""

    def work() -> int:
        taken = 0
        for _ in range(EACH):
            with transaction():
                guarded = update(Job).where(Job.id == number, Job.done + 1 <= Job.total)
                taken += session.execute(guarded.values(done=Job.done + 1)).rowcount  # type: ignore[attr-defined]
        return taken

    return _in_threads(work)


def edit_with_version(number: int) -> int:
    """Edit a row that carries a version, and try again where somebody was faster."""

    def work() -> int:
        done = 0
        while done < EACH // 4:
            try:
                with transaction():
                    row = session.get_one(Person, number)
                    row.full_name = str(int(row.full_name) + 1)
            except Conflict:
                continue
            done += 1
        return done

    return _in_threads(work)


def _new_job(**given: int) -> int:
    with transaction():
        job = Job(kind="count", **given)
        session.add(job)
    return job.id


def test_800_concurrent_read_modify_writes_lose_nothing(app: Flask) -> None:
    number = _new_job()
    done = in_processes(app, add_one_often, [(number,)] * PROCESSES)
    assert sum(done) == PROCESSES * THREADS * EACH
    assert session.get_one(Job, number).done == sum(done)


def test_a_guarded_update_never_sells_more_than_there_is(app: Flask) -> None:
    number = _new_job(total=500)
    taken = in_processes(app, take_while_stocks_last, [(number,)] * PROCESSES)
    assert sum(taken) == 500
    assert session.get_one(Job, number).done == 500


def test_edits_of_a_versioned_row_lose_nothing_and_say_so(app: Flask) -> None:
    person = factories.make_person(full_name="0")
    done = in_processes(app, edit_with_version, [(person.id,)] * PROCESSES)
    session.rollback()
    assert person.full_name == str(sum(done))
    assert person.version == 1 + sum(done)


def run_and_die(number: int) -> None:
    jobs.register_handlers({"count": lambda args, progress: vanish()})
    jobs.run_job(number)


def test_a_job_of_a_killed_worker_is_done_by_the_next_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _new_job()
    process = start_process(app, run_and_die, number)
    process.join(60)
    assert process.exitcode == 9
    session.rollback()
    assert session.get_one(Job, number).state is JobState.RUNNING
    assert jobs.due_jobs() == []  # its lease still runs: it might be alive

    with transaction():
        session.get_one(Job, number).lease_until = now() - timedelta(seconds=1)
    done: list[int] = []
    monkeypatch.setitem(jobs._handlers, "count", lambda args, progress: done.append(1))
    for due in jobs.due_jobs():
        jobs.run_job(due)
    assert done == [1]
    job = jobs.get_job(number)
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def run_all(numbers: list[int]) -> int:
    done: list[str] = []

    def effect(args: object, progress: jobs.Progress) -> None:
        with transaction():
            session.add(FormEffect(key=f"{os.getpid()}:{len(done)}", location=""))
        done.append("")

    jobs.register_handlers({"count": effect})
    for number in numbers:
        jobs.run_job(number)
    return len(done)


def test_two_workers_never_do_the_same_job(app: Flask) -> None:
    numbers = [_new_job() for _ in range(40)]
    done = in_processes(app, run_all, [(numbers,)] * PROCESSES)
    assert sum(done) == len(numbers)
    assert session.scalar(select(func.count()).select_from(FormEffect)) == len(numbers)


def fail_to_sign_in(phone: str, tries: int) -> list[int]:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    app.test_client_class = Client
    browser = app.test_client()
    answers = []
    for _ in range(tries):
        form = {"login": phone, "password": "certainly not this"}
        answers.append(browser.post("/sign-in", data=form).status_code)
    return answers


def test_tries_to_sign_in_are_counted_across_processes(app: Flask) -> None:
    phone = factories.make_person("producer").phone
    limit = account_rules.TRIES_PER_ACCOUNT
    first = in_processes(app, fail_to_sign_in, [(phone, limit - 3)])[0]
    second = in_processes(app, fail_to_sign_in, [(phone, 5)])[0]
    assert first == [422] * (limit - 3)
    assert second == [422, 422, 422, 429, 429]
