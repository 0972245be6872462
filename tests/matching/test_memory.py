"""Large arrays are zeros like others, and may be written to."""

import numpy as np
import pytest

from marketplace.matching import memory


@pytest.mark.parametrize("size", [0, 3, 1 << 20, (1 << 20) + 1])
def test_room_is_empty_of_the_size_asked_and_may_be_written_to(size: int) -> None:
    room = memory.zeros(size, np.uint32)
    assert len(room) == size
    assert room.dtype == np.uint32
    assert not room.any()
    room[-1:] = 7
    assert room[-1:].tolist() == [7] * min(size, 1)


def test_records_lie_in_it_too() -> None:
    record = np.dtype([("one", "f4"), ("other", "u2")], align=True)
    room = memory.zeros(1 << 20, record)
    room["other"][-1] = 5
    assert room[-1]["other"] == 5


def test_a_system_without_large_pages_gives_small_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_HUGE_PAGES", None)
    assert not memory.zeros(1 << 21, np.uint32).any()
    monkeypatch.setattr(memory, "_HUGE_PAGES", -1)
    assert not memory.zeros(1 << 21, np.uint32).any()
