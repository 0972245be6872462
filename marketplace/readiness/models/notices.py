"""Letters about a paper that runs out: one per paper and horizon, whoever presses first."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.clock import now
from marketplace.infra.db import Id, Model, UtcDateTime


class PaperNotice(Model):
    __tablename__ = "paper_notices"
    __table_args__ = (
        # The same letter twice is a nuisance: the database decides between two officers.
        UniqueConstraint("paper_id", "horizon"),
        CheckConstraint("horizon IN (0, 30, 60, 90)", name="horizon_known"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"))
    horizon: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
