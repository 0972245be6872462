"""What the retail trade rules forbid in a deal, as data with its legal basis.

Source: domain.md, section 3 (Permendag 23/2021, article 11).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.core.params import Money, Percent
from marketplace.core.text import N_

BASIS = "Permendag 23/2021 pasal 11"
TRADING_TERMS_MOST = 15


@dataclass(frozen=True, slots=True)
class FeeCap:
    """The most a retailer of this format may ask for listing a new product."""

    outlet_format: str
    per_outlet: int
    in_all: int
    # False where sources differ: it warns and says so.
    is_sure: bool = True


FEE_CAPS: Sequence[FeeCap] = (
    FeeCap("hypermarket", 150_000, 10_000_000),
    FeeCap("supermarket", 75_000, 10_000_000),
    FeeCap("minimarket", 50_000, 20_000_000, is_sure=False),
)


@dataclass(frozen=True, slots=True)
class Flag:
    """A term the law forbids, in words with their parameters."""

    msgid: str
    params: dict[str, object]
    basis: str = BASIS
    is_sure: bool = True


def flags_of(
    outlet_format: str, trading_terms_percent: int | None, listing_fee: int | None, outlets: int
) -> list[Flag]:
    """What of a deal's terms is above what the law allows a retailer of this format."""
    flags: list[Flag] = []
    if trading_terms_percent is not None and trading_terms_percent > TRADING_TERMS_MOST:
        flags.append(
            Flag(
                N_("Trading terms of %(asked)s: the law allows at most %(most)s."),
                {"asked": Percent(trading_terms_percent), "most": Percent(TRADING_TERMS_MOST)},
            )
        )
    cap = next((cap for cap in FEE_CAPS if cap.outlet_format == outlet_format), None)
    if cap is None or not listing_fee:
        return flags
    if listing_fee > cap.per_outlet:
        flags.append(
            Flag(
                N_("A listing fee of %(asked)s for each outlet: the law allows at most %(most)s."),
                {"asked": Money(listing_fee), "most": Money(cap.per_outlet)},
                is_sure=cap.is_sure,
            )
        )
    if listing_fee * outlets > cap.in_all:
        flags.append(
            Flag(
                N_("Listing fees of %(asked)s for one product in all: the law allows %(most)s."),
                {"asked": Money(listing_fee * outlets), "most": Money(cap.in_all)},
                is_sure=cap.is_sure,
            )
        )
    return flags
