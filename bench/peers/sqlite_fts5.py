"""SQLite FTS5 with its own BM25, on a file; words in any number, facts in a table beside it."""

import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.peers.base import BODY, BRAND, TITLE, Hits, Peer, Text, words_of
from bench.scale import Facts, Wish

_MOST_ROWS = 10_000


class Fts5(Peer):
    name = "SQLite FTS5"
    constrains = "joined to a table of facts"
    note = f"bm25 with fields {TITLE:g}/{BRAND:g}/{BODY:g}"

    def build(self, texts: Sequence[Text], facts: Facts | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="fts5")
        self._path = Path(self._folder.name) / "index"
        self.reopen()
        base = self._base
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
        base.execute("CREATE VIRTUAL TABLE text USING fts5(title, brand, body)")
        base.execute(f"INSERT INTO text(text, rank) VALUES('rank', 'bm25({TITLE},{BRAND},{BODY})')")
        base.execute("CREATE TABLE fact(row INTEGER PRIMARY KEY, branch, zone, paper, price)")
        with base:
            base.executemany(
                "INSERT INTO text(rowid, title, brand, body) VALUES(?, ?, ?, ?)",
                ((row, one.title, one.brand, one.body) for row, one in enumerate(texts)),
            )
            if facts is not None:
                columns = (facts.branch, facts.zone, facts.paper, facts.price)
                rows = zip(range(len(texts)), *(one.tolist() for one in columns), strict=True)
                base.executemany("INSERT INTO fact VALUES(?, ?, ?, ?, ?)", rows)
        self._rows = len(texts)

    def reopen(self) -> None:
        self._base = sqlite3.connect(self._path)
        self._base.execute("PRAGMA cache_size = -262144")

    def top(self, question: str, count: int, wish: Wish | None = None) -> Hits:
        sql = "SELECT text.rowid, -text.rank FROM text"
        values: list[object] = [self._match(question)]
        if wish is None:
            sql += " WHERE text MATCH ?"
        else:
            sql += (
                " JOIN fact ON fact.row = text.rowid WHERE text MATCH ?"
                " AND branch = ? AND zone = ? AND paper AND price <= ?"
            )
            values += [wish.branch, wish.zone, wish.ceiling]
        found = self._base.execute(f"{sql} ORDER BY text.rank LIMIT ?", [*values, count])
        return list(found)

    def among(self, question: str, rows: Sequence[int]) -> Hits:
        found = self._base.execute(
            "SELECT rowid, -rank FROM text WHERE text MATCH ? AND rowid IN"
            " (SELECT value FROM json_each(?)) ORDER BY rank LIMIT ?",
            [self._match(question), str(list(rows)), _MOST_ROWS],
        )
        return list(found)

    def add(self, text: Text) -> int:
        row, self._rows = self._rows, self._rows + 1
        with self._base as base:
            base.execute(
                "INSERT INTO text(rowid, title, brand, body) VALUES(?, ?, ?, ?)",
                (row, text.title, text.brand, text.body),
            )
        return row

    def remove(self, row: int) -> None:
        with self._base as base:
            base.execute("DELETE FROM text WHERE rowid = ?", [row])

    def stored_mb(self) -> float:
        files = self._path.parent.iterdir()
        return sum(file.stat().st_size for file in files) / 2**20

    def close(self) -> None:
        self._base.close()
        self._folder.cleanup()

    def _match(self, question: str) -> str:
        return " OR ".join(f'"{word}"' for word in words_of(question)) or '""'
