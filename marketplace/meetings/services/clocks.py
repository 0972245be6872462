"""What time does by itself: reminders before a request runs out, and its end."""

from datetime import timedelta

from marketplace.core.clock import now
from marketplace.infra import options
from marketplace.meetings import queries, rules
from marketplace.meetings.rules import Side
from marketplace.meetings.services import answering, telling


def remind_late() -> int:
    """One reminder to each side that has not answered, some days (a setting) before the end."""
    days = options.get_int("meeting_reminder_days", rules.REMINDER_DAYS)
    due = queries.list_to_remind(now(), now() + timedelta(days=days))
    for request in due:
        request.reminded_at = now()
        for side in Side:
            if request.agreed_at(side) is not None:
                continue
            if request.event_id is None:
                telling.ask_single(request, side, kind="meeting_single_reminder")
                continue
            participant = queries.find_participant(request.event_id, request.business_id_of(side))
            if participant is not None:
                participant.reminded_at = now()
                telling.remind(participant)
    return len(due)


def remind_silent() -> int:
    """One reminder to who was invited some days ago and has not said whether they come."""
    days = options.get_int("meeting_reminder_days", rules.REMINDER_DAYS)
    silent = queries.list_silent(now() - timedelta(days=max(1, days)))
    for participant in silent:
        participant.reminded_at = now()
        telling.remind(participant)
    return len(silent)


def keep() -> None:
    """Inside a transaction: what is due now."""
    answering.expire_old()
    remind_late()
    remind_silent()
