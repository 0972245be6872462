"""What happens to a need; the rooms above react in the same transaction."""

from dataclasses import dataclass

from marketplace.core.actor import Actor


@dataclass(frozen=True, slots=True)
class NeedOpened:
    """It may be answered from now on: published, or taken up again after a pause."""

    need_id: int


@dataclass(frozen=True, slots=True)
class NeedGrewOut:
    """It was written down from a record of a higher room, named as that room names it."""

    need_id: int
    actor: Actor
    origin: str


@dataclass(frozen=True, slots=True)
class NeedChanged:
    """What it asks for changed, in whatever state."""

    need_id: int


@dataclass(frozen=True, slots=True)
class NeedClosed:
    """It may not be answered any more: paused or closed."""

    need_id: int
