"""Seeding says what it is doing, and goes on where it was cut off."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from flask import Flask

from marketplace.demo import cli
from marketplace.demo.cli import Step, story, take, work
from marketplace.infra.transaction import transaction
from tests.factories import make_need

Report = Callable[[int, int], None]


class Played:
    """Steps that note that they were taken, after what stood on the terminal by then."""

    def __init__(self, terminal: pytest.CaptureFixture[str]) -> None:
        self.taken: list[tuple[str, str]] = []
        self._terminal = terminal

    def steps(self, *, broken: str = "") -> Sequence[Step]:
        def note(name: str) -> None:
            if name == broken:
                raise KeyboardInterrupt
            self.taken.append((name, self._terminal.readouterr().err))

        def compute(_args: Mapping[str, Any], report: Report) -> Mapping[str, Any]:
            note("compute")
            report(1, 1)
            return {}

        return (
            work("Finding who fits whom", compute),
            story("Playing a deal", lambda: note("deal")),
            story("Holding a bazaar", lambda: note("bazaar")),
        )


@pytest.fixture
def played(app: Flask, capsys: pytest.CaptureFixture[str]) -> Played:
    make_need()
    return Played(capsys)


def test_each_step_is_told_before_it_begins(played: Played) -> None:
    take(played.steps())
    assert played.taken == [
        ("compute", "Finding who fits whom\n"),
        ("deal", "Playing a deal ...\n"),
        ("bazaar", "Holding a bazaar ...\n"),
    ]


def test_what_was_cut_off_goes_on_with_the_step_that_was_not_done(played: Played) -> None:
    with pytest.raises(KeyboardInterrupt):
        take(played.steps(broken="bazaar"))
    take(played.steps())
    assert [name for name, _told in played.taken] == ["compute", "deal", "bazaar"]


def test_what_is_done_is_done_once_and_says_nothing_again(
    played: Played, capsys: pytest.CaptureFixture[str]
) -> None:
    take(played.steps())
    capsys.readouterr()
    take(played.steps())
    assert len(played.taken) == 3
    assert capsys.readouterr().err == ""


def test_a_demonstration_of_before_the_steps_were_kept_is_left_as_it_is(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has its stories: played again they would stand in it twice."""
    from marketplace.infra import options

    with transaction():
        options.put("demo_seeded", "1")
    monkeypatch.setattr(cli, "STEPS", played.steps())
    cli.seed.main(["--once"], standalone_mode=False)
    assert played.taken == []
