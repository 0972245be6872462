"""Input of a participant: who comes, when, for how many meetings."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import Optional

from marketplace.core.text import N_
from marketplace.infra.forms import Form, LineField, PhoneField, WholeNumberField, version_of
from marketplace.infra.i18n import say, show_date
from marketplace.infra.tick_boxes import TickBoxesField
from marketplace.meetings.rules import Grid, ParticipantDraft
from marketplace.meetings.rules.telling import hours, slot_name

_WHEN = (
    ("all", N_("The whole event")),
    ("parts", N_("Only these parts of the day")),
    ("slots", N_("Only these slots")),
)


class ParticipantForm(Form):
    """`for_grid` fills in the parts and slots of the event."""

    person_name = LineField(_l("Who comes"))
    phone = PhoneField(_l("WhatsApp"), [Optional()])
    max_meetings = WholeNumberField(_l("Most meetings"), [Optional()], minimum=1, maximum=200)
    when = RadioField(
        _l("When can they come?"),
        choices=lambda: [(code, say(name)) for code, name in _WHEN],
        default="all",
    )
    parts = TickBoxesField(_l("Parts of the day"))
    slots = TickBoxesField(_l("Slots"))
    version = HiddenField(default="0")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parts: Mapping[str, frozenset[int]] = {}

    def for_grid(self, grid: Grid) -> "ParticipantForm":
        self._parts = {part_code(*part): slots for part, slots in grid.parts().items()}
        self.parts.choices = [
            (part_code(*part), _part_name(grid, *part, slots))
            for part, slots in grid.parts().items()
        ]
        self.slots.choices = [
            (str(slot.number), f"{slot_name(grid, slot.number)}-{hours(slot.ends)}")
            for slot in grid.slots
        ]
        return self

    @classmethod
    def of(cls, draft: ParticipantDraft, grid: Grid, version: int) -> "ParticipantForm":
        available = draft.available
        parts = grid.parts()
        whole = {
            part_code(*part)
            for part, slots in parts.items()
            if available is not None and slots <= available
        }
        covered = frozenset().union(
            *(slots for part, slots in parts.items() if part_code(*part) in whole)
        )
        when = "all" if available is None else "parts" if covered == available else "slots"
        form = cls(
            data={
                "person_name": draft.person_name,
                "phone": draft.phone,
                "max_meetings": draft.max_meetings,
                "when": when if available or available is None else "slots",
                "parts": sorted(whole),
                "slots": [str(number) for number in sorted(available or ())],
                "version": str(version),
            }
        )
        return form.for_grid(grid)

    def draft(self) -> ParticipantDraft:
        available: frozenset[int] | None = None
        if self.when.data == "parts":
            available = frozenset().union(*(self._parts[part] for part in self.parts.data or ()))
        elif self.when.data == "slots":
            available = frozenset(int(number) for number in self.slots.data or ())
        return ParticipantDraft(
            person_name=self.person_name.data or "",
            phone=self.phone.data or "",
            available=available,
            max_meetings=self.max_meetings.data,
        )

    def seen_version(self) -> int:
        return version_of(self.version.data)


class WalkInForm(ParticipantForm):
    business_id = SelectField(_l("Which business?"), validate_choice=False)


def part_code(on: date, is_morning: bool) -> str:
    return f"{on.isoformat()}-{'am' if is_morning else 'pm'}"


def _part_name(grid: Grid, on: date, is_morning: bool, slots: frozenset[int]) -> str:
    name = say(N_("morning") if is_morning else N_("afternoon"))
    begins, ends = grid[min(slots)].starts, grid[max(slots)].ends
    return f"{show_date(on, 'EEEE d MMM')}, {name} ({hours(begins)}-{hours(ends)})"
