"""How the kernels of the planning are compiled: once for a machine, kept beside the source.

What was compiled is kept under a name made from all sources here: numba itself looks only at the
file of a kernel, and what it kept is of no use once the shapes its arguments had are others.
"""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TypeVar, cast

from numba import njit
from numba.core import config

Function = TypeVar("Function", bound=Callable[..., object])
HERE = Path(__file__).parent
KEPT = "compiled-"


def kernel(function: Function) -> Function:
    """Compile for the types it is called with; other threads run on meanwhile."""
    # Where it is kept is chosen now; other kernels of this process have a place of their own.
    before, config.CACHE_DIR = config.CACHE_DIR, PLACE  # type: ignore[attr-defined]
    try:
        compiled = njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:
        # Neither the source nor a home can be written to: each process compiles for itself.
        compiled = njit(nogil=True, error_model="numpy")(function)
    finally:
        config.CACHE_DIR = before  # type: ignore[attr-defined]
    return cast(Function, compiled)


def _place() -> str:
    """Where compiled kernels are kept; "" leaves the choice to numba."""
    sources = b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py")))
    name = f"{KEPT}{sha256(sources).hexdigest()[:16]}"
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    for folder in (HERE / "__pycache__", Path(home) / "temu-gerai" / "planning"):
        place = folder / name
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(place, os.W_OK):
            return str(place)
    return ""


# Whoever set NUMBA_CACHE_DIR has chosen.
PLACE = os.environ.get("NUMBA_CACHE_DIR") or _place()
