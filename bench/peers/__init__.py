"""The peers: what one would take instead. Each is loaded only when it is measured."""

from importlib import import_module

from bench.peers.base import NotHere, Peer

_WHERE = {
    "RapidFuzz": "rapidfuzz_all:RapidFuzz",
    "SQLite FTS5": "sqlite_fts5:Fts5",
    "PostgreSQL FTS": "postgres:PostgresWords",
    "pg_trgm": "postgres:PostgresTrigrams",
    "tantivy": "tantivy_words:Tantivy",
    "bm25s": "bm25s_words:Bm25s",
    "TF-IDF char-3": "tfidf:CharCosine",
    "TF-IDF words": "tfidf:WordCosine",
}
PEERS = tuple(_WHERE)


def make_peer(name: str) -> Peer:
    """A fresh peer; NotHere where its package is not installed."""
    module, _, kind = _WHERE[name].partition(":")
    try:
        made: Peer = getattr(import_module(f"bench.peers.{module}"), kind)()
    except ImportError as missing:
        raise NotHere(f"{missing.name} is not installed") from missing
    return made
