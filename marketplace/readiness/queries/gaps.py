"""Gaps added up: by producer, product, category and kabupaten/kota, and the rows behind them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.businesses.models import Business
from marketplace.commodities.rules import categories, is_within
from marketplace.demand.models import Need
from marketplace.demand.rules import NeedState
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.readiness.models import GapRow, MissedPairing
from marketplace.readiness.queries.totals import (
    NOTHING,
    GapLine,
    ProducerLine,
    Total,
    capped,
    counted,
    whole,
)
from marketplace.readiness.rules import GapKind
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import SuggestionState

M, G = MissedPairing, GapRow


@dataclass(frozen=True, slots=True)
class Scope:
    """Which pairings are added up; what is empty does not narrow.

    `tell_price` is false on pages of producers: where the price is a gap, rupiah at the price that
    would do tells what the buyer pays at most, so it is left out there.
    """

    area: str = ""
    business_ids: tuple[int, ...] = ()
    category: str = ""
    kind: GapKind | None = None
    detail: str = ""
    tell_price: bool = True

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.area:
            found.append(lies_in(M.area_code, self.area))
        if self.business_ids:
            found.append(M.business_id.in_(self.business_ids))
        if self.category:
            within = [code for code in categories() if is_within(code, self.category)]
            found.append(M.category_code.in_(within or [self.category]))
        return found

    def of_gap(self) -> list[ColumnElement[bool]]:
        if self.kind is None:
            return []
        return [G.kind == self.kind, G.detail == self.detail]


def totals(scope: Scope) -> Total:
    """What all gaps together keep shut: each need once."""
    inner = _per_need(_pairings(scope), scope, [], M.is_mendable.is_(True)).subquery()
    row = session.execute(
        select(
            func.count(),
            whole(inner.c.outlets),
            whole(capped(inner.c.money, inner.c.volume, inner.c.asked)),
        )
    ).one()
    return Total(row[0], int(row[1]), int(row[2]))


def _pairings(scope: Scope) -> Select[Any]:
    statement = select(M.need_id).where(*scope.conditions())
    if scope.kind is None:
        return statement
    return statement.join(G, G.pairing_id == M.id).where(*scope.of_gap())


def _per_need(
    statement: Select[Any], scope: Scope, by: Sequence[Any], which: ColumnElement[bool]
) -> Select[Any]:
    """One row a need (and key): outlets, money and volume of the pairings `which` holds for."""
    sums = [column.label(name) for name, column in _sums_of_need(scope, which).items()]
    return statement.where(which).with_only_columns(*by, *sums).group_by(*by, M.need_id)


def _sums_of_need(scope: Scope, which: ColumnElement[bool]) -> dict[str, ColumnElement[Any]]:
    """Of the pairings of one need `which` holds for; to be grouped by it."""
    paid = which if scope.tell_price else and_(which, M.has_price_gap.is_(False))
    return {
        "outlets": func.max(case((which, M.outlets))),
        "money": whole(counted(M.money, paid)),
        "volume": whole(counted(M.volume, paid)),
        "asked": func.max(case((which, M.need_volume))),
    }


def gap_lines(
    scope: Scope, by: Sequence[str] = (), kinds: Collection[GapKind] = ()
) -> list[GapLine]:
    """What is missing, what opens most first; one line for each gap and key of `by`.

    `by` names columns of a missed pairing: `product_id`, `business_id`, `area_code`,
    `category_code`. `kinds` leaves gaps of these kinds only.
    """
    keys = [getattr(M, name) for name in by]
    group = [*keys, G.kind, G.detail]
    base = select(M.need_id).join(G, G.pairing_id == M.id)
    base = base.where(*scope.conditions(), *scope.of_gap())
    if kinds:
        base = base.where(G.kind.in_(kinds))
    facts = {
        tuple(row[: len(group)]): row[len(group) :]
        for row in session.execute(
            base.with_only_columns(
                *group,
                func.count(M.business_id.distinct()),
                func.max(case((G.is_legal, 1), else_=0)),
                func.max(G.basis),
                func.min(G.wanted),
                func.max(G.wanted),
            ).group_by(*group)
        )
    }
    alone, together = _opened(base, scope, group)
    lines = [
        GapLine(
            key[: len(keys)],
            key[-2],
            key[-1],
            alone.get(key, NOTHING),
            together.get(key, NOTHING),
            producers=fact[0],
            is_legal=bool(fact[1]),
            basis=fact[2],
            least=fact[3],
            most=fact[4],
        )
        for key, fact in facts.items()
    ]
    return sorted(lines, key=lambda line: (line.order, line.key))


def _opened(
    base: Select[Any], scope: Scope, group: Sequence[Any]
) -> tuple[dict[tuple[Any, ...], Total], dict[tuple[Any, ...], Total]]:
    """By key: what the gap opens alone, and of the other needs what it opens with others.

    One pass over the gaps: a need with a pairing this gap stops alone is opened alone, and then
    only such pairings count for it.
    """
    ways = {"alone": G.is_only.is_(True), "rest": G.is_only.is_(False)}
    needs = (
        base.where(M.is_mendable)
        .with_only_columns(
            *group,
            func.max(case((G.is_only, 1), else_=0)).label("is_alone"),
            *(
                column.label(f"{name}_{way}")
                for way, which in ways.items()
                for name, column in _sums_of_need(scope, which).items()
            ),
        )
        .group_by(*group, M.need_id)
        .subquery()
    )
    is_alone = needs.c.is_alone == 1
    outlets, money, volume, asked = (
        case((is_alone, needs.c[f"{name}_alone"]), else_=needs.c[f"{name}_rest"])
        for name in ("outlets", "money", "volume", "asked")
    )
    width = len(group)
    keys = [*list(needs.c)[:width], needs.c.is_alone]
    rows = session.execute(
        select(*keys, func.count(), whole(outlets), whole(capped(money, volume, asked))).group_by(
            *keys
        )
    )
    found: dict[int, dict[tuple[Any, ...], Total]] = {1: {}, 0: {}}
    for row in rows:
        found[row[width]][tuple(row[:width])] = Total(*map(int, row[width + 1 :]))
    return found[1], found[0]


def page_of_producers(scope: Scope, number: int, size: int = 25) -> Page[ProducerLine]:
    """Producers by what their gaps keep shut, most first, each with the first thing to close."""
    inner = _per_need(_pairings(scope), scope, [M.business_id], M.is_mendable.is_(True)).subquery()
    sums = (
        select(
            inner.c.business_id,
            func.count().label("needs"),
            whole(inner.c.outlets).label("outlets"),
            whole(capped(inner.c.money, inner.c.volume, inner.c.asked)).label("money"),
        )
        .group_by(inner.c.business_id)
        .subquery()
    )
    makers = _pairings(scope).where(M.is_mendable)
    total = session.scalar(makers.with_only_columns(func.count(M.business_id.distinct()))) or 0
    rows = session.execute(
        select(
            *(Business.id, Business.name, Business.region_code),
            *(sums.c.needs, sums.c.outlets, sums.c.money),
        )
        .join(sums, sums.c.business_id == Business.id)
        .order_by(sums.c.money.desc(), sums.c.outlets.desc(), Business.name, Business.id)
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    firsts = _first_steps(scope, [row[0] for row in rows])
    items = [
        ProducerLine(
            row[0], row[1], row[2], Total(row[3], int(row[4]), int(row[5])), firsts.get(row[0])
        )
        for row in rows
    ]
    return Page(items, number, size, total)


def _first_steps(scope: Scope, business_ids: Sequence[int]) -> dict[int, GapLine]:
    if not business_ids:
        return {}
    found: dict[int, GapLine] = {}
    for line in gap_lines(replace(scope, business_ids=tuple(business_ids)), ["business_id"]):
        found.setdefault(line.key[0], line)
    return found


def businesses_in(scope: Scope, limit: int = 500) -> list[int]:
    """The producers with this gap, those who would open most by it first."""
    lines = gap_lines(scope, ["business_id"])
    return list(dict.fromkeys(line.key[0] for line in lines))[:limit]


_WHOLE = (
    joinedload(M.product),
    joinedload(M.business),
    joinedload(M.need).joinedload(Need.business),
    selectinload(M.rows),
)


def _missed(scope: Scope) -> Select[Any]:
    statement = select(M).options(*_WHOLE).where(*scope.conditions())
    if scope.kind is not None:
        with_gap = select(G.pairing_id).where(*scope.of_gap())
        statement = statement.where(M.id.in_(with_gap))
    return statement.order_by(M.gaps, M.money.desc(), M.id)


def page_of_missed(scope: Scope, number: int) -> Page[MissedPairing]:
    """The pairings behind a figure, those missing least first."""
    return paged(_missed(scope), number=number, key=M.id)


def list_missed(scope: Scope, limit: int = 5_000) -> Sequence[MissedPairing]:
    return session.scalars(_missed(scope).limit(limit)).all()


def count_measured() -> tuple[int, datetime | None]:
    """(pairings kept, when the last one was measured)."""
    row = session.execute(select(func.count(), func.max(M.measured_at))).one()
    return row[0], row[1]


def unmet_by_category() -> Sequence[tuple[str, int, int]]:
    """Open needs nobody can supply today by category: (code, somebody is stopped, nobody is near).

    A need with a pairing to decide, accepted or held back is met as far as the engine goes.
    """
    met = exists().where(
        Suggestion.need_id == Need.id,
        Suggestion.state.in_(
            [
                SuggestionState.PROPOSED,
                SuggestionState.ACCEPTED,
                SuggestionState.POSTPONED,
                SuggestionState.HELD,
            ]
        ),
    )
    stopped = select(M.need_id)
    code = func.coalesce(Need.category_code, "")
    near = whole(case((Need.id.in_(stopped), 1), else_=0))
    far = whole(case((Need.id.in_(stopped), 0), else_=1))
    rows = session.execute(
        select(code, near, far)
        .where(Need.state == NeedState.OPEN, ~met)
        .group_by(code)
        .order_by(func.count().desc(), code)
    )
    return [(row[0], int(row[1]), int(row[2])) for row in rows]
