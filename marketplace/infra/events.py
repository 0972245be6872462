"""Reactions upwards: a service publishes a frozen event; one table says who reacts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

_subscribers: dict[type, Sequence[Callable[[Any], Any]]] = {}


def subscribe_all(table: Mapping[type, Sequence[Callable[[Any], Any]]]) -> None:
    """Replace the subscription table; called once when the application is made."""
    _subscribers.clear()
    _subscribers.update(table)


def publish(event: object) -> list[Any]:
    """Run every reaction to `event` now, in the same transaction; returns what each answered."""
    return [reaction(event) for reaction in _subscribers.get(type(event), ())]
