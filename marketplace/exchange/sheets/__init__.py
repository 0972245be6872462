"""The kinds of records that come in and go out as tables, and how a table is read."""

from collections.abc import Mapping
from types import MappingProxyType

from marketplace.businesses.sheets import OUTLETS, PRODUCERS
from marketplace.catalog.sheets import PRODUCTS
from marketplace.core.errors import NotFound
from marketplace.core.sheet_kinds import SheetKind
from marketplace.core.text import N_
from marketplace.demand.sheets import NEEDS
from marketplace.programs.sheets import HOLDERS, TURNOVER

# In the order they build on each other: a product needs its producer, a need its outlet.
KINDS: Mapping[str, SheetKind] = MappingProxyType(
    {kind.key: kind for kind in (PRODUCERS, PRODUCTS, OUTLETS, NEEDS, HOLDERS, TURNOVER)}
)


def get_kind(kind: str) -> SheetKind:
    found = KINDS.get(kind)
    if found is None:
        raise NotFound(N_("There is no such list."))
    return found
