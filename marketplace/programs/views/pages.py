"""What several pages of bazaars and expos share."""

from collections.abc import Sequence
from datetime import date

from flask import request

from marketplace.core.clock import today
from marketplace.core.errors import RuleBroken
from marketplace.programs.models import BazaarDay, Program
from marketplace.programs.queries import bazaars
from marketplace.programs.rules.turnover import DAY_OUTSIDE


def bazaar_of_file(bazaar_id: int, format: str) -> Program:
    """The bazaar a download is about, whatever the format asked for."""
    return bazaars.get_bazaar(bazaar_id)


def asked_day(days: Sequence[BazaarDay], name: str = "day") -> date:
    """The day of `?day=2026-12-31`; without one the latest open day that is not to come.

    A day outside the bazaar is given back as it was asked, for the page to say so.
    """
    said = request.values.get(name, "")
    try:
        return date.fromisoformat(said)
    except ValueError:
        if said and request.method == "POST":
            raise RuleBroken(DAY_OUTSIDE) from None  # a figure is never kept for another day
        open_days = [day.day_on for day in days if not day.is_shut]
        past = [on for on in open_days if on <= today()]
        return past[-1] if past else (open_days or [today()])[0]
