"""The timetable while it is being made: who sits where in each slot, and moves that keep it whole.

People are numbers; `at[person][slot]` is the request they meet for, or FREE. Every change goes
through `put` and `take`, so nobody is ever in two places and no slot holds more than its tables.
"""

from marketplace.planning.timetable.event import Event

FREE = -1


class Board:
    """Requests are numbers in the order of the event."""

    def __init__(self, event: Event) -> None:
        numbers = {person.id: number for number, person in enumerate(event.participants)}
        self.event = event
        self.producer = [numbers[request.producer] for request in event.requests]
        self.buyer = [numbers[request.buyer] for request in event.requests]
        self.weight = [request.weight for request in event.requests]
        places = {request.id: number for number, request in enumerate(event.requests)}
        self.number_of = places
        self.at = [[FREE] * event.slots for _ in event.participants]
        self.slot_of = [FREE] * len(event.requests)
        self.load = [0] * event.slots
        self.room = [0 if slot in event.breaks else event.tables for slot in range(event.slots)]
        self.met = [0] * len(event.participants)
        self.limit = [person.most for person in event.participants]
        # Bit s: could come in slot s; has nothing in slot s.
        working = sum(1 << slot for slot in range(event.slots) if slot not in event.breaks)
        self.can = [
            sum(1 << s for s in person.available) & working for person in event.participants
        ]
        self.open = list(self.can)
        self.barred: list[int] = [0] * len(event.requests)
        for name, slot in event.forbidden:
            if name in places:
                self.barred[places[name]] |= 1 << slot
        for name in event.never:
            if name in places:
                self.barred[places[name]] = -1
        self.fixed = [False] * len(event.requests)
        for meeting in event.locked:
            number = places[meeting.request]
            self.fixed[number] = True
            # A lock holds whatever else is said: an officer put it there with open eyes.
            for person in self.pair(number):
                self.can[person] |= 1 << meeting.slot
                self.open[person] |= 1 << meeting.slot
                self.limit[person] = max(self.limit[person], self.met[person] + 1)
            self.room[meeting.slot] = max(self.room[meeting.slot], self.load[meeting.slot] + 1)
            self.barred[number] = 0
            self.put(number, meeting.slot)

    def pair(self, request: int) -> tuple[int, int]:
        return self.producer[request], self.buyer[request]

    def possible(self, request: int) -> int:
        """Bits of the slots in which both could come at all."""
        producer, buyer = self.pair(request)
        return self.can[producer] & self.can[buyer] & ~self.barred[request]

    def has_room_for(self, request: int) -> bool:
        """Neither side has reached its limit."""
        return all(self.met[person] < self.limit[person] for person in self.pair(request))

    def put(self, request: int, slot: int) -> None:
        for person in self.pair(request):
            self.at[person][slot] = request
            self.open[person] &= ~(1 << slot)
            self.met[person] += 1
        self.load[slot] += 1
        self.slot_of[request] = slot

    def take(self, request: int) -> int:
        """Take a meeting off the board; returns the slot it had."""
        slot = self.slot_of[request]
        for person in self.pair(request):
            self.at[person][slot] = FREE
            self.open[person] |= 1 << slot
            self.met[person] -= 1
        self.load[slot] -= 1
        self.slot_of[request] = FREE
        return slot

    def placed(self) -> list[int]:
        return [number for number, slot in enumerate(self.slot_of) if slot != FREE]

    def total(self) -> int:
        return sum(self.weight[number] for number in self.placed())

    def chain(self, person: int, first: int, second: int) -> list[int] | None:
        """Meetings that would change places between two slots to free `person` in `first`.

        None where somebody on the way cannot come, or a meeting on the way is fixed. Exchanging the
        two slots along the whole path keeps everybody in one place at a time.
        """
        path: list[int] = []
        here, there = first, second
        while (request := self.at[person][here]) != FREE:
            if self.fixed[request] or not self.possible(request) >> there & 1:
                return None
            path.append(request)
            producer, buyer = self.pair(request)
            person = buyer if person == producer else producer
            here, there = there, here
        return path

    def exchange(self, path: list[int], first: int, second: int) -> None:
        """Every meeting of the path goes to the other one of the two slots."""
        slots = [self.take(request) for request in path]
        for request, slot in zip(path, slots, strict=True):
            self.put(request, second if slot == first else first)

    def fits(self, slot: int, more: int = 1) -> bool:
        return self.load[slot] + more <= self.room[slot]


def bits(mask: int) -> list[int]:
    """The places of the ones in a number, lowest first."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
