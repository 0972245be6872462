"""Compiled kernels are found again, also where their folder cannot be written to."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from marketplace.core import jit


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Kernels with something compiled beside them, in a folder that is then closed."""
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    folder = tmp_path / "kernels"
    folder.mkdir()
    (folder / "one.py").write_text("x = 1\n")
    place = Path(jit.Kernels(folder).place)
    assert place.parent == folder / "__pycache__"
    (place / "one.nbi").write_bytes(b"compiled")
    may = os.access
    monkeypatch.setattr(
        jit.os,
        "access",
        lambda path, mode: not str(path).startswith(str(folder)) and may(path, mode),
    )
    return folder


def test_what_is_compiled_beside_the_source_is_copied_home_once(
    folder: Path, tmp_path: Path
) -> None:
    place = Path(jit.Kernels(folder).place)
    assert place.is_relative_to(tmp_path / "home")
    assert (place / "one.nbi").read_bytes() == b"compiled"
    (place / "two.nbi").write_bytes(b"since then")
    assert jit.Kernels(folder).place == str(place)
    assert sorted(path.name for path in place.iterdir()) == ["one.nbi", "two.nbi"]
    assert [path.name for path in place.parent.iterdir()] == [place.name]


def test_without_a_home_it_is_copied_for_this_process_alone(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    ends: list[tuple[Callable[..., None], tuple[object, ...]]] = []
    monkeypatch.setattr(jit.atexit, "register", lambda end, *told: ends.append((end, told)))
    place = Path(jit.Kernels(folder).place)
    assert (place / "one.nbi").read_bytes() == b"compiled"
    for end, told in ends:
        end(*told)
    assert not place.exists()
