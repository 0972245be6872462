"""Nobody waits for a compiler because of what happens to be in the catalogue."""

import pytest

from marketplace.matching import Engine, Need, Offer, World, kernels


def compiled() -> dict[str, set[object]]:
    """For which types each kernel was compiled so far."""
    return {
        f"{module}.{name}": set(kernel.signatures)
        for module in kernels.__all__
        for name, kernel in vars(getattr(kernels, module)).items()
        if hasattr(kernel, "signatures")
    }


@pytest.mark.parametrize("offers", [0, 1])
def test_few_offers_are_asked_by_what_was_compiled_for_many(world: World, offers: int) -> None:
    need, visitor = Need("need", "kemplang ikan"), Offer("visitor", "Kemplang")
    many, few = Engine(world), Engine(world)
    many.load(Offer(str(number), "Kemplang ikan") for number in range(3))
    few.load(Offer(str(number), "Kemplang ikan") for number in range(offers))
    many.rank(need)
    many.judge(visitor, need)
    before = compiled()
    few.rank(need)
    few.judge(visitor, need)
    assert compiled() == before
