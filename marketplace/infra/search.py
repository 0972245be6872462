"""The engine of this process, kept in step with the database.

Every web process and the worker hold an index in memory, built from the database when it is first
asked and then fed with the rows that changed since (`infra/changes.py`). The database decides: a
caller reads every hit again, so a row withdrawn a moment ago is never shown.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from flask import Flask

from marketplace.core.clock import today
from marketplace.infra.changes import changes_since, last_change
from marketplace.matching import DEFAULT_SETTINGS, Engine, Need, Offer, Settings, World

# PostgreSQL may commit a lower number after a higher one: look back this far, skip what was seen.
LOOK_BACK = 500

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Feed:
    """Where the index gets its rows; the rooms above register theirs (wiring.py)."""

    world: Callable[[], World]
    offers: Callable[[Sequence[int] | None], Sequence[Offer]]
    needs: Callable[[Sequence[int] | None], Sequence[Need]]
    settings: Callable[[], Settings] = lambda: DEFAULT_SETTINGS


@dataclass(slots=True)
class _State:
    engine: Engine
    built_on: date
    watermark: int
    seen: set[int] = field(default_factory=set)


_lock = threading.RLock()
_feed: list[Feed] = []
_state: list[_State] = []


def register_feed(feed: Feed) -> None:
    _feed[:] = [feed]
    forget()


def forget() -> None:
    """Drop the index of this process; the next question builds it anew."""
    with _lock:
        _state.clear()


@contextmanager
def engine() -> Iterator[Engine]:
    """The engine, holding every product and need committed before this call.

    Questions of one process take turns: they last milliseconds, and an index that changes while it
    is asked would answer wrongly.
    """
    with _lock:
        if not _state or _state[0].built_on != today():
            _state[:] = [_build()]
        else:
            _catch_up(_state[0])
        yield _state[0].engine


def warm_up(app: Flask) -> None:
    """Build the index in a thread, so that no visitor waits for it."""

    def build() -> None:
        with app.app_context():
            try:
                with engine():
                    pass
            except Exception:
                # A database that is not there yet: the first question builds the index instead.
                log.warning("the index could not be built at start", exc_info=True)

    threading.Thread(target=build, name="index", daemon=True).start()


def find_products(text: str, *, limit: int = 200) -> list[int]:
    """Numbers of published products that fit the words, best first; typos and local names count."""
    with engine() as index:
        return [int(hit[0]) for hit in index.search(text, top=limit)]


def _build() -> _State:
    feed = _feed[0]
    watermark = last_change()
    seen = {row.id for row in changes_since(max(0, watermark - LOOK_BACK))}
    fresh = Engine(feed.world(), feed.settings())
    fresh.load(feed.offers(None))
    fresh.load_needs(feed.needs(None))
    return _State(fresh, today(), watermark, seen)


def _catch_up(state: _State) -> None:
    """Apply the rows that changed; each row is read as it is now, so order does not matter."""
    rows = changes_since(max(0, state.watermark - LOOK_BACK))
    fresh = [row for row in rows if row.id not in state.seen]
    if not fresh:
        return
    if any(row.kind == "world" for row in fresh):
        _state[:] = [_build()]
        return
    state.watermark = max(state.watermark, rows[-1].id)
    state.seen = {row.id for row in rows if row.id > state.watermark - LOOK_BACK}
    _apply_offers(state.engine, sorted({row.ref_id for row in fresh if row.kind == "product"}))
    _apply_needs(state.engine, sorted({row.ref_id for row in fresh if row.kind == "need"}))


def _apply_offers(index: Engine, ids: Sequence[int]) -> None:
    if not ids:
        return
    live = _feed[0].offers(ids)
    for gone in {str(number) for number in ids} - {offer.id for offer in live}:
        index.withdraw(gone)
    for offer in live:
        index.upsert(offer)


def _apply_needs(index: Engine, ids: Sequence[int]) -> None:
    if not ids:
        return
    live = _feed[0].needs(ids)
    for gone in {str(number) for number in ids} - {need.id for need in live}:
        index.withdraw_need(gone)
    for need in live:
        index.upsert_need(need)
