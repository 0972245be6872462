"""Products: states and what publishing asks."""

from collections.abc import Mapping
from enum import StrEnum

from marketplace.core.errors import RuleBroken
from marketplace.core.text import N_


class ProductState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"


NEXT_STATES: Mapping[ProductState, frozenset[ProductState]] = {
    ProductState.DRAFT: frozenset({ProductState.PUBLISHED}),
    ProductState.PUBLISHED: frozenset({ProductState.PAUSED, ProductState.WITHDRAWN}),
    ProductState.PAUSED: frozenset({ProductState.PUBLISHED, ProductState.WITHDRAWN}),
    ProductState.WITHDRAWN: frozenset(),
}


class Storage(StrEnum):
    AMBIENT = "ambient"
    CHILLED = "chilled"
    FROZEN = "frozen"


class HalalClaim(StrEnum):
    """What the producer declares; the certificate is a paper of its own."""

    UNKNOWN = "unknown"
    HALAL = "halal"
    NOT_HALAL = "not_halal"


def check_transition(now: ProductState, then: ProductState) -> None:
    if then not in NEXT_STATES[now]:
        raise RuleBroken(N_("A product in this state cannot be changed that way."))
