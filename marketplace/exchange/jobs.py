"""Background work of an import: check every row, then take the good ones in.

Both may be killed at any moment and started again: the check writes once, at its end; the other
notes after every few records how far it is, in the transaction that wrote them.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from marketplace.accounts import queries as accounts
from marketplace.accounts.rules import PersonState
from marketplace.businesses import queries as businesses
from marketplace.businesses.policies import may_act_for
from marketplace.core import clock
from marketplace.core.actor import Actor
from marketplace.core.errors import NotAllowed
from marketplace.core.sheet_kinds import Problem, Scope, SheetKind
from marketplace.core.text import N_
from marketplace.exchange import queries, services
from marketplace.exchange.models import Import
from marketplace.exchange.rules import ColumnMap, ImportState
from marketplace.exchange.sheets import get_kind, reading, tables
from marketplace.exchange.sheets.reading import Item, ReadTable
from marketplace.exchange.sheets.tables import RowProblem
from marketplace.infra.jobs import Report
from marketplace.infra.storage import read_file
from marketplace.infra.transaction import transaction

log = logging.getLogger(__name__)

# Records in one transaction: others who write wait for a fraction of a second at most.
CHUNK = 50

_SWEEP_EVERY = timedelta(hours=1)
_last_sweep = [datetime.min.replace(tzinfo=UTC)]


def check_import(args: Mapping[str, Any], progress: Report) -> Mapping[str, Any]:
    """Read and try out every row, and keep what would happen."""
    one = queries.get_import(int(args["import_id"]))
    if one.state is not ImportState.CHECKING:
        return {}
    actor, kind, scope = _actor_of(one), get_kind(one.kind), _scope_of(one)
    found = _read(one, kind, scope)
    total = len(found.items)
    counts, refused = reading.try_out(
        kind, actor, found.items, scope, tell=lambda done: progress(done, total)
    )
    problems = sorted([*found.problems, *refused], key=lambda each: each.row)
    preview = {outcome.value: count for outcome, count in counts.items()}
    preview |= {"bad": len({each.row for each in problems}), "left_out": found.left_out}
    with transaction():
        services.keep_preview(
            actor=actor,
            one=queries.get_import(one.id),
            preview=preview,
            problems=tables.dump_problems(problems),
        )
    return preview


def apply_import(args: Mapping[str, Any], progress: Report) -> Mapping[str, Any]:
    """Write the good rows, a few records at a time; a bad one never keeps the others out."""
    one = queries.get_import(int(args["import_id"]))
    if one.state is not ImportState.APPLYING:
        return {}
    actor, kind, scope = _actor_of(one), get_kind(one.kind), _scope_of(one)
    items = _good_items(one, kind, scope)
    for start in range(one.applied, len(items), CHUNK):
        chunk = items[start : start + CHUNK]
        _apply(one.id, actor, kind, scope, chunk, start)
        progress(start + len(chunk), len(items))
    with transaction():
        one = queries.get_import(one.id)
        services.finish_import(actor=actor, one=one)
    return dict(one.counts)


def _apply(
    import_id: int, actor: Actor, kind: SheetKind, scope: Scope, chunk: Sequence[Item], start: int
) -> None:
    try:
        _write(import_id, actor, kind, scope, chunk, start)
        return
    except Exception:
        if len(chunk) == 1:
            log.exception("import %s: one record was refused by the database", import_id)
    if len(chunk) == 1:
        _refuse(import_id, chunk[0], start)
        return
    # One of them broke the transaction of all: each alone, so that only that one stays out.
    for offset, item in enumerate(chunk):
        _apply(import_id, actor, kind, scope, [item], start + offset)


def _write(
    import_id: int, actor: Actor, kind: SheetKind, scope: Scope, chunk: Sequence[Item], start: int
) -> None:
    with transaction():
        one = queries.get_import(import_id)
        answers = kind.apply_rows(actor, [item.draft for item in chunk], scope, is_trial=False)
        counts: dict[str, int] = {}
        refused = []
        for item, answer in zip(chunk, answers, strict=True):
            if isinstance(answer, Problem):
                refused += [tables.problem_as_json(RowProblem(row, answer)) for row in item.rows]
            else:
                counts[answer.value] = counts.get(answer.value, 0) + 1
        services.note_applied(one=one, upto=start + len(chunk), counts=counts, refused=refused)


def _refuse(import_id: int, item: Item, start: int) -> None:
    problem = Problem("", N_("This row could not be saved. Check it, and send it again."))
    refused = [tables.problem_as_json(RowProblem(row, problem)) for row in item.rows]
    with transaction():
        one = queries.get_import(import_id)
        services.note_applied(one=one, upto=start + 1, counts={}, refused=refused)


def _read(one: Import, kind: SheetKind, scope: Scope) -> ReadTable:
    table = tables.load_table(read_file(one.table))
    return reading.read_rows(kind, table, ColumnMap.from_dict(one.mapping), scope)


def _good_items(one: Import, kind: SheetKind, scope: Scope) -> list[Item]:
    """The records the check found nothing wrong with, in the order of the file."""
    bad = set()
    if one.problems is not None:
        bad = {each.row for each in tables.load_problems(read_file(one.problems))}
    return [item for item in _read(one, kind, scope).items if not bad.intersection(item.rows)]


def _scope_of(one: Import) -> Scope:
    return Scope(one.business_id, bool(one.mapping.get("publish")))


def _actor_of(one: Import) -> Actor:
    """The person who sent the file, with what they may do now, not what they might then."""
    person = accounts.get_person(one.owner_id)
    if person.state is not PersonState.ACTIVE:
        raise NotAllowed(N_("This account is disabled."))
    producers, outlets = businesses.ids_of_person(person.id)
    actor: Actor = accounts.actor_of(person, producer_ids=producers, outlet_ids=outlets)
    if one.acting_for_id is not None:
        helped = businesses.get_business(one.acting_for_id)
        if may_act_for(actor, helped):
            actor = replace(actor, acting_for=helped.id)
    return actor


def keep_files_short() -> None:
    """For the worker's sweep: once an hour, the rows of old files are taken away."""
    if clock.now() - _last_sweep[0] < _SWEEP_EVERY:
        return
    _last_sweep[0] = clock.now()
    with transaction():
        services.forget_old_rows()


HANDLERS = {services.CHECK_JOB: check_import, services.APPLY_JOB: apply_import}
