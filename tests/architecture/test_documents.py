"""What an operator can set or call is written down."""

import re
from collections.abc import Iterator

import click
from flask import Flask

from marketplace.infra.config import ROOT, Settings

# Commands of Flask and its extensions have documents of their own.
FOREIGN = frozenset({"run", "shell", "routes", "db"})


def commands(group: click.Group | dict[str, click.Command], path: str = "") -> Iterator[str]:
    table = group if isinstance(group, dict) else group.commands
    for name, command in table.items():
        if not path and name in FOREIGN:
            continue
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}"


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"`{name.upper()}`" not in text]
    assert missing == []


def test_no_setting_is_documented_that_does_not_exist() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([A-Z_]+)`", text, flags=re.MULTILINE))
    elsewhere = {"STRICT", "BENCH_DATA", "TEST_DATABASE_URL"}  # of the tests
    assert named - elsewhere <= {name.upper() for name in Settings.model_fields}


def test_every_command_is_documented(app: Flask) -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    missing = [name for name in commands(app.cli.commands) if f"flask {name}" not in text]
    assert missing == []


def test_every_decision_fits_on_a_screen() -> None:
    long = [
        place.name
        for place in (ROOT / "docs" / "adr").glob("*.md")
        if len(place.read_text(encoding="utf-8").splitlines()) > 40
    ]
    assert long == []
