"""How kernels are compiled: once for a machine, kept beside the source or in a user cache.

What was compiled is kept under a name made from all sources of a folder: numba itself looks only
at the file of a kernel, and what it kept is of no use once the shapes its arguments had are others.
"""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
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
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        for folder in (self.folder / "__pycache__", Path(home) / "temu-gerai"):
            place = folder / f"{_KEPT}{digest[:16]}"
            try:
                place.mkdir(parents=True, exist_ok=True)
            except OSError:
                continue
            if os.access(place, os.W_OK):
                return str(place)
        return ""
