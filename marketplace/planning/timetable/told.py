"""What the timetable tells: codes with typed values, said and translated at the edge.

`Who`, `Slot` and `Slots` print as a file names them (an id; slots counted from 1 as people do). A
page that knows names and hours puts those in their place before it says the sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from marketplace.core.text import N_


@dataclass(frozen=True, slots=True)
class Who:
    """A participant, by id."""

    id: str

    def __str__(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot; `n` counts from 0, as in files and tables."""

    n: int

    def __str__(self) -> str:
        return str(self.n + 1)


@dataclass(frozen=True, slots=True)
class Slots:
    """Several slots, in order; prints as `1-3, 7`, and `-` where there is none."""

    n: tuple[int, ...]

    @classmethod
    def of(cls, mask: int) -> "Slots":
        """From a number whose bit s stands for slot s."""
        return cls(tuple(slot for slot in range(mask.bit_length()) if mask >> slot & 1))

    def __str__(self) -> str:
        runs: list[list[int]] = []
        for slot in self.n:
            if runs and slot == runs[-1][1] + 1:
                runs[-1][1] = slot
            else:
                runs.append([slot, slot])
        said = [str(low + 1) if low == high else f"{low + 1}-{high + 1}" for low, high in runs]
        return ", ".join(said) or "-"


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `n` counts from 0."""

    n: int

    def __str__(self) -> str:
        return str(self.n + 1)


@dataclass(frozen=True)
class Reason:
    """A code with its numbers; the edge says the sentence in the reader's language."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", MappingProxyType(dict(self.params)))

    @property
    def sentence(self) -> str:
        return SENTENCES[self.code]


# Why a meeting cannot be put in a place.
OBSTACLES = {
    "not_wanted": N_("These two are not to meet"),
    "locked": N_("This meeting is locked in its place"),
    "break": N_("Slot %(slot)s is a break"),
    "forbidden": N_("This meeting may not be in slot %(slot)s"),
    "not_available": N_("%(who)s cannot come in slot %(slot)s"),
    "busy": N_("%(who)s meets %(other)s in slot %(slot)s"),
    "quota": N_("%(who)s is full: %(met)s of %(most)s meetings"),
    "tables_taken": N_("All tables are taken in slot %(slot)s: %(tables)s of %(tables)s"),
    "table_taken": N_("%(producer)s and %(buyer)s have table %(table)s in slot %(slot)s"),
    "not_placed": N_("This request has no meeting that could change places"),
}
# Why a request found no place at all; together with `not_wanted` and `quota`.
UNPLACED = {
    "fits": N_("Nothing stands in the way: slots %(slots)s are free"),
    "no_common_slot": N_(
        "There is no slot in which both could come: %(producer)s in %(producer_slots)s, "
        "%(buyer)s in %(buyer_slots)s"
    ),
    "only_forbidden": N_("Both could come only in slots in which they may not meet: %(slots)s"),
    "all_busy": N_(
        "%(who)s has another meeting in every slot in which both could come (%(slots)s)"
    ),
    "never_together": N_(
        "Of the slots in which both could come (%(slots)s), %(producer)s is free in "
        "%(producer_free)s, %(buyer)s in %(buyer_free)s"
    ),
    "tables_full": N_("Both are free in slots %(slots)s, but all tables are taken there"),
}
# What somebody could do so that it fits.
CHANGES = {
    "move": N_("Move %(producer)s and %(buyer)s from slot %(was)s to slot %(slot)s"),
    "drop": N_("Give up the meeting of %(producer)s and %(buyer)s in slot %(was)s"),
    "add_table": N_("One more table in slot %(slot)s"),
    "raise_limit": N_("%(who)s takes one more meeting: %(most)s"),
    "come": N_("%(who)s comes in slot %(slot)s too"),
    "allow_slot": N_("Let this meeting be in slot %(slot)s"),
    "allow_pair": N_("Let these two meet"),
}
SENTENCES: Mapping[str, str] = OBSTACLES | UNPLACED | CHANGES
