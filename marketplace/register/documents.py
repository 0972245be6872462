"""Two entries side by side: what agrees, what differs, what would move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.businesses.models import Business
from marketplace.businesses.rules import OUTLET_FORMAT_NAMES, BusinessKind
from marketplace.core.phones import display_phone
from marketplace.core.text import N_, fold
from marketplace.infra.i18n import say, show_number
from marketplace.infra.web import current_actor
from marketplace.regions.rules import full_region_name
from marketplace.register import policies, queries
from marketplace.register.models import BusinessTwin
from marketplace.register.rules import FIELDS, GROUND_NAMES, Ground, behind

# What changes hands, counted for the officer: (column, words).
HANGING: Sequence[tuple[str, str, str]] = (
    ("products", "business_id", N_("Products")),
    ("needs", "business_id", N_("Needs")),
    ("branches", "business_id", N_("Branches")),
    ("papers", "business_id", N_("Papers")),
    ("business_kbli", "business_id", N_("KBLI codes")),
    ("memberships", "business_id", N_("People")),
    ("imports", "business_id", N_("Imports")),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of both entries; `choice` is the side proposed where they differ."""

    name: str
    label: str
    first: str
    second: str
    agrees: bool
    choice: str


def grounds_of(twin: BusinessTwin) -> list[str]:
    """Why the two were put side by side, in words."""
    return [say(GROUND_NAMES[Ground(code)]) for code in twin.grounds]


def fields_of(twin: BusinessTwin, keep_first: bool) -> list[Field]:
    """Every field that says something on one side.

    The value of the entry that stays is proposed, where it has one. Amounts are not shown here: who
    looks at them is noted on their own page.
    """
    found = []
    for name, msgid in FIELDS.items():
        if name == "outlet_format" and twin.first.kind is not BusinessKind.OUTLET:
            continue
        first, second = _shown(twin.first, name), _shown(twin.second, name)
        if not first and not second:
            continue
        kept, other = (first, second) if keep_first else (second, first)
        takes_kept = bool(kept) or not other
        found.append(
            Field(
                name=name,
                label=say(msgid),
                first=first,
                second=second,
                agrees=_same(twin, name),
                choice="first" if takes_kept == keep_first else "second",
            )
        )
    return found


def _same(twin: BusinessTwin, name: str) -> bool:
    return all(
        _compared(getattr(twin.first, each)) == _compared(getattr(twin.second, each))
        for each in behind(name)
        if each != "folded_name"
    )


def _compared(value: object) -> object:
    return fold(value) if isinstance(value, str) else value


def _shown(business: Business, name: str) -> str:
    if name == "region_code":
        return full_region_name(business.region_code)
    if name == "phone":
        return display_phone(business.phone) if business.phone else ""
    if name == "outlet_format":
        return say(OUTLET_FORMAT_NAMES[business.outlet_format]) if business.outlet_format else ""
    if name == "figures":
        if business.yearly_sales is None and business.working_capital is None:
            return ""
        if business.yearly_sales_on is None:
            return say(N_("declared"))
        return say(N_("declared for the year to %(day)s"), {"day": business.yearly_sales_on})
    return str(getattr(business, name) or "")


def hanging_on(business: Business) -> Mapping[str, str]:
    """How much hangs on an entry: words -> count."""
    counts = {
        say(words): queries.count_of(table, column, business.id) for table, column, words in HANGING
    }
    return {words: show_number(count) for words, count in counts.items() if count}


def keeps_first(twin: BusinessTwin) -> bool:
    """Which entry is proposed to stay: the one on which more hangs, else the older one."""

    def weight(business: Business) -> int:
        return sum(queries.count_of(table, column, business.id) for table, column, _ in HANGING)

    return weight(twin.first) >= weight(twin.second)


def open_twins_of(business_id: int) -> list[tuple[BusinessTwin, Business, list[str]]]:
    """For the page of an entry: pairs to judge with the other entry, for who may judge them."""
    actor = current_actor()
    if not policies.may_list_twins(actor):
        return []
    return [
        (twin, twin.second if twin.first_id == business_id else twin.first, grounds_of(twin))
        for twin in queries.list_open_of(business_id)
        if policies.may_judge_twin(actor, twin)
    ]
