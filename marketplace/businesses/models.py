"""Producers and outlets, their branches, people and papers."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Office, Person
from marketplace.businesses.rules import (
    BusinessKind,
    OutletFormat,
    PaperKind,
    PaperState,
    VisitFinding,
)
from marketplace.core.clock import now, today
from marketplace.core.identifiers import Kbli
from marketplace.infra.db import Id, Model, Rupiah, Stamped, UtcDateTime, enum_column
from marketplace.infra.storage import StoredFile


class Business(Stamped, Model):
    """A producer or an outlet. An outlet is a chain with branches, or a single shop with one."""

    __tablename__ = "businesses"
    __table_args__ = (
        Index("ix_businesses_kind_region", "kind", "region_code"),
        CheckConstraint("yearly_sales IS NULL OR yearly_sales >= 0", name="sales_not_negative"),
        CheckConstraint(
            "working_capital IS NULL OR working_capital >= 0", name="capital_not_negative"
        ),
        # A size class is computed from sales and the date they were declared for.
        CheckConstraint(
            "yearly_sales IS NULL OR yearly_sales_on IS NOT NULL", name="sales_are_dated"
        ),
        # The number goes with the entry that stays, or two would hold it when that one is undone.
        CheckConstraint("merged_into_id IS NULL OR nib IS NULL", name="merged_has_no_nib"),
        CheckConstraint(
            "merged_into_id IS NULL OR merged_into_id <> id", name="not_merged_into_itself"
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[BusinessKind] = mapped_column(enum_column(BusinessKind))
    name: Mapped[str] = mapped_column(String(200))
    folded_name: Mapped[str] = mapped_column(String(200), index=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    address: Mapped[str] = mapped_column(String(400), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    # One register entry per business: the number lives as long as the business does.
    nib: Mapped[str | None] = mapped_column(String(13), unique=True)
    yearly_sales: Mapped[int | None] = mapped_column(Rupiah)
    yearly_sales_on: Mapped[date | None]
    working_capital: Mapped[int | None] = mapped_column(Rupiah)
    is_chain: Mapped[bool] = mapped_column(default=False)
    outlet_format: Mapped[OutletFormat | None] = mapped_column(enum_column(OutletFormat))
    is_example: Mapped[bool] = mapped_column(default=False)
    # The province whose office registered an outlet and keeps its entry: it lies where no office
    # is. "" where no office did; a producer belongs to where it lies.
    kept_by: Mapped[str] = mapped_column(String(2), default="")
    # The entry that stands for this one since both were found to be one business (register).
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    branches: Mapped[list["Branch"]] = relationship(
        back_populates="business", lazy="raise_on_sql", order_by="Branch.id"
    )
    papers: Mapped[list["Paper"]] = relationship(
        back_populates="business", lazy="raise_on_sql", order_by="Paper.id"
    )

    # The main one first; written by services.kbli alone.
    kbli_codes: Mapped[list["BusinessKbli"]] = relationship(
        lazy="raise_on_sql",
        order_by="(BusinessKbli.is_main.desc(), BusinessKbli.version.desc(), BusinessKbli.code)",
        viewonly=True,
    )

    __mapper_args__ = {"version_id_col": version}


class BusinessKbli(Model):
    """A line of business as its NIB lists it: five digits of one edition of KBLI."""

    __tablename__ = "business_kbli"
    __table_args__ = (
        UniqueConstraint("business_id", "version", "code"),
        CheckConstraint("length(code) = 5 AND ltrim(code, '0123456789') = ''", name="five_digits"),
        # A number alone says nothing: the editions number differently.
        CheckConstraint("version IN ('2020', '2025')", name="known_edition"),
        # One line of business is the main one: figures count a business once.
        Index(
            "uq_business_kbli_main",
            "business_id",
            unique=True,
            sqlite_where=text("is_main"),
            postgresql_where=text("is_main"),
        ),
        # Looked for by its first digits.
        Index("ix_business_kbli_code", "code"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    version: Mapped[str] = mapped_column(String(4))
    code: Mapped[str] = mapped_column(String(5))
    is_main: Mapped[bool] = mapped_column(default=False)

    @property
    def said(self) -> Kbli:
        return Kbli(self.version, self.code)


class Branch(Stamped, Model):
    """A place goods are delivered to; `stores` counts the shops it stands for."""

    __tablename__ = "branches"
    __table_args__ = (
        UniqueConstraint("business_id", "name"),
        CheckConstraint("stores >= 1", name="at_least_one_store"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    name: Mapped[str] = mapped_column(String(200))
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    address: Mapped[str] = mapped_column(String(400), default="")
    stores: Mapped[int] = mapped_column(default=1)
    is_open: Mapped[bool] = mapped_column(default=True)

    business: Mapped[Business] = relationship(back_populates="branches", lazy="raise_on_sql")


class Membership(Model):
    """A person works for a business; one person may work for several."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("person_id", "business_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), index=True)

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    business: Mapped[Business] = relationship(lazy="raise_on_sql")


class Paper(Stamped, Model):
    """A licence, certificate or registration. Expiry follows from the date and is not stored."""

    __tablename__ = "papers"
    __table_args__ = (
        # The same number handed in twice is one paper; a rejected one may be handed in again, and
        # a renewal carries the old number with a later last day.
        Index(
            "uq_papers_live",
            "business_id",
            "kind",
            "number",
            "valid_to",
            unique=True,
            sqlite_where=text("state IN ('entered', 'verified')"),
            postgresql_where=text("state IN ('entered', 'verified')"),
        ),
        Index("ix_papers_state", "state", "id"),
        CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from",
            name="validity_in_order",
        ),
        # A decision always names who took it and when.
        CheckConstraint(
            "state = 'entered' OR (decided_by_id IS NOT NULL AND decided_at IS NOT NULL)",
            name="decisions_are_signed",
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    kind: Mapped[PaperKind] = mapped_column(enum_column(PaperKind))
    number: Mapped[str] = mapped_column(String(60))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    state: Mapped[PaperState] = mapped_column(enum_column(PaperState), default=PaperState.ENTERED)
    decided_by_id: Mapped[int | None] = mapped_column(BigInteger)
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[int] = mapped_column(default=1)

    business: Mapped[Business] = relationship(back_populates="papers", lazy="raise_on_sql")
    scan: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class BusinessMove(Model):
    """A business went to another kabupaten/kota: what happened before stays with the old area.

    The area of a business on a day is `from_code` of its first move after that day, or where it
    lies today if there was none (reporting.queries.areas). On the day of a move the new one counts.
    """

    __tablename__ = "business_moves"
    __table_args__ = (
        Index("ix_business_moves_business", "business_id", "at"),
        CheckConstraint("from_code <> to_code", name="goes_somewhere"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    from_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    to_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    # The business day of `at`: days are compared with it, instants with `at`.
    moved_on: Mapped[date] = mapped_column(default=today)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(BigInteger)
    by_name: Mapped[str] = mapped_column(String(200), default="")


class SiteVisit(Stamped, Model):
    """An officer was there: the day, what was found, and which papers were seen."""

    __tablename__ = "site_visits"
    __table_args__ = (
        Index("ix_site_visits_business", "business_id", "visited_on"),
        CheckConstraint("found <> ''", name="says_what_was_found"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    visited_on: Mapped[date]
    finding: Mapped[VisitFinding] = mapped_column(enum_column(VisitFinding))
    found: Mapped[str] = mapped_column(String(2000))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    officer_id: Mapped[int | None] = mapped_column(BigInteger)
    officer_name: Mapped[str] = mapped_column(String(200))

    office: Mapped[Office | None] = relationship(lazy="raise_on_sql")
    business: Mapped[Business] = relationship(lazy="raise_on_sql")
    papers: Mapped[list["VisitedPaper"]] = relationship(
        lazy="raise_on_sql", order_by="VisitedPaper.id", cascade="all, delete-orphan"
    )


class VisitedPaper(Model):
    """The original of this paper was seen at the visit."""

    __tablename__ = "visited_papers"
    __table_args__ = (UniqueConstraint("visit_id", "paper_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("site_visits.id"))
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), index=True)

    paper: Mapped[Paper] = relationship(lazy="raise_on_sql")
