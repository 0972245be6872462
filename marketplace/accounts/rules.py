"""Accounts: roles, codes, passwords and the limits that guard them."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from marketplace.core.text import N_

CONSENT_VERSION = "2026-11"
PASSWORD_MIN = 12
PASSWORD_MAX = 256
CODE_LIFE = timedelta(days=14)
# Without vowels and look-alikes: read out on the phone and copied from paper without mistakes.
CODE_ALPHABET = "BCDFGHJKMNPQRSTVWXYZ23456789"
CODE_LENGTH = 10

SESSION_SHORT = timedelta(hours=12)
SESSION_LONG = timedelta(days=180)

# At most ten tries reach the password hash per account, and thirty per address, in five minutes.
TRY_WINDOW = timedelta(minutes=5)
TRIES_PER_ACCOUNT = 10
TRIES_PER_ADDRESS = 30

# UU 27/2022 articles 40 and 30: withdrawal and correction are acted on within 3 x 24 hours.
REQUEST_DUE = timedelta(hours=72)


class OfficeLevel(StrEnum):
    PROVINCE = "province"
    REGENCY = "regency"


class OfficeRole(StrEnum):
    OFFICER = "officer"
    ADMINISTRATOR = "administrator"


class RequestKind(StrEnum):
    """What a person may ask of the office about their data (UU 27/2022 articles 8 and 9)."""

    WITHDRAW = "withdraw"
    ERASE = "erase"


REQUEST_NAMES = {
    RequestKind.WITHDRAW: N_("Stop using my data (withdraw consent)"),
    RequestKind.ERASE: N_("Erase my data and close my account"),
}


class PersonState(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """`phone` is E.164; people sign in with `phone` or `email`, so one of them must be there."""

    full_name: str
    phone: str | None
    email: str | None = None
    locale: str = "id"


STATE_NAMES = {
    PersonState.INVITED: N_("not yet signed in"),
    PersonState.ACTIVE: N_("active"),
    PersonState.DISABLED: N_("disabled"),
}


# A few dozen that lists of leaked passwords and local habit put first, folded; length already
# refuses most of those lists.
_COMMON = frozenset(
    {
        "123456789012",
        "1234567890123",
        "adminadmin12",
        "administrator",
        "bangkabelitung",
        "bismillah1234",
        "indonesia1234",
        "indonesia2026",
        "katasandi1234",
        "katasandikatasandi",
        "pangkalpinang",
        "password1234",
        "passwordpassword",
        "qwertyuiop123",
        "rahasia12345",
        "sayangku1234",
        "sayangsayang",
        "temugerai1234",
        "temugeraitemugerai",
    }
)


def is_common_password(folded: str) -> bool:
    return folded.replace(" ", "") in _COMMON


_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"),
             ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_MACHINES = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
             ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip


def device_name(user_agent: str) -> str:
    """`Chrome, Android`: enough for a person to know which of their devices it is."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    machine = next((name for mark, name in _MACHINES if mark in user_agent), "")
    return ", ".join(part for part in (browser, machine) if part)
