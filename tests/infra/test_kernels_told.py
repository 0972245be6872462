"""Compiling takes minutes; whoever waits for it sees that it goes on."""

import time

import pytest

from tools.kernels import telling_time


def test_a_long_work_is_told_when_it_begins_and_again_while_it_lasts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told: list[str] = []
    with telling_time("Compiling", every=0.02):
        first = capsys.readouterr().err
        end = time.monotonic() + 10
        while len(told) < 2 and time.monotonic() < end:
            told += capsys.readouterr().err.splitlines()
            time.sleep(0.01)
    assert first.startswith("Compiling ...\n")
    assert len(told) >= 2
    assert all(line.startswith("  still compiling after ") for line in told)


def test_nothing_is_told_once_the_work_is_over(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="broken"), telling_time("Compiling", every=0.02):
        raise ValueError("broken")
    capsys.readouterr()
    time.sleep(0.1)
    assert capsys.readouterr().err == ""
