"""Reading the JSON of a plan: each thing that cannot be read is named where it stands."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from marketplace.core.errors import InvalidInput
from marketplace.core.params import Phrase
from marketplace.core.text import N_

_MISSING = N_("Something is missing: %(name)s")
_SHOWN = 100
Read = TypeVar("Read")


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


def read_each(
    told: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any]], Read]
) -> list[Read]:
    """What `read` makes of each object of a list; what it refuses is told with where it stands."""
    found = []
    for place, one in enumerate(entries(told, name), 1):
        try:
            found.append(read(one))
        except InvalidInput as error:
            raise _within(name, place, one, Phrase(error.msgid, error.params)) from error
        except KeyError as error:
            phrase = Phrase(_MISSING, {"name": error.args[0]})
            raise _within(name, place, one, phrase) from error
    return found


def _within(name: str, place: int, one: Mapping[str, Any], why: Phrase) -> InvalidInput:
    called = one.get("id")
    if not isinstance(called, str | int):
        return InvalidInput(
            N_("%(name)s, entry %(place)s: %(why)s"), name=name, place=place, why=why
        )
    return InvalidInput(
        N_("%(name)s, entry %(place)s (%(id)s): %(why)s"),
        name=name,
        place=place,
        id=str(called),
        why=why,
    )


def as_told(value: object) -> str:
    """A value as it stands in the file, for a sentence."""
    return json.dumps(value, ensure_ascii=False)[:_SHOWN]


def entry(name: str, one: object) -> InvalidInput:
    """What is said of an entry of a list that has no known form."""
    return InvalidInput(
        N_("An entry of %(name)s cannot be read: %(value)s"),
        name=name,
        value=json.dumps(one, ensure_ascii=False),
    )


def missing(name: str) -> InvalidInput:
    return InvalidInput(_MISSING, name=name)
