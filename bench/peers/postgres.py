"""PostgreSQL: full text search, and likeness of trigrams (pg_trgm), in a throw-away server."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import ClassVar

import psycopg
from psycopg import sql

from bench.peers.base import BODY, BRAND, TITLE, Hits, NotHere, Peer, Text, words_of
from bench.scale import Facts, Wish
from tests.support.postgres import running_server

_PASSING = " AND branch = %(branch)s AND zone = %(zone)s AND paper AND price <= %(ceiling)s"
_SESSION = (
    "SET work_mem = '256MB'",
    "SET maintenance_work_mem = '1GB'",
    "SET jit = off",
)


class _Postgres(Peer):
    constrains = "in the same WHERE"
    # What is asked, with the words as `question`; and how the table is indexed.
    asking: ClassVar[str]
    indexing: ClassVar[tuple[str, ...]]
    extension: ClassVar[str] = ""

    def prepare(self) -> None:
        self._open = ExitStack()
        try:
            self._url = self._open.enter_context(running_server())
        except LookupError as missing:
            raise NotHere(str(missing)) from missing
        self.reopen()
        if self.extension:
            name = sql.Identifier(self.extension)
            try:
                self._base.execute(sql.SQL("CREATE EXTENSION {}").format(name))
            except psycopg.Error as missing:
                self.close()
                raise NotHere(f"the extension {self.extension} is not installed") from missing

    def build(self, texts: Sequence[Text], facts: Facts | None = None) -> None:
        base = self._base
        base.execute("DROP TABLE IF EXISTS offer")
        base.execute(
            "CREATE UNLOGGED TABLE offer (row integer, title text, brand text, body text,"
            " branch smallint, zone smallint, paper boolean, price integer)"
        )
        columns: list[Sequence[object]] = [[None] * len(texts)] * 4
        if facts is not None:
            kept = (facts.branch, facts.zone, facts.paper, facts.price)
            columns = [one.tolist() for one in kept]
        with base.cursor().copy("COPY offer FROM STDIN") as copy:
            for row, (one, *values) in enumerate(zip(texts, *columns, strict=True)):
                copy.write_row((row, one.title, one.brand, one.body, *values))
        for statement in (*self.indexing, "CREATE UNIQUE INDEX ON offer (row)", "VACUUM ANALYZE"):
            base.execute(statement)
        self._rows = len(texts)

    def reopen(self) -> None:
        self._base = psycopg.connect(self._url, autocommit=True)
        for statement in _SESSION:
            self._base.execute(statement)

    def top(self, question: str, count: int, wish: Wish | None = None) -> Hits:
        more = "" if wish is None else _PASSING
        values = {} if wish is None else {"branch": wish.branch, "zone": wish.zone}
        ceiling = wish.ceiling if wish is not None else None
        return self._ask(question, count, more, {**values, "ceiling": ceiling})

    def among(self, question: str, rows: Sequence[int]) -> Hits:
        return self._ask(question, len(rows), " AND row = ANY(%(rows)s)", {"rows": list(rows)})

    def add(self, text: Text) -> int:
        row, self._rows = self._rows, self._rows + 1
        self._base.execute(
            "INSERT INTO offer (row, title, brand, body) VALUES (%s, %s, %s, %s)",
            [row, text.title, text.brand, text.body],
        )
        return row

    def remove(self, row: int) -> None:
        self._base.execute("DELETE FROM offer WHERE row = %s", [row])

    def stored_mb(self) -> float:
        found = self._base.execute("SELECT pg_total_relation_size('offer')").fetchone()
        return int(found[0]) / 2**20 if found else 0.0

    def close(self) -> None:
        self._base.close()
        self._open.close()

    def _ask(self, question: str, count: int, more: str, values: dict[str, object]) -> Hits:
        asked = self._question(question)
        if not asked:
            return []
        statement = self.asking.replace("--more--", more)
        values = {**values, "question": asked, "count": count}
        return self._base.execute(statement, values).fetchall()

    def _question(self, question: str) -> str:
        return question


class PostgresWords(_Postgres):
    name = "PostgreSQL FTS"
    note = "any of the words, GIN, ts_rank with weighted fields, length 1"
    indexing = (
        "ALTER TABLE offer ADD words tsvector GENERATED ALWAYS AS ("
        "setweight(to_tsvector('simple', title), 'A') ||"
        " setweight(to_tsvector('simple', brand), 'B') ||"
        " setweight(to_tsvector('simple', body), 'D')) STORED",
        "CREATE INDEX ON offer USING gin (words)",
    )
    asking = (
        f"SELECT row, ts_rank('{{{BODY / TITLE}, .2, {BRAND / TITLE}, 1}}', words, q, 1) AS score"
        " FROM offer, to_tsquery('simple', %(question)s) q WHERE words @@ q --more--"
        " ORDER BY score DESC, row LIMIT %(count)s"
    )

    def _question(self, question: str) -> str:
        return " | ".join(f"'{word}'" for word in words_of(question))


class PostgresTrigrams(_Postgres):
    name = "pg_trgm"
    note = "similarity of at least .3 (its default), GIN"
    extension = "pg_trgm"
    indexing = ("CREATE INDEX ON offer USING gin (title gin_trgm_ops)",)
    asking = (
        "SELECT row, similarity(title, %(question)s) AS score FROM offer"
        " WHERE title %% %(question)s --more-- ORDER BY score DESC, row LIMIT %(count)s"
    )

    def among(self, question: str, rows: Sequence[int]) -> Hits:
        """All of them: the threshold is there to use the index, which a few rows do not need."""
        found = self._base.execute(
            "SELECT row, similarity(title, %s) AS score FROM offer WHERE row = ANY(%s)"
            " ORDER BY score DESC, row",
            [question, list(rows)],
        )
        return found.fetchall()
