"""Uploaded files: bytes on disk under a made-up name, facts in a row."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import BigInteger, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.clock import now
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.db import Id, Model, UtcDateTime, session


class StoredFile(Model):
    __tablename__ = "stored_files"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    # The name on disk and in links: random, so that nothing of the uploader's name reaches a path.
    token: Mapped[str] = mapped_column(String(43), unique=True)
    kind: Mapped[str] = mapped_column(String(16))  # photo | thumb | scan | import | result
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    original_name: Mapped[str] = mapped_column(String(200), default="")
    owner_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    # A file nothing refers to yet (a form that failed) is swept after a day.
    kept: Mapped[bool] = mapped_column(default=False)


def _place(token: str) -> Path:
    root: Path = current_app.config["UPLOADS_DIR"]
    return root / token[:2] / token


def put_file(
    data: bytes,
    *,
    kind: str,
    media_type: str,
    original_name: str = "",
    owner_id: int | None,
    kept: bool = False,
) -> StoredFile:
    """Write the bytes, then the row; a row is never without its bytes."""
    token = secrets.token_urlsafe(32)
    place = _place(token)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    row = StoredFile(
        token=token,
        kind=kind,
        media_type=media_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        original_name=original_name[:200],
        owner_id=owner_id,
        kept=kept,
    )
    session.add(row)
    session.flush()
    return row


def find_file(token: str) -> StoredFile | None:
    if not token or len(token) > 43 or not token.replace("-", "").replace("_", "").isalnum():
        return None
    return session.scalar(select(StoredFile).where(StoredFile.token == token))


def get_file(token: str) -> StoredFile:
    found = find_file(token)
    if found is None:
        raise NotFound(N_("There is no such file."))
    return found


def find_own_upload(token: str, *, kind: str, owner_id: int | None) -> StoredFile | None:
    """A file this person uploaded on a form that then failed elsewhere."""
    found = find_file(token)
    if found is None or found.kind != kind or found.owner_id != owner_id:
        return None
    return found


def path_of(stored: StoredFile) -> Path:
    return _place(stored.token)


def read_file(stored: StoredFile) -> bytes:
    """The bytes; NotFound where they were taken away (`forget_bytes`)."""
    if stored.size == 0:
        raise NotFound(N_("This file is no longer kept."))
    return _place(stored.token).read_bytes()


def forget_bytes(stored: StoredFile) -> None:
    """Take the bytes away and keep the row others refer to: its size is 0 from then on."""
    _place(stored.token).unlink(missing_ok=True)
    stored.size, stored.sha256, stored.original_name = 0, hashlib.sha256(b"").hexdigest(), ""


def drop_file(stored: StoredFile) -> None:
    """Delete a file nothing refers to any more, bytes and row."""
    _place(stored.token).unlink(missing_ok=True)
    session.delete(stored)


def sweep_unkept(older_than: timedelta = timedelta(days=1)) -> int:
    """Delete files of forms that were never finished; call inside a transaction."""
    old: Sequence[StoredFile] = session.scalars(
        select(StoredFile).where(
            StoredFile.kept.is_(False), StoredFile.created_at < now() - older_than
        )
    ).all()
    for stored in old:
        _place(stored.token).unlink(missing_ok=True)
    if old:
        session.execute(delete(StoredFile).where(StoredFile.id.in_([row.id for row in old])))
    return len(old)
