"""Supply tasks of any size: small ones nobody thought of, and large ones, the same each time."""

import random
from itertools import product

from hypothesis import strategies as st

from marketplace.planning.supply import Lot, Need, Pairing, Producer, SupplyTask, broken_rules


@st.composite
def tasks(
    draw: st.DrawFn,
    *,
    plain: bool = False,
    most_pairs: int = 5,
    largest: int = 4,
    months: int | None = None,
    pinned: bool = False,
) -> SupplyTask:
    """`plain` ones have no lots, groups or limits."""
    count = months or draw(st.sampled_from([1, 1, 1, 2]))
    volumes = st.tuples(*[st.integers(0, largest)] * count)
    producers = [Producer(f"p{n}", draw(volumes)) for n in range(draw(st.integers(0, 3)))]
    needs = [
        Need(
            f"n{n}",
            draw(volumes),
            None if plain else draw(st.sampled_from([None, None, "g", "h"])),
            None if plain else draw(st.sampled_from([None, None, 0, 1, 2])),
        )
        for n in range(draw(st.integers(0, 3)))
    ]
    pairs = [(p.id, n.id) for p in producers for n in needs]
    chosen = (
        draw(st.lists(st.sampled_from(pairs), unique=True, max_size=most_pairs)) if pairs else []
    )
    lots = st.just(0) if plain else st.sampled_from([0, 0, 1, 2, 3])
    pairings = [Pairing(*pair, draw(st.integers(-3, 9)), draw(lots)) for pair in chosen]
    forbidden = [pair for pair in chosen if draw(st.integers(0, 7)) == 0]
    return SupplyTask(producers, needs, pairings, months=count, forbidden=forbidden)


def best_by_trying(task: SupplyTask) -> int:
    """The largest objective of all plans there are, one after the other."""
    capacity = {one.id: one.capacity for one in task.producers}
    ranges = [
        range(min(capacity[one.producer][month], volume) + 1)
        for one in task.pairings
        for month, volume in enumerate(next(n.volume for n in task.needs if n.id == one.need))
    ]
    best = 0
    for flows in product(*ranges):
        parts = [flows[place : place + task.months] for place in range(0, len(flows), task.months)]
        value = sum(one.score * sum(part) for one, part in zip(task.pairings, parts, strict=True))
        if value > best:
            lots = [
                Lot(one.producer, one.need, part)
                for one, part in zip(task.pairings, parts, strict=True)
            ]
            if not broken_rules(task, lots):
                best = int(value)
    return best


def large(
    needs: int, producers: int, pairings: int, *, mixed: bool = False, seed: int = 1
) -> SupplyTask:
    """As much capacity as is needed; `mixed` ones have lots, groups of needs, few suppliers."""
    dice = random.Random(seed)
    volumes = [dice.randint(20, 400) for _ in range(needs)]
    share = 2 * sum(volumes) // producers
    chosen = sorted(dice.sample(range(needs * producers), pairings))
    return SupplyTask(
        [Producer(f"p{n}", (dice.randint(1, share),)) for n in range(producers)],
        [
            Need(
                f"n{n}",
                (volume,),
                f"g{n // 4}" if mixed and n < needs // 3 else None,
                dice.choice([None, 2, 3]) if mixed else None,
            )
            for n, volume in enumerate(volumes)
        ],
        [
            Pairing(
                f"p{one % producers}",
                f"n{one // producers}",
                dice.randint(1, 1000),
                dice.choice([0, 10, 40]) if mixed else 0,
            )
            for one in chosen
        ],
    )
