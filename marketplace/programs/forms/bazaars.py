"""Input of a bazaar or expo: who holds it, where, which days, how many stalls."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, FieldList, FormField, HiddenField, RadioField
from wtforms import Form as PlainForm
from wtforms.validators import Optional

from marketplace.core.errors import DomainError
from marketplace.core.text import N_, clean_text
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
from marketplace.programs.rules import LEVEL_NAMES, ProgramKind, ProgramLevel
from marketplace.programs.rules.bazaars import (
    DAYS_MOST,
    STALLS_MOST,
    BazaarDraft,
    DayDraft,
    numbered,
)
from marketplace.regions.forms import RegionField, possible_day

_ROW = ("day_on", "opens", "closes", "is_shut", "note")


class DayForm(PlainForm):  # type: ignore[misc]
    day_on = DateField(_l("Day"), [Optional(), possible_day])
    opens = ClockField(_l("From"), [Optional()])
    closes = ClockField(_l("Until"), [Optional()])
    is_shut = BooleanField(_l("Shut on this day"))
    note = LineField(_l("Note on this day"), limit=200)

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        said = (self.opens.data, self.closes.data, self.note.data, self.is_shut.data)
        if self.day_on.data is None and any(said):
            self.day_on.errors = [say(N_("Please fill this in."))]
        return not self.errors


class BazaarForm(Form):
    title = LineField(_l("Name"), [present])
    level = RadioField(
        _l("Who organises it?"),
        choices=lambda: [(code.value, say(LEVEL_NAMES[code])) for code in LEVEL_NAMES],
        default=ProgramLevel.PROVINCE.value,
    )
    organiser = LineField(_l("Organiser"), [present])
    region = RegionField(_l("Kabupaten or kota"), [present])
    place = LineField(_l("Place"), [present])
    sells = BooleanField(_l("Goods are sold here"))
    days = FieldList(FormField(DayForm), label=_l("Day"), min_entries=1, max_entries=DAYS_MOST)
    stalls = WholeNumberField(_l("Stalls"), [Optional()], minimum=1, maximum=STALLS_MOST)
    names = ParagraphField(_l("Names of the stalls"), limit=12_000)
    about = ParagraphField(_l("More about it"))
    version = HiddenField(default="0")

    @classmethod
    def of(cls, draft: BazaarDraft, version: int = 0) -> "BazaarForm":
        plain = draft.stalls == numbered(len(draft.stalls))
        return cls(
            data={
                "title": draft.title,
                "level": draft.level.value,
                "organiser": draft.organiser,
                "region": draft.region_code,
                "place": draft.place,
                "about": draft.about,
                "sells": draft.sells,
                "days": [
                    {
                        "day_on": day.on,
                        "opens": day.opens,
                        "closes": day.closes,
                        "is_shut": day.is_shut,
                        "note": day.note,
                    }
                    for day in draft.days
                ]
                or [{}],
                "stalls": len(draft.stalls) if plain else None,
                "names": "" if plain else "\n".join(draft.stalls),
                "version": str(version),
            }
        )

    @classmethod
    def with_rows(cls, sent: MultiDict[str, str]) -> "BazaarForm | None":
        """The form after a row button, still unjudged; None where no such button was pressed."""
        changed = rows_pressed(sent, {"days": _ROW}, most=DAYS_MOST)
        if changed is None:
            return None
        for key in [key for key in changed if key.endswith("-is_shut") and not changed[key]]:
            del changed[key]  # an empty word would tick the box
        form = cls(formdata=changed)
        if "add_days" in sent:
            form._day_after()
        return form

    def _day_after(self) -> None:
        """An added day is the one after the last, at the same hours: most go on that way."""
        if len(self.days.entries) < 2:
            return
        last, added = (entry.form for entry in self.days.entries[-2:])
        if last.day_on.data is None or added.day_on.raw_data != [""]:
            return
        added.day_on.data, added.day_on.raw_data = last.day_on.data + timedelta(days=1), None
        for field, of_last in ((added.opens, last.opens), (added.closes, last.closes)):
            field.data, field.raw_data = of_last.data, of_last.raw_data

    def draft(self, kind: ProgramKind) -> BazaarDraft:
        names = tuple(
            filter(None, (clean_text(line) for line in (self.names.data or "").split("\n")))
        )
        return BazaarDraft(
            kind=kind,
            title=self.title.data,
            level=ProgramLevel(self.level.data),
            organiser=self.organiser.data,
            region_code=self.region.data or "",
            place=self.place.data,
            about=self.about.data or "",
            sells=bool(self.sells.data),
            days=tuple(
                sorted(
                    (
                        DayDraft(
                            one.day_on.data,
                            one.opens.data,
                            one.closes.data,
                            bool(one.is_shut.data),
                            one.note.data or "",
                        )
                        for entry in self.days.entries
                        if (one := entry.form).day_on.data is not None
                    ),
                    key=lambda day: day.on,
                )
            ),
            stalls=names or numbered(self.stalls.data or 0),
        )

    def seen_version(self) -> int:
        return version_of(self.version.data)

    def refuse(self, error: DomainError) -> None:
        """What concerns the days as a whole stands on top of the form."""
        if "days" in getattr(error, "fields", {}):
            self.form_errors.append(say(error.msgid, error.params))
            return
        super().refuse(error)
