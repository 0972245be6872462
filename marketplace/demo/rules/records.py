"""The shapes of demonstration data. Records name each other by `ref`, never by position.

Money is whole rupiah, `*_on`, `valid_from` and `valid_to` are days, None is "not stated". Net
contents are grams, millilitres or pieces of one sales unit, as in core/quantity.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from marketplace.businesses.rules import OutletFormat, PaperKind, PaperState
from marketplace.catalog.rules import HalalClaim, ProductState, Storage


@dataclass(frozen=True, slots=True)
class DemoProducer:
    ref: str
    name: str
    region_code: str
    address: str
    about: str
    contact_name: str
    phone: str
    nib: str | None
    yearly_sales: int | None
    yearly_sales_on: date | None
    working_capital: int | None


@dataclass(frozen=True, slots=True)
class DemoPaper:
    """One paper of a producer; `covers` are product refs, empty for NIB and NPWP."""

    ref: str
    producer: str
    kind: PaperKind
    number: str
    valid_from: date
    valid_to: date | None
    state: PaperState
    covers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """One sales unit of a producer; `price_breaks` are (from quantity, price), cheapest last."""

    ref: str
    producer: str
    name: str
    brand: str
    category_code: str
    description: str
    price: int
    unit: str
    net_amount: int
    net_kind: str
    weight_g: int | None
    min_order: int | None
    capacity_per_month: int | None
    shelf_life_days: int | None
    lead_days: int | None
    storage: Storage
    halal_claim: HalalClaim
    zones: tuple[str, ...]
    terms: tuple[str, ...]
    price_breaks: tuple[tuple[int, int], ...]
    state: ProductState


@dataclass(frozen=True, slots=True)
class DemoBranch:
    name: str
    region_code: str
    address: str
    stores: int


@dataclass(frozen=True, slots=True)
class DemoOutlet:
    """A chain with its branches, or a single shop with one."""

    ref: str
    name: str
    outlet_format: OutletFormat
    is_chain: bool
    region_code: str
    address: str
    about: str
    contact_name: str
    phone: str
    branches: tuple[DemoBranch, ...]


@dataclass(frozen=True, slots=True)
class DemoNeedLine:
    """So many units a month at the branch of that name."""

    branch: str
    region_code: str
    volume_per_month: int | None


@dataclass(frozen=True, slots=True)
class DemoNeed:
    ref: str
    outlet: str
    title: str
    category_code: str
    description: str
    unit: str
    net_amount: int | None
    net_kind: str
    ceiling_price: int | None
    papers_required: tuple[PaperKind, ...]
    min_shelf_life_days: int | None
    storage: str
    terms: str
    commission_percent: int | None
    min_share_percent: int | None
    needed_on: date
    lines: tuple[DemoNeedLine, ...]


@dataclass(frozen=True, slots=True)
class DemoData:
    """The small set, whole."""

    producers: tuple[DemoProducer, ...]
    products: tuple[DemoProduct, ...]
    papers: tuple[DemoPaper, ...]
    outlets: tuple[DemoOutlet, ...]
    needs: tuple[DemoNeed, ...]


@dataclass(frozen=True, slots=True)
class DemoStream:
    """The large set: each part can be read once, in any order, without holding the others."""

    producers: Iterator[DemoProducer]
    products: Iterator[DemoProduct]
    papers: Iterator[DemoPaper]
    outlets: Iterator[DemoOutlet]
    needs: Iterator[DemoNeed]
