"""How temu bisnis reads on pages and in texts, and a person's part of "all my data"."""

from marketplace.meetings.documents.followup import sample_letter, step_letter
from marketplace.meetings.documents.leads import meetings_of_lead
from marketplace.meetings.documents.letters import (
    meeting_letter,
    participant_letter,
    request_letter,
)
from marketplace.meetings.documents.own_data import personal_data

__all__ = [
    "meeting_letter",
    "meetings_of_lead",
    "participant_letter",
    "personal_data",
    "request_letter",
    "sample_letter",
    "step_letter",
]
