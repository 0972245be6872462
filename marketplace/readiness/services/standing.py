"""Who may sell today by law: readiness without any particular outlet, for a stall at a bazaar."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from marketplace.catalog import queries as catalog
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.infra.web import require
from marketplace.matching import Need, Offer, Settings, World
from marketplace.matching.case import Case, Question
from marketplace.matching.eligibility import assess
from marketplace.programs import policies as program_policies
from marketplace.programs.queries import bazaars, choosing
from marketplace.programs.queries.choosing import Candidate, Order
from marketplace.programs.services import bazaars as stalls
from marketplace.readiness.rules.gaps import Gap, gap_of, merged
from marketplace.suggestions.services.world import build_world, settings_in_force

# How many are shown at once, and how far down the turn one looks for them.
SHOWN, BATCHES = 50, 20


@dataclass
class Standing:
    """Of a producer's published products, how many the law lets be sold, and what the others miss.

    `untold` counts products of which nobody said whether the paper is there.
    """

    products: int = 0
    ready: int = 0
    untold: int = 0
    missing: list[Gap] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        return self.ready > 0


def standings(business_ids: Collection[int]) -> Mapping[int, Standing]:
    """By producer; one without a published product stands with none."""
    found = {number: Standing() for number in business_ids}
    products = {
        product.id: product.business_id
        for product in catalog.list_published_of(business_ids, limit=5_000)
    }
    world, settings = build_world(), settings_in_force()
    law = frozenset(rule.code for rule in world.rules if rule.legal and rule.severity == "block")
    for offer in catalog.list_offers(sorted(products)):
        _judge(found[products[int(offer.id)]], offer, world, settings, law)
    return found


def _judge(
    standing: Standing, offer: Offer, world: World, settings: Settings, law: frozenset[str]
) -> None:
    """What the law says of one product by itself, today."""
    question = Question(Need("", offer.title, category=offer.category), world, settings)
    verdicts = assess(Case(offer, question), law).verdicts if law else ()
    standing.products += 1
    blocking = [verdict for verdict in verdicts if verdict.blocks]
    if blocking:
        gaps = [gap for each in blocking for gap in gap_of(each.rule, each.fix) or ()]
        standing.missing = merged([*standing.missing, *gaps])
    elif any(verdict.outcome == "unknown" for verdict in verdicts):
        standing.untold += 1
    else:
        standing.ready += 1


@dataclass(frozen=True, slots=True)
class Choice:
    """A producer whose turn it is, with how they stand."""

    candidate: Candidate
    standing: Standing


def choices(program_id: int, area: str, *, only_ready: bool = True) -> list[Choice]:
    """Producers not on the list of a bazaar yet, by turn: who has never been comes first."""
    found: list[Choice] = []
    for number in range(1, BATCHES + 1):
        page = choosing.page_of_candidates(
            program_id, number, area=area, text="", order=Order.TURN, today=today()
        )
        known = standings([candidate.id for candidate in page.items])
        found += [
            Choice(candidate, known[candidate.id])
            for candidate in page.items
            if known[candidate.id].is_ready or not only_ready
        ]
        if len(found) >= SHOWN or not page.has_next:
            break
    return found[:SHOWN]


def take_along(*, actor: Actor, program_id: int, business_ids: Collection[int]) -> int:
    """Put the chosen on the list of a bazaar; returns how many are new on it."""
    if not business_ids:
        raise InvalidInput(N_("Choose at least one producer."))
    program = bazaars.get_bazaar(program_id)
    require(program_policies.may_run_program(actor, program))
    return stalls.add_participants(
        actor=actor, program_id=program_id, business_ids=sorted(set(business_ids))
    )
