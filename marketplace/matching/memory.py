"""Room for large arrays, in large pages where the system has them.

What is known of a million offers is read here and there: in pages of four kilobytes, finding where
one lies takes as long as reading it.
"""

import mmap
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Below this an array is one among many others, and nothing is gained.
_LARGE = 1 << 22
_HUGE_PAGES = getattr(mmap, "MADV_HUGEPAGE", None)


def zeros(size: int, dtype: Any) -> NDArray[Any]:
    """`numpy.zeros` of one dimension; only the pages that are written to take memory."""
    wanted = np.dtype(dtype)
    if _HUGE_PAGES is None or size * wanted.itemsize < _LARGE:
        return np.zeros(size, wanted)
    # Private: a process that was forked off shares what it does not write to.
    room = mmap.mmap(-1, size * wanted.itemsize, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with suppress(OSError):  # a system built without them
        room.madvise(_HUGE_PAGES)
    return np.frombuffer(room, wanted)
