"""Pairs of products and needs, and what the measurement asks about them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from marketplace.businesses.models import Branch, Business
from marketplace.catalog.models import Product
from marketplace.core.clock import today
from marketplace.demand.models import Need, NeedLine
from marketplace.infra.db import session
from marketplace.programs.models import Program
from marketplace.programs.rules import ProgramKind, ProgramLevel, ProgramState
from marketplace.readiness.models import MissedPairing
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import SuggestionState

_BATCH = 1_000
_WAITING = (SuggestionState.PROPOSED, SuggestionState.POSTPONED, SuggestionState.HELD)


@dataclass(frozen=True, slots=True)
class Judged:
    """One pairing that waits, with the evidence the engine left of it (empty where it has none)."""

    product_id: int
    need_id: int
    business_id: int
    area_code: str
    category_code: str
    evidence: dict[str, Any]


def _batches(numbers: Collection[int]) -> Iterator[Sequence[int]]:
    ordered = sorted(set(numbers))
    for at in range(0, len(ordered), _BATCH):
        yield ordered[at : at + _BATCH]


def stores_of_lines(need_ids: Sequence[int]) -> Mapping[int, int]:
    """How many shops each line of these needs stands for: a region counts as one."""
    found: dict[int, int] = {}
    for batch in _batches(need_ids):
        rows = session.execute(
            select(NeedLine.id, Branch.stores)
            .outerjoin(Branch, Branch.id == NeedLine.branch_id)
            .where(NeedLine.need_id.in_(batch))
        )
        found.update({row[0]: row[1] or 1 for row in rows})
    return found


def makers_of(product_ids: Sequence[int]) -> Mapping[int, int]:
    """The business of each product."""
    found: dict[int, int] = {}
    for batch in _batches(product_ids):
        rows = session.execute(select(Product.id, Product.business_id).where(Product.id.in_(batch)))
        found.update({row[0]: row[1] for row in rows})
    return found


def need_ids_of_product(product_id: int) -> Sequence[int]:
    """Needs this product was measured against before."""
    return session.scalars(
        select(MissedPairing.need_id).where(MissedPairing.product_id == product_id)
    ).all()


def settled_pairs(pairs: Sequence[tuple[int, int]]) -> Mapping[tuple[int, int], SuggestionState]:
    """Those the office has decided on: accepted in spite of the gap, or not wanted at all."""
    wanted = set(pairs)
    found: dict[tuple[int, int], SuggestionState] = {}
    for batch in _batches({need for _product, need in pairs}):
        rows = session.execute(
            select(Suggestion.product_id, Suggestion.need_id, Suggestion.state).where(
                Suggestion.need_id.in_(batch),
                Suggestion.state.in_([SuggestionState.ACCEPTED, SuggestionState.REJECTED]),
            )
        )
        found.update({(row[0], row[1]): row[2] for row in rows if (row[0], row[1]) in wanted})
    return found


def waiting_of_need(need_id: int) -> list[Judged]:
    """What the engine saw in the pairings of a need that wait for a decision."""
    return _waiting(Suggestion.need_id == need_id)


def waiting_of_product(product_id: int) -> list[Judged]:
    return _waiting(Suggestion.product_id == product_id)


def _waiting(which: ColumnElement[bool]) -> list[Judged]:
    rows = session.execute(
        select(
            Suggestion.product_id,
            Suggestion.need_id,
            Product.business_id,
            Suggestion.area_code,
            func.coalesce(Product.category_code, Need.category_code, ""),
            Suggestion.evidence,
        )
        .join(Suggestion.product)
        .join(Suggestion.need)
        .where(which, Suggestion.state.in_(_WAITING))
        .order_by(Suggestion.id)
    )
    return [Judged(*row) for row in rows]


def all_pairs() -> Iterator[tuple[int, int]]:
    """Every pair of the day (product, need): those still to decide, then those missed."""
    waiting = select(Suggestion.product_id, Suggestion.need_id).where(
        Suggestion.state.in_(_WAITING)
    )
    missed = select(MissedPairing.product_id, MissedPairing.need_id)
    for row in session.execute(waiting.union(missed).order_by("need_id")):
        yield row[0], row[1]


def open_evidence_of(business_id: int, limit: int = 200) -> list[tuple[int, dict[str, Any]]]:
    """(product, evidence) of a producer's pairings that still wait for a decision."""
    rows = session.execute(
        select(Suggestion.product_id, Suggestion.evidence)
        .join(Suggestion.product)
        .where(Product.business_id == business_id, Suggestion.state.in_(_WAITING))
        .order_by(Suggestion.score.desc(), Suggestion.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows if row[1]]


def upcoming_trainings(area: str, limit: int = 3) -> Sequence[Program]:
    """Trainings a producer of this kabupaten/kota may still join, the nearest first."""
    here = Program.region_code == area
    wide = Program.level != ProgramLevel.REGENCY
    return session.scalars(
        select(Program)
        .where(
            Program.kind == ProgramKind.TRAINING,
            Program.state == ProgramState.OPEN,
            Program.starts_on >= today(),
            here | wide,
        )
        .order_by(Program.starts_on, Program.id)
        .limit(limit)
    ).all()


def businesses_by_id(business_ids: Collection[int]) -> Mapping[int, Business]:
    found: dict[int, Business] = {}
    for batch in _batches(business_ids):
        rows = session.scalars(select(Business).where(Business.id.in_(batch)))
        found.update({row.id: row for row in rows})
    return found
