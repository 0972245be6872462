"""Inner loops of the planning, compiled once for a machine.

A file of kernels is loaded when it is first used, because loading the compiler takes longer than
many a command. `python -m marketplace.planning.kernels` compiles all of them ahead.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketplace.planning.kernels import grid, search, transport

__all__ = ["grid", "search", "transport"]


def __getattr__(name: str) -> ModuleType:
    if name not in __all__:
        raise AttributeError(name)
    return import_module(f"{__name__}.{name}")
