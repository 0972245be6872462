"""What a training is meant to unlock: codes the readiness room looks for in its gap list.

`paper:<kind>` a kind of paper, `category:<code>` goods of a category, `skill:<word>` anything else.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from marketplace.businesses.rules import PAPER_NAMES, PaperKind
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_

SKILL_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "start": N_("starting a business"),
        "packaging": N_("packaging and labels"),
        "shelf_life": N_("shelf life and storage"),
        "barcode": N_("barcodes"),
        "capacity": N_("making more a month"),
        "pricing": N_("costs and prices"),
        "capital": N_("bookkeeping and capital"),
        "online": N_("selling online"),
        "craft": N_("a craft or service"),
    }
)


def unlock_names() -> Mapping[str, str]:
    """Every code that names no category, with its msgid, papers first."""
    return {
        **{f"paper:{kind.value}": PAPER_NAMES[kind] for kind in PaperKind},
        **{f"skill:{code}": name for code, name in SKILL_NAMES.items()},
    }


def check_unlocks(codes: Iterable[str], categories: Iterable[str]) -> None:
    """InvalidInput where a code means nothing; `categories` are those of the tree."""
    known = {*unlock_names(), *(f"category:{code}" for code in categories)}
    if not set(codes) <= known:
        message = N_("One of these is not in the list of what a training can unlock.")
        raise InvalidInput(message, fields={"unlocks": message})


def papers_of(codes: Sequence[str]) -> frozenset[str]:
    """The kinds of papers among the codes."""
    return frozenset(code.partition(":")[2] for code in codes if code.startswith("paper:"))
