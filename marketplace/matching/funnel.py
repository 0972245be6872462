"""How many candidates stay, which rule removes the others, and who only just missed."""

from collections import Counter
from collections.abc import Collection, Iterable

from marketplace.matching.outcome import Funnel, FunnelStep


def funnel_of(judged: Iterable[tuple[str, Collection[str]]]) -> Funnel:
    """Count over (producer or offer id, the rules that exclude it).

    `alone` is what would come back if only that rule were met.
    """
    alone: Counter[str] = Counter()
    among: Counter[str] = Counter()
    candidates = eligible = 0
    producers: set[str] = set()
    for producer, blocking in judged:
        candidates += 1
        rules = set(blocking)
        if not rules:
            eligible += 1
            producers.add(producer)
        elif len(rules) == 1:
            alone.update(rules)
        else:
            among.update(rules)
    steps = sorted(alone | among, key=lambda rule: (-alone[rule], -among[rule], rule))
    return Funnel(
        candidates,
        eligible,
        len(producers),
        tuple(FunnelStep(rule, alone[rule], among[rule]) for rule in steps),
    )
