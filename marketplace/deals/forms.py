"""Input of deals: the first word, the terms, and each step with its day and what shows it."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from flask_babel import format_date
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
)
from wtforms import Form as PlainForm
from wtforms.validators import Optional

from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_, fold, whole_number
from marketplace.deals.rules import plans, states
from marketplace.deals.rules.lines import LineDraft
from marketplace.deals.rules.months import add_months, month_of
from marketplace.deals.rules.orders import NOTICE_NAMES, REJECT_NAMES, NoticeKind, RejectReason
from marketplace.deals.rules.states import DealState, Origin
from marketplace.deals.rules.terms import (
    COMMISSION_MAX,
    Commitment,
    DealDraft,
    ItemDraft,
    last_day,
    months_until,
)
from marketplace.demand.rules import PRICE_MAX, TERMS_NAMES, VOLUME_MAX
from marketplace.infra.form_rows import rows_pressed
from marketplace.infra.forms import (
    Form,
    LineField,
    ParagraphField,
    RupiahField,
    WholeNumberField,
    present,
)
from marketplace.infra.i18n import say
from marketplace.infra.tick_boxes import TickBoxesField
from marketplace.programs.models import Program
from marketplace.regions.forms import given_day, place_name, possible_day, read_place

LINES_MOST, ITEMS_MOST = 100, 6


class Place(Protocol):
    """A branch as the form needs it."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def region_code(self) -> str: ...


class CommitmentForm(Form):
    """The first word, in under a minute: only what was said."""

    producer = LineField(_l("Producer"), [present])
    buyer = LineField(_l("Outlet"), [present])
    origin = SelectField(_l("Where it comes from"))
    program = SelectField(_l("At which expo or bazaar"), default="")
    title = LineField(_l("What was agreed, in a few words"), [present])
    note = ParagraphField(_l("Their words, and what is still open"), limit=1000)
    # The contact at a stall whose page was left for this form.
    lead = HiddenField(default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.origin.choices = [
            (origin.value, say(states.ORIGIN_NAMES[origin]))
            for origin in (Origin.EXPO, Origin.MEETING, Origin.DIRECT)
        ]
        self.program.choices = [("", say(N_("none")))]

    def know(self, programs: Sequence[Program]) -> "CommitmentForm":
        """The expos and bazaars it may have been said at."""
        self.program.choices += [(str(each.id), each.title) for each in programs]
        return self

    def program_id(self) -> int | None:
        return int(self.program.data) if self.program.data else None

    def lead_id(self) -> int | None:
        return whole_number(self.lead.data)

    def commitment(self) -> Commitment:
        return Commitment(self.title.data, self.note.data or "")


class IntroducedForm(Form):
    """A commitment out of an introduction or a meeting: the parties are known, mostly the goods."""

    title = LineField(_l("What was agreed, in a few words"), [present])
    price = RupiahField(_l("Price, delivered"), [Optional()], minimum=1, maximum=PRICE_MAX)
    volume = WholeNumberField(_l("Volume a month"), [Optional()], minimum=1, maximum=VOLUME_MAX)
    note = ParagraphField(_l("Their words, and what is still open"), limit=1000)

    def commitment(self, product_id: int | None) -> Commitment:
        return Commitment(
            self.title.data,
            self.note.data or "",
            product_id,
            self.price.data,
            self.volume.data,
        )


class ItemForm(PlainForm):  # type: ignore[misc]
    product = SelectField(_l("Product"), default="")
    price = RupiahField(_l("Price, delivered"), [Optional()], minimum=1, maximum=PRICE_MAX)
    volume = WholeNumberField(_l("Volume a month"), [Optional()], minimum=1, maximum=VOLUME_MAX)


class LineForm(PlainForm):  # type: ignore[misc]
    place = LineField(_l("Branch or place"))
    volume = WholeNumberField(_l("Volume a month"), [Optional()], minimum=1, maximum=VOLUME_MAX)
    product = SelectField(_l("Product"), default="")


class DealForm(Form):
    """All a deal says. `know` gives it the products and branches it may name."""

    title = LineField(_l("What was agreed, in a few words"), [present])
    items = FieldList(FormField(ItemForm), label=_l("Goods"), min_entries=1, max_entries=ITEMS_MOST)
    lines = FieldList(FormField(LineForm), label=_l("Line"), min_entries=1, max_entries=LINES_MOST)
    ramp = LineField(_l("Stores served, month by month"))
    terms = SelectField(_l("How the buyer pays"), default="")
    terms_days = WholeNumberField(_l("Paid after"), [Optional()], minimum=1, maximum=365)
    commission_percent = WholeNumberField(
        _l("Commission on consignment"), [Optional()], minimum=0, maximum=COMMISSION_MAX
    )
    returns = ParagraphField(_l("Returned and expired goods"), limit=1000)
    trading_terms_percent = WholeNumberField(
        _l("Trading terms the outlet asks"), [Optional()], maximum=100
    )
    listing_fee = RupiahField(
        _l("Listing fee for each product and outlet"), [Optional()], maximum=PRICE_MAX
    )
    development = ParagraphField(_l("How the producer is helped to grow"), limit=1000)
    settlement = ParagraphField(_l("How a dispute is settled"), limit=1000)
    starts_on = DateField(_l("Starts on"), [Optional(), possible_day])
    ends_on = DateField(_l("Ends on"), [Optional(), possible_day])
    note = ParagraphField(_l("Their words, and what is still open"), limit=1000)
    version = HiddenField(default="0")

    def know(self, products: Sequence[Any], branches: Sequence[Place]) -> "DealForm":
        """Choices of products, and the names of the outlet's own branches."""
        named = [("", say(N_("Choose"))), *((str(one.id), one.name) for one in products)]
        for entry in (*self.items.entries, *self.lines.entries):
            entry.form.product.choices = named
        self.terms.choices = [
            ("", say(N_("Not said"))),
            *((code.value, say(name)) for code, name in TERMS_NAMES.items()),
        ]
        self.branches = {fold(branch.name): branch for branch in branches}
        return self

    @classmethod
    def of(cls, draft: DealDraft, version: int, branches: Sequence[Place]) -> "DealForm":
        names = {branch.id: branch.name for branch in branches}
        products = [str(item.product_id) for item in draft.items]
        data = {name: getattr(draft, name) for name in _SAME_NAME}
        data |= {
            "items": [
                {"product": str(item.product_id), "price": item.price, "volume": item.volume}
                for item in draft.items
            ]
            or [{}],
            "lines": [
                {
                    "place": names.get(line.branch_id or 0) or place_name(line.place),
                    "volume": line.volume,
                    "product": products[line.item],
                }
                for line in draft.lines
            ]
            or [{}],
            "ramp": ", ".join(map(str, draft.ramp)),
            "ends_on": last_day(draft.starts_on, draft.months)
            if draft.starts_on and draft.months
            else None,
            "version": str(version),
        }
        return cls(data=data)

    @classmethod
    def with_rows(cls, sent: MultiDict[str, str]) -> "DealForm | None":
        """The form after a row button, still unjudged; None where no such button was pressed."""
        changed = rows_pressed(
            sent,
            {"items": ("product", "price", "volume"), "lines": ("place", "volume", "product")},
            fill={"volume": (r"lines-\d+-volume",)},
            most=LINES_MOST,
        )
        return None if changed is None else cls(formdata=changed)

    def draft(self) -> DealDraft:
        """What was typed as a draft; raises InvalidInput that names the field it cannot read."""
        items = tuple(
            ItemDraft(int(row.product.data), row.price.data, row.volume.data)
            for row in (entry.form for entry in self.items.entries)
            if row.product.data
        )
        starts_on, ends_on = self.starts_on.data, self.ends_on.data
        if ends_on is not None and starts_on is None:
            raise _wrong("starts_on", N_("Say also when it starts."))
        return DealDraft(
            title=self.title.data,
            note=self.note.data or "",
            items=items,
            lines=self._lines([item.product_id for item in items]),
            ramp=ramp_of(self.ramp),
            terms=self.terms.data or "",
            terms_days=self.terms_days.data,
            commission_percent=self.commission_percent.data,
            returns=self.returns.data or "",
            trading_terms_percent=self.trading_terms_percent.data,
            listing_fee=self.listing_fee.data,
            development=self.development.data or "",
            settlement=self.settlement.data or "",
            starts_on=starts_on,
            months=months_until(starts_on, ends_on) if starts_on and ends_on else None,
        )

    def _lines(self, products: Sequence[int]) -> tuple[LineDraft, ...]:
        found: list[LineDraft] = []
        for entry in self.lines.entries:
            row = entry.form
            if not row.place.data and row.volume.data is None:
                continue
            place, branch_id = self._where(row.place.data or "")
            if not place or row.volume.data is None:
                wrong = row.volume if place else row.place
                wrong.errors = [*wrong.errors, say(_NO_VOLUME if place else _NO_PLACE)]
                raise _wrong("lines", _NO_VOLUME if place else _NO_PLACE)
            chosen = int(row.product.data) if row.product.data else None
            item = products.index(chosen) if chosen in products else 0
            found.append(LineDraft(place, row.volume.data, branch_id, item))
        return tuple(found)

    def _where(self, typed: str) -> tuple[str, int | None]:
        branch = self.branches.get(fold(typed))
        if branch is not None:
            return branch.region_code, branch.id
        return (read_place(typed, wide=True) or "") if typed else "", None

    def seen_version(self) -> int:
        return _number(self.version.data)


class ShareForm(PlainForm):  # type: ignore[misc]
    product = HiddenField()
    share = WholeNumberField(_l("Share"), [Optional()], maximum=100)


class PoolForm(Form):
    """Who supplies the goods, each with a share of a hundred."""

    shares = FieldList(FormField(ShareForm), label=_l("Supplier"))
    recipe = ParagraphField(_l("Shared recipe and packing"), limit=1000)

    def chosen(self) -> dict[int, int]:
        return {
            int(entry.form.product.data): entry.form.share.data or 0
            for entry in self.shares.entries
            if is_number(entry.form.product.data)
        }


class PlanForm(Form):
    """A supply plan: the needs, the months, the limits, and what is said of pairs (`mark-…`).

    `period` says which months the lots on the page are of: those of others are no plan to stay
    near to.
    """

    needs = TickBoxesField(_l("Needs to fill"), choices=[])
    first = SelectField(_l("From"))
    months = WholeNumberField(
        _l("Months"), [present], default=plans.MONTHS_USUAL, minimum=1, maximum=plans.MONTHS_MOST
    )
    ramp = LineField(_l("Stores served, month by month"))
    whole = SelectField(_l("In full or not at all"), default="")
    max_suppliers = WholeNumberField(
        _l("At most so many suppliers for a need"), [Optional()], minimum=1, maximum=20
    )
    least_lot = WholeNumberField(
        _l("Smallest lot a month"), [Optional()], minimum=1, maximum=VOLUME_MAX
    )
    floor = WholeNumberField(
        _l("Each small producer gets at least, a month"),
        [Optional()],
        minimum=1,
        maximum=VOLUME_MAX,
    )
    cost_points = WholeNumberField(
        _l("Points off for each percent dearer at the door"),
        [Optional()],
        maximum=plans.COST_POINTS_MOST,
    )
    period = HiddenField(default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        following = add_months(month_of(today()), 1)
        choices = [add_months(following, number) for number in range(plans.MONTHS_MOST)]
        self.first.choices = [
            (month.isoformat(), format_date(month, "MMMM y")) for month in choices
        ]
        self.whole.choices = [(whole.value, say(plans.WHOLE_NAMES[whole])) for whole in plans.Whole]

    def chosen(self) -> list[int]:
        return [int(number) for number in self.needs.data or () if is_number(number)]

    def wishes(self) -> plans.Wishes:
        return plans.Wishes(
            first=date.fromisoformat(self.first.data),
            months=self.months.data,
            ramp=ramp_of(self.ramp),
            whole=plans.Whole(self.whole.data or ""),
            max_suppliers=self.max_suppliers.data,
            least_lot=self.least_lot.data,
            floor=self.floor.data,
            cost_points=self.cost_points.data or 0,
        )

    def spell_period(self) -> str:
        """The months asked for, and how the needs are cut: lots of another cut are other lots."""
        areas = plans.Whole.REGION if self.whole.data == plans.Whole.REGION else ""
        return f"{self.first.data}+{self.months.data}{areas}"


def ramp_of(field: Any) -> tuple[int, ...]:
    """Stores by month as people write them: 40, 120, 420."""
    typed = (field.data or "").replace(".", "")
    parts = [part for part in re.split(r"[,;\s]+", typed) if part]
    stores = [whole_number(part, digits=6) for part in parts]
    if None in stores:
        raise _wrong("ramp", N_("Write the stores of each month, like 40, 120, 420."))
    return tuple(number for number in stores if number is not None)


def pairs_in(sent: MultiDict[str, str], prefix: str) -> dict[plans.Pair, str]:
    """Fields named `<prefix>-<product>-<need>` or with an area behind, with what they say."""
    pattern = re.compile(rf"{prefix}-(\d{{1,18}})-(\d{{1,18}})(?:-(\w{{2,16}}))?")
    found = ((pattern.fullmatch(name), value) for name, value in sent.items())
    return {
        plans.Pair(int(hit[1]), int(hit[2]), hit[3] or ""): value
        for hit, value in found
        if hit and value
    }


def volumes_in(sent: MultiDict[str, str], prefix: str) -> dict[plans.Pair, plans.Volumes]:
    """The same where a field holds units by month, `40,60,60`; what cannot be read is left out."""
    found: dict[plans.Pair, plans.Volumes] = {}
    for pair, value in pairs_in(sent, prefix).items():
        parts = value.split(",")
        if len(parts) > plans.MONTHS_MOST or not all(map(is_number, parts)):
            continue
        volumes = tuple(map(int, parts))
        if any(volumes) and max(volumes) < 10**9:
            found[pair] = volumes
    return found


class StepForm(Form):
    """A step: the day it happened, and what shows it."""

    on = DateField(_l("Day"), [given_day], default=today)
    note = LineField(_l("Note"), limit=400)
    file = FileField(_l("Scan or photo"))


class SignForm(StepForm):
    version = HiddenField(default="0")
    unit_cost = RupiahField(_l("What one unit costs the maker"), [Optional()], maximum=PRICE_MAX)
    capital_reason = LineField(
        _l("Why it is signed although it needs more working capital than declared"), limit=400
    )

    def seen_version(self) -> int:
        return _number(self.version.data)


class CostForm(Form):
    unit_cost = RupiahField(_l("What one unit costs the maker"), [Optional()], maximum=PRICE_MAX)


class CloseForm(StepForm):
    then = RadioField(_l("What becomes of it"))

    def __init__(self, *args: Any, allowed: Sequence[DealState] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.then.choices = [(state.value, say(states.STATE_NAMES[state])) for state in allowed]


class OrderForm(StepForm):
    line = SelectField(_l("For which line"))
    quantity = WholeNumberField(_l("How many"), [Optional()], minimum=1, maximum=VOLUME_MAX)
    wanted_on = DateField(_l("Wanted by"), [given_day])


class AcceptForm(StepForm):
    accepted = WholeNumberField(_l("How many are taken"), [present], maximum=VOLUME_MAX)
    reason = SelectField(_l("Why not all of them"), default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [
            ("", say(N_("All were taken"))),
            *((code.value, say(name)) for code, name in REJECT_NAMES.items()),
        ]

    def chosen_reason(self) -> RejectReason | None:
        return RejectReason(self.reason.data) if self.reason.data else None


class TakeForm(AcceptForm):
    """What came, said from a link; 0 takes nothing. Several stand on one page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.file


class PayForm(StepForm):
    amount = RupiahField(_l("Amount received"), [present], minimum=1)


class SalesForm(StepForm):
    sold = WholeNumberField(_l("Sold"), default=0, maximum=VOLUME_MAX)
    returned = WholeNumberField(_l("Returned"), default=0, maximum=VOLUME_MAX)


class NoticeForm(Form):
    kind = SelectField(_l("About"))
    order = SelectField(_l("Which order"), default="")
    text = ParagraphField(_l("What happened"), [present], limit=1000)

    def __init__(self, *args: Any, orders: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, say(NOTICE_NAMES[kind])) for kind in NoticeKind]
        self.order.choices = [("", say(N_("The deal as a whole"))), *orders]

    def chosen_order(self) -> int | None:
        return int(self.order.data) if self.order.data else None


class AnswerNoticeForm(Form):
    answer = ParagraphField(_l("What was done"), [present], limit=1000)


class MonthForm(PlainForm):  # type: ignore[misc]
    month = HiddenField()
    capacity = WholeNumberField(_l("Capacity"), [Optional()], maximum=VOLUME_MAX)
    reason = LineField(_l("Why it differs"), limit=200)


class CapacityForm(Form):
    base = WholeNumberField(_l("Capacity in an ordinary month"), [present], maximum=VOLUME_MAX)
    months = FieldList(FormField(MonthForm), label=_l("Month"))
    # Which cuts the person saw: `promise:volume` pairs.
    seen = HiddenField(default="")

    def accepted(self) -> list[tuple[int, int]]:
        pairs = re.findall(r"(\d{1,18}):(\d{1,18})", str(self.seen.data or "")[:20_000])
        return [(int(promise_id), int(volume)) for promise_id, volume in pairs]


_NO_PLACE = N_("We do not know this place. Write a branch, a kabupaten/kota, a province or a zone.")
_NO_VOLUME = N_("Say how much a month.")
_SAME_NAME = (
    "title", "note", "terms", "terms_days", "commission_percent", "returns",
    "trading_terms_percent", "listing_fee", "development", "settlement", "starts_on",
)  # fmt: skip


def _wrong(field: str, message: str) -> InvalidInput:
    return InvalidInput(N_("Please mend the marked fields."), fields={field: message})


def is_number(raw: object) -> bool:
    """Whether a field holds the number of a row: what `isdigit` takes for one, `int` may not."""
    return whole_number(raw, digits=18) is not None


def _number(raw: object) -> int:
    number = whole_number(raw, digits=8)
    return -1 if number is None else number


def month_in(raw: object) -> date | None:
    """The month a hidden field names, if it names one."""
    try:
        return date.fromisoformat(str(raw)).replace(day=1)
    except ValueError:
        return None
