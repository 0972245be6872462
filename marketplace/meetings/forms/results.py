"""Input of results: one meeting, one row of a whole day, a next step, a sample."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import DateField, HiddenField, RadioField, SelectField
from wtforms.validators import Optional

from marketplace.catalog.models import Product
from marketplace.commodities.forms import unit_name
from marketplace.commodities.rules import UNITS
from marketplace.core.clock import WIB
from marketplace.core.text import N_, whole_number
from marketplace.infra.forms import (
    ClockField,
    Form,
    LineField,
    ParagraphField,
    RupiahField,
    WholeNumberField,
    present,
    version_of,
)
from marketplace.infra.i18n import say
from marketplace.meetings.models import Meeting, MeetingOutcome, NextStep
from marketplace.meetings.rules import Interest, MeetingState, MeetingWay, NoShow, Owner, Side
from marketplace.meetings.rules.names import WAY_NAMES
from marketplace.meetings.rules.results import (
    INTEREST_NAMES,
    OWNER_NAMES,
    NewTime,
    OutcomeDraft,
    Scores,
    StepDraft,
)
from marketplace.regions.forms import given_day, possible_day

# What an officer chooses in one press: the state, and who did not come.
RESULTS = (
    ("held", N_("Held")),
    ("no_show-producer", N_("The producer did not come")),
    ("no_show-buyer", N_("The buyer did not come")),
    ("no_show-both", N_("Neither came")),
    ("moved", N_("Put off")),
)


def _results() -> list[tuple[str, str]]:
    return [(code, say(name)) for code, name in RESULTS]


def _interests() -> list[tuple[str, str]]:
    return [(code.value, say(name)) for code, name in INTEREST_NAMES.items()]


def _owners() -> list[tuple[str, str]]:
    return [(code.value, say(name)) for code, name in OWNER_NAMES.items()]


def result_code(meeting: Meeting) -> str | None:
    """The choice that says what is written down already."""
    if meeting.no_show_by is not None:
        return f"no_show-{meeting.no_show_by.value}"
    known = {MeetingState.HELD, MeetingState.MOVED}
    return meeting.state.value if meeting.state in known else None


class _Result(Form):
    """What a whole form and a row of the day have in common."""

    state = RadioField(_l("What came of it?"), choices=_results, validate_choice=False)
    interest = RadioField(
        _l("The buyer's interest"), [Optional()], choices=_interests, validate_choice=False
    )
    volume_per_month = WholeNumberField(_l("Volume a month, as talked of"), [Optional()])
    price = RupiahField(_l("Price per unit, as talked of"), [Optional()])
    step_what = LineField(_l("Next step"), limit=400)
    step_owner = SelectField(
        _l("Who does it?"), choices=_owners, default=Owner.PRODUCER.value, validate_choice=False
    )
    step_due = DateField(_l("By when?"), [Optional(), possible_day])
    version = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if self.state.data not in dict(RESULTS):
            self.state.errors = [say(N_("Say whether it was held, missed or put off."))]
            fine = False
        if not self.step_due.errors and bool(self.step_what.data) != bool(self.step_due.data):
            missing = self.step_due if self.step_what.data else self.step_what
            missing.errors = [say(N_("A next step says what is done and by when."))]
            fine = False
        return bool(fine)

    def seen_version(self) -> int:
        return version_of(self.version.data)

    def _chosen(self) -> tuple[MeetingState, NoShow | None]:
        state, _dash, who = str(self.state.data).partition("-")
        return MeetingState(state), NoShow(who) if who else None

    def _interest(self) -> Interest | None:
        given = self.interest.data
        return Interest(given) if given in set(Interest) else None

    def _step(self) -> StepDraft | None:
        if not self.step_what.data:
            return None
        owner = self.step_owner.data
        return StepDraft(
            what=self.step_what.data,
            owner=Owner(owner) if owner in set(Owner) else Owner.OFFICE,
            due_on=self.step_due.data,
        )


class OutcomeForm(_Result):
    product_id = SelectField(_l("Product"), validate_choice=False)
    product_text = LineField(_l("Or another product"))
    unit = SelectField(_l("Unit"), validate_choice=False)
    late_by = SelectField(_l("Who was late?"), validate_choice=False)
    late_minutes = WholeNumberField(_l("By how many minutes?"), [Optional()])
    reason = LineField(_l("Why it was missed or put off"), limit=400)
    sample = LineField(_l("A sample was promised: of what?"))
    note = ParagraphField(_l("For the office only"), limit=2_000)
    new_day = DateField(_l("New day"), [Optional(), possible_day])
    new_at = ClockField(_l("New time"), [Optional()])
    new_way = SelectField(
        _l("How do they meet?"),
        choices=lambda: [(code.value, say(name)) for code, name in WAY_NAMES.items()],
        default=MeetingWay.CALL.value,
        validate_choice=False,
    )
    new_place = LineField(_l("Where"))

    def offer(self, products: Sequence[Product]) -> "OutcomeForm":
        """Fill the lists: the producer's products, trade units, the two sides."""
        nothing = ("", "–")
        self.product_id.choices = [nothing, *((str(one.id), one.name) for one in products)]
        self.unit.choices = [nothing, *((code, unit_name(code)) for code in UNITS)]
        self.late_by.choices = [
            ("", say(N_("nobody"))),
            (Side.PRODUCER.value, say(N_("the producer"))),
            (Side.BUYER.value, say(N_("the buyer"))),
        ]
        return self

    @classmethod
    def of(cls, meeting: Meeting, outcome: MeetingOutcome | None) -> "OutcomeForm":
        """What is written down so far."""
        data: dict[str, Any] = {"state": result_code(meeting), "version": str(meeting.version)}
        data["reason"] = meeting.end_reason
        if outcome is not None:
            data |= {
                "interest": outcome.interest.value if outcome.interest else None,
                "product_id": str(outcome.product_id or ""),
                "product_text": outcome.product_text,
                "volume_per_month": outcome.volume_per_month,
                "unit": outcome.unit,
                "price": outcome.price,
                "late_by": outcome.late_by.value if outcome.late_by else "",
                "late_minutes": outcome.late_minutes,
                "note": outcome.note,
            }
        return cls(formdata=None, data=data)

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if not (self.new_day.errors or self.new_at.errors) and (
            (self.new_day.data is None) != (self.new_at.data is None)
        ):
            missing = self.new_day if self.new_day.data is None else self.new_at
            missing.errors = [say(N_("A new time needs its day and its hour."))]
            fine = False
        return fine

    def draft(self) -> OutcomeDraft:
        state, who = self._chosen()
        held = state is MeetingState.HELD
        late_by = self.late_by.data
        return OutcomeDraft(
            state=state,
            no_show_by=who,
            late_by=Side(late_by) if held and late_by in set(Side) else None,
            late_minutes=self.late_minutes.data if held else None,
            interest=self._interest(),
            product_id=_number(self.product_id.data) or None,
            product_text=self.product_text.data or "",
            volume_per_month=self.volume_per_month.data,
            unit=self.unit.data if self.unit.data in UNITS else "",
            price=self.price.data,
            note=self.note.data or "",
            reason="" if held else self.reason.data or "",
            step=self._step() if held else None,
            sample=(self.sample.data or "") if held else "",
            new_time=self._new_time() if state is MeetingState.MOVED else None,
        )

    def _new_time(self) -> NewTime | None:
        if self.new_day.data is None:
            return None
        way = self.new_way.data
        return NewTime(
            starts_at=_instant(self.new_day.data, self.new_at.data),
            way=MeetingWay(way) if way in set(MeetingWay) else MeetingWay.CALL,
            place=self.new_place.data or "",
        )


class ResultRow(_Result):
    """One meeting of the page on which a whole day is typed in; fields carry its number."""

    class Meta(_Result.Meta):
        csrf = False  # the page's own form carries the token

    state = SelectField(
        _l("Result"), choices=lambda: [("", "–"), *_results()], validate_choice=False
    )
    interest = SelectField(
        _l("Interest"), choices=lambda: [("", "–"), *_interests()], validate_choice=False
    )

    @classmethod
    def of(cls, meeting: Meeting, sent: MultiDict[str, str] | None = None) -> "ResultRow":
        data = {"version": str(meeting.version)}
        return cls(formdata=sent, prefix=f"m{meeting.id}-", data=data)

    @property
    def is_touched(self) -> bool:
        """Somebody typed here; a row left alone is left alone."""
        typed = (self.state, self.interest, self.volume_per_month, self.price, self.step_what,
                 self.step_due)  # fmt: skip
        return any((field.raw_data or [""])[0].strip() for field in typed)

    def draft(self) -> OutcomeDraft:
        state, who = self._chosen()
        held = state is MeetingState.HELD
        return OutcomeDraft(
            state=state,
            no_show_by=who,
            interest=self._interest(),
            volume_per_month=self.volume_per_month.data,
            price=self.price.data,
            step=self._step() if held else None,
        )


class StepForm(Form):
    step_what = LineField(_l("What is to be done?"), [present], limit=400)
    step_owner = RadioField(_l("Who does it?"), choices=_owners, default=Owner.PRODUCER.value)
    step_owner_name = LineField(_l("Name of who does it"))
    step_due = DateField(_l("By when?"), [given_day])
    version = HiddenField()

    @classmethod
    def of(cls, step: NextStep) -> "StepForm":
        return cls(
            formdata=None,
            step_what=step.what,
            step_owner=step.owner.value,
            step_owner_name=step.owner_name,
            step_due=step.due_on,
            version=str(step.version),
        )

    def seen_version(self) -> int:
        return version_of(self.version.data)

    def draft(self) -> StepDraft:
        return StepDraft(
            what=self.step_what.data,
            owner=Owner(self.step_owner.data),
            due_on=self.step_due.data,
            owner_name=self.step_owner_name.data or "",
        )


class SampleForm(Form):
    what = LineField(_l("Of what?"), [present])
    product_id = SelectField(_l("Product"), validate_choice=False)

    def product(self) -> int | None:
        return _number(self.product_id.data) or None


def _marks() -> list[tuple[str, str]]:
    words = (N_("poor"), N_("fair"), N_("good"), N_("very good"), N_("excellent"))
    return [(str(mark), f"{mark} – {say(word)}") for mark, word in enumerate(words, 1)]


class ScoreForm(Form):
    """A sample judged by the buyer."""

    taste = RadioField(_l("Taste"), choices=_marks)
    pack = RadioField(_l("Pack"), choices=_marks)
    price = RadioField(_l("Price"), choices=_marks)
    note = LineField(_l("A few words, if you like"), limit=400)

    def scores(self) -> Scores:
        return Scores(
            int(self.taste.data), int(self.pack.data), int(self.price.data), self.note.data or ""
        )


def _number(raw: object) -> int:
    return whole_number(raw) or 0


def _instant(on: date, minute: int) -> datetime:
    return datetime.combine(on, time(), tzinfo=WIB) + timedelta(minutes=minute)
