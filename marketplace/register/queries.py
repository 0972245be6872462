"""Reads of double entries: what to compare, pairs and merges, and what hangs on an entry."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, Text, cast, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from marketplace.businesses.models import Branch, Business, BusinessKbli, Membership, Paper
from marketplace.businesses.queries import living
from marketplace.businesses.rules import BusinessKind, PaperKind, PaperState
from marketplace.catalog.models import Product, ProductPaper
from marketplace.catalog.rules import ProductState
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.demand.models import Need, NeedLine
from marketplace.demand.rules import NeedState
from marketplace.infra.areas import lies_in
from marketplace.infra.db import Model, session
from marketplace.infra.paging import Page, paged
from marketplace.register.models import BusinessMerge, BusinessTwin
from marketplace.register.rules import Entry, TwinState
from marketplace.suggestions.models import Introduction, Suggestion
from marketplace.suggestions.rules import OPEN_INTRODUCTIONS, SuggestionState

_LIVE_PAPERS = (PaperState.ENTERED, PaperState.VERIFIED)


# --- what to compare


def list_places() -> Sequence[tuple[str, str]]:
    """(kind, kabupaten/kota) of every entry, each pair once."""
    rows = session.execute(
        select(Business.kind, Business.region_code)
        .where(Business.merged_into_id.is_(None))
        .distinct()
        .order_by(Business.kind, Business.region_code)
    )
    return [(row[0].value, row[1]) for row in rows]


def list_entries(kind: str, region: str) -> list[Entry]:
    """The entries of one kind in one kabupaten/kota."""
    return _entries(
        living().where(Business.kind == BusinessKind(kind), Business.region_code == region)
    )


def list_entries_near(business: Business, words: Sequence[str], limit: int = 400) -> list[Entry]:
    """Entries of the same kind and kabupaten/kota whose name shares a word with this one."""
    statement = living().where(
        Business.kind == business.kind,
        Business.region_code == business.region_code,
        Business.id != business.id,
    )
    if words:
        statement = statement.where(
            or_(*(Business.folded_name.contains(word, autoescape=True) for word in words))
        )
    return _entries(statement.order_by(Business.id).limit(limit))


def list_entries_numbered(phones: Collection[str], nibs: Collection[str]) -> list[Entry]:
    """Entries, in whatever place, that have one of these phone numbers or NIBs."""
    with_nib = select(Paper.business_id).where(Paper.kind == PaperKind.NIB, Paper.number.in_(nibs))
    return _entries(
        living().where(
            or_(
                Business.phone.in_([phone for phone in phones if phone]),
                Business.nib.in_(nibs),
                Business.id.in_(with_nib),
            )
        )
    )


def list_shared_phones() -> Sequence[str]:
    """WhatsApp numbers that stand at more than one entry."""
    return session.scalars(
        select(Business.phone)
        .where(Business.merged_into_id.is_(None), Business.phone != "")
        .group_by(Business.phone)
        .having(func.count() > 1)
    ).all()


def list_shared_nibs() -> Sequence[str]:
    """NIBs that stand on papers of one entry and at another."""
    other = aliased(Business)
    return session.scalars(
        select(Paper.number)
        .join(other, other.nib == Paper.number)
        .where(Paper.kind == PaperKind.NIB, other.id != Paper.business_id)
        .union(
            select(Paper.number)
            .where(Paper.kind == PaperKind.NIB)
            .group_by(Paper.number)
            .having(func.count(func.distinct(Paper.business_id)) > 1)
        )
    ).all()


def _entries(statement: Select[Business]) -> list[Entry]:
    found = session.scalars(statement).all()
    nibs: dict[int, set[str]] = {}
    for start in range(0, len(found), 5_000):
        numbers = [business.id for business in found[start : start + 5_000]]
        rows = session.execute(
            select(Paper.business_id, Paper.number).where(
                Paper.kind == PaperKind.NIB, Paper.business_id.in_(numbers)
            )
        )
        for business_id, number in rows:
            nibs.setdefault(business_id, set()).add(number)
    return [
        Entry(
            id=business.id,
            kind=business.kind.value,
            name=business.name,
            region=business.region_code,
            phone=business.phone,
            nibs=frozenset(
                nibs.get(business.id, set()) | ({business.nib} if business.nib else set())
            ),
        )
        for business in found
    ]


# --- pairs


def _twins() -> tuple[Select[BusinessTwin], type[Business], type[Business]]:
    first, second = aliased(Business), aliased(Business)
    statement = (
        select(BusinessTwin)
        .join(first, first.id == BusinessTwin.first_id)
        .join(second, second.id == BusinessTwin.second_id)
        .where(first.merged_into_id.is_(None), second.merged_into_id.is_(None))
    )
    return statement, first, second


def _open_twins(area: str) -> Select[BusinessTwin]:
    """Pairs nobody has judged; of a kabupaten/kota those whose both producers lie in it."""
    statement, first, second = _twins()
    statement = statement.where(BusinessTwin.state == TwinState.OPEN)
    if area:
        statement = statement.where(
            first.kind == BusinessKind.PRODUCER,
            second.kind == BusinessKind.PRODUCER,
            lies_in(first.region_code, area),
            lies_in(second.region_code, area),
        )
    return statement


def page_of_twins(area: str, number: int) -> Page[BusinessTwin]:
    """Pairs to judge, the surest first."""
    return paged(
        _open_twins(area)
        .options(joinedload(BusinessTwin.first), joinedload(BusinessTwin.second))
        .order_by(BusinessTwin.confidence.desc(), BusinessTwin.id),
        number=number,
    )


def count_twins(area: str = "") -> int:
    return session.scalar(select(func.count()).select_from(_open_twins(area).subquery())) or 0


def get_twin(twin_id: int) -> BusinessTwin:
    found = session.scalar(
        select(BusinessTwin)
        .options(joinedload(BusinessTwin.first), joinedload(BusinessTwin.second))
        .where(BusinessTwin.id == twin_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(N_("There is no such pair."))
    return found


def find_twin(first_id: int, second_id: int) -> BusinessTwin | None:
    return session.scalar(
        select(BusinessTwin).where(
            BusinessTwin.first_id == min(first_id, second_id),
            BusinessTwin.second_id == max(first_id, second_id),
        )
    )


def twins_among(ids: Collection[int]) -> Sequence[BusinessTwin]:
    """Every pair, judged or not, in which one of these entries stands."""
    return session.scalars(
        select(BusinessTwin).where(
            or_(BusinessTwin.first_id.in_(ids), BusinessTwin.second_id.in_(ids))
        )
    ).all()


def list_judged_or_open() -> Sequence[BusinessTwin]:
    """Every pair ever found: a search of the whole register compares with all of them."""
    return session.scalars(select(BusinessTwin)).all()


def living_ids(ids: Collection[int]) -> frozenset[int]:
    """Those of these entries that stand for themselves."""
    numbers = sorted(ids)
    found: set[int] = set()
    for start in range(0, len(numbers), 10_000):
        found.update(
            session.scalars(
                select(Business.id).where(
                    Business.id.in_(numbers[start : start + 10_000]),
                    Business.merged_into_id.is_(None),
                )
            )
        )
    return frozenset(found)


def list_open_of(business_id: int, limit: int = 5) -> Sequence[BusinessTwin]:
    """Pairs nobody has judged in which this entry stands, with both entries."""
    statement, _first, _second = _twins()
    return session.scalars(
        statement.options(joinedload(BusinessTwin.first), joinedload(BusinessTwin.second))
        .where(
            BusinessTwin.state == TwinState.OPEN,
            or_(BusinessTwin.first_id == business_id, BusinessTwin.second_id == business_id),
        )
        .order_by(BusinessTwin.confidence.desc())
        .limit(limit)
    ).all()


# --- merges


def get_merge(merge_id: int) -> BusinessMerge:
    found = session.scalar(
        select(BusinessMerge)
        .options(joinedload(BusinessMerge.survivor), joinedload(BusinessMerge.merged))
        .where(BusinessMerge.id == merge_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(N_("There is no such merge."))
    return found


def page_of_merges(area: str, number: int) -> Page[BusinessMerge]:
    """What was joined, newest first."""
    survivor, merged = aliased(Business), aliased(Business)
    statement = (
        select(BusinessMerge)
        .join(survivor, survivor.id == BusinessMerge.survivor_id)
        .join(merged, merged.id == BusinessMerge.merged_id)
        .options(joinedload(BusinessMerge.survivor), joinedload(BusinessMerge.merged))
        .order_by(BusinessMerge.id.desc())
    )
    if area:
        statement = statement.where(
            survivor.kind == BusinessKind.PRODUCER,
            lies_in(survivor.region_code, area),
            lies_in(merged.region_code, area),
        )
    return paged(statement, number=number)


def merges_saying(phone: str | None, ids: Collection[int]) -> Sequence[BusinessMerge]:
    """Merges of these entries, and those that keep this number from before."""
    before = cast(BusinessMerge.before, Text)
    return session.scalars(
        select(BusinessMerge).where(
            or_(
                BusinessMerge.survivor_id.in_(ids),
                BusinessMerge.merged_id.in_(ids),
                before.contains(phone or "-no number-", autoescape=True),
            )
        )
    ).all()


def list_merges_since(moment: datetime) -> Sequence[BusinessMerge]:
    return session.scalars(
        select(BusinessMerge).where(
            BusinessMerge.merged_at >= moment, BusinessMerge.undone_at.is_(None)
        )
    ).all()


# --- what hangs on an entry


def lock_entries(ids: Collection[int]) -> Mapping[int, Business]:
    """Both entries as they are now, locked in one order; nobody hangs anything on them meanwhile.

    The full lock makes a product that is being added wait, and what was added before is seen.
    """
    rows = session.scalars(
        select(Business)
        .where(Business.id.in_(ids))
        .order_by(Business.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return {business.id: business for business in rows}


def ids_of(table: str, column: str, business_id: int) -> Sequence[int]:
    """Numbers of the rows of a table whose column names this entry."""
    rows = Model.metadata.tables[table]
    return session.scalars(
        select(rows.c.id).where(rows.c[column] == business_id).order_by(rows.c.id)
    ).all()


def count_of(table: str, column: str, business_id: int) -> int:
    rows = Model.metadata.tables[table]
    return (
        session.scalar(select(func.count()).select_from(rows).where(rows.c[column] == business_id))
        or 0
    )


def memberships_of(business_id: int) -> Sequence[Membership]:
    return session.scalars(
        select(Membership).where(Membership.business_id == business_id).order_by(Membership.id)
    ).all()


def branches_of(business_id: int) -> Sequence[Branch]:
    return session.scalars(
        select(Branch)
        .where(Branch.business_id == business_id)
        .order_by(Branch.is_open.desc(), Branch.id)
    ).all()


def kbli_rows_of(business_id: int) -> Sequence[BusinessKbli]:
    """As they are in the database by now: rows change hands under the loaded objects."""
    return session.scalars(
        select(BusinessKbli)
        .where(BusinessKbli.business_id == business_id)
        .order_by(BusinessKbli.is_main.desc(), BusinessKbli.id)
        .execution_options(populate_existing=True)
    ).all()


def lines_at(branch_id: int) -> Sequence[int]:
    return session.scalars(select(NeedLine.id).where(NeedLine.branch_id == branch_id)).all()


def live_papers_of(business_id: int) -> Sequence[Paper]:
    return session.scalars(
        select(Paper)
        .where(Paper.business_id == business_id, Paper.state.in_(_LIVE_PAPERS))
        .order_by(Paper.id)
    ).all()


def links_to(paper_id: int) -> Sequence[int]:
    return session.scalars(select(ProductPaper.id).where(ProductPaper.paper_id == paper_id)).all()


def published_of(business_id: int) -> Sequence[Product]:
    return session.scalars(
        select(Product)
        .options(joinedload(Product.business))
        .where(Product.business_id == business_id, Product.state == ProductState.PUBLISHED)
        .order_by(Product.id)
        .execution_options(populate_existing=True)
    ).all()


def open_needs_of(business_id: int) -> Sequence[Need]:
    return session.scalars(
        select(Need)
        .where(Need.business_id == business_id, Need.state == NeedState.OPEN)
        .order_by(Need.id)
        .execution_options(populate_existing=True)
    ).all()


def get_whole_product(product_id: int) -> Product:
    """With what publishing it looks at."""
    return session.scalars(
        select(Product)
        .options(
            joinedload(Product.business),
            selectinload(Product.price_breaks),
            selectinload(Product.paper_links),
        )
        .where(Product.id == product_id)
        .execution_options(populate_existing=True)
    ).one()


def get_whole_need(need_id: int) -> Need:
    return session.scalars(
        select(Need)
        .options(selectinload(Need.lines))
        .where(Need.id == need_id)
        .execution_options(populate_existing=True)
    ).one()


def under_way(
    product_ids: Iterable[int] = (), need_ids: Iterable[int] = ()
) -> frozenset[tuple[str, int]]:
    """("product" | "need", number) of those with an acceptance or an open introduction."""
    rows = session.execute(
        select(Suggestion.product_id, Suggestion.need_id)
        .outerjoin(Introduction, Introduction.suggestion_id == Suggestion.id)
        .where(
            or_(
                Suggestion.product_id.in_(list(product_ids)),
                Suggestion.need_id.in_(list(need_ids)),
            ),
            or_(
                Suggestion.state == SuggestionState.ACCEPTED,
                Introduction.state.in_(OPEN_INTRODUCTIONS),
            ),
        )
    )
    found: set[tuple[str, int]] = set()
    for product_id, need_id in rows:
        found |= {("product", product_id), ("need", need_id)}
    return frozenset(found)
