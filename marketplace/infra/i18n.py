"""Languages and how values are shown: Indonesian by default, English complete."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal
from flask import Flask, g, has_request_context, request
from flask import session as cookie
from flask_babel import Babel, Domain, force_locale, get_locale, gettext

from marketplace.core import clock
from marketplace.core.money import format_rupiah

LOCALES = ("id", "en")
babel = Babel()

# WTForms ships no Indonesian: its own messages come from our catalog (English needs none).
_form_texts = Domain([str(Path(__file__).parents[1] / "translations" / "wtforms")], "wtforms")


class FormTexts:
    """What WTForms asks for its built-in messages."""

    def gettext(self, text: str) -> str:
        return str(_form_texts.get_translations().ugettext(text))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return str(_form_texts.get_translations().ungettext(singular, plural, number))


def choose_locale() -> str:
    """The language chosen on this device, else the account's, else Indonesian."""
    if not has_request_context():
        return "id"
    chosen = cookie.get("locale")
    if chosen in LOCALES:
        return str(chosen)
    actor = g.get("actor")
    locale = getattr(actor, "locale", "id")
    return locale if locale in LOCALES else "id"


def _locale() -> str:
    return str(get_locale() or "id")


def show_date(value: date | None, style: str = "d MMMM y") -> str:
    if value is None:
        return "–"
    # An instant falls on the day it is here, not on the one it is in Greenwich.
    day = clock.business_day(value) if isinstance(value, datetime) else value
    return format_date(day, style, locale=_locale())


def show_instant(value: datetime | None) -> str:
    """`24 Juni 2024 09.30 WIB`."""
    if value is None:
        return "–"
    local = value.astimezone(clock.WIB)
    return f"{format_datetime(local, 'd MMMM y HH.mm', locale=_locale())} WIB"


def show_clock(value: datetime) -> str:
    """`09.30`: on the day itself the day goes without saying."""
    return f"{value.astimezone(clock.WIB):%H.%M}"


def show_ago(value: datetime | None) -> str:
    if value is None:
        return "–"
    return format_timedelta(
        value - clock.now(), granularity="minute", add_direction=True, locale=_locale()
    )


def show_number(value: int | float | None) -> str:
    return "–" if value is None else format_decimal(value, locale=_locale())


def show_money(value: int | None) -> str:
    return "–" if value is None else format_rupiah(value)


def show_param(value: Any) -> str:
    """Format one typed parameter of a sentence in the reader's language."""
    show = _SHOW.get(type(value).__name__)
    if show is not None:
        return str(show(value))
    if isinstance(value, datetime):
        return show_instant(value)
    if isinstance(value, date):
        return show_date(value)
    if isinstance(value, bool) or value is None:
        return "–" if value is None else str(value)
    if isinstance(value, int | float):
        return show_number(value)
    if isinstance(value, list | tuple):
        return ", ".join(show_param(item) for item in value)
    return _word(str(value))


def _word(code: str) -> str:
    """A code of the pure floors (`ambient`, `days:30`) in words; any other text as it is."""
    head, _, number = code.partition(":")
    msgid = _WORDS.get(f"{head}:" if number.isdigit() else code)
    if msgid is None:
        return code
    return str(gettext(msgid, num=show_number(int(number))) if number.isdigit() else gettext(msgid))


@contextmanager
def in_language(locale: str) -> Iterator[None]:
    """Speak this language inside the block, whatever the request says."""
    with force_locale(locale):
        yield


# Typed parameters (core/params.py) by class name; filled by `register_params`.
_SHOW: dict[str, Any] = {}
# Codes of the pure floors and what they are called; `days:` names `days:30` with %(num)s.
_WORDS: dict[str, str] = {}


def register_params(table: Mapping[str, Any]) -> None:
    """Tell how a typed parameter reads; rooms that own the words (regions, papers) add theirs."""
    _SHOW.update(table)


def register_words(table: Mapping[str, str]) -> None:
    _WORDS.update(table)


def say(msgid: str, params: Mapping[str, Any] | None = None) -> str:
    """Translate a message of the pure floors and format its parameters."""
    # Flask-Babel formats with `%` only when parameters are given.
    shown = {key: show_param(value) for key, value in (params or {}).items()}
    return str(gettext(msgid, **shown)) if shown else str(gettext(msgid))


def init_app(app: Flask) -> None:
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "id")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Asia/Jakarta")
    app.config.setdefault(
        "BABEL_TRANSLATION_DIRECTORIES", str((app.root_path or ".") + "/translations")
    )
    babel.init_app(app, locale_selector=choose_locale)
    app.jinja_env.filters.update(
        money=show_money,
        number=show_number,
        day=show_date,
        iso_day=lambda text: show_date(date.fromisoformat(text)),
        instant=show_instant,
        clock_time=show_clock,
        ago=show_ago,
    )
    app.jinja_env.globals.update(say=say, locale=_locale, current_path=lambda: request.path)
