"""How businesses and papers read on pages, and a person's part of "all my data"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _

from marketplace.accounts.models import Person
from marketplace.accounts.rules import STATE_NAMES
from marketplace.businesses import queries, rules
from marketplace.businesses.models import Business, Paper
from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput
from marketplace.core.identifiers import Severity
from marketplace.core.kbli import kbli_text
from marketplace.core.phones import display_phone
from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.core.size_class import size_class
from marketplace.infra.i18n import say
from marketplace.regions.rules import region_name


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper as `paper_row` and `paper_card` of templates/_macros/objects.html take it."""

    id: int
    label: str
    number: str
    masked: str
    state: str
    counts: bool
    valid_to: date | None
    days_left: int | None
    url: str
    scan_url: str | None
    warning: str
    verified_by: str
    verified_at: datetime | None
    note: str


def paper_line(paper: Paper, *, with_scan: bool = True) -> PaperLine:
    """Needs `paper.scan` loaded unless told otherwise."""
    day = today()
    display, warnings = _read(paper, day)
    return PaperLine(
        id=paper.id,
        label=say(rules.PAPER_SHORT_NAMES[paper.kind]),
        number=display,
        masked=rules.mask_number(paper.kind, paper.number),
        state=rules.shown_state(paper.state, paper.valid_to, day),
        counts=rules.counts(paper.state, paper.valid_to, day),
        valid_to=paper.valid_to,
        days_left=rules.days_left(paper.valid_to, day),
        url=url_for("businesses.show_paper", paper_id=paper.id),
        scan_url=(
            url_for("businesses.show_scan", paper_id=paper.id)
            if with_scan and paper.scan_id
            else None
        ),
        warning=" ".join(warnings),
        verified_by=paper.decided_by_name,
        verified_at=paper.decided_at,
        note=paper.note,
    )


def paper_lines(papers: Iterable[Paper]) -> list[PaperLine]:
    return [paper_line(paper) for paper in papers]


def _read(paper: Paper, day: date) -> tuple[str, list[str]]:
    """The number as printed, and what made us wonder about it."""
    try:
        number = rules.read_number(paper.kind, paper.number, day)
    except InvalidInput:
        return paper.number, []
    return number.display, [
        say(problem.msgid, problem.params)
        for problem in number.problems
        if problem.severity is not Severity.INFO
    ]


def papers_table(papers: Sequence[Paper]) -> tuple[list[Column], list[list[Cell]]]:
    """The papers to check as a table to take along, for a round of visits."""
    columns = [
        Column("kind", _("Paper")),
        Column("number", _("Number"), width=24),
        Column("business", _("Business"), width=30),
        Column("place", _("Place"), width=24),
        Column("address", _("Address"), width=30),
        Column("phone", _("WhatsApp")),
        Column("valid_to", _("Valid until"), kind=ColumnKind.DATE),
        Column("warning", _("Note"), width=40),
    ]
    lines = paper_lines(papers)
    rows: list[list[Cell]] = [
        [
            line.label,
            line.number,
            paper.business.name,
            region_name(paper.business.region_code),
            paper.business.address,
            display_phone(paper.business.phone) if paper.business.phone else "",
            paper.valid_to,
            line.warning,
        ]
        for paper, line in zip(papers, lines, strict=True)
    ]
    return columns, rows


def people_table(
    people: Sequence[Person], businesses: Mapping[int, Sequence[Business]]
) -> tuple[list[Column], list[list[Cell]]]:
    """Who has an account, and for whom they work."""
    columns = [
        Column("name", _("Full name"), width=30),
        Column("phone", _("WhatsApp")),
        Column("email", _("E-mail")),
        Column("works_for", _("Works for"), width=40),
        Column("state", _("State")),
    ]
    rows: list[list[Cell]] = [
        [
            person.full_name,
            display_phone(person.phone) if person.phone else "",
            person.email or "",
            ", ".join(
                [held.office.name for held in person.office_roles]
                + [business.name for business in businesses[person.id]]
            ),
            say(STATE_NAMES[person.state]),
        ]
        for person in people
    ]
    return columns, rows


def size_name(business: Business) -> str | None:
    """The size class in words, from the declared yearly sales; None where none were declared."""
    size = size_class(business.yearly_sales)
    return say(rules.SIZE_CLASS_NAMES[size]) if size else None


def paper_kind_name(kind: str) -> str:
    """`P-IRT`, `Halal`: the short name, for sentences and lists; an unknown kind as it is."""
    known = kind in set(rules.PaperKind)
    return say(rules.PAPER_SHORT_NAMES[rules.PaperKind(kind)]) if known else kind


def personal_data(person_id: int) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """The businesses a person works for, with everything kept of them here."""
    businesses = queries.list_of_person(person_id)
    return {
        "businesses": [
            {
                "id": business.id,
                "kind": business.kind.value,
                "name": business.name,
                "region": business.region_code,
                "address": business.address,
                "about": business.about,
                "contact_name": business.contact_name,
                "phone": business.phone,
                "nib": business.nib,
                "kbli": kbli_text(queries.kbli_of(business.id)),
                "yearly_sales": business.yearly_sales,
                "yearly_sales_on": business.yearly_sales_on,
                "working_capital": business.working_capital,
            }
            for business in businesses
        ],
        "branches": [
            {
                "business_id": business.id,
                "name": branch.name,
                "region": branch.region_code,
                "address": branch.address,
                "stores": branch.stores,
                "open": branch.is_open,
            }
            for business in businesses
            for branch in queries.branches_of(business.id)
        ],
        "visits": [
            {
                "business_id": business.id,
                "visited_on": visit.visited_on,
                "finding": visit.finding.value,
                "found": visit.found,
                "officer": visit.officer_name,
            }
            for business in businesses
            for visit in queries.visits_of(business.id)
        ],
        "visits_made": [
            {
                "business_id": visit.business_id,
                "visited_on": visit.visited_on,
                "finding": visit.finding.value,
                "found": visit.found,
            }
            for visit in queries.visits_by(person_id)
        ],
        "papers": [
            {
                "business_id": business.id,
                "kind": paper.kind.value,
                "number": paper.number,
                "valid_from": paper.valid_from,
                "valid_to": paper.valid_to,
                "state": paper.state.value,
                "decided_by": paper.decided_by_name,
                "note": paper.note,
            }
            for business in businesses
            for paper in queries.papers_of(business.id)
        ],
    }
