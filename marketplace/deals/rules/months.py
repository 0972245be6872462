"""Calendar months, each named by its first day."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta


def month_of(day: date) -> date:
    return day.replace(day=1)


def add_months(month: date, count: int) -> date:
    """The first day of the month `count` months later."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def months_from(starts_on: date, count: int) -> tuple[date, ...]:
    """The months of a deal that starts on this day and lasts `count` months."""
    first = month_of(starts_on)
    return tuple(add_months(first, number) for number in range(count))


def last_day_of(month: date) -> date:
    return add_months(month, 1) - timedelta(days=1)


def shared_out(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in whole parts as near to the weights as can be; the parts add up to it.

    The largest remainders are rounded up, the first of equals first: the same input gives the same
    parts. Nothing is shared where every weight is zero.
    """
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda n: (-(total * weights[n] % whole), n))
    for number in order[: total - sum(parts)]:
        parts[number] += 1
    return parts


def summed(pairs: Iterable[tuple[tuple[int, date], int]]) -> dict[tuple[int, date], int]:
    """Volumes added up by (product, month), in the order in which rows are locked."""
    found: dict[tuple[int, date], int] = {}
    for key, volume in pairs:
        found[key] = found.get(key, 0) + volume
    return dict(sorted(found.items()))
