"""Reads of runs and shards, and of what one shard works on."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import func, or_, select

from marketplace.businesses.models import Business
from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState
from marketplace.core.clock import now
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.demand.models import Need
from marketplace.demand.rules import NeedState
from marketplace.infra.db import session
from marketplace.suggestions.models import Suggestion, SuggestionRun, SuggestionShard
from marketplace.suggestions.rules import ShardState


def find_run(name: str) -> SuggestionRun | None:
    return session.scalar(select(SuggestionRun).where(SuggestionRun.name == name))


def find_unfinished_run() -> SuggestionRun | None:
    """The newest run that was begun and not brought to its end."""
    return session.scalar(
        select(SuggestionRun)
        .where(SuggestionRun.finished_at.is_(None))
        .order_by(SuggestionRun.id.desc())
        .limit(1)
    )


def get_run(run_id: int) -> SuggestionRun:
    found = session.get(SuggestionRun, run_id)
    if found is None:
        raise NotFound(N_("There is no such run in this database."))
    return found


def get_shard(number: int) -> SuggestionShard:
    found = session.get(SuggestionShard, number, populate_existing=True)
    if found is None:
        raise NotFound(N_("There is no such shard in this database."))
    return found


def places_of_open_needs() -> Iterator[tuple[str, str, int]]:
    """(kabupaten/kota of the outlet, category, need) of every open need, ordered by all three."""
    rows = session.execute(
        select(Business.region_code, func.coalesce(Need.category_code, ""), Need.id)
        .join(Business, Business.id == Need.business_id)
        .where(Need.state == NeedState.OPEN)
        .order_by(Business.region_code, Need.category_code, Need.id)
        .execution_options(yield_per=10_000)
    )
    yield from ((row[0], row[1], row[2]) for row in rows)


def free_shards(run_id: int, holder: str) -> Sequence[int]:
    """Shards to be worked on now, one branch after the other so that a worker keeps its index."""
    free = or_(
        SuggestionShard.state == ShardState.WAITING,
        (SuggestionShard.state == ShardState.RUNNING)
        & or_(SuggestionShard.lease_until < now(), SuggestionShard.holder == holder),
    )
    return session.scalars(
        select(SuggestionShard.id)
        .where(SuggestionShard.run_id == run_id, free)
        .order_by(SuggestionShard.branch, SuggestionShard.region_code, SuggestionShard.id)
    ).all()


def count_shards(run_id: int) -> dict[ShardState, int]:
    counts = dict.fromkeys(ShardState, 0)
    rows = session.execute(
        select(SuggestionShard.state, func.count())
        .where(SuggestionShard.run_id == run_id)
        .group_by(SuggestionShard.state)
    )
    for state, count in rows:
        counts[state] = count
    return counts


def branches_of(run_id: int) -> Sequence[str]:
    """The branches that some shard of the run is answered by."""
    return session.scalars(
        select(SuggestionShard.branch)
        .where(SuggestionShard.run_id == run_id)
        .distinct()
        .order_by(SuggestionShard.branch)
    ).all()


def totals_of(run_id: int) -> tuple[int, int, int, float]:
    """Needs, pairings found, suggestions added and seconds of work of the shards that are done."""
    row = session.execute(
        select(
            func.coalesce(func.sum(SuggestionShard.needs), 0),
            func.coalesce(func.sum(SuggestionShard.found), 0),
            func.coalesce(func.sum(SuggestionShard.added), 0),
            func.coalesce(func.sum(SuggestionShard.seconds), 0.0),
        ).where(SuggestionShard.run_id == run_id, SuggestionShard.state == ShardState.DONE)
    ).one()
    return int(row[0]), int(row[1]), int(row[2]), float(row[3])


def need_ids_of(shard: SuggestionShard, categories: Collection[str] | None) -> Sequence[int]:
    """The needs of a shard that are open at this moment; `categories` None means any."""
    statement = (
        select(Need.id)
        .join(Business, Business.id == Need.business_id)
        .where(
            Need.state == NeedState.OPEN,
            Need.id.between(shard.first_need_id, shard.last_need_id),
            Business.region_code == shard.region_code,
        )
        .order_by(Need.id)
    )
    if categories is not None:
        statement = statement.where(Need.category_code.in_(categories))
    return session.scalars(statement).all()


def suggestions_by_need(need_ids: Sequence[int]) -> Mapping[int, Sequence[Suggestion]]:
    """What was suggested for these needs, whatever became of it."""
    found: dict[int, list[Suggestion]] = defaultdict(list)
    for row in session.scalars(select(Suggestion).where(Suggestion.need_id.in_(need_ids))):
        found[row.need_id].append(row)
    return found


def next_product_ids(categories: Collection[str] | None, after: int, limit: int) -> Sequence[int]:
    """The next published products of these categories or of none, by number; None means all."""
    statement = select(Product.id).where(
        Product.state == ProductState.PUBLISHED, Product.id > after
    )
    if categories is not None:
        within = Product.category_code.in_(categories)
        statement = statement.where(or_(within, Product.category_code.is_(None)))
    return session.scalars(statement.order_by(Product.id).limit(limit)).all()
