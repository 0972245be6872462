"""Compiles every kernel for this machine, so that no question waits for it: after an install.

python -m marketplace.matching.kernels
"""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from marketplace.matching import Engine, HeldPaper, Need, Offer, World
from marketplace.matching.kernels.jit import kernel
from marketplace.matching.listsaid import Teller
from marketplace.matching.world import Category

# More rows than are read without lists, so that lists are made, and lists of what came later.
_OFFERS, _LATER = 600, 600
# More than one, so that goods are seated by them.
_CATEGORIES = ("gurih", "kerajinan")


def main() -> None:
    """Ask every kind of question of a small market; what was compiled of older sources goes."""
    kernel.forget_older()
    world = World(date(2026, 1, 1), {code: Category(code) for code in _CATEGORIES})
    engine = Engine(world)
    engine.load(_offer(number) for number in range(_OFFERS))
    for number in range(_OFFERS, _OFFERS + _LATER):
        engine.upsert(_offer(number))
    engine.withdraw("1")
    need = Need(
        "need",
        "kemplang ikan 250 gram",
        category="gurih",
        max_price=20_000,
        unit="pcs",
        papers_required=frozenset({"halal"}),
    )
    engine.load_needs([need])
    engine.rank(need, explain=True)
    Teller().answer(engine, need)
    engine.judge(_offer(-1), need)
    engine.rank_needs(_offer(2))
    engine.search("kempalng")
    with TemporaryDirectory() as directory:
        engine.save(Path(directory))
        Engine.open(Path(directory), world).rank(need)


def _offer(number: int) -> Offer:
    return Offer(
        str(number),
        f"Kemplang ikan {number} gram",
        _CATEGORIES[number % 2],
        brand="Mawar",
        price=10_000,
        unit="pcs",
        papers=(HeldPaper("halal", True),),
    )


if __name__ == "__main__":
    main()
