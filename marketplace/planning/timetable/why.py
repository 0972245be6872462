"""Why a request has no place: everything that stands in the way, with its numbers."""

from marketplace.planning.timetable.desk import Desk
from marketplace.planning.timetable.told import Reason, Slots, Who


def why_unplaced(desk: Desk, request: str) -> tuple[Reason, ...]:
    """The reasons of a request without a meeting, each true on its own; never empty.

    Slots are told only where they matter: those in which both could come and that are allowed.
    """
    event, asked = desk.event, desk.asked(request)
    producer, buyer = asked.producer, asked.buyer
    if request in event.never:
        return (Reason("not_wanted", {"producer": Who(producer), "buyer": Who(buyer)}),)
    names = {"producer": Who(producer), "buyer": Who(buyer)}
    could = desk.can[producer] & desk.can[buyer]
    if not could:
        slots = {
            "producer_slots": Slots.of(desk.can[producer]),
            "buyer_slots": Slots.of(desk.can[buyer]),
        }
        return (Reason("no_common_slot", {**names, **slots}),)
    may = could & ~desk.barred.get(request, 0)
    if not may:
        return (Reason("only_forbidden", {**names, "slots": Slots.of(could)}),)
    found = []
    for who in (producer, buyer):
        most = desk.person(who).max_meetings
        if most is not None and desk.met[who] >= most:
            found.append(Reason("quota", {"who": Who(who), "met": desk.met[who], "most": most}))
    found += _times(desk, names, may)
    both = may & ~desk.busy[producer] & ~desk.busy[buyer]
    if both and not both & desk.roomy:
        told = {**names, "slots": Slots.of(both), "tables": event.tables}
        found.append(Reason("tables_full", told))
    return tuple(found) or (Reason("fits", {**names, "slots": Slots.of(both & desk.roomy)}),)


def _times(desk: Desk, names: dict[str, Who], may: int) -> list[Reason]:
    """Whether there is a slot in which both are free, tables aside."""
    free = {side: may & ~desk.busy[who.id] for side, who in names.items()}
    told = Slots.of(may)
    never = [names[side] for side, slots in free.items() if not slots]
    if never:
        return [Reason("all_busy", {"who": who, "slots": told}) for who in never]
    if free["producer"] & free["buyer"]:
        return []
    slots = {f"{side}_free": Slots.of(mask) for side, mask in free.items()}
    return [Reason("never_together", {**names, "slots": told, **slots})]
