"""Needs: states, payment terms, what a need must say before it may be opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.core.quantity import Quantity
from marketplace.core.text import N_


class NeedState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class CloseReason(StrEnum):
    FILLED = "filled"
    NONE_SUITABLE = "none_suitable"
    WITHDRAWN = "withdrawn"


class Terms(StrEnum):
    """How the outlet pays; `days` goes with a number of days."""

    OUTRIGHT = "outright"
    DAYS = "days"
    CONSIGNMENT = "consignment"


class Storage(StrEnum):
    """The coldest chain the outlet keeps."""

    AMBIENT = "ambient"
    CHILLED = "chilled"
    FROZEN = "frozen"


STATE_NAMES: Mapping[NeedState, str] = MappingProxyType(
    {
        NeedState.DRAFT: N_("Draft"),
        NeedState.OPEN: N_("Open"),
        NeedState.PAUSED: N_("Paused"),
        NeedState.CLOSED: N_("Closed"),
    }
)
CLOSE_REASON_NAMES: Mapping[CloseReason, str] = MappingProxyType(
    {
        CloseReason.FILLED: N_("Filled"),
        CloseReason.NONE_SUITABLE: N_("No suitable producer"),
        CloseReason.WITHDRAWN: N_("Withdrawn"),
    }
)
TERMS_NAMES: Mapping[Terms, str] = MappingProxyType(
    {
        Terms.OUTRIGHT: N_("Paid on delivery"),
        Terms.DAYS: N_("Paid some days later"),
        Terms.CONSIGNMENT: N_("Consignment"),
    }
)
STORAGE_NAMES: Mapping[Storage, str] = MappingProxyType(
    {
        Storage.AMBIENT: N_("Room temperature"),
        Storage.CHILLED: N_("Chilled"),
        Storage.FROZEN: N_("Frozen"),
    }
)
# Papers an outlet may ask for (kinds of businesses.rules.PaperKind), in the order shown.
PAPERS: Mapping[str, str] = MappingProxyType(
    {
        "nib": N_("NIB"),
        "pirt": N_("P-IRT"),
        "md": N_("BPOM MD"),
        "halal": N_("Halal"),
        "gs1": N_("GS1 barcode"),
        "brand": N_("Registered brand"),
        "npwp": N_("NPWP"),
    }
)

NEXT_STATES: Mapping[NeedState, frozenset[NeedState]] = {
    NeedState.DRAFT: frozenset({NeedState.OPEN}),
    NeedState.OPEN: frozenset({NeedState.PAUSED, NeedState.CLOSED}),
    NeedState.PAUSED: frozenset({NeedState.OPEN, NeedState.CLOSED}),
    NeedState.CLOSED: frozenset(),
}

# Bounds of what can be typed; far above any real need, so that a slip of zeros is seen.
VOLUME_MAX = 100_000_000
PRICE_MAX = 10_000_000_000
DAYS_MAX = 3_650
PAYMENT_DAYS_MAX = 365
LINES_MAX = 600
BRAND_MAX = 80
PAPERS_MAX = 80

_WEEKS_A_MONTH = Fraction(52, 12)


@dataclass(frozen=True, slots=True)
class LineDraft:
    """So much a month at a branch, or in a kabupaten/kota where `branch_id` is None."""

    region_code: str
    volume_per_month: int | None
    branch_id: int | None = None

    @property
    def place(self) -> tuple[int | None, str]:
        """What makes two lines the same place: the branch, or else the region."""
        return (self.branch_id, "" if self.branch_id else self.region_code)


@dataclass(frozen=True, slots=True)
class NeedDraft:
    """A need as typed: rupiah per `unit` delivered, volumes a month, days as whole numbers."""

    title: str
    category_code: str = ""
    unit: str = ""
    pack: Quantity | None = None
    brand: str = ""
    description: str = ""
    ceiling_price: int | None = None
    papers: frozenset[str] = frozenset()
    min_shelf_life_days: int | None = None
    storage: str = ""
    terms: str = ""
    terms_days: int | None = None
    commission_percent: int | None = None
    min_share_percent: int | None = None
    needed_on: date | None = None
    lines: tuple[LineDraft, ...] = field(default=())

    def with_lines(self, lines: Sequence[LineDraft]) -> "NeedDraft":
        return replace(self, lines=tuple(lines))

    def in_order(self) -> "NeedDraft":
        """The same need with its lines in a fixed order, so that two drafts compare."""
        return self.with_lines(
            sorted(self.lines, key=lambda line: (line.branch_id or 0, line.region_code))
        )


def check_transition(now: NeedState, then: NeedState) -> None:
    if then not in NEXT_STATES[now]:
        raise RuleBroken(N_("A need in this state cannot be changed that way."))


def terms_word(kind: str, days: int | None) -> str:
    """`outright`, `consignment` or `days:30`; empty where nothing was said."""
    return f"days:{days}" if kind == "days" and days else kind


def split_terms(word: str) -> tuple[str, int | None]:
    """The kind and the days of what `terms_word` wrote."""
    kind, _, days = word.partition(":")
    return kind, int(days) if days else None


def a_month(volume: int, period: str) -> int:
    """A volume a `week` as one a month, rounded half up, at least one (a week x 52/12)."""
    if period != "week":
        return volume
    return max(1, int(volume * _WEEKS_A_MONTH + Fraction(1, 2)))


def papers_word(kinds: frozenset[str]) -> str:
    """Paper kinds as they are stored, in the order shown, joined by `|`."""
    return "|".join(kind for kind in PAPERS if kind in kinds)


def split_papers(word: str) -> frozenset[str]:
    return frozenset(filter(None, word.split("|")))


def check_draft(draft: NeedDraft) -> None:
    """What holds even for a draft; raises InvalidInput that names each field."""
    wrong: dict[str, str] = {}
    if not draft.title:
        wrong["title"] = N_("Please fill this in.")
    if draft.terms == Terms.DAYS and not draft.terms_days:
        wrong["terms_days"] = N_("After how many days do you pay?")
    if draft.commission_percent is not None and draft.terms != Terms.CONSIGNMENT:
        wrong["commission_percent"] = N_("A commission goes with consignment only.")
    places = [line.place for line in draft.lines]
    if len(set(places)) < len(places):
        wrong["places"] = N_("The same place is written twice. Put its volume on one line.")
    if len(places) > LINES_MAX:
        wrong["places"] = N_("That is too many places for one need. Split it in two.")
    if draft.papers - PAPERS.keys():
        wrong["papers"] = N_("Choose from the list.")
    _refuse(wrong)


def check_complete(draft: NeedDraft, today: date) -> None:
    """What an open need must say, so that producers can tell whether it is for them."""
    wrong: dict[str, str] = {}
    if not draft.category_code:
        wrong["category_code"] = N_("Choose a category, so that producers find this need.")
    if not draft.unit:
        wrong["unit"] = N_("Choose the unit you buy in.")
    if not any(line.volume_per_month for line in draft.lines):
        wrong["places"] = N_("Say for at least one branch or place how much you need.")
    if draft.needed_on is not None and draft.needed_on < today:
        wrong["needed_on"] = N_("This day has passed. Choose a later one.")
    _refuse(wrong)


def _refuse(wrong: Mapping[str, str]) -> None:
    if wrong:
        raise InvalidInput(N_("Please mend the marked fields."), fields=wrong)
