"""What suggestions tell the rooms above, in the transaction that does it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EverythingSuggested:
    """A run over every open need has ended: each of its shards is done."""

    run_id: int
