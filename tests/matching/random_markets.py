"""Markets drawn at random in milliseconds: anything known or unknown, the same for every seed."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from marketplace.core.quantity import Kind, Quantity
from marketplace.matching import HeldPaper, Need, NeedLine, Offer, PriceBreak
from tests.matching.conftest import TODAY
from tests.matching.markets import REGIONS, WORDS

T = TypeVar("T")
CATEGORIES = ("", "kemplang", "kemplang", "getas", "otak-otak", "batik", "camilan", "bakso", "?")
UNITS = ("", "pcs", "bungkus", "kg", "lusin", "liter")
PACKS = (
    None,
    Quantity(250, Kind.MASS),
    Quantity(500, Kind.MASS),
    Quantity(12, Kind.COUNT),
    Quantity(600, Kind.VOLUME),
)
STORAGES = ("", "ambient", "chilled", "frozen")


class Drawing:
    """Draws offers and needs from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def offer(self, number: int) -> Offer:
        pick, many, maybe, between = self._tools()
        return Offer(
            f"o{number}",
            " ".join(many(WORDS, 5)) or "kemplang",
            category=pick(CATEGORIES),
            price=maybe(lambda: between(0, 200_000)),
            price_breaks=tuple(
                PriceBreak(between(1, 100), between(1, 100_000)) for _ in range(pick((0, 0, 0, 2)))
            ),
            unit=pick(UNITS),
            pack=pick(PACKS),
            weight_g=maybe(lambda: between(1, 3_000)),
            region=pick(REGIONS),
            zones=frozenset(many(("jabodetabek", "sumatera", "19", "31.71"), 2)),
            papers=tuple(
                HeldPaper(kind, pick((True, False)), maybe(self._day))
                for kind in many(("pirt", "md", "halal", "gs1"), 4)
            ),
            papers_known=pick((True, False)),
            papers_told=frozenset(many(("pirt", "md", "halal"), 2)),
            declared_not_halal=pick((True, False, False, False)),
            capacity_per_month=maybe(lambda: between(0, 500)),
            min_order=maybe(lambda: between(1, 100)),
            shelf_life_days=maybe(lambda: between(1, 365)),
            storage=pick(STORAGES),
            lead_days=maybe(lambda: between(0, 30)),
            terms=frozenset(many(("outright", "days", "days:14", "consignment"), 3)),
            working_capital=maybe(lambda: between(0, 10**8)),
            size_class=pick(("", "micro", "small", "medium")),
        )

    def need(self, number: int) -> Need:
        pick, many, maybe, between = self._tools()
        return Need(
            f"n{number}",
            " ".join(many(WORDS, 5)) or "kemplang",
            category=pick(CATEGORIES),
            unit=pick(UNITS),
            pack=pick(PACKS),
            max_price=maybe(lambda: between(0, 300_000)),
            lines=tuple(
                NeedLine(str(line), pick(REGIONS), maybe(lambda: between(0, 500)))
                for line in range(between(0, 4))
            ),
            papers_required=frozenset(many(("pirt", "halal", "gs1"), 1)),
            min_shelf_life_days=maybe(lambda: between(0, 200)),
            terms=pick(("", "outright", "days:30", "consignment")),
            storage=pick(STORAGES),
            needed_on=maybe(self._day),
            min_share_percent=maybe(lambda: between(1, 100)),
        )

    def _day(self) -> date:
        return TODAY + timedelta(days=self._random.randint(-30, 60))

    def _tools(
        self,
    ) -> tuple[
        Callable[[Sequence[T]], T],
        Callable[[Sequence[str], int], list[str]],
        Callable[[Callable[[], T]], T | None],
        Callable[[int, int], int],
    ]:
        random = self._random
        return (
            random.choice,
            lambda words, most: [random.choice(words) for _ in range(random.randint(0, most))],
            lambda draw: draw() if random.random() < 0.6 else None,
            random.randint,
        )
