"""What stands where a name stood that was erased."""

import json
from collections.abc import Collection
from typing import Any

NOBODY = "–"


def quoted(text: str) -> str:
    """How a text stands inside a stored JSON value."""
    return json.dumps(text)[1:-1]


def without(value: Any, gone: Collection[str]) -> Any:
    """A JSON value in which whatever says exactly one of these texts says nobody."""
    if isinstance(value, dict):
        return {key: without(each, gone) for key, each in value.items()}
    if isinstance(value, list):
        return [without(each, gone) for each in value]
    return NOBODY if isinstance(value, str) and value in gone else value
