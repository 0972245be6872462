"""Temu bisnis: the event and who takes part, requests and their answers, meetings and results."""

from marketplace.meetings.models.events import (
    EventBreak,
    EventDay,
    MeetingEvent,
    PairRule,
    Participant,
    TimetableRun,
)
from marketplace.meetings.models.meetings import Meeting, MeetingRequest
from marketplace.meetings.models.results import MeetingOutcome, NextStep, Sample

__all__ = [
    "EventBreak",
    "EventDay",
    "Meeting",
    "MeetingEvent",
    "MeetingOutcome",
    "MeetingRequest",
    "NextStep",
    "PairRule",
    "Participant",
    "Sample",
    "TimetableRun",
]
