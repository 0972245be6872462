"""Regions as the database knows them (facts: rules.py) and freight legs an officer entered."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.infra.db import Id, Model, Rupiah, Stamped


class Region(Model):
    """A province (`19`) or kabupaten/kota (`19.71`) by Kemendagri code, for keys and filters."""

    __tablename__ = "regions"

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    name: Mapped[str] = mapped_column(String(80))
    zone: Mapped[str] = mapped_column(String(16))


class FreightLeg(Stamped, Model):
    """What one kilogram costs and how long it takes between two places, as someone found out.

    A place is a kabupaten/kota code, a province code or a zone word; the narrowest leg wins.
    """

    __tablename__ = "freight_legs"
    __table_args__ = (
        UniqueConstraint("origin", "destination"),
        CheckConstraint("rupiah_per_kg >= 0", name="cost_not_negative"),
        # Half of the shipments cannot take longer than nine in ten of them.
        CheckConstraint("days_median >= 0 AND days_p90 >= days_median", name="days_in_order"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    origin: Mapped[str] = mapped_column(String(16))
    destination: Mapped[str] = mapped_column(String(16))
    rupiah_per_kg: Mapped[int] = mapped_column(Rupiah)
    days_median: Mapped[int]
    days_p90: Mapped[int]
    noted_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(200))
    entered_by_id: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
