"""Reads of needs."""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from marketplace.businesses.models import Branch, Business
from marketplace.commodities import rules as commodities
from marketplace.core.errors import NotFound
from marketplace.core.quantity import Kind, Quantity
from marketplace.core.text import LINE_MAX, N_, clean_text
from marketplace.demand.models import Need, NeedLine
from marketplace.demand.rules import PAPERS, NeedState, split_papers
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.matching import offers as engine
from marketplace.regions import rules as regions

Item = TypeVar("Item")
# What a list of needs can be narrowed to: zones and provinces.
AREAS = frozenset({zone.value for zone in regions.Zone} | set(regions.provinces()))
# Cards of needs say a lot: so many keep a page under its budget of 30 KB.
PAGE_SIZE = 15
_CHUNK = 5_000  # ids in one IN list; both databases take more


@dataclass(frozen=True, slots=True)
class NeedFilter:
    """What a list of needs is narrowed to; "" means any.

    `category` is a branch or a leaf of the tree, `area` a zone word, a province or a kabupaten/kota
    code, `paper` a kind the need asks for, `state` one of NeedState.
    """

    text: str = ""
    category: str = ""
    area: str = ""
    paper: str = ""
    state: str = ""

    @classmethod
    def of(cls, said: Mapping[str, str]) -> "NeedFilter":
        """The filter in an address; what is not in a list counts as not said."""

        def one_of(name: str, known: Container[str]) -> str:
            return said.get(name, "") if said.get(name, "") in known else ""

        return cls(
            text=clean_text(said.get("q", ""))[:LINE_MAX],
            category=one_of("category", commodities.categories()),
            area=one_of("area", AREAS),
            paper=one_of("paper", PAPERS),
            state=one_of("state", set(NeedState)),
        )


def _whole() -> tuple[ORMOption, ...]:
    return (joinedload(Need.business), selectinload(Need.lines).joinedload(NeedLine.branch))


def get_need(need_id: int) -> Need:
    """A need with its business, its lines and their branches."""
    found = session.scalar(select(Need).options(*_whole()).where(Need.id == need_id))
    if found is None:
        raise NotFound(N_("There is no such need."))
    return found


def needs_by_ids(need_ids: Collection[int]) -> dict[int, Need]:
    """Needs by id with business, lines and branches; those that do not exist are left out."""
    rows = session.scalars(select(Need).options(*_whole()).where(Need.id.in_(need_ids)))
    return {need.id: need for need in rows}


def page_of_own_needs(
    business_ids: Collection[int], *, number: int, wanted: NeedFilter | None = None
) -> Page[Need]:
    """The needs of these outlets in any state, newest first."""
    statement = select(Need).where(Need.business_id.in_(business_ids))
    return paged(_narrowed(statement, wanted or NeedFilter()), number=number, size=PAGE_SIZE)


def page_of_open_needs(*, number: int, wanted: NeedFilter | None = None) -> Page[Need]:
    """What producers may answer, newest first."""
    statement = select(Need).where(Need.state == NeedState.OPEN)
    return paged(_narrowed(statement, wanted or NeedFilter()), number=number, size=PAGE_SIZE)


def page_of_all_needs(*, number: int, wanted: NeedFilter | None = None) -> Page[Need]:
    """Every need but other people's drafts: the office's list."""
    statement = select(Need).where(Need.state != NeedState.DRAFT)
    return paged(_narrowed(statement, wanted or NeedFilter()), number=number, size=PAGE_SIZE)


def list_needs(
    *, business_ids: Collection[int] | None, wanted: NeedFilter, after: int = 0, limit: int = 500
) -> Sequence[Need]:
    """The next needs by id after `after`, whole, for an export.

    None is every business, without drafts.
    """
    statement = select(Need).options(*_whole()).where(Need.id > after)
    if business_ids is None:
        statement = statement.where(Need.state != NeedState.DRAFT)
    else:
        statement = statement.where(Need.business_id.in_(business_ids))
    narrowed = statement.where(*_conditions(wanted)).order_by(Need.id).limit(limit)
    return session.scalars(narrowed).unique().all()


def _narrowed(statement: Select[Need], wanted: NeedFilter) -> Select[Need]:
    return (
        statement.options(*_whole())
        .where(*_conditions(wanted))
        .order_by(func.coalesce(Need.published_at, Need.created_at).desc(), Need.id.desc())
    )


def _conditions(wanted: NeedFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.text:
        conditions.append(Need.title.icontains(wanted.text, autoescape=True))
    if wanted.category:
        conditions.append(Need.category_code.in_(codes_within(wanted.category)))
    if wanted.paper:
        conditions.append(Need.papers_required.contains(wanted.paper, autoescape=True))
    if wanted.state:
        conditions.append(Need.state == NeedState(wanted.state))
    if wanted.area:
        codes = [code for code in regions.regencies() if regions.in_area(code, wanted.area)]
        conditions.append(Need.lines.any(NeedLine.region_code.in_(codes)))
    return conditions


def codes_within(category: str) -> list[str]:
    """The category itself and everything under it."""
    return [code for code in commodities.categories() if commodities.is_within(code, category)]


def open_need_ids(category_codes: Collection[str] | None = None) -> list[int]:
    """Ids of open needs, of these categories where given, oldest first."""
    statement = select(Need.id).where(Need.state == NeedState.OPEN).order_by(Need.id)
    if category_codes is not None:
        statement = statement.where(Need.category_code.in_(category_codes))
    return list(session.scalars(statement))


def open_branches(business_id: int) -> list[Branch]:
    """The branches of an outlet that take deliveries, by name."""
    statement = select(Branch).where(Branch.business_id == business_id, Branch.is_open.is_(True))
    return list(session.scalars(statement.order_by(Branch.name, Branch.id)))


def count_own_needs(business_ids: Collection[int]) -> dict[NeedState, int]:
    """How many needs these outlets have in each state."""
    rows = session.execute(
        select(Need.state, func.count())
        .where(Need.business_id.in_(business_ids))
        .group_by(Need.state)
    )
    return {row[0]: row[1] for row in rows}


def needs_with_titles(business_ids: Collection[int], titles: Collection[str]) -> Sequence[Need]:
    """Needs of these outlets under these titles, whatever their capitals, not closed, whole."""
    found: list[Need] = []
    for chunk in _chunks(sorted({title.lower() for title in titles}), 400):
        statement = (
            select(Need)
            .options(*_whole())
            .where(
                Need.business_id.in_(business_ids),
                func.lower(Need.title).in_(chunk),
                Need.state != NeedState.CLOSED,
            )
            .order_by(Need.id)
        )
        found.extend(session.scalars(statement).unique())
    return found


# --- for the engine -----------------------------------------------------------------------------

_ENGINE_COLUMNS = (
    Need.id,
    Need.title,
    Need.description,
    Need.category_code,
    Need.brand,
    Need.unit,
    Need.net_amount,
    Need.net_kind,
    Need.ceiling_price,
    Need.papers_required,
    Need.min_shelf_life_days,
    Need.terms,
    Need.storage,
    Need.needed_on,
    Need.min_share_percent,
    Business.outlet_format,
)


def list_engine_needs(need_ids: Collection[int] | None = None) -> list[engine.Need]:
    """Needs as the engine takes them, by id: all open ones, or these whatever their state.

    Two column selects per 5,000 needs, no objects: ten thousand are read in well under a second.
    """
    found: list[engine.Need] = []
    for chunk in _chunks(open_need_ids() if need_ids is None else sorted(need_ids), _CHUNK):
        lines = _engine_lines(chunk)
        rows = session.execute(
            select(*_ENGINE_COLUMNS).join(Need.business).where(Need.id.in_(chunk)).order_by(Need.id)
        )
        found.extend(_engine_need(row, lines.get(row.id, ())) for row in rows)
    return found


def _engine_lines(need_ids: Sequence[int]) -> dict[int, tuple[engine.NeedLine, ...]]:
    rows = session.execute(
        select(NeedLine.need_id, NeedLine.id, NeedLine.region_code, NeedLine.volume_per_month)
        .where(NeedLine.need_id.in_(need_ids))
        .order_by(NeedLine.need_id, NeedLine.id)
    )
    grouped: dict[int, list[engine.NeedLine]] = {}
    for need_id, line_id, region, volume in rows:
        grouped.setdefault(need_id, []).append(engine.NeedLine(str(line_id), region, volume))
    return {need_id: tuple(lines) for need_id, lines in grouped.items()}


def _engine_need(row: Any, lines: tuple[engine.NeedLine, ...]) -> engine.Need:
    return engine.Need(
        id=str(row.id),
        title=row.title,
        description=row.description,
        category=row.category_code or "",
        brand=row.brand,
        unit=row.unit,
        pack=pack_of(row),
        max_price=row.ceiling_price,
        lines=lines,
        papers_required=split_papers(row.papers_required),
        min_shelf_life_days=row.min_shelf_life_days,
        terms=row.terms,
        storage=row.storage,
        needed_on=row.needed_on,
        min_share_percent=row.min_share_percent,
        # A plain word: the engine is stored with what it was given.
        outlet=row.outlet_format.value if row.outlet_format else "",
    )


def pack_of(row: Any) -> Quantity | None:
    """The net content of a need's unit, None where it was not said."""
    return Quantity(row.net_amount, Kind(row.net_kind)) if row.net_amount else None


def _chunks(items: Sequence[Item], size: int) -> Iterable[Sequence[Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def live_ids(need_ids: Collection[int]) -> frozenset[int]:
    """Which of these needs are open at this moment."""
    open_now = select(Need.id).where(Need.id.in_(need_ids), Need.state == NeedState.OPEN)
    return frozenset(session.scalars(open_now))


def list_open_of(business_ids: Collection[int], limit: int = 100) -> Sequence[Need]:
    """The open needs of these outlets, newest first, without their lines."""
    statement = (
        select(Need)
        .where(Need.business_id.in_(business_ids), Need.state == NeedState.OPEN)
        .order_by(Need.id.desc())
        .limit(limit)
    )
    return session.scalars(statement).all()
