"""How kernels are compiled: once for a machine, kept beside the source or in a user cache."""

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def kernel(function: Function) -> Function:
    """Compile for the types it is called with; other threads run on meanwhile.

    A kernel may call kernels of its own file only: numba keeps what it compiled until that file
    changes and looks at no other. Numbers that a person may tune are arguments for the same reason.
    """
    try:
        compiled = njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:
        # Neither the source nor a home can be written to: each process compiles for itself.
        compiled = njit(nogil=True, error_model="numpy")(function)
    return cast(Function, compiled)
