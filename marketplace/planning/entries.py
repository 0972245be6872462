"""Reading the JSON of a plan: each thing that cannot be read is named where it stands."""

import json
from collections.abc import Mapping
from typing import Any

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_


def read_object(text: str) -> dict[str, Any]:
    """The JSON object a text holds; raises InvalidInput."""
    try:
        told = json.loads(text)
    except json.JSONDecodeError as error:
        raise InvalidInput(
            N_("The file is not JSON: see line %(line)s, character %(column)s"),
            line=error.lineno,
            column=error.colno,
        ) from error
    except (ValueError, RecursionError) as error:  # thousands of digits or brackets
        raise InvalidInput(N_("The file must hold one JSON object")) from error
    if not isinstance(told, dict):
        raise InvalidInput(N_("The file must hold one JSON object"))
    return told


def listed(told: Mapping[str, Any], name: str) -> list[Any]:
    """A list that may be left out."""
    found = told.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise InvalidInput(N_("%(name)s must be a list"), name=name)
    return found


def entries(told: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """A list of objects."""
    found = listed(told, name)
    for one in found:
        if not isinstance(one, dict):
            raise entry(name, one)
    return found


def entry(name: str, one: object) -> InvalidInput:
    """What is said of an entry of a list that has no known form."""
    return InvalidInput(
        N_("An entry of %(name)s cannot be read: %(value)s"),
        name=name,
        value=json.dumps(one, ensure_ascii=False),
    )


def missing(name: str) -> InvalidInput:
    return InvalidInput(N_("Something is missing: %(name)s"), name=name)
