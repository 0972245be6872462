"""Why a request has no place, and what would give it one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from marketplace.core.text import N_
from marketplace.planning.timetable.board import Board, bits


@dataclass(frozen=True, slots=True)
class Reason:
    """A code with its numbers; the edge says the sentence in the reader's language."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return SENTENCES[self.code]


SENTENCES = {
    "not_wanted": N_("These two are not to meet"),
    "no_common_slot": N_(
        "There is no slot in which both could come: %(producer)s in %(producer_slots)s, "
        "%(buyer)s in %(buyer_slots)s"
    ),
    "full": N_("%(who)s is full: %(met)s of %(most)s meetings"),
    "both_full": N_(
        "Both are full: %(producer)s has %(producer_met)s of %(producer_most)s meetings, "
        "%(buyer)s %(buyer_met)s of %(buyer_most)s"
    ),
    "tables_full": N_("Both are free in slots %(slots)s, but all tables are taken"),
    "slots_taken": N_(
        "In every slot in which both could come (%(slots)s) one of them has another meeting: "
        "%(producer)s is free in %(producer_free)s, %(buyer)s in %(buyer_free)s"
    ),
}


def why_not(board: Board, request: int) -> Reason:
    """The first thing that stands in the way of a request without a place."""
    event = board.event
    producer, buyer = board.pair(request)
    names = {"producer": event.participants[producer].id, "buyer": event.participants[buyer].id}
    if board.barred[request] == -1:
        return Reason("not_wanted", names)
    possible = board.possible(request)
    if not possible:
        return Reason(
            "no_common_slot",
            {
                **names,
                "producer_slots": ranges(board.can[producer]),
                "buyer_slots": ranges(board.can[buyer]),
            },
        )
    full = [person for person in (producer, buyer) if board.met[person] >= board.limit[person]]
    if len(full) == 2:
        told = {
            f"{side}_{word}": value
            for side, person in (("producer", producer), ("buyer", buyer))
            for word, value in (("met", board.met[person]), ("most", board.limit[person]))
        }
        return Reason("both_full", {**names, **told})
    if full:
        (person,) = full
        told = {"met": board.met[person], "most": board.limit[person]}
        return Reason("full", {"who": event.participants[person].id, **told})
    common = board.open[producer] & board.open[buyer] & possible
    if common:
        return Reason("tables_full", {"slots": ranges(common)})
    return Reason(
        "slots_taken",
        {
            **names,
            "slots": ranges(possible),
            "producer_free": ranges(board.open[producer]),
            "buyer_free": ranges(board.open[buyer]),
        },
    )


def ranges(mask: int) -> str:
    """Slots as people count them, from 1: `1-3, 7`; `-` where there is none."""
    runs: list[list[int]] = []
    for slot in bits(mask):
        if runs and slot == runs[-1][1] + 1:
            runs[-1][1] = slot
        else:
            runs.append([slot, slot])
    said = [f"{low + 1}" if low == high else f"{low + 1}-{high + 1}" for low, high in runs]
    return ", ".join(said) or "-"
