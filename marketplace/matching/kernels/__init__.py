"""The compiled inner loops of the engine: arrays in, arrays out; nothing here knows an offer.

A file of kernels is loaded when it is first used, because loading the compiler takes longer than
many a command. `python -m marketplace.matching.kernels` compiles all of them ahead.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketplace.matching.kernels import (
        answering,
        asking,
        chunking,
        collecting,
        comparing,
        gathering,
        inverting,
        judging,
        nearby,
        ordering,
        picking,
        rows,
        scoring,
        shapes,
    )

__all__ = [
    "answering", "asking", "chunking", "collecting", "comparing", "gathering", "inverting",
    "judging", "nearby", "ordering", "picking", "rows", "scoring", "shapes",
]  # fmt: skip


def __getattr__(name: str) -> ModuleType:
    if name not in __all__:
        raise AttributeError(name)
    return import_module(f"{__name__}.{name}")
