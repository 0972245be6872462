"""Writes around sign-in and accounts."""

from marketplace.accounts.rules import PersonDraft
from marketplace.accounts.services.own_data import (
    answer_request,
    ask_request,
    change_password,
    correct_own_data,
    erase_account,
)
from marketplace.accounts.services.people import (
    activate,
    add_office,
    add_person,
    check_password,
    disable_person,
    enable_person,
    give_office_role,
    issue_code,
    open_offices,
    take_office_role,
)
from marketplace.accounts.services.sessions import (
    act_for,
    end_all_sessions,
    end_session,
    is_held_back,
    note_attempt,
    open_session,
    touch_session,
)

__all__ = [
    "PersonDraft",
    "act_for",
    "activate",
    "add_office",
    "add_person",
    "answer_request",
    "ask_request",
    "change_password",
    "check_password",
    "correct_own_data",
    "disable_person",
    "enable_person",
    "end_all_sessions",
    "end_session",
    "erase_account",
    "give_office_role",
    "is_held_back",
    "issue_code",
    "note_attempt",
    "open_offices",
    "open_session",
    "take_office_role",
    "touch_session",
]
