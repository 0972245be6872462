"""Contacts made at a stall."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.businesses.models import Business
from marketplace.catalog.models import Product
from marketplace.infra.db import Id, Model, Stamped, UtcDateTime, enum_column
from marketplace.programs.models.bazaars import StallHolder
from marketplace.programs.models.programs import Program
from marketplace.programs.rules.leads import LeadState


class Lead(Stamped, Model):
    """Who asked for what at which stall, and what became of it."""

    __tablename__ = "leads"
    __table_args__ = (
        Index("ix_leads_program", "program_id", "state"),
        Index("ix_leads_due", "state", "due_on"),
        # A name and a number are kept only of who agreed to it (UU 27/2022).
        CheckConstraint(
            "consented_at IS NOT NULL OR (person_name = '' AND phone = '')",
            name="contact_by_consent",
        ),
        CheckConstraint("next_step = '' OR due_on IS NOT NULL", name="steps_are_dated"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    # The stall at which the contact was made.
    holder_id: Mapped[int] = mapped_column(ForeignKey("stall_holders.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    outlet_name: Mapped[str] = mapped_column(String(200))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    person_name: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wants: Mapped[str] = mapped_column(String(400))
    volume: Mapped[str] = mapped_column(String(100), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")
    next_step: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[date | None]
    state: Mapped[LeadState] = mapped_column(enum_column(LeadState), default=LeadState.OPEN)
    reason: Mapped[str] = mapped_column(String(400), default="")
    # What it became, where that is a record of a lower room.
    need_id: Mapped[int | None] = mapped_column(ForeignKey("needs.id"))
    entered_by_id: Mapped[int | None] = mapped_column(BigInteger)
    entered_by_name: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)

    program: Mapped[Program] = relationship(lazy="raise_on_sql")
    holder: Mapped[StallHolder] = relationship(lazy="raise_on_sql")
    product: Mapped[Product | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def business(self) -> Business | None:
        """The producer behind the stall; needs `holder.business` loaded."""
        return self.holder.business
