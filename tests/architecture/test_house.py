"""What the import contracts cannot say about the layout of the code (ADR 0001)."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from marketplace.infra.config import ROOT

PACKAGE = ROOT / "marketplace"
# The only names a room may have, besides `__init__`; each may be a package of the same name.
PLAN = {
    *("views", "cli", "jobs", "forms", "services", "sheets", "documents", "queries", "policies"),
    *("guards", "models", "rules", "events"),
    *("facts", "data", "navigation"),  # tables of facts; the menu of the home room
}
NOT_ROOMS = frozenset(
    {"core", "infra", "matching", "planning", "static", "translations", "__pycache__"}
)


def calls(name: str) -> Iterator[tuple[Path, int]]:
    """Every call of a method called `name` where the database is within reach."""
    for place in PACKAGE.rglob("*.py"):
        if place.is_relative_to(PACKAGE / "matching"):
            continue  # commits its own index in memory; the contracts keep the database away
        for node in ast.walk(ast.parse(place.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == name
            ):
                yield place.relative_to(PACKAGE), node.lineno


def test_commit_happens_in_one_place() -> None:
    assert {str(place) for place, _line in calls("commit")} == {"infra/transaction.py"}


def test_every_file_of_a_room_has_a_name_of_the_plan() -> None:
    rooms = [one for one in PACKAGE.iterdir() if one.is_dir() and one.name not in NOT_ROOMS]
    odd = [
        str(file.relative_to(PACKAGE))
        for room in rooms
        for file in room.iterdir()
        if file.stem not in PLAN and file.name not in {"__init__.py", "__pycache__"}
    ]
    assert odd == []


def test_every_route_says_who_may_open_it(app: Flask) -> None:
    silent = [
        name for name, view in app.view_functions.items() if not getattr(view, "policy", None)
    ]
    assert silent == []


def test_a_get_is_never_the_only_way_to_act(app: Flask) -> None:
    """What changes something is a POST: its address answers GET with a page or not at all."""
    odd = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if not {"GET", "POST"} & (rule.methods or set())
    ]
    assert odd == []


def test_every_page_of_a_view_has_a_template_of_its_name() -> None:
    """`templates/<room>/<view>.html` is looked up by the name a reader would expect."""
    rooms = {one.name for one in PACKAGE.iterdir() if one.is_dir()}
    folders = {one.name for one in (ROOT / "templates").iterdir() if one.is_dir()}
    assert folders - rooms <= {"_layout", "_macros", "errors", "mail"}


@pytest.mark.parametrize("tool", ["lint-imports"])
def test_the_rooms_stand_on_the_rooms_below_them(tool: str) -> None:
    run = subprocess.run(
        [Path(sys.executable).parent / tool],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
