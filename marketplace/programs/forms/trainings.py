"""Input of a training: what it teaches, where, when, for how many, and what it is to unlock."""

from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import DateField, FieldList, FormField, HiddenField, SelectField
from wtforms import Form as PlainForm
from wtforms.validators import Optional

from marketplace.commodities.forms import CategoryField
from marketplace.core.errors import DomainError
from marketplace.core.text import N_
from marketplace.infra.form_rows import rows_pressed
from marketplace.infra.forms import (
    ClockField,
    Form,
    LineField,
    ParagraphField,
    WholeNumberField,
    present,
    version_of,
)
from marketplace.infra.i18n import say
from marketplace.infra.tick_boxes import TickBoxesField
from marketplace.programs.rules import LEVEL_NAMES, ProgramLevel
from marketplace.programs.rules.trainings import (
    PASS_PERCENT,
    SEATS_MOST,
    SESSIONS_MOST,
    SessionDraft,
    TrainingDraft,
    in_order,
)
from marketplace.programs.rules.unlocks import unlock_names
from marketplace.regions.forms import RegionField, given_day

_ROW = ("held_on", "starts", "ends", "place", "topic")


class SessionForm(PlainForm):  # type: ignore[misc]
    held_on = DateField(_l("Day"), [Optional()])
    starts = ClockField(_l("From"), [Optional()])
    ends = ClockField(_l("Until"), [Optional()])
    topic = LineField(_l("What it is about"))
    place = LineField(_l("Place, if another one"))

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        needed = (self.held_on, self.starts, self.ends)
        if any(field.data is not None for field in needed) or self.topic.data or self.place.data:
            for field in needed:
                if field.data is None:
                    field.errors = [say(N_("Please fill this in."))]
        return not self.errors


class TrainingForm(Form):
    title = LineField(_l("Name of the training"), [present])
    subject = LineField(_l("Field of learning"), [present])
    level = SelectField(
        _l("Level"),
        choices=lambda: [(code.value, say(name)) for code, name in LEVEL_NAMES.items()],
        default=ProgramLevel.PROVINCE.value,
    )
    organiser = LineField(_l("Organiser, as it is printed"), [present])
    region = RegionField(_l("Kabupaten or kota"), [present])
    place = LineField(_l("Place"), [present])
    starts_on = DateField(_l("First day"), [given_day])
    ends_on = DateField(_l("Last day"), [given_day])
    seats = WholeNumberField(_l("Seats"), [present], minimum=1, maximum=SEATS_MOST)
    sign_up_until = DateField(_l("Sign-up until"), [given_day])
    sessions = FieldList(
        FormField(SessionForm), label=_l("Session"), min_entries=1, max_entries=SESSIONS_MOST
    )
    unlocks = TickBoxesField(_l("What it is meant to unlock"), choices=[])
    category = CategoryField(_l("Goods it is about"), blank="–")
    pass_percent = WholeNumberField(
        _l("Certificate from this share of the sessions"),
        [present],
        minimum=1,
        maximum=100,
        default=PASS_PERCENT,
    )
    about = ParagraphField(_l("What people should know"), limit=2000)
    version = HiddenField(default="0")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unlocks.choices = list(unlock_names().items())

    @classmethod
    def of(cls, draft: TrainingDraft, version: int) -> "TrainingForm":
        categories = [code for code in draft.unlocks if code.startswith("category:")]
        return cls(
            data={
                "title": draft.title,
                "subject": draft.subject,
                "level": draft.level.value,
                "organiser": draft.organiser,
                "region": draft.region_code,
                "place": draft.place,
                "starts_on": draft.starts_on,
                "ends_on": draft.ends_on,
                "seats": draft.seats,
                "sign_up_until": draft.sign_up_until,
                "sessions": [{name: getattr(one, name) for name in _ROW} for one in draft.sessions],
                "unlocks": [code for code in draft.unlocks if code not in categories],
                "category": categories[0].partition(":")[2] if categories else None,
                "pass_percent": draft.pass_percent,
                "about": draft.about,
                "version": str(version),
            }
        )

    @classmethod
    def with_rows(cls, sent: MultiDict[str, str]) -> "TrainingForm | None":
        """The form after a row button, still unjudged; None where no such button was pressed."""
        changed = rows_pressed(sent, {"sessions": _ROW}, most=SESSIONS_MOST)
        return None if changed is None else cls(formdata=changed)

    def draft(self) -> TrainingDraft:
        category = self.category.data
        return TrainingDraft(
            title=self.title.data,
            subject=self.subject.data,
            level=ProgramLevel(self.level.data),
            organiser=self.organiser.data,
            region_code=self.region.data or "",
            place=self.place.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            seats=self.seats.data,
            sign_up_until=self.sign_up_until.data,
            sessions=in_order(
                [
                    SessionDraft(
                        one.held_on.data,
                        one.starts.data,
                        one.ends.data,
                        one.place.data or "",
                        one.topic.data or "",
                    )
                    for entry in self.sessions.entries
                    if (one := entry.form).held_on.data is not None
                ]
            ),
            unlocks=(*(self.unlocks.data or ()), *((f"category:{category}",) if category else ())),
            pass_percent=self.pass_percent.data,
            about=self.about.data or "",
        )

    def seen_version(self) -> int:
        return version_of(self.version.data)

    def refuse(self, error: DomainError) -> None:
        """What concerns the sessions as a whole stands on top of the form."""
        if "sessions" in getattr(error, "fields", {}):
            self.form_errors.append(say(error.fields["sessions"]))  # type: ignore[attr-defined]
            return
        super().refuse(error)
