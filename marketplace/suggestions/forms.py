"""Input of the suggestions room."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import Optional

from marketplace.infra.forms import Form, LineField, ParagraphField, WholeNumberField, present
from marketplace.infra.i18n import say
from marketplace.regions.forms import RegionField
from marketplace.suggestions.rules import (
    DECLINE_REASON_NAMES,
    PERIOD_NAMES,
    DeclineReason,
    ExposureDraft,
    ExposurePeriod,
)


class RemarkForm(Form):
    text = ParagraphField(_l("Comment"), limit=1000)


class HandOverForm(Form):
    """Who gets the case: an office by number, or `office-person` for one of its officers."""

    to = SelectField(_l("To whom"))
    note = LineField(_l("What is to be done"), [present], limit=1000)
    version = HiddenField()

    def whom(self) -> tuple[int, int | None]:
        office, _dash, person = str(self.to.data).partition("-")
        return int(office), int(person) if person else None


class OverrideForm(Form):
    override_reason = LineField(_l("Why this exclusion may be set aside"), limit=400)


class AnswerForm(Form):
    """The no of one side; the yes is a button alone."""

    reason = RadioField(
        _l("Why not?"),
        choices=lambda: [(code.value, say(DECLINE_REASON_NAMES[code])) for code in DeclineReason],
    )
    note = LineField(_l("A few words, if you like"), limit=400)


class AskForm(Form):
    """A buyer asks to be introduced: on an open need, or a new one of two fields."""

    need_id = RadioField(_l("For which need?"), validators=[Optional()])
    volume = WholeNumberField(_l("Or a new need: how many a month?"), minimum=1)
    region = RegionField(_l("Delivered to which kabupaten/kota?"))
    outlet_id = SelectField(_l("For which of your outlets?"), validate_choice=False)
    note = LineField(_l("A word to the office"), limit=400)


class OfferForm(Form):
    product_id = SelectField(_l("Which product do you offer?"))
    note = LineField(_l("A word to the office"), limit=400)


class MatchListForm(Form):
    file = FileField(_l("List of goods (Excel or CSV)"))
    pasted = ParagraphField(_l("Or paste names here, one per line"), limit=40_000)


class ExposureForm(Form):
    """Cap and floor; a field left empty sets none."""

    period = RadioField(
        _l("Counted over"),
        choices=lambda: [(code.value, say(PERIOD_NAMES[code])) for code in ExposurePeriod],
    )
    cap = WholeNumberField(
        _l("Most new suggestions one producer may take"), minimum=1, maximum=10_000
    )
    floor = WholeNumberField(_l("Each producer should get at least"), maximum=1_000)
    min_percent = WholeNumberField(_l("… where the engine is at least this sure"), maximum=100)

    def draft(self) -> ExposureDraft:
        return ExposureDraft(
            period=ExposurePeriod(self.period.data),
            cap=self.cap.data,
            floor=self.floor.data or 0,
            min_percent=self.min_percent.data or 0,
        )
