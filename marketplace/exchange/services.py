"""Writes of an import: from the upload to the last row."""

from collections.abc import Mapping, Sequence
from typing import Any

from marketplace.audit import services as audit
from marketplace.core import clock
from marketplace.core.actor import Actor
from marketplace.core.errors import RuleBroken
from marketplace.core.text import N_
from marketplace.exchange import policies, queries, rules
from marketplace.exchange.models import Import
from marketplace.exchange.rules import ColumnMap, ImportState
from marketplace.infra import jobs
from marketplace.infra.db import session
from marketplace.infra.jobs import JobState
from marketplace.infra.storage import StoredFile, drop_file, forget_bytes, put_file
from marketplace.infra.web import require

CHECK_JOB, APPLY_JOB = "exchange.check", "exchange.apply"
_JSON = "application/json"


def start_import(
    *,
    actor: Actor,
    kind: str,
    table: bytes,
    rows: int,
    file_name: str,
    mapping: ColumnMap,
    business_id: int | None,
) -> Import:
    """Keep an upload that was read; nothing of it is in the register yet."""
    require(policies.may_exchange(actor) and actor.person_id is not None)
    one = Import(
        kind=kind,
        owner_id=actor.person_id or 0,
        acting_for_id=actor.acting_for,
        business_id=business_id,
        file_name=file_name,
        table=_keep(actor, table, "import"),
        rows=rows,
        mapping=mapping.as_dict(),
    )
    session.add(one)
    session.flush()
    audit.record(actor, "import.started", one, kind=kind, rows=rows)
    return one


def set_mapping(*, actor: Actor, one: Import, mapping: ColumnMap) -> None:
    """Say how the file is read; it is then checked anew, in the background."""
    require(policies.may_see_import(actor, one))
    rules.check_transition(one.state, ImportState.CHECKING)
    one.mapping = mapping.as_dict()
    one.state = ImportState.CHECKING
    one.preview = {}
    _enqueue(actor, one, CHECK_JOB)


def keep_preview(*, actor: Actor, one: Import, preview: Mapping[str, int], problems: bytes) -> None:
    """What the check found: counts, and what is wrong with which cell."""
    require(policies.may_see_import(actor, one))
    rules.check_transition(one.state, ImportState.CHECKED)
    one.state = ImportState.CHECKED
    one.preview = dict(preview)
    one.problems = _keep(actor, problems, "result")


def confirm_import(*, actor: Actor, one: Import) -> None:
    """Take the good rows in, in the background."""
    require(policies.may_see_import(actor, one))
    rules.check_transition(one.state, ImportState.APPLYING)
    one.state = ImportState.APPLYING
    one.applied, one.counts, one.refused = 0, {}, []
    audit.record(actor, "import.confirmed", one, kind=one.kind, **one.preview)
    _enqueue(actor, one, APPLY_JOB)


def note_applied(
    *, one: Import, upto: int, counts: Mapping[str, int], refused: Sequence[Any] = ()
) -> None:
    """In the transaction that wrote them: how many records are in, and what came of them.

    A job that is killed goes on after the last records it noted, so none is counted twice.
    """
    one.applied = upto
    one.counts = {
        **one.counts,
        **{key: one.counts.get(key, 0) + count for key, count in counts.items()},
    }
    if refused:
        one.refused = [*one.refused, *refused]


def finish_import(*, actor: Actor, one: Import) -> None:
    rules.check_transition(one.state, ImportState.DONE)
    one.state = ImportState.DONE
    one.finished_at = clock.now()
    audit.record(actor, "import.finished", one, kind=one.kind, **one.counts)


def resume_import(*, actor: Actor, one: Import) -> None:
    """Start a job that gave up once more: it goes on where it stopped."""
    require(policies.may_see_import(actor, one))
    if one.job_id is None or jobs.get_job(one.job_id).state is not JobState.FAILED:
        raise RuleBroken(N_("This import is still running. Look again in a moment."))
    rules.check_transition(one.state, one.state)
    _enqueue(actor, one, CHECK_JOB if one.state is ImportState.CHECKING else APPLY_JOB)


def forget_old_rows(limit: int = 100) -> int:
    """Take away the rows of files nobody needs any more; how many were done (see rules.KEPT_FOR).

    What came of an import stays: its counts, its day and its name. One that was never confirmed is
    deleted whole. Called by the clock, in a transaction.
    """
    old = queries.list_forgettable(clock.now() - rules.KEPT_FOR, limit)
    for one in old:
        table, problems = one.table, one.problems
        bad = one.preview.get("bad", 0) + len({each[0] for each in one.refused})
        one.preview = {**one.preview, "bad": bad}
        one.refused, one.problems, one.mapping = [], None, {}
        if one.state is ImportState.DONE:
            forget_bytes(table)
            session.flush()
        else:
            session.delete(one)
            session.flush()  # the row that refers to the files goes first
            drop_file(table)
        if problems is not None:
            drop_file(problems)
    return len(old)


def _enqueue(actor: Actor, one: Import, kind: str) -> None:
    job = jobs.enqueue(kind, {"import_id": one.id}, owner_id=actor.person_id)
    if job is not None:
        one.job_id = job.id


def _keep(actor: Actor, data: bytes, kind: str) -> StoredFile:
    return put_file(data, kind=kind, media_type=_JSON, owner_id=actor.person_id, kept=True)
