"""The contract in files: a supply task as JSON in, a plan as JSON out."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.planning.entries import (
    as_told,
    entries,
    entry,
    listed,
    missing,
    read_each,
    read_object,
)
from marketplace.planning.supply.plan import SupplyPlan
from marketplace.planning.supply.task import (
    MOST_MONTHS,
    Id,
    Lot,
    Need,
    Pairing,
    Producer,
    SupplyTask,
    Volumes,
)

# A msgid with its parameters to what is read.
Say = Callable[[str, Mapping[str, object]], str]


def read_task(text: str) -> tuple[SupplyTask, bool]:
    """A task from JSON text, and whether its volumes are lists by month.

    Raises InvalidInput with one sentence for anything unusable.
    Capacities and volumes are numbers, or lists with one number for each of `months`; a number
    holds for every month. `current`, `pinned` and `forbidden` hold {"producer", "need"} or
    [producer, need], the first two with a "volume" where there is one; or a whole earlier result.
    """
    told = read_object(text)
    for name in ("producers", "needs", "pairings"):
        if told.get(name) is None:
            raise missing(name)
        entries(told, name)
    try:
        return _task(told)
    except KeyError as error:
        raise missing(str(error.args[0])) from error
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise InvalidInput(N_("A value cannot be read: %(why)s"), why=str(error)) from error


def _lists(told: Mapping[str, Any]) -> int | None:
    """How many months there are; None where volumes are plain numbers."""
    months = told.get("months")
    if isinstance(months, list):
        return len(months)
    if months is not None:
        return _whole(months)
    for name, what in (("producers", "capacity"), ("needs", "volume")):
        for one in told[name]:
            if isinstance(volumes := one.get(what), list):
                return len(volumes)
    return None


def _task(told: Mapping[str, Any]) -> tuple[SupplyTask, bool]:
    months = _lists(told)
    count = 1 if months is None else months
    if not 1 <= count <= MOST_MONTHS:
        raise InvalidInput(N_("A plan has between 1 and %(most)s months"), most=MOST_MONTHS)
    task = SupplyTask(
        producers=read_each(told, "producers", lambda one: _producer(one, count)),
        needs=read_each(told, "needs", lambda one: _need(one, count)),
        pairings=_pairings(told),
        months=count,
        current=_merged(_lots(told, "current", count)),
        pinned=_lots(told, "pinned", count),
        forbidden=[(lot.producer, lot.need) for lot in _lots(told, "forbidden", count)],
    )
    return task, months is not None


def _producer(one: Mapping[str, Any], months: int) -> Producer:
    volumes = _volumes(one["capacity"], months)
    return Producer(_id(one["id"]), volumes, _whole(one.get("floor") or 0))


def _pairings(told: Mapping[str, Any]) -> list[Pairing]:
    """Read by column: there are many, and nearly always nothing is wrong with any."""
    rows = told["pairings"]
    try:
        columns = [[one[name] for one in rows] for name in ("producer", "need", "score")]
    except KeyError:
        return read_each(told, "pairings", _pairing)  # it says where
    columns.append([one.get("min_lot") or 0 for one in rows])
    readers: tuple[Callable[[object], Any], ...] = (_id, _id, _number, _whole)
    for column, read in zip(columns, readers, strict=True):
        if not {type(value) for value in column} <= _AS_IT_IS[read]:
            return read_each(told, "pairings", _pairing)
    return list(map(Pairing, *columns))


def _pairing(one: Mapping[str, Any]) -> Pairing:
    return Pairing(
        _id(one["producer"]),
        _id(one["need"]),
        _number(one["score"]),
        _whole(one.get("min_lot") or 0),
    )


def _need(one: Mapping[str, Any], months: int) -> Need:
    most, group = one.get("max_suppliers"), one.get("group")
    return Need(
        _id(one["id"]),
        _volumes(one["volume"], months),
        None if group is None else _id(group),
        None if most is None else _whole(most),
    )


def _lots(told: Mapping[str, Any], name: str, months: int) -> list[Lot]:
    if isinstance(told.get(name), dict):  # a whole earlier result
        told, name = told[name], "allocations"
        if name not in told:
            raise missing(name)
    found = []
    for one in listed(told, name):
        if isinstance(one, list) and 2 <= len(one) <= 3:
            producer, need, volume = (*one, None)[:3]
        elif isinstance(one, dict):
            producer, need, volume = one["producer"], one["need"], one.get("volume")
        else:
            raise entry(name, one)
        volumes = None if volume is None else _volumes(volume, months)
        found.append(Lot(_id(producer), _id(need), volumes))
    return found


def _merged(lots: Iterable[Lot]) -> list[Lot]:
    """Lots of one pair as one; those of nothing are none."""
    found: dict[tuple[Id, Id], Lot] = {}
    for lot in lots:
        before = found.get((lot.producer, lot.need))
        if before is not None and before.volume and lot.volume:
            both = zip(before.volume, lot.volume, strict=True)
            lot = lot._replace(volume=tuple(one + other for one, other in both))
        found[lot.producer, lot.need] = lot
    return [lot for lot in found.values() if lot.volume is None or any(lot.volume)]


def _volumes(value: object, months: int) -> Volumes:
    if isinstance(value, list):
        return tuple(_whole(one) for one in value)
    return (_whole(value),) * months


def _id(value: object) -> Id:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InvalidInput(N_("%(value)s is not an id"), value=as_told(value))
    return value


def _whole(value: object) -> int:
    if type(value) is int:
        return value
    if isinstance(value, float) and value.is_integer():  # spreadsheets write 10.0
        return int(value)
    raise InvalidInput(N_("%(value)s is not a whole number"), value=as_told(value))


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput(N_("%(value)s is not a number"), value=as_told(value))
    return value


# Types whose values a reader gives back as they are.
_AS_IT_IS: dict[Callable[[object], Any], set[type]] = {
    _id: {str, int},
    _number: {int, float},
    _whole: {int},
}


def write_plan(plan: SupplyPlan, task: SupplyTask, say: Say, *, lists: bool) -> str:
    """The plan as JSON text; reasons are said by `say`. With `lists` volumes are lists by month."""

    def shown(volumes: Volumes | None) -> object:
        return list(volumes or ()) if lists else (volumes or (0,))[0]

    told: dict[str, object] = {
        "status": "optimal" if plan.is_optimal else "feasible",
        "objective": plan.objective,
        "bound": plan.bound,
        "gap": plan.gap,
        "allocations": [
            {"producer": lot.producer, "need": lot.need, "volume": shown(lot.volume)}
            for lot in plan.lots
        ],
        "unmet": [
            {
                "need": one.need,
                "volume": shown(one.volume),
                "code": one.code,
                "reason": say(one.sentence, one.params),
            }
            for one in plan.missing
        ],
    }
    if task.current:
        told["changed"] = [
            {
                "producer": one.producer,
                "need": one.need,
                "before": shown(one.before),
                "after": shown(one.after),
            }
            for one in plan.changed
        ]
    if plan.below_floor:
        told["below_floor"] = [
            {"producer": one.producer, "volume": shown(one.volume)} for one in plan.below_floor
        ]
    if plan.worth and not plan.worth_is_about:
        told["worth"] = [
            {
                "producer": one.producer,
                **({"month": one.month} if lists else {}),
                "worth": one.worth,
            }
            for one in plan.worth
        ]
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
