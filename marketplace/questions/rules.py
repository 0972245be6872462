"""States of a question, its limits, and what must not stand in it."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum

from marketplace.core.digits import ascii_digits
from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.core.text import N_, fold

TEXT_MAX = 500
# How many unanswered questions one business may have about one product or need; the office sets
# another number under this name.
OPEN_MAX = 3
OPEN_MAX_OPTION = "open_questions"
# What the office works to: an answer within a day.
ANSWER_AIM = timedelta(hours=24)


class QuestionState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"


class AnsweredBy(StrEnum):
    OWNER = "owner"
    OFFICE = "office"


class Side(StrEnum):
    """Whom a letter about a question goes to."""

    OWNER = "owner"
    ASKER = "asker"


NEXT: Mapping[QuestionState, frozenset[QuestionState]] = {
    QuestionState.ASKED: frozenset(
        {QuestionState.ANSWERED, QuestionState.WITHDRAWN, QuestionState.HIDDEN}
    ),
    QuestionState.ANSWERED: frozenset({QuestionState.HIDDEN}),
    QuestionState.WITHDRAWN: frozenset(),
    QuestionState.HIDDEN: frozenset(),
}

# Why a step cannot be taken any more, by where the question stands now.
CLOSED: Mapping[QuestionState, str] = {
    QuestionState.ANSWERED: N_("This question is already answered."),
    QuestionState.WITHDRAWN: N_("This question was taken back."),
    QuestionState.HIDDEN: N_("The office has hidden this question."),
}


def before(then: QuestionState) -> frozenset[QuestionState]:
    """The states from which a question may come to `then`."""
    return frozenset(state for state, after in NEXT.items() if then in after)


def check_step(state: QuestionState, then: QuestionState) -> None:
    if then not in NEXT[state]:
        raise RuleBroken(CLOSED.get(state, N_("This question is not answered yet.")))


# --- contacts: exchanged once both sides agreed, never in a text everybody reads

_GAP = r"[\s.\-()/_,]*"
_PHONE = re.compile(
    # 08…, 62 8…, 0062 8…, however the digits are set apart
    rf"(?<![0-9])(?:\+?{_GAP}6{_GAP}2|0{_GAP}0{_GAP}6{_GAP}2|0){_GAP}8(?:{_GAP}[0-9]){{7,11}}(?![0-9])"
    # the same without its first sign, where nothing but a phone number looks like it
    r"|(?<![0-9.])8[1235789][0-9][ -]?[0-9]{3,4}[ -]?[0-9]{3,5}(?![0-9.])"
    # a landline: area code and number
    r"|(?<![0-9])(?:\+62|\(?0)[ -]?[2-9][0-9]{1,2}\)?[ -]*[0-9]{3,4}[ -]?[0-9]{2,4}(?![0-9])"
)
_MAIL = re.compile(
    r"[\w.+-]+\s*(?:@|\(at\)|\[at\]|\sat\s)\s*[\w-]+\s*(?:\.|\(dot\)|\sdot\s|\stitik\s)\s*[a-z]{2,}"
    r"|(?<!\w)@\w[\w.]{2,}",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"https?:/|\bwww\.|\bwa\s*\.\s*me\b|\bt\.me/|\b[\w-]{2,}\.(?:com|net|org|id|me|link|shop|store)\b",
    re.IGNORECASE,
)
_WORDS = dict(
    zip(
        ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"],
        "0123456789",
        strict=True,
    )
)
_DIGIT_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)
_LETTER_O = re.compile(r"(?<![a-z])o(?=[\s.\-]*[0-9])|(?<=[0-9])o(?=[0-9])", re.IGNORECASE)

NO_CONTACTS = N_(
    "Leave out phone numbers, e-mail and links (“%(seen)s”):"
    " contacts are exchanged once both agreed."
)
NO_NAMES = N_("Leave out your name (“%(seen)s”): it is told once both agreed.")


def find_contact(text: str) -> str | None:
    """What in a text reads like a phone number, a mail address or a link; None where nothing does.

    Numbers written out or set apart ("nol delapan satu …", "0 8 1 2 …") count. Prices, dates,
    amounts and the numbers of papers do not.
    """
    plain = ascii_digits(text)
    found = _MAIL.search(plain) or _LINK.search(plain)
    if found is None:
        spelled = _DIGIT_WORD.sub(lambda word: _WORDS[word.group().lower()], plain)
        found = _PHONE.search(_LETTER_O.sub("0", spelled))
    return found.group().strip() if found else None


def find_name(text: str, names: Iterable[str], *, about: str = "") -> str | None:
    """Which of `names` a text tells; short words and what the question is about do not count."""
    said, goods = f" {_bare(text)} ", f" {_bare(about)} "
    for name in names:
        bare = _bare(name)
        if len(bare) >= 5 and f" {bare} " in said and f" {bare} " not in goods:
            return name
    return None


def check_text(field: str, text: str, *, names: Iterable[str] = (), about: str = "") -> None:
    """Refuse what may not be read by everybody; `names` are those still unknown to the readers."""
    if not text:
        raise InvalidInput(N_("Please fill this in."), fields={field: N_("Please fill this in.")})
    if len(text) > TEXT_MAX:
        msgid = N_("At most %(limit)s characters, please.")
        raise InvalidInput(msgid, fields={field: msgid}, limit=TEXT_MAX)
    if (seen := find_contact(text)) is not None:
        raise InvalidInput(NO_CONTACTS, fields={field: NO_CONTACTS}, seen=seen)
    if (seen := find_name(text, names, about=about)) is not None:
        raise InvalidInput(NO_NAMES, fields={field: NO_NAMES}, seen=seen)


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))
