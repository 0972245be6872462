"""The database: one session, typed models, and the settings without which SQLite loses rows."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Enum, Executable, Integer, MetaData, event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, ORMExecuteState, mapped_column
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.types import TypeDecorator, TypeEngine

from marketplace.core.clock import now

# True while `transaction()` is open: SQLite then takes its write lock at once (BEGIN IMMEDIATE), so
# that a read turned into a write cannot fail or lose an update; plain reads never wait for writers.
writing: ContextVar[bool] = ContextVar("writing", default=False)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    # What the view shows after the commit is what was committed: no second read.
    session_options={"expire_on_commit": False},
)
session = db.session

if TYPE_CHECKING:

    class Model(Base):
        """A table."""

        __abstract__ = True
else:
    Model = db.Model


class UtcDateTime(TypeDecorator[datetime]):
    """An instant in UTC on every database: SQLite returns naive values, PostgreSQL local ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)


# SQLite numbers rows by INTEGER PRIMARY KEY only; PostgreSQL needs BIGINT to last.
Id = BigInteger().with_variant(Integer(), "sqlite")
Rupiah = BigInteger


def enum_column(kind: type[StrEnum], length: int = 24) -> TypeEngine[Any]:
    """A column that holds the enum's value and is checked by the database itself."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        name=kind.__name__.lower(),
        length=length,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


class Stamped:
    """When a row came to be and how often it was changed (a stale form is refused, not merged)."""

    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)


def _on_connect(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.isolation_level = None  # the driver must not open transactions of its own
    cursor = dbapi_connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL loses acknowledged rows at a power cut
        "foreign_keys=ON",
        "busy_timeout=10000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")


def _without_jit(dbapi_connection: Any, _record: object) -> None:
    """A page's statement is over in less time than PostgreSQL takes to compile it."""
    dbapi_connection.autocommit = True  # else a rollback would take it back
    dbapi_connection.execute("SET jit = off")
    dbapi_connection.autocommit = False


def prepare_engine(engine: Engine) -> None:
    """Give an SQLite engine the settings without which it loses updates (trust.md, finding 1)."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
    else:
        event.listen(engine, "connect", _without_jit)


class WriteOutsideTransaction(RuntimeError):
    """A write was tried outside `transaction()`: a GET must never change a row."""


def _refuse_flush(flushed: OrmSession, _context: object, _instances: object) -> None:
    if not writing.get() and (flushed.new or flushed.dirty or flushed.deleted):
        raise WriteOutsideTransaction("write outside transaction()")


def _refuse_bulk(state: ORMExecuteState) -> None:
    if not writing.get() and (state.is_insert or state.is_update or state.is_delete):
        raise WriteOutsideTransaction("bulk write outside transaction()")


def guard_writes(factory: Callable[..., OrmSession]) -> None:
    """Refuse every write of sessions made by `factory` outside `transaction()`."""
    event.listen(factory, "before_flush", _refuse_flush)
    event.listen(factory, "do_orm_execute", _refuse_bulk)


def rows_changed(statement: Executable) -> int:
    """Run an UPDATE or DELETE; how many rows it touched."""
    return int(getattr(session.execute(statement), "rowcount", 0))
