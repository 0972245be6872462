"""A folder of generations: what is named is whole, whoever is killed."""

import multiprocessing
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from marketplace.infra.generations import Generations

_processes = multiprocessing.get_context("fork")
_PARTS = 20


def _fill(text: str, *, seconds: float = 0.0) -> Callable[[Path], None]:
    def write(directory: Path) -> None:
        directory.mkdir()
        for part in range(_PARTS):
            (directory / f"part-{part}").write_text(text, encoding="utf-8")
            time.sleep(seconds / _PARTS)

    return write


def _texts(generation: Path) -> set[str]:
    parts = list(generation.glob("part-*"))
    assert len(parts) == _PARTS
    return {part.read_text(encoding="utf-8") for part in parts}


def _write_for_ever(directory: Path) -> None:
    shelf = Generations(directory)
    for number in range(10_000):
        with shelf.sole_writer(wait_seconds=5) as mine:
            assert mine
            shelf.put(_fill(str(number), seconds=0.01))


def _die_while_writing(directory: Path) -> None:
    shelf = Generations(directory)
    with shelf.sole_writer(wait_seconds=5):
        shelf.put(_begin_and_die)


def _begin_and_die(directory: Path) -> None:
    directory.mkdir()
    (directory / "part-0").write_text("half", encoding="utf-8")
    os._exit(9)


def test_there_is_no_generation_before_the_first(tmp_path: Path) -> None:
    assert Generations(tmp_path / "index").current() is None


def test_a_reader_finds_the_newest_and_the_one_before_stays_for_who_just_read_its_name(
    tmp_path: Path,
) -> None:
    shelf = Generations(tmp_path)
    made = [shelf.put(_fill(text)) for text in ("one", "two", "three")]
    assert shelf.current() == made[2]
    assert [folder.exists() for folder in made] == [False, True, True]


def test_a_writer_killed_half_way_leaves_the_old_generation_and_frees_the_lock(
    tmp_path: Path,
) -> None:
    shelf = Generations(tmp_path)
    shelf.put(_fill("whole"))
    victim = _processes.Process(target=_die_while_writing, args=(tmp_path,))
    victim.start()
    victim.join(20)
    assert victim.exitcode == 9
    found = shelf.current()
    assert found is not None
    assert _texts(found) == {"whole"}
    with shelf.sole_writer(wait_seconds=0) as mine:
        assert mine
        shelf.put(_fill("next"))
    assert not list(tmp_path.glob("unfinished-*"))


def test_whoever_kills_the_writer_at_any_moment_a_reader_finds_a_whole_generation(
    tmp_path: Path,
) -> None:
    shelf = Generations(tmp_path)
    shelf.put(_fill("first"))
    for moment in (0.013, 0.021, 0.034, 0.055, 0.089):
        writer = _processes.Process(target=_write_for_ever, args=(tmp_path,))
        writer.start()
        time.sleep(moment)
        writer.kill()
        writer.join(20)
        found = shelf.current()
        assert found is not None
        assert len(_texts(found)) == 1


def test_only_one_process_writes_at_a_time(tmp_path: Path) -> None:
    shelf = Generations(tmp_path)
    with shelf.sole_writer(wait_seconds=0) as first, shelf.sole_writer(wait_seconds=0) as second:
        assert (first, second) == (True, False)


@pytest.mark.parametrize("content", ["", "generation-7", "../elsewhere"])
def test_a_name_that_leads_nowhere_is_no_generation(tmp_path: Path, content: str) -> None:
    (tmp_path / "CURRENT").write_text(content, encoding="ascii")
    assert Generations(tmp_path).current() is None
