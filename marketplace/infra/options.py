"""Settings an officer may change while the service runs (days an introduction waits, ...)."""

from sqlalchemy import String, update
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.infra.bulk import add_first
from marketplace.infra.db import Model, session


class Option(Model):
    __tablename__ = "options"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(String(400))

    @property
    def id(self) -> str:
        """What the audit trail calls it."""
        return self.name


def get_int(name: str, default: int) -> int:
    row = session.get(Option, name)
    return int(row.value) if row is not None and row.value.isdigit() else default


def get_text(name: str, default: str = "") -> str:
    row = session.get(Option, name)
    return row.value if row is not None else default


def put(name: str, value: str) -> Option:
    row = session.get(Option, name)
    if row is None:
        row = Option(name=name, value=value)
        session.add(row)
    row.value = value
    return row


def turn(name: str, value: str) -> bool:
    """Set it, and True for the one who did: of several workers at once one has the day's work."""
    changed = session.execute(
        update(Option).where(Option.name == name, Option.value != value).values(value=value)
    )
    return bool(getattr(changed, "rowcount", 0)) or add_first(
        Option, {"name": name, "value": value}
    )
