"""One effect per form: a double press, or a page sent again, answers with the first result."""

from datetime import datetime, timedelta

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.clock import now
from marketplace.infra.db import Model, UtcDateTime, session


class FormEffect(Model):
    __tablename__ = "form_effects"

    # Person and token together, so that nobody can learn or block another's form.
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    location: Mapped[str] = mapped_column(String(400))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


def _key(person_id: int | None, token: str) -> str:
    return f"{person_id or 0}:{token[:64]}"


def location_of(person_id: int | None, token: str) -> str | None:
    """Where the first sending of this form led, if it was sent before."""
    if not token:
        return None
    return session.scalar(
        select(FormEffect.location).where(FormEffect.key == _key(person_id, token))
    )


def remember(person_id: int | None, token: str, location: str) -> None:
    """Write the effect down in its own transaction; a second one loses on the primary key."""
    if token:
        session.add(FormEffect(key=_key(person_id, token), location=location))
        session.flush()


def forget_old(age: timedelta) -> None:
    """A form older than this is not sent again by anybody."""
    session.execute(delete(FormEffect).where(FormEffect.at < now() - age))
