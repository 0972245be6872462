"""How kernels are compiled: once for a machine, kept beside the source or in a user cache.

What was compiled is kept under a name made from all sources of a folder: numba itself looks only
at the file of a kernel, and what it kept is of no use once the shapes its arguments had are others.
"""

import atexit
import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp
from typing import TypeVar, cast

from numba import njit
from numba.core import config

Function = TypeVar("Function", bound=Callable[..., object])
_KEPT = "compiled-"


class Kernels:
    """The kernels of one folder: call it on a function to compile it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Whoever set NUMBA_CACHE_DIR has chosen.
        self.place = os.environ.get("NUMBA_CACHE_DIR") or self._place()

    def __call__(self, function: Function) -> Function:
        """Compile for the types it is called with; other threads run on meanwhile.

        Numbers that a person may tune are arguments: a constant is compiled in.
        """
        # Where it is kept is chosen now; other kernels of this process have a place of their own.
        before, config.CACHE_DIR = config.CACHE_DIR, self.place  # type: ignore[attr-defined]
        try:
            compiled = njit(cache=True, nogil=True, error_model="numpy")(function)
        except RuntimeError:
            # Neither the source nor a home can be written to: each process compiles for itself.
            compiled = njit(nogil=True, error_model="numpy")(function)
        finally:
            config.CACHE_DIR = before  # type: ignore[attr-defined]
        return cast(Function, compiled)

    def forget_older(self) -> None:
        """Remove what was compiled of older sources and kept beside them."""
        for kept in self.folder.glob(f"__pycache__/{_KEPT}*"):
            if str(kept) != self.place:
                rmtree(kept, ignore_errors=True)

    def _place(self) -> str:
        """Where compiled kernels are kept; "" leaves the choice to numba."""
        sources = (Path(__file__), *sorted(self.folder.glob("*.py")))
        digest = sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
        name = f"{_KEPT}{digest[:16]}"
        beside = self.folder / "__pycache__" / name
        home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        at_home = Path(home) / "temu-gerai" / name
        if _is_open(beside):
            return str(beside)
        # Nobody compiles anew what lies there to be read: numba wants to write where it reads.
        if beside.is_dir() and not at_home.exists():
            try:
                _copy(beside, at_home)
            except OSError:
                return _passing_copy(beside)
        return str(at_home) if _is_open(at_home) else ""


def _is_open(place: Path) -> bool:
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(place, os.W_OK)


def _copy(kept: Path, place: Path) -> None:
    """Copy a folder so that it is there whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    started = mkdtemp(dir=place.parent)
    try:
        copytree(kept, started, dirs_exist_ok=True)
        with suppress(OSError):  # another process was sooner
            os.rename(started, place)
    finally:
        rmtree(started, ignore_errors=True)


def _passing_copy(kept: Path) -> str:
    """A copy for this process alone, gone with it; "" where there is no room even for that."""
    try:
        place = mkdtemp(prefix="temu-gerai-")
        atexit.register(_remove, place, os.getpid())
        copytree(kept, place, dirs_exist_ok=True)
    except OSError:
        return ""
    return place


def _remove(place: str, owner: int) -> None:
    """A process that was forked off leaves it to the one that made it."""
    if os.getpid() == owner:
        rmtree(place, ignore_errors=True)
