"""Files a command reads and writes: one clear sentence where it cannot, nothing half-written."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from time import perf_counter
from types import FrameType
from typing import TypeVar, cast

import click

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.infra.i18n import say

_NO_GAP = 1e-9
# How often the bar of a long work moves.
_LOOK_SECONDS = 0.2


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, with or without a byte order mark; raises InvalidInput."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(N_("The file %(name)s is not UTF-8"), name=path.name) from error
    except OSError as error:
        raise InvalidInput(N_("The file %(name)s cannot be read"), name=path.name) from error


def write_text(path: Path, text: str) -> None:
    """Put the whole text in place at once; raises InvalidInput."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        # Half a character that JSON spelt out (\ud800) is spelt out again.
        unfinished.write_text(text, encoding="utf-8", errors="backslashreplace")
        unfinished.replace(path)
    except OSError as error:
        raise InvalidInput(N_("The file %(name)s cannot be written"), name=path.name) from error
    finally:
        unfinished.unlink(missing_ok=True)


def check_output(output: Path, *others: Path) -> None:
    """Raise InvalidInput where a result could not be put, or would be put over one of `others`.

    Asked before the work, so that nobody waits for a result that cannot be kept.
    """
    for other in others:
        if _is_same(output, other):
            raise InvalidInput(
                N_("The result would be written over %(name)s: give it another name"),
                name=other.name,
            )
    if output.is_dir() or not os.access(output.parent, os.W_OK):
        raise InvalidInput(N_("The file %(name)s cannot be written"), name=output.name)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.resolve() == other.resolve() or one.samefile(other)
    except OSError:
        return False


def _show_time(thread: threading.Thread, label: str, seconds: float) -> None:
    """A bar on stderr that fills as the time goes by, until the work is done."""
    begun, whole = perf_counter(), max(1, round(seconds * 1000))
    with click.progressbar(length=whole, label=label, show_eta=False, file=sys.stderr) as bar:
        while thread.is_alive():
            thread.join(_LOOK_SECONDS)
            gone = min(whole, round((perf_counter() - begun) * 1000))
            bar.update(gone - bar.pos)
        bar.update(whole - bar.pos)


def tell_plan(what: str, gap: float, output: Path) -> None:
    """Say on stderr what came of a plan, how good it is and where it lies."""
    best = say(N_("No plan gains more."))
    if gap > _NO_GAP:
        # Rounded up: what is promised holds.
        best = say(N_("At most %(gap)s%% more could be gained."), {"gap": ceil(gap * 10_000) / 100})
    lies = say(N_("The result is in %(name)s."), {"name": str(output)})
    sys.stderr.write(f"{what} {best}\n{lies}\n")


class _Told(BaseException):
    """The process was told to end."""


@contextmanager
def stopping() -> Iterator[None]:
    """Who is told to end (SIGTERM, Ctrl-C) tidies up, says so and ends with 128 + the signal."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, _end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    except _Told as told:
        sys.stderr.write("\n" + say(N_("Stopped before the end, nothing was written.")) + "\n")
        sys.stderr.flush()
        if _working:
            # No thread can be ended from outside, least of all one that is in a solver.
            os._exit(128 + told.args[0])
        sys.exit(128 + told.args[0])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, frame: FrameType | None) -> None:
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, signal.SIG_DFL)  # told twice: at once
    raise _Told(number)


Made = TypeVar("Made")
_working: list[threading.Thread] = []


def heeding(work: Callable[[], Made], *, doing: str = "", seconds: float = 0.0) -> Made:
    """What `work` gives, done beside this thread: who is told to end need not wait for it.

    A signal is heard between two lines of Python, and a solver may be busy for long within one.
    Somebody at a terminal sees how much of the `seconds` the work may take has gone by; `doing` is
    the msgid beside the bar.
    """
    found: list[tuple[Made | None, BaseException | None]] = []

    def run() -> None:
        try:
            found.append((work(), None))
        except BaseException as error:  # raised anew where it is waited for
            found.append((None, error))

    thread = threading.Thread(target=run, daemon=True)
    _working.append(thread)
    thread.start()
    if doing and sys.stderr.isatty():
        _show_time(thread, say(doing), seconds)
    thread.join()
    _working.remove(thread)
    made, error = found[0]
    if error is not None:
        raise error
    return cast(Made, made)
