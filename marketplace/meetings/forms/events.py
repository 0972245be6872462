"""Input of an event: where, how long a meeting, which tables, which hours."""

from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import DateField, FieldList, FormField, HiddenField, RadioField, SelectField
from wtforms import Form as PlainForm
from wtforms.validators import Optional

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
from marketplace.meetings import rules
from marketplace.meetings.rules import Break, Day, EventDraft, EventKind
from marketplace.meetings.rules.names import EVENT_KIND_NAMES
from marketplace.regions.forms import RegionField


class DayForm(PlainForm):  # type: ignore[misc]
    day_on = DateField(_l("Day"), [Optional()])
    starts = ClockField(_l("From"), [Optional()])
    ends = ClockField(_l("Until"), [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        values = (self.day_on.data, self.starts.data, self.ends.data)
        if any(value is not None for value in values):
            for field in (self.day_on, self.starts, self.ends):
                if field.data is None:
                    field.errors = [say(N_("Please fill this in."))]
        return not self.errors


class BreakForm(PlainForm):  # type: ignore[misc]
    starts = ClockField(_l("From"), [Optional()])
    ends = ClockField(_l("Until"), [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if (self.starts.data is None) != (self.ends.data is None):
            empty = self.starts if self.starts.data is None else self.ends
            empty.errors = [say(N_("Please fill this in."))]
        return not self.errors


class EventForm(Form):
    name = LineField(_l("Name of the event"), [present])
    kind = RadioField(
        _l("What is it?"),
        choices=lambda: [(code.value, say(EVENT_KIND_NAMES[code])) for code in EVENT_KIND_NAMES],
        default=EventKind.OWN.value,
    )
    region = RegionField(_l("Kabupaten or kota"), [present])
    place = LineField(_l("Place"), [present])
    slot_minutes = SelectField(
        _l("One meeting lasts"),
        choices=lambda: [
            (str(minutes), say(N_("%(num)s minutes"), {"num": minutes}))
            for minutes in rules.SLOT_MINUTES
        ],
        default="20",
    )
    tables = WholeNumberField(_l("Tables"), [present], maximum=rules.TABLES_MOST)
    spare_tables = WholeNumberField(
        _l("Spare tables for who comes uninvited"), [Optional()], maximum=rules.TABLES_MOST
    )
    days = FieldList(
        FormField(DayForm), label=_l("Day"), min_entries=1, max_entries=rules.DAYS_MOST
    )
    breaks = FieldList(
        FormField(BreakForm), label=_l("Break"), min_entries=1, max_entries=rules.BREAKS_MOST
    )
    note = ParagraphField(_l("A word to everybody invited"), limit=1000)
    version = HiddenField(default="0")

    @classmethod
    def of(cls, draft: EventDraft, version: int) -> "EventForm":
        return cls(
            data={
                "name": draft.name,
                "kind": draft.kind.value,
                "region": draft.region_code,
                "place": draft.place,
                "slot_minutes": str(draft.slot_minutes),
                "tables": draft.tables,
                "spare_tables": draft.spare_tables,
                "days": [
                    {"day_on": day.on, "starts": day.starts, "ends": day.ends} for day in draft.days
                ],
                "breaks": [{"starts": one.starts, "ends": one.ends} for one in draft.breaks]
                or [{}],
                "note": draft.note,
                "version": str(version),
            }
        )

    @classmethod
    def with_rows(cls, sent: MultiDict[str, str]) -> "EventForm | None":
        """The form after a row button, still unjudged; None where no such button was pressed."""
        changed = rows_pressed(
            sent,
            {"days": ("day_on", "starts", "ends"), "breaks": ("starts", "ends")},
            most=rules.BREAKS_MOST,
        )
        return None if changed is None else cls(formdata=changed)

    def draft(self) -> EventDraft:
        return EventDraft(
            name=self.name.data,
            kind=EventKind(self.kind.data),
            region_code=self.region.data or "",
            place=self.place.data,
            slot_minutes=int(self.slot_minutes.data),
            tables=self.tables.data,
            spare_tables=self.spare_tables.data or 0,
            days=tuple(
                sorted(
                    (
                        Day(one.day_on.data, one.starts.data, one.ends.data)
                        for entry in self.days.entries
                        if (one := entry.form).day_on.data is not None
                    ),
                    key=lambda day: (day.on, day.starts),
                )
            ),
            breaks=tuple(
                sorted(
                    (
                        Break(one.starts.data, one.ends.data)
                        for entry in self.breaks.entries
                        if (one := entry.form).starts.data is not None
                    ),
                    key=lambda one: (one.starts, one.ends),
                )
            ),
            note=self.note.data or "",
        )

    def seen_version(self) -> int:
        return version_of(self.version.data)

    def refuse(self, error: DomainError) -> None:
        """What concerns the rows of days or breaks as a whole stands on top of the form."""
        fields = getattr(error, "fields", {})
        if {"days", "breaks"} & set(fields):
            self.form_errors.append(say(error.msgid, error.params))
            return
        super().refuse(error)
