"""Files a command reads and writes: one clear sentence where it cannot, nothing half-written."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_


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


@contextmanager
def stopping() -> Iterator[None]:
    """Who is told to end (SIGTERM) tidies up first, as after Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # told twice: at once
    sys.exit(128 + number)
