"""What the catalogue tells the rooms above, in the transaction that does it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProductPublished:
    """Everybody can find it now: published for the first time, or taken up again."""

    product_id: int


@dataclass(frozen=True, slots=True)
class ProductChanged:
    """A published product says something else than before."""

    product_id: int


@dataclass(frozen=True, slots=True)
class ProductWithdrawn:
    """Nobody can find it any longer: withdrawn for good, or paused."""

    product_id: int


@dataclass(frozen=True, slots=True)
class ProductEnded:
    """It is out of the catalogue for good, whether it was paused before or on offer."""

    product_id: int


@dataclass(frozen=True, slots=True)
class CapacityChanged:
    """A product is about to say another capacity a month, whatever its state.

    Told before anything of the product is written, so that who refuses it leaves nothing behind.
    """

    product_id: int
    capacity: int | None
