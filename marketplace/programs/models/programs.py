"""What bazaars, expos and trainings have in common."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Office
from marketplace.infra.db import Id, Model, Stamped, enum_column
from marketplace.programs.rules import ProgramKind, ProgramLevel, ProgramState


class Program(Stamped, Model):
    """One bazaar, expo or training, from its plan to its figures.

    `office_id` is the office that keeps its records and answers for them; `organiser` is the name
    that is printed, which for an expo may be a ministry. What a kabupaten/kota records adds up in
    the province's view as it stands: nothing is typed twice.
    """

    __tablename__ = "programs"
    __table_args__ = (
        Index("ix_programs_kind_starts", "kind", "starts_on"),
        Index("ix_programs_office", "office_id", "starts_on"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[ProgramKind] = mapped_column(enum_column(ProgramKind))
    title: Mapped[str] = mapped_column(String(200))
    level: Mapped[ProgramLevel] = mapped_column(enum_column(ProgramLevel))
    organiser: Mapped[str] = mapped_column(String(200))
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    # Where it is held: a kabupaten/kota.
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    place: Mapped[str] = mapped_column(String(200), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    about: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ProgramState] = mapped_column(
        enum_column(ProgramState), default=ProgramState.DRAFT
    )
    created_by_id: Mapped[int | None] = mapped_column(BigInteger)
    created_by_name: Mapped[str] = mapped_column(String(200), default="")
    is_example: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    office: Mapped[Office] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}
