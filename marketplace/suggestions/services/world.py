"""The facts the engine is given: categories, freight, zones, words, the day."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from marketplace.catalog import queries as catalog
from marketplace.commodities import queries as words
from marketplace.commodities import rules as commodities
from marketplace.core.clock import today
from marketplace.demand import queries as demand
from marketplace.infra.search import Feed
from marketplace.matching import DEFAULT_SETTINGS, Need, Offer, Rule, Settings, World
from marketplace.matching.rulebook import with_changes
from marketplace.matching.words import DEFAULT_VOCABULARY
from marketplace.matching.world import Category, Leg
from marketplace.regions import queries as freight
from marketplace.regions import rules as regions


@dataclass(frozen=True, slots=True)
class Tuning:
    """What the office made of the engine: its settings in force, and rules of its own."""

    settings: Callable[[], Settings] = lambda: DEFAULT_SETTINGS
    rules: Callable[[], tuple[Rule, ...]] = lambda: ()


_tuning = [Tuning()]


def register_tuning(tuning: Tuning) -> None:
    """The room that learns from decisions registers what was adopted there (wiring.py)."""
    _tuning[:] = [tuning]


def settings_in_force() -> Settings:
    """The settings under which new suggestions are computed."""
    return _tuning[0].settings()


def rules_in_force() -> tuple[Rule, ...]:
    """The office's own rules that bind new suggestions, and shipped ones the province changed."""
    return _tuning[0].rules()


@cache
def _categories() -> dict[str, Category]:
    return {
        code: Category(
            code=code,
            parent=fact.parent,
            name=fact.name_id,
            kind=fact.kind.value,
            is_animal=code in commodities.ANIMAL_GOODS,
            is_fresh=code in commodities.FRESH_GOODS,
            needs_md=fact.needs_md,
        )
        for code, fact in commodities.categories().items()
    }


def build_world() -> World:
    """Read the facts once; freight legs are looked up in memory for each pair."""
    world = _world(freight.legs(), words.spellings().items())
    return replace(world, rules=with_changes(world.rules, rules_in_force()))


def fact_world() -> World:
    """What is known without a database: our own facts and freight estimates (match-list)."""
    return _world({}, [(each.written, each.means) for each in commodities.spellings()])


def _world(
    entered: Mapping[tuple[str, str], freight.Leg], spellings: Iterable[tuple[str, str]]
) -> World:
    @cache
    def leg(origin: str, destination: str) -> Leg | None:
        known = regions.regencies()
        if origin not in known or destination not in known:
            return None
        found = freight.narrowest(entered, origin, destination)
        return Leg(found.rupiah_per_kg, found.days_median, found.days_p90, found.estimated)

    return World(
        today=today(),
        categories=_categories(),
        leg=leg,
        zone_of=_zone_of,
        vocabulary=DEFAULT_VOCABULARY.with_spellings(
            spellings, protected=commodities.protected_words()
        ),
    )


def _zone_of(code: str) -> str:
    return regions.zone_of(code).value if code in regions.regencies() else ""


def _offers(ids: Sequence[int] | None) -> Sequence[Offer]:
    return catalog.list_offers(ids)


def open_needs(ids: Sequence[int] | None) -> Sequence[Need]:
    """Open needs for the engine: all, or those of these that are open at this moment."""
    if ids is None:
        return demand.list_engine_needs()
    return demand.list_engine_needs(demand.live_ids(ids))


FEED = Feed(world=build_world, offers=_offers, needs=open_needs, settings=settings_in_force)
