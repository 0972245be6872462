"""A business beside its products and categories: lines of business that fit or have changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.businesses import queries as businesses
from marketplace.catalog import queries
from marketplace.commodities.forms import category_name
from marketplace.commodities.rules import categories, kbli_2025_of
from marketplace.core.clock import today
from marketplace.core.identifiers import Kbli
from marketplace.core.kbli import outdated


@dataclass(frozen=True, slots=True)
class FittingKbli:
    """A line of business that fits products of a producer, by their category."""

    code: Kbli
    categories: Sequence[str]


def kbli_of_products(business_id: int) -> list[FittingKbli]:
    """Codes its products speak for and its entry does not name: KBLI 2025 where it is known."""
    held = {code.code for code in businesses.kbli_of(business_id)}
    found: dict[Kbli, list[str]] = {}
    for code in queries.category_codes_of(business_id):
        category = categories()[code]
        if category.kbli2025:
            kbli = Kbli("2025", category.kbli2025)
        elif category.kbli2020:
            kbli = Kbli("2020", category.kbli2020)
        else:
            continue
        if kbli.code not in held:
            found.setdefault(kbli, []).append(category_name(code))
    return [FittingKbli(kbli, names) for kbli, names in found.items()]


@dataclass(frozen=True, slots=True)
class KbliHint:
    """A code of the old edition, and what is known of its place in the new one."""

    code: str
    became: Sequence[str]


def kbli_hints(business_id: int) -> list[KbliHint]:
    """The codes that had to be brought in line with KBLI 2025 by now."""
    return [
        KbliHint(code.display, kbli_2025_of(code.code))
        for code in outdated(businesses.kbli_of(business_id), today())
    ]
