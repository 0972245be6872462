"""How many threads linear algebra may take while something is fitted."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any


def one_thread() -> AbstractContextManager[Any]:
    """One thread is many times faster on a busy machine; as it comes where nobody can tell it."""
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:  # it comes with what the benchmarks compare with, not with the tests
        return nullcontext()
    limits: AbstractContextManager[Any] = threadpool_limits(1)
    return limits
