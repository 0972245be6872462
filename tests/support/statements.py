"""How many statements a piece of work sends to the database."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from marketplace.infra.db import db


def statements_of(work: Callable[[], object]) -> int:
    """Do the work and return how many statements it took; to compare, never to hold to a number."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)
