"""What goes in: offers and needs as plain values."""

from dataclasses import dataclass
from datetime import date

from marketplace.core.quantity import Quantity


@dataclass(frozen=True, slots=True)
class HeldPaper:
    """A paper that covers the offer; `valid_to` None means it does not run out."""

    kind: str
    verified: bool = False
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class PriceBreak:
    """From `min_quantity` sales units on, one costs `price` rupiah."""

    min_quantity: int
    price: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One product of one producer. None, "" and an empty set mean unknown unless said otherwise.

    Prices are rupiah per sales unit, capacities and minimum orders are sales units (a month).
    `zones` empty means served everywhere; `papers_known` says that `papers` is all there
    is; where it is False, only the kinds in `papers` and `papers_told` are known about, and a kind
    of which nobody spoke is unknown. `terms` are those accepted: `outright`, `days` or `days:N`,
    `consignment`.
    """

    id: str
    title: str
    description: str = ""
    category: str = ""
    brand: str = ""
    price: int | None = None
    price_breaks: tuple[PriceBreak, ...] = ()
    unit: str = ""
    pack: Quantity | None = None
    weight_g: int | None = None
    region: str = ""
    zones: frozenset[str] = frozenset()
    papers: tuple[HeldPaper, ...] = ()
    papers_known: bool = True
    papers_told: frozenset[str] = frozenset()
    declared_not_halal: bool = False
    capacity_per_month: int | None = None
    min_order: int | None = None
    shelf_life_days: int | None = None
    storage: str = ""
    lead_days: int | None = None
    terms: frozenset[str] = frozenset()
    producer: str = ""
    working_capital: int | None = None
    size_class: str = ""


@dataclass(frozen=True, slots=True)
class NeedLine:
    """One branch or kabupaten/kota of a need and its volume a month in need units."""

    id: str
    region: str = ""
    volume_per_month: int | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """What an outlet looks for. `max_price` is rupiah per need unit, delivered.

    `terms` is how the outlet pays: "", `outright`, `days:N` or `consignment`. `storage` is the
    coldest chain the outlet keeps: "", `ambient`, `chilled` or `frozen`; `outlet` its format.
    """

    id: str
    title: str
    description: str = ""
    category: str = ""
    brand: str = ""
    unit: str = ""
    pack: Quantity | None = None
    max_price: int | None = None
    lines: tuple[NeedLine, ...] = ()
    papers_required: frozenset[str] = frozenset()
    min_shelf_life_days: int | None = None
    terms: str = ""
    storage: str = ""
    needed_on: date | None = None
    min_share_percent: int | None = None
    outlet: str = ""

    @property
    def volume_per_month(self) -> int | None:
        """The volume of all lines that state one; None where none does."""
        known = [line.volume_per_month for line in self.lines if line.volume_per_month is not None]
        return sum(known) if known else None
