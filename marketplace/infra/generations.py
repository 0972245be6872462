"""A folder of generations: many readers, one writer at a time, and never a half-written one.

A generation is written beside the others, flushed, and only then named in `CURRENT` by an atomic
rename; who is killed at any moment leaves at most a nameless folder, which the next writer removes.
The lock is the kernel's: it ends with its process.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_NAMED = "CURRENT"
_FINISHED, _UNFINISHED = "generation-", "unfinished-"
# The one before the current stays: somebody may just have read its name.
_KEPT = 2
_LOOK_AGAIN_SECONDS = 0.05


class Generations:
    """The generations below one folder, which is made when first written to."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def current(self) -> Path | None:
        """The newest whole generation; None where there is none."""
        try:
            name = (self._directory / _NAMED).read_text(encoding="ascii")
        except FileNotFoundError:
            return None
        found = self._directory / name
        return found if name.startswith(_FINISHED) and found.is_dir() else None

    @contextmanager
    def sole_writer(self, *, wait_seconds: float) -> Iterator[bool]:
        """True for one process at a time; False where another one writes for longer than that."""
        self._directory.mkdir(parents=True, exist_ok=True)
        with (self._directory / "writer.lock").open("a") as handle:
            mine = _locked(handle.fileno(), wait_seconds)
            try:
                yield mine
            finally:
                if mine:
                    fcntl.flock(handle, fcntl.LOCK_UN)

    def put(self, write: Callable[[Path], None]) -> Path:
        """Have `write` fill a new generation and make it the current one; only for the writer."""
        number = 1 + max((_number(one) for one in self._finished()), default=0)
        self._remove(self._directory.glob(f"{_UNFINISHED}*"))
        unfinished = self._directory / f"{_UNFINISHED}{number}"
        write(unfinished)
        _flush(unfinished)
        finished = unfinished.rename(self._directory / f"{_FINISHED}{number}")
        pointer = self._directory / f"{_NAMED}.new"
        pointer.write_text(finished.name, encoding="ascii")
        _flush_file(pointer)
        pointer.replace(self._directory / _NAMED)
        _flush_file(self._directory)
        self._remove(sorted(self._finished(), key=_number)[:-_KEPT])
        return finished

    def _finished(self) -> list[Path]:
        return list(self._directory.glob(f"{_FINISHED}*"))

    def _remove(self, folders: "Iterator[Path] | list[Path]") -> None:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def _locked(handle: int, wait_seconds: float) -> bool:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(_LOOK_AGAIN_SECONDS)
        else:
            return True


def _number(folder: Path) -> int:
    return int(folder.name.removeprefix(_FINISHED))


def _flush(folder: Path) -> None:
    for path in folder.rglob("*"):
        _flush_file(path)
    _flush_file(folder)


def _flush_file(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
