"""Writes of the exposure ledger that must hold whoever else writes at the same moment."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import update

from marketplace.infra.bulk import add_missing
from marketplace.infra.db import session
from marketplace.suggestions.models import Exposure


def open_ledger(taken: Mapping[tuple[int, str], int]) -> None:
    """Add the rows (business, period) that are not there yet; who came first is left alone."""
    rows = [
        {"business_id": business_id, "period": period, "taken": count}
        for (business_id, period), count in sorted(taken.items())
    ]
    add_missing(Exposure, rows)


def take(business_id: int, period: str, cap: int | None) -> bool:
    """Take one place; False where the cap is used up. The database itself compares."""
    statement = update(Exposure).where(
        Exposure.business_id == business_id, Exposure.period == period
    )
    if cap is not None:
        statement = statement.where(Exposure.taken < cap)
    return _changed(statement.values(taken=Exposure.taken + 1)) == 1


def give_back(business_id: int, periods: Sequence[str]) -> None:
    """Give back one place in each of these periods, where there is one."""
    _changed(
        update(Exposure)
        .where(
            Exposure.business_id == business_id,
            Exposure.period.in_(periods),
            Exposure.taken > 0,
        )
        .values(taken=Exposure.taken - 1)
    )


def set_taken(business_id: int, period: str, taken: int) -> None:
    """Write down what was counted; the row is locked by who counted."""
    _changed(
        update(Exposure)
        .where(Exposure.business_id == business_id, Exposure.period == period)
        .values(taken=taken)
    )


def _changed(statement: Any) -> int:
    found = session.execute(statement, execution_options={"synchronize_session": False})
    return int(getattr(found, "rowcount", 0))
