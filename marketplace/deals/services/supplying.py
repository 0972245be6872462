"""Supply plans: who fills which need with how much; a plan becomes draft deals in one press."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from marketplace.audit import services as audit
from marketplace.catalog.models import Product
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.deals import policies, queries
from marketplace.deals.models import Deal
from marketplace.deals.rules.lines import LineDraft
from marketplace.deals.rules.months import add_months, month_of, shared_out
from marketplace.deals.rules.states import Origin
from marketplace.deals.rules.terms import Commitment, DealDraft, ItemDraft
from marketplace.deals.services import recording
from marketplace.demand import queries as demand
from marketplace.demand.models import Need
from marketplace.demand.rules import split_terms
from marketplace.infra.web import require
from marketplace.suggestions import queries as suggestions
from marketplace.suggestions.rules import SuggestionState

if TYPE_CHECKING:
    from marketplace.planning import supply

NEEDS_MOST, SECONDS, MONTHS_AHEAD = 40, 2.0, 3
_OPEN = frozenset({SuggestionState.PROPOSED, SuggestionState.ACCEPTED, SuggestionState.HELD})

# (product, need): what the officer said of the pair, or units a month.
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the officer keeps, avoids and stays near to."""

    pinned: Mapping[Pair, int] = field(default_factory=dict)
    forbidden: Collection[Pair] = ()
    current: Mapping[Pair, int] = field(default_factory=dict)
    max_suppliers: int | None = None
    whole_only: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with the objects it speaks of; `left_out` got nothing although they fit."""

    plan: "supply.SupplyPlan"
    needs: Mapping[int, Need]
    products: Mapping[int, Product]
    volumes: Mapping[int, int]
    free: Mapping[int, int]
    given: Mapping[Pair, int]
    other_pack: int

    @property
    def left_out(self) -> list[Product]:
        used = {product_id for product_id, _need_id in self.given}
        return [one for number, one in self.products.items() if number not in used]

    @property
    def asked(self) -> int:
        return sum(self.volumes.values())

    @property
    def filled(self) -> int:
        return sum(self.given.values())


def make_plan(*, actor: Actor, need_ids: Sequence[int], wishes: Wishes) -> Planned:
    """The best spread of what producers still have over these needs, in two seconds.

    What fits is what the engine found eligible. Only goods of the unit and content that the need
    asks for are counted against each other; how many pairs that leaves out is told.
    """
    from marketplace.planning import supply  # the solver: loaded by who plans, not by every process

    require(policies.may_record_deal(actor))
    if not need_ids:
        message = N_("Choose at least one need.")
        raise InvalidInput(message, fields={"needs": message})
    needs = demand.needs_by_ids(list(need_ids)[:NEEDS_MOST])
    volumes = {
        number: sum(line.volume_per_month or 0 for line in need.lines)
        for number, need in sorted(needs.items())
    }
    pairs, products, other_pack = _pairs(needs)
    first = add_months(month_of(today()), 1)
    months = [add_months(first, number) for number in range(MONTHS_AHEAD)]
    free = queries.free_from(list(products), months)
    task = _task(volumes, pairs, products, free, wishes)
    plan = supply.plan_supply(task, seconds=SECONDS)
    given = {
        (int(lot.producer), int(lot.need)): lot.volume[0]
        for lot in plan.lots
        if lot.volume and lot.volume[0]
    }
    return Planned(plan, needs, products, volumes, free, given, other_pack)


def draft_deals(*, actor: Actor, lots: Mapping[Pair, int]) -> list[Deal]:
    """Write a commitment for every lot of a plan, its lines in proportion to the need's own."""
    require(policies.may_record_deal(actor))
    if not lots:
        raise InvalidInput(N_("There is nothing in this plan to make deals of."))
    needs = demand.needs_by_ids(sorted({need_id for _product, need_id in lots}))
    pairs, products, _other = _pairs(needs)
    made: list[Deal] = []
    for (product_id, need_id), volume in sorted(lots.items()):
        if (product_id, need_id) not in pairs or volume < 1:
            raise InvalidInput(N_("A pair of this plan is no longer on offer. Plan again."))
        made.append(_draft(actor, products[product_id], needs[need_id], volume))
    return made


def _draft(actor: Actor, product: Product, need: Need, volume: int) -> Deal:
    deal = recording.record_commitment(
        actor=actor,
        producer_id=product.business_id,
        buyer_id=need.business_id,
        origin=Origin.PLAN,
        commitment=Commitment(need.title, product_id=product.id, volume=volume),
        need=need,
    )
    lines = [line for line in need.lines if line.volume_per_month]
    parts = shared_out(volume, [line.volume_per_month or 0 for line in lines])
    kind, days = split_terms(need.terms)
    recording.change_deal(
        actor=actor,
        deal=deal,
        draft=DealDraft(
            need.title,
            items=(ItemDraft(product.id, None, volume),),
            lines=tuple(
                LineDraft(line.region_code, part, line.branch_id)
                for line, part in zip(lines, parts, strict=True)
                if part
            ),
            terms=kind,
            terms_days=days,
            commission_percent=need.commission_percent if kind == "consignment" else None,
        ),
    )
    audit.record(actor, "deal.planned", deal, need=need.id, product=product.id, volume=volume)
    return deal


def _pairs(needs: Mapping[int, Need]) -> tuple[dict[Pair, int], dict[int, Product], int]:
    """Score by (product, need) of what fits, the products, and how many have another pack."""
    pairs: dict[Pair, int] = {}
    products: dict[int, Product] = {}
    other_pack = 0
    for row in suggestions.list_of_needs(sorted(needs)):
        if not row.is_eligible or row.state not in _OPEN:
            continue
        product, need = row.product, needs[row.need_id]
        if not _same_pack(product, need):
            other_pack += 1
            continue
        pairs[(product.id, need.id)] = max(1, row.score)
        products[product.id] = product
    return pairs, products, other_pack


def _same_pack(product: Product, need: Need) -> bool:
    same = product.unit == need.unit
    if product.net_amount is None or need.net_amount is None:
        return same
    return same and (product.net_amount, product.net_kind) == (need.net_amount, need.net_kind)


def _task(
    volumes: Mapping[int, int],
    pairs: Mapping[Pair, int],
    products: Mapping[int, Product],
    free: Mapping[int, int],
    wishes: Wishes,
) -> "supply.SupplyTask":
    from marketplace.planning import supply

    return supply.SupplyTask(
        producers=[supply.Producer(number, (free[number],)) for number in sorted(products)],
        needs=[
            supply.Need(
                number, (volume,), number if wishes.whole_only else None, wishes.max_suppliers
            )
            for number, volume in volumes.items()
        ],
        pairings=[
            supply.Pairing(
                product_id,
                need_id,
                score,
                min(products[product_id].min_order or 0, volumes[need_id]),
            )
            for (product_id, need_id), score in sorted(pairs.items())
        ],
        current=_lots(wishes.current, pairs),
        pinned=_lots(wishes.pinned, pairs),
        forbidden=[pair for pair in wishes.forbidden if pair in pairs],
    )


def _lots(volumes: Mapping[Pair, int], pairs: Mapping[Pair, int]) -> "list[supply.Lot]":
    from marketplace.planning import supply

    return [
        supply.Lot(product_id, need_id, (volume,))
        for (product_id, need_id), volume in sorted(volumes.items())
        if (product_id, need_id) in pairs
    ]
