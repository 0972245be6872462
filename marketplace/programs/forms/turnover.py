"""Input of turnover: one stall-day, a whole day, an organiser's estimate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField
from wtforms.validators import InputRequired, Optional

from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput
from marketplace.core.money import parse_rupiah, parse_whole_number
from marketplace.core.text import N_, clean_text, whole_number
from marketplace.infra.forms import (
    Form,
    LineField,
    RupiahField,
    WholeNumberField,
    present,
    version_of,
)
from marketplace.infra.i18n import say
from marketplace.programs.rules.turnover import (
    BEST_SELLERS_MAX,
    TRANSACTIONS_MOST,
    TurnoverDraft,
)

AMOUNT_MOST = 10**13
TOO_LARGE = N_("This amount is too large. Check the zeros.")


class TurnoverForm(Form):
    """One stall, one day. `sure` is the amount that was asked back, `seen` the figure shown."""

    amount = RupiahField(_l("Turnover of the day"), [present], maximum=AMOUNT_MOST)
    transactions = WholeNumberField(
        _l("How many buyers paid"), [Optional()], maximum=TRANSACTIONS_MOST
    )
    best_sellers = LineField(_l("What sold best"), limit=BEST_SELLERS_MAX)
    sure = HiddenField(default="")
    seen = HiddenField(default="")

    def draft(self) -> TurnoverDraft:
        return TurnoverDraft(self.amount.data, self.transactions.data, self.best_sellers.data or "")

    def sure_of(self) -> int | None:
        return whole_number(self.sure.data)

    def seen_version(self) -> int | None:
        found = version_of(self.seen.data)
        return found if found > 0 else None

    def ask_again(self, *, sure: int | None = None, seen: int | None = None) -> None:
        """The next press is made knowing what the page then says."""
        if sure is not None:
            self.sure.data, self.sure.raw_data = str(sure), None
        if seen is not None:
            self.seen.data, self.seen.raw_data = str(seen), None


@dataclass(slots=True)
class DayRow:
    """One stall on the page of a day: what was typed, what is wrong, what must be said again."""

    holder_id: int
    amount: str = ""
    transactions: str = ""
    best_sellers: str = ""
    sure: str = ""
    seen: str = ""
    draft: TurnoverDraft | None = None
    errors: list[str] = field(default_factory=list)
    asks: str = ""
    is_saved: bool = False

    @property
    def is_blank(self) -> bool:
        return not (self.amount or self.transactions or self.best_sellers)

    def sure_of(self) -> int | None:
        return whole_number(self.sure)

    def seen_version(self) -> int | None:
        found = version_of(self.seen)
        return found if found > 0 else None


def day_row(sent: Mapping[str, str], holder_id: int) -> DayRow:
    """What the page of a day says of one stall. Fields: `amount-<n>`, `count-<n>`, `best-<n>`,
    `sure-<n>`, `seen-<n>`."""
    row = DayRow(
        holder_id,
        amount=clean_text(sent.get(f"amount-{holder_id}", ""))[:64],
        transactions=clean_text(sent.get(f"count-{holder_id}", ""))[:20],
        best_sellers=clean_text(sent.get(f"best-{holder_id}", ""))[:BEST_SELLERS_MAX],
        sure=sent.get(f"sure-{holder_id}", "")[:20],
        seen=sent.get(f"seen-{holder_id}", "")[:12],
    )
    if row.is_blank:
        return row
    try:
        amount = parse_rupiah(row.amount)
        if amount > AMOUNT_MOST:
            raise InvalidInput(TOO_LARGE)
        count = (
            parse_whole_number(row.transactions, max=TRANSACTIONS_MOST)
            if row.transactions
            else None
        )
    except InvalidInput as error:
        row.errors.append(say(error.msgid, error.params))
        return row
    row.draft = TurnoverDraft(amount, count, row.best_sellers)
    return row


class EstimateForm(Form):
    amount = RupiahField(_l("Estimate for the whole bazaar"), [present], maximum=AMOUNT_MOST)
    said_by = LineField(_l("Who said so"), [present])
    said_on = DateField(_l("When"), [InputRequired(_l("Please fill this in."))])
    note = LineField(_l("Note"), limit=400)

    def validate(self, extra_validators: object = None) -> bool:
        fine = super().validate(extra_validators)
        day: date | None = self.said_on.data
        if day is not None and day > today():
            self.said_on.errors = [*self.said_on.errors, say(N_("This day lies in the future."))]
            return False
        return bool(fine)
