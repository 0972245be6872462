"""An uploaded table on its way in."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.exchange.rules import ImportState
from marketplace.infra.db import Id, Model, Stamped, UtcDateTime, enum_column
from marketplace.infra.storage import StoredFile


class Import(Stamped, Model):
    """One file, how it is read, and how far it has come. Rows are numbered from 0."""

    __tablename__ = "imports"
    __table_args__ = (Index("ix_imports_owner", "owner_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    # No foreign key: the record outlives the account (as in audit).
    owner_id: Mapped[int] = mapped_column(BigInteger)
    # The business the person acted for when it was sent: the job acts for the same one.
    acting_for_id: Mapped[int | None] = mapped_column(BigInteger)
    # Whose rows they are where a row names no business.
    business_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    table_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    # What is wrong with which cell, found before (checking) and while (applying) writing.
    problems_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    refused: Mapped[list[Any]] = mapped_column(JSON, default=list)
    rows: Mapped[int] = mapped_column(default=0)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # Preview: what would happen. Counts: what did, so far.
    preview: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    # Records written: a job that was killed goes on from here.
    applied: Mapped[int] = mapped_column(default=0)
    state: Mapped[ImportState] = mapped_column(
        enum_column(ImportState), default=ImportState.MAPPING
    )
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id"))
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    table: Mapped[StoredFile] = relationship(foreign_keys=[table_id], lazy="raise_on_sql")
    problems: Mapped[StoredFile | None] = relationship(
        foreign_keys=[problems_id], lazy="raise_on_sql"
    )

    __mapper_args__ = {"version_id_col": version}
