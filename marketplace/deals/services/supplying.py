"""Supply plans: who fills which need with how much in which month."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from marketplace.catalog.models import Product
from marketplace.core.actor import Actor
from marketplace.core.errors import InvalidInput
from marketplace.core.size_class import SizeClass, size_class
from marketplace.core.text import N_
from marketplace.deals import policies, queries
from marketplace.deals.rules.feasible import freight_per_unit
from marketplace.deals.rules.lines import check_ramp, in_month
from marketplace.deals.rules.plans import Pair, Target, Volumes, Whole, Wishes, weighed
from marketplace.demand import queries as demand
from marketplace.demand.models import Need, NeedLine
from marketplace.infra.web import require
from marketplace.regions import queries as regions
from marketplace.regions.documents import spot_of
from marketplace.suggestions import queries as suggestions
from marketplace.suggestions.rules import SuggestionState

if TYPE_CHECKING:
    from marketplace.planning import supply

NEEDS_MOST, SECONDS = 40, 2.0
_OPEN = frozenset({SuggestionState.PROPOSED, SuggestionState.ACCEPTED, SuggestionState.HELD})


@dataclass(frozen=True, slots=True)
class Left:
    """What fits and is not planned: goods in another pack, and goods another office promises."""

    other_pack: int = 0
    elsewhere: Mapping[str, int] = field(default_factory=dict)  # province -> products


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with the objects it speaks of.

    `landed` is what a unit costs at the door, None where price or weight is not known; `floored`
    are the products that stand for a small producer with a floor.
    """

    plan: "supply.SupplyPlan"
    months: tuple[date, ...]
    needs: Mapping[int, Need]
    products: Mapping[int, Product]
    volumes: Mapping[Target, Volumes]
    free: Mapping[int, Volumes]
    given: Mapping[Pair, Volumes]
    landed: Mapping[Pair, int | None]
    floored: frozenset[int]
    left: "Left"

    @property
    def left_out(self) -> list[Product]:
        used = {pair.product for pair in self.given}
        return [one for number, one in self.products.items() if number not in used]

    @property
    def asked(self) -> int:
        return sum(map(sum, self.volumes.values()))

    @property
    def filled(self) -> int:
        return sum(map(sum, self.given.values()))

    @property
    def landed_cost(self) -> int:
        """Rupiah for all goods of the plan at the door, as far as it is known."""
        return sum(sum(v) * (self.landed[pair] or 0) for pair, v in self.given.items())


def make_plan(*, actor: Actor, need_ids: Sequence[int], wishes: Wishes) -> Planned:
    """The best spread of what producers still have over these needs, in two seconds.

    What fits is what the engine found eligible. Only goods of the unit and content that the need
    asks for are counted against each other, and only producers of the own province are planned
    with: how much that leaves out is told.
    """
    from marketplace.planning import supply  # the solver: loaded by who plans, not by every process

    require(policies.may_record_deal(actor))
    if not need_ids:
        message = N_("Choose at least one need.")
        raise InvalidInput(message, fields={"needs": message})
    check_ramp(wishes.ramp, wishes.months)
    needs = demand.needs_by_ids(list(need_ids)[:NEEDS_MOST])
    lines = lines_of(needs, by_area=wishes.whole is Whole.REGION)
    volumes = {target: _volumes(own, wishes) for target, own in lines.items()}
    scores, products, left = fitting(actor, needs)
    pairs = {
        Pair(product, *target): score
        for (product, need), score in sorted(scores.items())
        for target in lines
        if target.need == need
    }
    free = queries.free_by_month(list(products), wishes.span)
    landed = _landed(pairs, products, lines)
    floored = _small(scores, products) if wishes.floor else frozenset()
    task = _task(needs, volumes, _weighed(pairs, landed, wishes), products, free, floored, wishes)
    plan = supply.plan_supply(task, seconds=SECONDS)
    given = {
        Pair(int(lot.producer), *_target(lot.need)): lot.volume
        for lot in plan.lots
        if lot.volume and any(lot.volume)
    }
    return Planned(
        plan,
        wishes.span,
        needs,
        products,
        volumes,
        free,
        given,
        landed,
        floored,
        left,
    )


def fitting(
    actor: Actor, needs: Mapping[int, Need]
) -> tuple[dict[tuple[int, int], int], dict[int, Product], Left]:
    """Score by (product, need) of what this office may plan with, the products, what is left."""
    scores: dict[tuple[int, int], int] = {}
    products: dict[int, Product] = {}
    elsewhere: dict[str, set[int]] = defaultdict(set)
    other_pack = 0
    for row in suggestions.list_of_needs(sorted(needs)):
        if not row.is_eligible or row.state not in _OPEN:
            continue
        product, need = row.product, needs[row.need_id]
        if not _same_pack(product, need):
            other_pack += 1
            continue
        if not actor.covers(row.area_code):
            elsewhere[row.area_code[:2]].add(product.id)
            continue
        scores[(product.id, need.id)] = max(1, row.score)
        products[product.id] = product
    counts = {province: len(found) for province, found in sorted(elsewhere.items())}
    return scores, products, Left(other_pack, counts)


def lines_of(needs: Mapping[int, Need], *, by_area: bool) -> dict[Target, list[NeedLine]]:
    """The lines with a volume of each target, in the order of the needs."""
    found: dict[Target, list[NeedLine]] = {}
    for number, need in sorted(needs.items()):
        if not by_area:
            found[Target(number)] = []
        for line in need.lines:
            area = spot_of(line.region_code) if by_area else ""
            if line.volume_per_month:
                found.setdefault(Target(number, area), []).append(line)
    return found


def _same_pack(product: Product, need: Need) -> bool:
    same = product.unit == need.unit
    if product.net_amount is None or need.net_amount is None:
        return same
    return same and (product.net_amount, product.net_kind) == (need.net_amount, need.net_kind)


def _volumes(lines: Sequence[NeedLine], wishes: Wishes) -> Volumes:
    return tuple(
        sum(in_month(line.volume_per_month or 0, wishes.ramp, number) for line in lines)
        for number in range(wishes.months)
    )


def _landed(
    pairs: Mapping[Pair, int],
    products: Mapping[int, Product],
    lines: Mapping[Target, Sequence[NeedLine]],
) -> dict[Pair, int | None]:
    """Price and freight of a unit, the freight by the volume of each line of the target."""
    entered = regions.legs()
    found: dict[Pair, int | None] = {}
    for pair in pairs:
        product, own = products[pair.product], lines[pair.target]
        whole = sum(line.volume_per_month or 0 for line in own)
        if product.price is None or product.weight_g is None or not whole:
            found[pair] = None
            continue
        origin = product.business.region_code
        freight = sum(
            (line.volume_per_month or 0)
            * regions.narrowest(entered, origin, line.region_code).rupiah_per_kg
            for line in own
        )
        found[pair] = product.price + (
            freight_per_unit(-(-freight // whole), product.weight_g) or 0
        )
    return found


def _weighed(
    pairs: Mapping[Pair, int], landed: Mapping[Pair, int | None], wishes: Wishes
) -> dict[Pair, int]:
    cheapest: dict[Target, int] = {}
    for pair, cost in landed.items():
        if cost is not None:
            cheapest[pair.target] = min(cost, cheapest.get(pair.target, cost))
    return {
        pair: weighed(score, landed[pair], cheapest.get(pair.target), wishes.cost_points)
        for pair, score in pairs.items()
    }


def _small(
    scores: Mapping[tuple[int, int], int], products: Mapping[int, Product]
) -> frozenset[int]:
    """The best product of each producer that is micro by its sales, or told none."""
    best: dict[int, tuple[int, int]] = {}
    for (number, _need), score in scores.items():
        business = products[number].business
        if size_class(business.yearly_sales) in {None, SizeClass.MICRO}:
            best[business.id] = max(best.get(business.id, (0, 0)), (score, -number))
    return frozenset(-number for _score, number in best.values())


def _task(
    needs: Mapping[int, Need],
    volumes: Mapping[Target, Volumes],
    pairs: Mapping[Pair, int],
    products: Mapping[int, Product],
    free: Mapping[int, Volumes],
    floored: frozenset[int],
    wishes: Wishes,
) -> "supply.SupplyTask":
    from marketplace.planning import supply

    def lots(wanted: Mapping[Pair, Volumes]) -> list[supply.Lot]:
        return [
            supply.Lot(pair.product, _id(pair.target), volume)
            for pair, volume in sorted(wanted.items())
            if pair in pairs and len(volume) == wishes.months
        ]

    return supply.SupplyTask(
        producers=[
            supply.Producer(number, free[number], (wishes.floor or 0) if number in floored else 0)
            for number in sorted(products)
        ],
        needs=[
            supply.Need(_id(target), volume, _group(needs, target, wishes), wishes.max_suppliers)
            for target, volume in volumes.items()
        ],
        pairings=[
            supply.Pairing(
                pair.product,
                _id(pair.target),
                score,
                # Who needs less than a smallest lot in its largest month may have all of it.
                min(
                    max(products[pair.product].min_order or 0, wishes.least_lot or 0),
                    max(volumes[pair.target]),
                ),
            )
            for pair, score in pairs.items()
        ],
        months=wishes.months,
        current=lots(wishes.current),
        pinned=lots(wishes.pinned),
        forbidden=[(pair.product, _id(pair.target)) for pair in wishes.forbidden if pair in pairs],
    )


def _group(needs: Mapping[int, Need], target: Target, wishes: Wishes) -> str | None:
    if wishes.whole is Whole.NOTHING:
        return None
    if wishes.whole is Whole.NEED:
        return _id(target)
    return f"{needs[target.need].business_id} {target.area}"


def _id(target: Target) -> str:
    return f"{target.need}:{target.area}"


def _target(number: object) -> Target:
    need, _, area = str(number).partition(":")
    return Target(int(need), area)
