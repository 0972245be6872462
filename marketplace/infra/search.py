"""The engine of this process, kept in step with the database.

The index lies beside the database as generations (`generations.py`): a process maps the current one
into memory and adds the rows that changed since it was written (`infra/changes.py`). The worker
writes a new one when enough has changed, when words changed, and once a day. What is missing,
damaged, of another database or of another version is built anew from the rows. The database
decides: a caller reads every hit again, so a row withdrawn a moment ago is never shown.
"""

import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask, current_app

from marketplace.core.clock import today
from marketplace.infra.changes import Change, change_at, changes_since, last_change
from marketplace.infra.generations import Generations
from marketplace.matching import DEFAULT_SETTINGS, Engine, Need, Offer, Settings, World
from marketplace.matching.snapshot import DamagedSnapshot, is_outdated

# PostgreSQL may commit a lower number after a higher one: look back this far, skip what was seen.
LOOK_BACK = 500
# So many rows beside a generation are still quick to add at every start.
MOST_CHANGES = 2_000
# Building a province takes seconds: who waits longer than this builds an index of its own.
WAIT_SECONDS = 60.0
_BOOKMARK = "bookmark.json"
# Lies in a generation of another version once that was said, by whichever process came first.
_TOLD = "outdated"

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
    """`watermark` is the last change in the engine, `saved` the last in its generation.

    `astray` is true where no generation holds these texts: it was built here, or words changed.
    """

    engine: Engine
    day: date
    watermark: int
    seen: set[int]
    generation: Path | None
    saved: int
    astray: bool


_lock = threading.RLock()
_feed: list[Feed] = []
_state: list[_State] = []


def register_feed(feed: Feed) -> None:
    _feed[:] = [feed]
    forget()


def forget() -> None:
    """Drop the index of this process; the next question finds or builds it anew."""
    with _lock:
        _state.clear()


@contextmanager
def engine() -> Iterator[Engine]:
    """The engine, holding every product and need committed before this call.

    Questions of one process take turns: they last milliseconds, and an index that changes while it
    is asked would answer wrongly.
    """
    with _lock:
        state = _in_step_with(_generations().current())
        if state.day != today():
            _renew(state)
            state.day = today()
        _catch_up(state)
        _state[:] = [state]
        yield state.engine


def warm_up(app: Flask) -> threading.Thread:
    """Open or build the index in a thread, so that no visitor waits for it."""

    def prepare() -> None:
        with app.app_context():
            try:
                _first_generation()
                with engine() as ready:
                    ready.search("kerupuk")  # what is compiled at first use is compiled now
            except Exception:
                # A database that is not there yet: the first question builds the index instead.
                log.warning("the index could not be built at start", exc_info=True)

    thread = threading.Thread(target=prepare, name="index", daemon=True)
    thread.start()
    return thread


def keep_index() -> None:
    """For the worker's sweep: a new generation where the present one is old, long or unusable."""
    with _lock:
        with engine():
            state = _state[0]
        if state.generation is None or _written_on(state.generation) != today():
            reindex(wait_seconds=0)
        elif state.astray or state.watermark - state.saved > MOST_CHANGES:
            _write(state, wait_seconds=0)


def reindex(*, wait_seconds: float = WAIT_SECONDS) -> int | None:
    """Build a generation from the rows of the database, whatever there is now.

    Every process goes over to it with its next question. Returns the number of products in it, or
    None where another process is just writing one.
    """
    state = _built()
    return len(state.engine) if _write(state, wait_seconds=wait_seconds) else None


def find_products(text: str, *, limit: int = 200) -> list[int]:
    """Numbers of published products that fit the words, best first; typos and local names count."""
    with engine() as index:
        return [int(hit[0]) for hit in index.search(text, top=limit)]


def _in_step_with(current: Path | None) -> _State:
    """The state of this process; another generation than before takes its place."""
    state = _state[0] if _state else None
    if state is not None and state.generation == current:
        return state
    state = _opened() or state or _built()
    # One that cannot be used is looked at once, not with every question.
    state.generation = current
    return state


def _generations() -> Generations:
    return Generations(current_app.config["DATA_DIR"] / "index")


def _first_generation() -> None:
    """Where there is none that can be used, one process makes it and the others wait for it."""
    if _usable() is not None:
        return
    with _generations().sole_writer(wait_seconds=WAIT_SECONDS) as mine:
        if mine and _usable() is None:
            _save(_built())


def _write(state: _State, *, wait_seconds: float) -> bool:
    with _generations().sole_writer(wait_seconds=wait_seconds) as mine:
        if mine:
            _save(state)
        return mine


def _save(state: _State) -> None:
    """Write what is in memory as the next generation; only for the writer."""
    bookmark = change_at(state.watermark)
    if bookmark is None:
        return  # nothing ever changed: there is nothing to index, and nothing to know it again by
    told = {
        "watermark": bookmark.id,
        "change": _identity(bookmark),
        "seen": sorted(state.seen),
        "words": state.engine.world.words_version,
        "day": state.day.isoformat(),
    }

    def fill(directory: Path) -> None:
        state.engine.save(directory)
        (directory / _BOOKMARK).write_text(json.dumps(told), encoding="utf-8")

    state.generation = _generations().put(fill)
    state.saved, state.astray = state.watermark, False


def _identity(change: Change) -> str:
    """A change as another database would not have it: a restored backup is known by it."""
    return f"{change.kind} {change.ref_id} {change.at.isoformat()}"


def _usable() -> tuple[Path, Mapping[str, Any]] | None:
    """The current generation, if of this version and database, and no change was forgotten."""
    found = _generations().current()
    if found is None:
        return None
    try:
        told = json.loads((found / _BOOKMARK).read_text(encoding="utf-8"))
        bookmark = change_at(told["watermark"])
        known = bookmark is not None and _identity(bookmark) == told["change"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if known and is_outdated(found):
        _tell_outdated(found)
        return None
    return (found, told) if known else None


def _tell_outdated(generation: Path) -> None:
    """Nothing is wrong after an upgrade: one line, once for all processes."""
    try:
        (generation / _TOLD).touch(exist_ok=False)
    except FileExistsError:
        return
    except OSError:
        pass  # a folder that cannot be written, or is just removed: rather twice than never
    log.warning("the search index is from another version; it is built anew")


def _written_on(generation: Path) -> date | None:
    try:
        told = json.loads((generation / _BOOKMARK).read_text(encoding="utf-8"))
        return date.fromisoformat(told["day"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _opened() -> _State | None:
    """The current generation, mapped into memory; None where there is none of any use."""
    usable = _usable()
    if usable is None:
        return None
    found, told = usable
    world = _feed[0].world()
    if told["words"] != world.words_version:
        return None
    try:
        ready = Engine.open(found, world, _feed[0].settings())
    except (DamagedSnapshot, OSError):
        log.warning("the index %s cannot be used; it is built anew", found.name, exc_info=True)
        return None
    ready.load_needs(_feed[0].needs(None))
    number = int(told["watermark"])
    return _State(ready, today(), number, set(told["seen"]), found, number, astray=False)


def _built() -> _State:
    feed = _feed[0]
    watermark = last_change()
    seen = {row.id for row in changes_since(max(0, watermark - LOOK_BACK))}
    fresh = Engine(feed.world(), feed.settings())
    fresh.load(feed.offers(None))
    fresh.load_needs(feed.needs(None))
    current = _generations().current()
    return _State(fresh, today(), watermark, seen, current, watermark, astray=True)


def _catch_up(state: _State) -> None:
    """Apply the rows that changed; each row is read as it is now, so order does not matter."""
    rows = changes_since(max(0, state.watermark - LOOK_BACK))
    fresh = [row for row in rows if row.id not in state.seen]
    if not fresh:
        return
    state.watermark = max(state.watermark, rows[-1].id)
    state.seen = {row.id for row in rows if row.id > state.watermark - LOOK_BACK}
    kinds = {row.kind for row in fresh}
    if "all" in kinds:
        state.engine = _built().engine
        state.astray = True
        return
    if "world" in kinds:
        _renew(state)
    _apply_offers(state.engine, sorted({row.ref_id for row in fresh if row.kind == "product"}))
    _apply_needs(state.engine, sorted({row.ref_id for row in fresh if row.kind == "need"}))


def _renew(state: _State) -> None:
    """Go on with the facts and settings of now; texts are read anew where words changed."""
    words = state.engine.world.words_version
    state.engine.renew(_feed[0].world())
    state.engine.settings = _feed[0].settings()
    state.astray |= state.engine.world.words_version != words


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
