"""Input of answers, requests and single meetings."""

from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField
from wtforms.validators import Optional

from marketplace.core.clock import WIB
from marketplace.core.text import whole_number
from marketplace.infra.forms import ClockField, Form, LineField, WholeNumberField, present
from marketplace.infra.i18n import say
from marketplace.meetings import rules
from marketplace.meetings.rules import DeclineReason, MeetingWay, PairWish, SingleDraft
from marketplace.meetings.rules.names import DECLINE_REASON_NAMES, WAY_NAMES, WISH_NAMES
from marketplace.regions.forms import given_day


class AnswerForm(Form):
    """The no of one side; the yes is a button alone."""

    reason = RadioField(
        _l("Why not?"),
        choices=lambda: [
            (code.value, say(name))
            for code, name in DECLINE_REASON_NAMES.items()
            if code is not DeclineReason.NOT_COMING
        ],
    )
    note = LineField(_l("A few words, if you like"), limit=400)


class InvitationForm(Form):
    note = LineField(_l("A few words, if you like"), limit=400)


class ReasonForm(Form):
    reason = LineField(_l("Why is it called off?"), [present], limit=400)


class _PairOfEvent(Form):
    producer_id = SelectField(_l("Producer"), validate_choice=False)
    buyer_id = SelectField(_l("Buyer"), validate_choice=False)

    def offer(self, producers: list[tuple[str, str]], buyers: list[tuple[str, str]]) -> "Any":
        """Fill the two lists with who takes part: (participant's number, name)."""
        self.producer_id.choices, self.buyer_id.choices = producers, buyers
        return self

    def pair(self) -> tuple[int, int]:
        return _number(self.producer_id.data), _number(self.buyer_id.data)


class AskPairForm(_PairOfEvent):
    weight = WholeNumberField(_l("How much it matters"), [Optional()], maximum=rules.WEIGHT_MOST)
    note = LineField(_l("A word to both"), limit=400)


class PairForm(_PairOfEvent):
    wish = RadioField(
        _l("These two"),
        choices=lambda: [(code.value, say(name)) for code, name in WISH_NAMES.items()],
        default=PairWish.MUST_NOT.value,
    )
    reason = LineField(_l("Why"), limit=400)


class AskForm(Form):
    """A participant asks somebody of the other side."""

    participant = RadioField(_l("Whom do you want to meet?"), validate_choice=False)
    note = LineField(_l("What do you want to talk about?"), limit=400)

    def chosen(self) -> int:
        return _number(self.participant.data)


class SingleForm(Form):
    """A meeting outside events. The two businesses are chosen by their number in the register."""

    producer_id = SelectField(_l("Producer"), validate_choice=False)
    buyer_id = SelectField(_l("Outlet"), validate_choice=False)
    day = DateField(_l("Day"), [given_day])
    at = ClockField(_l("Time"), [present])
    minutes = WholeNumberField(_l("Minutes"), [present], minimum=5, maximum=480)
    way = RadioField(
        _l("How do they meet?"),
        choices=lambda: [(code.value, say(name)) for code, name in WAY_NAMES.items()],
        default=MeetingWay.CALL.value,
    )
    place = LineField(_l("Where"))
    note = LineField(_l("A word to both"), limit=400)
    # The contact at a stall whose page was left for this form.
    lead = HiddenField(default="")

    def lead_id(self) -> int | None:
        return _number(self.lead.data) or None

    def parties(self) -> tuple[int, int]:
        return _number(self.producer_id.data), _number(self.buyer_id.data)

    def draft(self) -> SingleDraft:
        producer_id, buyer_id = self.parties()
        midnight = datetime.combine(self.day.data, time(), tzinfo=WIB)
        return SingleDraft(
            producer_id=producer_id,
            buyer_id=buyer_id,
            starts_at=midnight + timedelta(minutes=self.at.data),
            minutes=self.minutes.data,
            way=MeetingWay(self.way.data),
            place=self.place.data or "",
            note=self.note.data or "",
        )


def _number(raw: object) -> int:
    return whole_number(raw) or 0
