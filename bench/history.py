"""Two years of work upon the large demonstration market, made up: what pages have to count.

Suggestions decided and waiting, introductions, meetings, deals of one and of several producers,
orders, payments, moves, and what stops other pairings. The evidence of a suggestion is that of
some the engine computed, so that rows are as large as in earnest.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, select, update

from marketplace.businesses.models import Business, BusinessMove
from marketplace.businesses.rules import PaperKind
from marketplace.catalog.models import Product
from marketplace.core.clock import now, today
from marketplace.deals.models import (
    Deal,
    DealItem,
    DealLine,
    DealSupply,
    Order,
    OrderSupply,
    Payment,
)
from marketplace.deals.rules.orders import DELIVERED, OrderState
from marketplace.deals.rules.orders import RejectReason as GoodsReason
from marketplace.deals.rules.states import DealState, Origin
from marketplace.demand.models import Need, NeedLine
from marketplace.demand.rules import NeedState
from marketplace.infra.bulk import add_many, insert_many
from marketplace.infra.db import session
from marketplace.meetings.models import Meeting, MeetingRequest
from marketplace.meetings.rules import MeetingState, MeetingWay, NoShow, RequestState
from marketplace.meetings.rules import RequestedBy as AskedBy
from marketplace.readiness.models import GapRow, MissedPairing, UnsaidPaper
from marketplace.readiness.rules import GapKind
from marketplace.suggestions.models import Introduction, Suggestion
from marketplace.suggestions.rules import (
    DeclineReason,
    IntroductionState,
    RejectReason,
    SuggestionState,
)

SEED = 19
DAYS = 730
SUGGESTED, MISSED = 8, 14  # pairings of a need
GAPS = (
    *((GapKind.PAPER, kind.value) for kind in (PaperKind.PIRT, PaperKind.MD, PaperKind.HALAL)),
    *((kind, "") for kind in GapKind if kind not in {GapKind.PAPER, GapKind.UNCHECKED}),
)
FILLED = (
    *(Suggestion, Introduction, Meeting, Deal, Order, Payment),
    *(MissedPairing, GapRow, UnsaidPaper),
)
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Goods:
    id: int
    business_id: int
    area: str
    category: str
    price: int
    title: str


@dataclass(frozen=True)
class Asked:
    id: int
    buyer_id: int
    place: str
    branch_id: int | None


@dataclass(frozen=True)
class Accepted:
    goods: Goods
    asked: Asked
    days_ago: int


class History:
    """Call `fill` once, inside a transaction, on a seeded market with some suggestions."""

    def __init__(self) -> None:
        self.chance = Random(SEED)  # made-up rows, no secret
        self.now, self.today = now(), today()
        self.goods = list(_goods())
        self.of_category: Mapping[str, Sequence[Goods]] = _by_category(self.goods)
        self.computed = session.execute(
            select(Suggestion.evidence, Suggestion.inputs, Suggestion.engine_version_id).limit(200)
        ).all()
        self.taken = {
            (product_id, need_id)
            for product_id, need_id in session.execute(
                select(Suggestion.product_id, Suggestion.need_id)
            )
        }

    def fill(self) -> Mapping[str, int]:
        self._spread()
        accepted = self._pairings()
        agreed = self._introductions(accepted)
        self._meetings(agreed)
        self._deals(agreed)
        self._moves()
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in FILLED
        }

    def _spread(self) -> None:
        """Registration and publication over the time, not all in the second of the seed."""
        for days in range(0, DAYS, 10):
            on = self.now - timedelta(days=days)
            part = days // 10
            several = DAYS // 10
            session.execute(
                update(Business).where(Business.id % several == part).values(created_at=on)
            )
            session.execute(
                update(Product).where(Product.id % several == part).values(published_at=on)
            )

    def _pairings(self) -> list[tuple[int, Accepted]]:
        chance, rows, missed = self.chance, [], []
        unsaid: Rows = []
        accepted: list[Accepted] = []
        gaps: list[list[tuple[GapKind, str]]] = []
        for asked, category in _needs():
            pool = self.of_category.get(category) or self.goods
            chosen = chance.sample(pool, min(len(pool), SUGGESTED + MISSED))
            for number, goods in enumerate(chosen):
                if (goods.id, asked.id) in self.taken:
                    continue
                if number < SUGGESTED:
                    row = self._suggestion(goods, asked)
                    rows.append(row)
                    if row["state"] is SuggestionState.ACCEPTED:
                        accepted.append(Accepted(goods, asked, (self.now - row["decided_at"]).days))
                    continue
                stops = chance.sample(GAPS, chance.choice((1, 1, 2, 3)))
                missed.append(self._missed(goods, asked, stops))
                gaps.append(stops)
                if chance.random() < 0.4:
                    unsaid.append(
                        self._about(goods, asked) | {"paper": chance.choice([*PaperKind])}
                    )
        add_many(Suggestion, rows)
        numbers = insert_many(MissedPairing, missed)
        add_many(GapRow, _gap_rows(numbers, gaps))
        add_many(UnsaidPaper, unsaid)
        known = {
            (product_id, need_id): number
            for number, product_id, need_id in session.execute(
                select(Suggestion.id, Suggestion.product_id, Suggestion.need_id)
            )
        }
        return [(known[one.goods.id, one.asked.id], one) for one in accepted]

    def _about(self, goods: Goods, asked: Asked) -> dict[str, Any]:
        return {
            "product_id": goods.id,
            "need_id": asked.id,
            "business_id": goods.business_id,
            "area_code": goods.area,
            "category_code": goods.category,
        }

    def _suggestion(self, goods: Goods, asked: Asked) -> dict[str, Any]:
        chance, states = self.chance, SuggestionState
        state = chance.choices((states.PROPOSED, states.ACCEPTED, states.REJECTED), (6, 2, 1))[0]
        evidence, inputs, version = chance.choice(self.computed)
        is_decided = state is not states.PROPOSED
        decided = self.now - timedelta(days=chance.randrange(DAYS), minutes=chance.randrange(600))
        return {
            "product_id": goods.id,
            "need_id": asked.id,
            "area_code": goods.area,
            "state": state,
            "is_eligible": True,
            "score": chance.randint(20, 99),
            "confidence": 0.8,
            "volume_per_month": 100,
            "money_per_month": 100 * goods.price,
            "lines_passing": 1,
            "lines_total": 1,
            "evidence": evidence,
            "inputs": inputs,
            "engine_version_id": version,
            "created_at": decided - timedelta(days=3),
            "decided_at": decided if is_decided else None,
            "decided_by_name": "Petugas" if is_decided else "",
            "reject_reason": chance.choice([*RejectReason]) if state is states.REJECTED else None,
        }

    def _missed(
        self, goods: Goods, asked: Asked, stops: Sequence[tuple[GapKind, str]]
    ) -> dict[str, Any]:
        return self._about(goods, asked) | {
            "gaps": len(stops),
            "is_mendable": self.chance.random() < 0.9,
            "has_price_gap": any(kind is GapKind.PRICE for kind, _detail in stops),
            "outlets": self.chance.randint(1, 20),
            "volume": 100,
            "need_volume": 500,
            "money": 100 * goods.price,
            "confidence": 0.8,
        }

    def _introductions(
        self, accepted: Sequence[tuple[int, Accepted]]
    ) -> list[tuple[int, Accepted]]:
        chance, states = self.chance, IntroductionState
        ways = (states.AGREED, states.DECLINED, states.EXPIRED, states.SENT)
        agreed: list[tuple[int, Accepted]] = []
        rows: Rows = []
        for number, one in accepted:
            state = chance.choices(ways, (5, 2, 2, 1))[0]
            at = self.now - timedelta(days=max(0, one.days_ago - chance.randrange(7)))
            yes = at if state is states.AGREED else None
            is_declined = state is states.DECLINED
            rows.append(
                {
                    "suggestion_id": number,
                    "state": state,
                    "expires_at": at + timedelta(days=0 if state is states.EXPIRED else 7),
                    "producer_agreed_at": yes,
                    "buyer_agreed_at": yes,
                    "declined_at": at if is_declined else None,
                    "decline_reason": chance.choice([*DeclineReason]) if is_declined else None,
                }
            )
            if yes:
                agreed.append((number, one))
        add_many(Introduction, rows)
        return agreed

    def _meetings(self, agreed: Sequence[tuple[int, Accepted]]) -> None:
        chance, states = self.chance, MeetingState
        chosen = [pair for pair in agreed if chance.random() < 0.4]
        ways = (states.HELD, states.NO_SHOW, states.CANCELLED)
        single = {"minutes": 30, "way": MeetingWay.IN_PERSON, "place": "Kantor dinas"}
        common: Rows = []
        for number, (_suggestion, one) in enumerate(chosen):
            at = self.now - timedelta(days=one.days_ago, seconds=number)
            common.append(
                {
                    "producer_id": one.goods.business_id,
                    "buyer_id": one.asked.buyer_id,
                    "area_code": one.goods.area,
                    "starts_at": at,
                }
                | single
            )
        requests = insert_many(
            MeetingRequest,
            (
                row
                | {
                    "suggestion_id": suggestion,
                    "state": RequestState.AGREED,
                    "requested_by": AskedBy.OFFICER,
                    "expires_at": row["starts_at"],
                    "producer_agreed_at": row["starts_at"],
                    "buyer_agreed_at": row["starts_at"],
                }
                for row, (suggestion, _one) in zip(common, chosen, strict=True)
            ),
        )
        rows: Rows = []
        for row, request in zip(common, requests, strict=True):
            state = chance.choices(ways, (8, 1, 1))[0]
            missed_by = chance.choice([*NoShow]) if state is states.NO_SHOW else None
            rows.append(
                row
                | {
                    "request_id": request,
                    "state": state,
                    "no_show_by": missed_by,
                    "ended_at": row["starts_at"],
                }
            )
        add_many(Meeting, rows)

    def _deals(self, agreed: Sequence[tuple[int, Accepted]]) -> None:
        """A third of those who agreed sign; every eighth deal has three suppliers."""
        chance = self.chance
        signed = [pair for pair in agreed if chance.random() < 0.35]
        deals = insert_many(Deal, (self._deal(one) for _number, one in signed))
        items = insert_many(
            DealItem,
            (
                {
                    "deal_id": deal,
                    "position": 1,
                    "title": one.goods.title,
                    "unit": "pcs",
                    "price": one.goods.price,
                    "volume": 300,
                }
                for deal, (_number, one) in zip(deals, signed, strict=True)
            ),
        )
        lines = insert_many(
            DealLine,
            (
                {
                    "deal_id": deal,
                    "item_id": item,
                    "branch_id": one.asked.branch_id,
                    "place": one.asked.place,
                    "volume": 300,
                }
                for deal, item, (_number, one) in zip(deals, items, signed, strict=True)
            ),
        )
        suppliers = [self._suppliers(one.goods) for _number, one in signed]
        add_many(
            DealSupply,
            (
                {"item_id": item, "product_id": goods.id, "share_percent": share}
                for item, several in zip(items, suppliers, strict=True)
                for goods, share in several
            ),
        )
        self._orders(
            [
                (self._order(deal, item, line, one.goods.price, number, on), several)
                for deal, item, line, (_number, one), several in zip(
                    deals, items, lines, signed, suppliers, strict=True
                )
                for number, on in enumerate(self._months(one), start=1)
            ]
        )

    def _deal(self, one: Accepted) -> dict[str, Any]:
        on = self.today - timedelta(days=one.days_ago)
        states = DealState
        state = self.chance.choices((states.RUNNING, states.ENDED, states.CANCELLED), (6, 3, 1))[0]
        return {
            "producer_id": one.goods.business_id,
            "buyer_id": one.asked.buyer_id,
            "need_id": one.asked.id,
            "origin": Origin.DIRECT,
            "area_code": one.goods.area,
            "title": one.goods.title,
            "state": state,
            "terms": "outright",
            "signed_on": on,
            "starts_on": on,
            "months": 12,
            "closed_on": None if state is states.RUNNING else min(self.today, on + timedelta(200)),
        }

    def _suppliers(self, goods: Goods) -> list[tuple[Goods, int]]:
        if self.chance.random() > 1 / 8:
            return [(goods, 100)]
        others = [one for one in self.of_category[goods.category] if one.id != goods.id]
        two = self.chance.sample(others, min(2, len(others)))
        return [(goods, 100 - 30 * len(two)), *((other, 30) for other in two)]

    def _months(self, one: Accepted) -> Iterator[date]:
        for month in range(12):
            days_ago = one.days_ago - 30 * month - 14
            if days_ago < 0:
                return
            yield self.today - timedelta(days=days_ago)

    def _order(
        self, deal: int, item: int, line: int, price: int, number: int, on: date
    ) -> dict[str, Any]:
        states = OrderState
        ways = (states.PAID, states.INVOICED, states.REJECTED, states.SENT)
        state = self.chance.choices(ways, (80, 10, 5, 5))[0]
        quantity = self.chance.randint(50, 300)
        is_taken, is_billed = state in DELIVERED, state in {states.PAID, states.INVOICED}
        return {
            "deal_id": deal,
            "number": number,
            "item_id": item,
            "line_id": line,
            "state": state,
            "quantity": quantity,
            "price": price,
            "ordered_on": on - timedelta(days=7),
            "wanted_on": on,
            "decided_on": on if is_taken or state is states.REJECTED else None,
            "accepted": quantity if is_taken else None,
            "reject_reason": self.chance.choice([*GoodsReason])
            if state is states.REJECTED
            else None,
            "invoiced_on": on if is_billed else None,
            "due_on": on + timedelta(days=30) if is_billed else None,
            "invoice_amount": quantity * price if is_billed else 0,
            "paid_amount": quantity * price if state is states.PAID else 0,
            "paid_on": min(self.today, on + timedelta(days=25)) if state is states.PAID else None,
        }

    def _orders(self, orders: Sequence[tuple[dict[str, Any], list[tuple[Goods, int]]]]) -> None:
        numbers = insert_many(Order, (row for row, _several in orders))
        add_many(
            OrderSupply,
            (
                {"order_id": number, "product_id": goods.id, "quantity": units}
                for number, (row, several) in zip(numbers, orders, strict=True)
                for goods, units in _units(row["quantity"], several)
            ),
        )
        add_many(
            Payment,
            (
                {"order_id": number, "amount": row["paid_amount"], "on": row["paid_on"]}
                for number, (row, _several) in zip(numbers, orders, strict=True)
                if row["paid_amount"]
            ),
        )

    def _moves(self) -> None:
        """Every twentieth producer came from elsewhere."""
        area_of = {goods.business_id: goods.area for goods in self.goods}
        areas = sorted(set(area_of.values()))
        rows: Rows = []
        for business_id, area in sorted(area_of.items()):
            if business_id % 20:
                continue
            at = self.now - timedelta(days=self.chance.randrange(DAYS))
            before = self.chance.choice([other for other in areas if other != area])
            rows.append(
                {
                    "business_id": business_id,
                    "from_code": before,
                    "to_code": area,
                    "moved_on": at.date(),
                    "at": at,
                }
            )
        add_many(BusinessMove, rows)


def _goods() -> Iterator[Goods]:
    for row in session.execute(
        select(
            Product.id,
            Product.business_id,
            Business.region_code,
            Product.category_code,
            Product.price,
            Product.name,
        )
        .join(Business, Business.id == Product.business_id)
        .order_by(Product.id)
    ):
        number, business_id, area, category, price, name = row
        yield Goods(number, business_id, area, category or "", price or 20_000, name)


def _by_category(found: Sequence[Goods]) -> Mapping[str, Sequence[Goods]]:
    grouped: dict[str, list[Goods]] = defaultdict(list)
    for goods in found:
        grouped[goods.category].append(goods)
    return grouped


def _needs() -> Iterator[tuple[Asked, str]]:
    line = (
        select(NeedLine.need_id, func.min(NeedLine.id).label("id")).group_by(NeedLine.need_id)
    ).subquery()
    for number, buyer_id, category, place, branch_id in session.execute(
        select(
            Need.id,
            Need.business_id,
            Need.category_code,
            NeedLine.region_code,
            NeedLine.branch_id,
        )
        .join(line, line.c.need_id == Need.id)
        .join(NeedLine, NeedLine.id == line.c.id)
        .where(Need.state == NeedState.OPEN)
        .order_by(Need.id)
    ):
        yield Asked(number, buyer_id, place, branch_id), category or ""


def _gap_rows(
    numbers: Sequence[int], gaps: Sequence[Sequence[tuple[GapKind, str]]]
) -> Iterator[dict[str, Any]]:
    for number, stops in zip(numbers, gaps, strict=True):
        for kind, detail in stops:
            yield {
                "pairing_id": number,
                "kind": kind,
                "detail": detail,
                "is_only": len(stops) == 1,
                "wanted": 100,
            }


def _units(quantity: int, several: Sequence[tuple[Goods, int]]) -> Iterator[tuple[Goods, int]]:
    left = quantity
    for goods, share in several[1:]:
        units = quantity * share // 100
        left -= units
        yield goods, units
    yield several[0][0], left


def is_filled() -> bool:
    return session.scalar(select(Payment.id).limit(1)) is not None
