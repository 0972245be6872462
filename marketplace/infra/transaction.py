"""The one place that commits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import Constraint, Index
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.schema import ColumnCollectionConstraint

from marketplace.core.errors import Conflict
from marketplace.core.text import N_
from marketplace.infra.db import Model, session, writing

_UNIQUE_VIOLATION = "23505"  # SQLSTATE

_after_commit: ContextVar[list[Callable[[], None]] | None] = ContextVar(
    "after_commit", default=None
)


@contextmanager
def transaction() -> Iterator[None]:
    """Run the block as one transaction: all of it is kept, or none of it.

    Reads made before are ended first, so the block sees the present state. Refuses to nest.
    A lost race that only a constraint can see becomes a `Conflict`, never a server error.
    """
    if writing.get():
        raise RuntimeError("transactions do not nest")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made before the transaction began")
    session.rollback()
    # A commit keeps what it loaded for the page; a later transaction must not build on it.
    session.expire_all()
    write_token = writing.set(True)
    hooks_token = _after_commit.set([])
    try:
        yield
        session.commit()
        hooks = list(_after_commit.get() or ())
    except IntegrityError as error:
        session.rollback()
        raise _as_conflict(error) from error
    except StaleDataError as error:
        session.rollback()
        raise Conflict(N_("Someone else changed this meanwhile. Look at it again.")) from error
    except BaseException:
        session.rollback()
        raise
    finally:
        _after_commit.reset(hooks_token)
        writing.reset(write_token)
    for hook in hooks:
        hook()


def after_commit(hook: Callable[[], None]) -> None:
    """Run `hook` once the current transaction is kept; it is forgotten if it is not."""
    hooks = _after_commit.get()
    if hooks is None:
        raise RuntimeError("after_commit() needs a transaction")
    hooks.append(hook)


def _as_conflict(error: IntegrityError) -> Exception:
    """A value that is taken, told by its column; every other broken rule stays what it is."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:  # PostgreSQL names the constraint
        if getattr(error.orig, "sqlstate", "") != _UNIQUE_VIOLATION:
            return error
        field = _last_column(diagnosis.table_name or "", diagnosis.constraint_name or "")
    else:  # SQLite names the columns: "UNIQUE constraint failed: memberships.a, memberships.b"
        text = str(error.orig)
        if not text.startswith("UNIQUE constraint failed"):
            return error
        field = text.rsplit(".", 1)[-1]
    return Conflict(N_("This is already registered."), field=field)


def _last_column(table_name: str, constraint_name: str) -> str:
    table = Model.metadata.tables.get(table_name)
    rules: tuple[Constraint | Index, ...] = (
        (*table.constraints, *table.indexes) if table is not None else ()
    )
    for rule in rules:
        if rule.name == constraint_name and isinstance(rule, ColumnCollectionConstraint | Index):
            return [column.name for column in rule.columns][-1]
    return ""
