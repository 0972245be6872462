"""Input of temu bisnis."""

from marketplace.meetings.forms.answers import (
    AnswerForm,
    AskForm,
    AskPairForm,
    InvitationForm,
    PairForm,
    ReasonForm,
    SingleForm,
)
from marketplace.meetings.forms.events import EventForm
from marketplace.meetings.forms.participants import ParticipantForm, WalkInForm

__all__ = [
    "AnswerForm",
    "AskForm",
    "AskPairForm",
    "EventForm",
    "InvitationForm",
    "PairForm",
    "ParticipantForm",
    "ReasonForm",
    "SingleForm",
    "WalkInForm",
]
