"""What regions tells the rooms above, in the transaction that does it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TariffChanged:
    """A freight leg was entered, changed or removed: landed prices and days are others now."""

    origin: str
    destination: str
