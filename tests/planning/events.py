"""Events of any size, the same ones each time."""

import random

from marketplace.planning.timetable import Event, Participant, Request


def event_of(
    producers: int,
    buyers: int,
    slots: int,
    tables: int,
    requests: int,
    *,
    present: float = 1.0,
    seed: int = 1,
) -> Event:
    """`present` is the chance that somebody can come in a slot; weights lie in 1..100."""
    dice = random.Random(seed)

    def person(name: str, side: str) -> Participant:
        free = frozenset(slot for slot in range(slots) if dice.random() < present)
        return Participant(name, "producer" if side == "producer" else "buyer", free)

    people = [person(f"p{number}", "producer") for number in range(producers)]
    people += [person(f"b{number}", "buyer") for number in range(buyers)]
    pairs = [(one, other) for one in range(producers) for other in range(buyers)]
    asked = [
        Request(f"r{number}", f"p{one}", f"b{other}", dice.randint(1, 100))
        for number, (one, other) in enumerate(sorted(dice.sample(pairs, requests)))
    ]
    return Event(slots, tables, people, asked)
