"""Settings an officer may change while the service runs (days an introduction waits, ...)."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

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
