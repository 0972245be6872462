"""How migrations run.

One transaction on PostgreSQL. On SQLite foreign keys are off while a table is copied (with them on,
dropping a parent empties its children without a word) and checked after.
"""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from marketplace.infra.db import UtcDateTime, writing

database = current_app.extensions["migrate"].db


def render_item(kind, item, autogen_context):
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # Said to the driver: SQLAlchemy begins a transaction first, in which SQLite ignores it.
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        if not sqlite:
            # Two servers starting at once must not migrate at once.
            connection.execute(text("SELECT pg_advisory_xact_lock(7460512)"))
        context.run_migrations()
    if sqlite:
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        connection.commit()
        if broken:
            raise RuntimeError(f"foreign keys broken by a migration: {broken[:5]}")
        connection.connection.cursor().execute("PRAGMA foreign_keys=ON")


token = writing.set(True)
try:
    with database.engine.connect() as connection:
        run(connection)
finally:
    writing.reset(token)
