"""Turnover of a stall on a day: what is asked back before it is believed.

Nothing here refuses an amount. A slip of the keyboard adds or loses zeros, so an amount far from
what this stall or stalls like it sold is said back, and a second press takes it as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.money import Money
from marketplace.core.text import N_

BEST_SELLERS_MAX = 300
TRANSACTIONS_MOST = 100_000

# A busy stall of the office's own bazaars reached Rp 20 million in a day; five times that is asked.
_ALWAYS_ASKED = 100_000_000
_NEVER_SO_LITTLE = 1_000
# How many times the usual figure is asked about: a stall is like itself, less so like its peers.
_OWN_TIMES, _PEER_TIMES = 10, 30
_LITTLE_TIMES = 50
# Below this a multiple of the usual is no news.
_SMALL = 2_000_000
_PEERS_LEAST = 3


class ReportSource(StrEnum):
    """How a figure came in."""

    PHONE = "phone"
    PAPER = "paper"
    EXCEL = "excel"


SOURCE_NAMES: Mapping[ReportSource, str] = {
    ReportSource.PHONE: N_("on a phone at the stall"),
    ReportSource.PAPER: N_("from paper"),
    ReportSource.EXCEL: N_("from Excel"),
}

ALREADY_THERE = N_("%(name)s already reported %(amount)s for this stall and day.")
DAY_OUTSIDE = N_("The bazaar is not held on this day.")
DAY_SHUT = N_("The bazaar was shut on this day, so there is no turnover to enter.")
DAY_TO_COME = N_("This day is still to come.")
NO_SALES = N_("No goods are sold here, so no turnover is entered.")
NOT_OPEN = N_("Turnover is entered while the bazaar is open. Ask the office to open it again.")


@dataclass(frozen=True, slots=True)
class TurnoverDraft:
    """One figure: `amount` 0 is an answer, not reported is none."""

    amount: int
    transactions: int | None = None
    best_sellers: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why an amount is asked back: a sentence, the usual amount, and what may have been meant."""

    msgid: str
    usual: int | None = None
    times: int | None = None
    meant: int | None = None


class AskedBack(InvalidInput):
    """The amount is far from the usual; `doubt` says how, a second press takes it."""

    def __init__(self, amount: int, doubt: Doubt) -> None:
        super().__init__(
            doubt.msgid,
            amount=Money(amount),
            usual=Money(doubt.usual or 0),
            times=doubt.times or 0,
        )
        self.amount, self.doubt = amount, doubt


class AlreadyReported(Conflict):
    """The stall-day has a figure: `report` is the one that stands."""

    def __init__(self, report: "Standing") -> None:
        super().__init__(ALREADY_THERE, name=report.by, amount=Money(report.amount))
        self.report = report


@dataclass(frozen=True, slots=True)
class Standing:
    """The figure that stands for a stall-day, by whom, and its version for who replaces it."""

    amount: int
    by: str
    at: object
    source: ReportSource
    version: int


def doubt_about(amount: int, own: Sequence[int], peers: Sequence[int]) -> Doubt | None:
    """Why to ask back, or None.

    `own` are the amounts of this stall on other days, `peers` those of stalls like it; zeros say
    nothing about what is usual. What peers sold is their own affair: the answer weighs it and never
    names it, nor how many times as much this amount is.
    """
    if not amount:
        return None
    own = [each for each in own if each]
    peers = [each for each in peers if each]
    usual, least, most = _usual(own, peers)
    if usual and amount >= _SMALL and amount >= most:
        if not own:
            return Doubt(N_("%(amount)s is far more than what stalls like this one sold."))
        return Doubt(
            N_("%(amount)s is %(times)s times what this stall sold on other days (%(usual)s)."),
            usual,
            round(amount / usual),
            _meant(amount, usual),
        )
    if usual and amount <= least:
        if not own:
            return Doubt(
                N_("%(amount)s is far less than what stalls like this one sold. Are zeros missing?")
            )
        return Doubt(
            N_("%(amount)s is very little beside the usual %(usual)s. Are zeros missing?"),
            usual,
            meant=_meant(amount, usual),
        )
    if amount > _ALWAYS_ASKED and not (own and amount < _OWN_TIMES * max(own)):
        return Doubt(
            N_("%(amount)s is a lot for one stall on one day. Are there zeros too many?"),
            meant=_meant(amount, usual if own else _ALWAYS_ASKED // 5),
        )
    if amount < _NEVER_SO_LITTLE:
        return Doubt(N_("%(amount)s is very little for a day. Are zeros missing?"), meant=None)
    return None


def _usual(own: Sequence[int], peers: Sequence[int]) -> tuple[int, int, int]:
    """The usual amount, and from where down or up one is asked back; zeros where nothing is usual.

    Of peers only how many digits it has: whoever tries amounts until one is no longer asked back
    learns between which powers of ten they lie, and not what a neighbour sold.
    """
    if own:
        usual = round(median(own))
        return usual, usual // _LITTLE_TIMES, usual * _OWN_TIMES
    if len(peers) >= _PEERS_LEAST:
        band = 10 ** (len(str(round(median(peers)))) - 1)
        return band, band // _LITTLE_TIMES, band * 10 * _PEER_TIMES
    return 0, 0, 0


def _meant(amount: int, usual: int) -> int | None:
    """The amount with a group of zeros more or less that lies nearest to the usual."""
    whole = [amount // factor for factor in (10, 100, 1_000) if amount % factor == 0]
    near = [
        each
        for each in (*whole, *(amount * factor for factor in (10, 100, 1_000)))
        if usual <= each * _PEER_TIMES and each <= usual * _PEER_TIMES
    ]
    return min(near, key=lambda each: max(each / usual, usual / each)) if near else None


def best_sellers_of(text: str) -> list[str]:
    """The goods named, each once, as people separate them."""
    parts = (part.strip(" .-") for part in text.replace(";", ",").replace("\n", ",").split(","))
    return list(dict.fromkeys(part for part in parts if part))
