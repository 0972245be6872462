"""Take out of a PostgreSQL database what a test wrote: quicker than another copy of it.

Copying 400 small tables and dropping them costs a quarter of a second, and most tests write to a
handful of them.
"""

from dataclasses import dataclass

import psycopg

from marketplace.infra.db import Model

# Together they hold all of the schema that a statement can change.
CATALOGS = ("pg_class", "pg_attribute", "pg_constraint")
OTHERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
SEQUENCES = "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences"


@dataclass(frozen=True)
class Original:
    """A database just copied: its facts and its schema, and where its numbers stand."""

    facts: tuple[str, ...]
    kept: list[tuple[str, int, int]]
    numbers: dict[str, int | None]

    @classmethod
    def of(cls, url: str) -> "Original":
        with psycopg.connect(url) as connection:
            facts = ("alembic_version", *_filled(connection, _tables()))
            return cls(facts, _kept(connection, facts), _numbers(connection))

    def bring_back(self, url: str) -> bool:
        """Empty what was written to. False where only a copy helps, and nothing was done: a fact
        or the schema was changed, or somebody is still there."""
        with psycopg.connect(url) as connection:
            if connection.execute(OTHERS).fetchone() != (0,):
                return False
            if _kept(connection, self.facts) != self.kept:
                return False
            written = _filled(connection, [one for one in _tables() if one not in self.facts])
            for table in written:
                connection.execute(f'DELETE FROM "{table}"')
            for sequence, number in _numbers(connection).items():
                if number != self.numbers[sequence]:
                    connection.execute(
                        "SELECT setval(%s, coalesce(%s, 1), %s)",
                        (sequence, self.numbers[sequence], self.numbers[sequence] is not None),
                    )
        return True


def _tables() -> list[str]:
    """Those that point to others first."""
    return [table.name for table in reversed(Model.metadata.sorted_tables)]


def _filled(connection: psycopg.Connection, tables: list[str]) -> list[str]:
    asked = (f"SELECT '{one}' WHERE EXISTS (SELECT FROM \"{one}\")" for one in tables)
    return [name for (name,) in connection.execute(" UNION ALL ".join(asked))]


def _kept(connection: psycopg.Connection, facts: tuple[str, ...]) -> list[tuple[str, int, int]]:
    """How many rows each table has, and which transaction wrote the last of them."""
    asked = (
        f"SELECT '{one}', count(*), max(xmin::text::bigint) FROM \"{one}\""
        for one in (*facts, *CATALOGS)
    )
    return connection.execute(" UNION ALL ".join(asked)).fetchall()


def _numbers(connection: psycopg.Connection) -> dict[str, int | None]:
    return dict(connection.execute(SEQUENCES).fetchall())
