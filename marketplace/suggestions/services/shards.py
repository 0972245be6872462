"""A computation of all suggestions, cut into shards that know nothing of each other.

A shard is the open needs of outlets in one kabupaten/kota that one branch of the category tree
answers. Its needs are put to all offers of that branch wherever they are made, so that no pairing
is lost at a border.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from marketplace.catalog import queries as catalog
from marketplace.commodities import rules as commodities
from marketplace.infra.bulk import add_many
from marketplace.infra.changes import changes_since, last_change
from marketplace.infra.db import session
from marketplace.matching import Engine, Need, Offer, Pairing, Settings, World
from marketplace.suggestions.models import Suggestion, SuggestionRun, SuggestionShard
from marketplace.suggestions.queries import exposure
from marketplace.suggestions.queries import shards as queries
from marketplace.suggestions.rules import ShardState
from marketplace.suggestions.services import computing, evidence, exposing

# Every branch: for needs without a category, or where an office lets goods of others pass.
ANY = ""
# A transaction is this long at most: on SQLite others wait for it.
NEEDS_PER_SHARD = 100
# PostgreSQL may commit a lower number after a higher one (infra/search.py).
_LOOK_BACK = 500


@dataclass(frozen=True, slots=True)
class Cut:
    """The needs of one shard: those of its place and branch from the first number to the last."""

    region_code: str
    branch: str
    first_need_id: int
    last_need_id: int
    needs: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What is suggested for one need, each with the offer it was judged on."""

    need: Need
    pairings: tuple[tuple[Pairing, Offer], ...]


def branch_of(category: str, world: World) -> str:
    """The branch whose offers may serve a need of this category; ANY where none is ruled out."""
    return world.branch_of(category) or ANY


def branches(world: World) -> list[str]:
    """Every branch of the category tree."""
    return sorted(code for code, node in world.categories.items() if not node.parent)


def codes_of(branch: str) -> list[str] | None:
    """The categories of a branch; None means any."""
    if branch == ANY:
        return None
    return [code for code in commodities.categories() if commodities.is_within(code, branch)]


def cut(
    places: Iterable[tuple[str, str, int]], branch: Callable[[str], str], most: int
) -> Iterator[Cut]:
    """Shards of at most `most` needs from (kabupaten/kota, category, need), a place at a time."""
    for region, rows in groupby(places, key=lambda place: place[0]):
        gathered: dict[str, list[int]] = {}
        for _region, category, number in rows:
            gathered.setdefault(branch(category), []).append(number)
        for named, numbers in sorted(gathered.items()):
            numbers.sort()
            for start in range(0, len(numbers), most):
                part = numbers[start : start + most]
                yield Cut(region, named, part[0], part[-1], len(part))


def plan(world: World, most: int = NEEDS_PER_SHARD) -> list[Cut]:
    """How the needs that are open now are shared out."""
    known = {code: branch_of(code, world) for code in world.categories}
    return list(cut(queries.places_of_open_needs(), lambda code: known.get(code, ANY), most))


def begin(name: str, day: date, settings: Settings, cuts: Iterable[Cut]) -> SuggestionRun:
    """Write a new run and its shards; a name that is taken is a Conflict."""
    run = SuggestionRun(
        name=name,
        day=day,
        engine_version_id=evidence.engine_version(settings).id,
        watermark=last_change(),
    )
    session.add(run)
    session.flush()
    add_many(
        SuggestionShard,
        (
            {
                "run_id": run.id,
                "region_code": one.region_code,
                "branch": one.branch,
                "first_need_id": one.first_need_id,
                "last_need_id": one.last_need_id,
                "needs": one.needs,
                "state": ShardState.WAITING,
            }
            for one in cuts
        ),
    )
    return run


def answer(
    engine: Engine,
    needs: Sequence[Need],
    known: Mapping[int, Sequence[Suggestion]],
    offers_of: Callable[[Collection[int]], Mapping[str, Offer]],
    changed: Collection[str],
    top: int,
) -> list[Answer]:
    """What the engine suggests for each need, and what it still says of what was suggested before.

    `offers_of` reads offers as they are now; those `changed` since the index was made are judged
    again, and those that are gone are left out.
    """
    found = {
        need.id: [
            item for item in engine.rank(need, top=top).pairings if computing.is_proposable(item)
        ]
        for need in needs
    }
    kept = {
        need.id: computing.pairs_to_keep(found[need.id], known.get(int(need.id), ()))
        for need in needs
    }
    wanted = {int(item.offer_id) for items in found.values() for item in items}
    offers = offers_of(wanted | {pair[0] for pairs in kept.values() for pair in pairs})
    answers = []
    for need in needs:
        fresh = [item for item in found[need.id] if item.offer_id not in changed]
        asked = {str(pair[0]) for pair in kept[need.id]}
        asked |= {item.offer_id for item in found[need.id] if item.offer_id in changed}
        again = [engine.judge(offers[number], need) for number in sorted(asked & offers.keys())]
        pairings = (*fresh, *computing.still_good(again))
        answers.append(
            Answer(
                need,
                tuple(
                    (item, offers[item.offer_id]) for item in pairings if item.offer_id in offers
                ),
            )
        )
    return answers


def read_offers(numbers: Collection[int]) -> Mapping[str, Offer]:
    return {offer.id: offer for offer in catalog.list_offers(sorted(numbers))}


def changed_products(run: SuggestionRun) -> frozenset[str]:
    """Products changed since the run began: its indexes may not know them as they are."""
    rows = changes_since(max(0, run.watermark - _LOOK_BACK))
    return frozenset(str(row.ref_id) for row in rows if row.kind == "product")


def store(answers: Sequence[Answer], engine: Engine) -> int:
    """Write what was found for the needs of a shard; returns how many suggestions are new.

    Call inside a transaction, with the shard's mark in it. All producers are locked first and in
    one order, so that two shards wait for each other and never for ever.
    """
    products = {int(offer.id) for one in answers for _pairing, offer in one.pairings}
    for rows in queries.suggestions_by_need([int(one.need.id) for one in answers]).values():
        products |= {row.product_id for row in rows}
    exposing.lock_places(set(exposure.producers_of(products).values()))
    return sum(
        computing.store_pairings(
            [(pairing, offer, one.need) for pairing, offer in one.pairings],
            engine,
            need_id=int(one.need.id),
        )
        for one in answers
    )
