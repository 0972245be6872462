"""Data that was given to develop on is not ours to publish: none of its files is in the project."""

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from marketplace.infra.config import ROOT


def digest(place: Path) -> str:
    return hashlib.sha256(place.read_bytes()).hexdigest()


def test_no_file_of_the_given_data_is_in_the_project() -> None:
    given = os.environ.get("BENCH_DATA")
    if not given:
        pytest.skip("BENCH_DATA does not name a folder of data sets")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    ours = [ROOT / name for name in listed.stdout.split("\0") if name]
    sizes = {place.stat().st_size for place in ours if place.is_file()}
    theirs = {
        digest(place)
        for place in Path(given).rglob("*")
        if place.is_file() and place.stat().st_size and place.stat().st_size in sizes
    }
    assert [str(place) for place in ours if place.is_file() and digest(place) in theirs] == []
