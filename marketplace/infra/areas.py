"""Lists narrowed to what an officer answers for, in SQL: the same words as `Actor.scope`."""

from typing import Any

from sqlalchemy import ColumnElement, and_, true

from marketplace.core.actor import Actor


def lies_in(column: Any, area: str) -> ColumnElement[bool]:
    """Whether a kabupaten/kota code lies in `area`.

    "" is everywhere; `19.71` itself; `19` a province with its kabupaten/kota; `!17!18` everywhere
    but in these provinces, which have offices of their own.
    """
    if not area:
        return true()
    if area.startswith("!"):
        return and_(*(column.not_like(f"{code}%") for code in area[1:].split("!")))
    if len(area) == 2 and area.isdigit():
        return and_(column.like(f"{area}.%"))
    return and_(column == area)


def run_by(actor: Actor, column: Any) -> ColumnElement[bool]:
    """Whether an officer runs what this office holds, in SQL: `Actor.runs_office`."""
    if actor.is_province_officer:
        return and_(column.not_in(sorted(actor.other_offices)))
    return and_(column == actor.office_id)
