"""What bazaars, expos and trainings have in common."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Office
from marketplace.infra.db import Id, Model, Stamped, enum_column
from marketplace.programs.rules import ProgramKind, ProgramLevel, ProgramState


def _as_its_kind(context: DefaultExecutionContext) -> bool:
    given = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return bool(given["kind"] == ProgramKind.BAZAAR)


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
        CheckConstraint("kind <> 'bazaar' OR sells", name="bazaars_sell"),
        CheckConstraint("kind <> 'training' OR NOT sells", name="trainings_do_not_sell"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[ProgramKind] = mapped_column(enum_column(ProgramKind))
    # Goods are sold at its stalls, so these owe a figure for each day: at every bazaar, and at an
    # expo that says so.
    sells: Mapped[bool] = mapped_column(default=_as_its_kind)
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
