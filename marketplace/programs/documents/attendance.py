"""The code of a session: short-lived, so that it is of use only to who is in the room.

It stands on the wall and changes; a photograph sent home is worth nothing a quarter of an hour
later. That leaves a slow phone time to open the page and to type a number.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import url_for
from markupsafe import Markup

from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.links import public_url, sign, unsign
from marketplace.infra.qr import qr_svg
from marketplace.programs.models import TrainingSession

PURPOSE = "training-session"
LIFE = timedelta(minutes=15)
CHANGES = timedelta(minutes=5)
_OVER = N_("This code is no longer valid. Scan the one on the wall now.")


@dataclass(frozen=True, slots=True)
class WallCode:
    """`link` for those without a camera that reads codes; `until` when it ends."""

    qr: Markup
    link: str
    until: datetime


def code_of(one: TrainingSession, moment: datetime) -> WallCode:
    """The code that stands on the wall now; the same for all walls within five minutes."""
    step = int(CHANGES.total_seconds())
    minted = int(moment.timestamp()) // step * step
    token = sign(PURPOSE, [one.id, minted])
    link = public_url(url_for("programs.show_session_code", token=token))
    return WallCode(qr_svg(link), link, datetime.fromtimestamp(minted, UTC) + LIFE)


def session_behind(token: str, moment: datetime) -> int:
    """The session of a code that still holds; NotFound in words that say what to do."""
    payload = unsign(PURPOSE, token)
    if len(payload) != 2 or not all(isinstance(part, int) for part in payload):
        raise NotFound(_OVER)
    minted = datetime.fromtimestamp(payload[1], UTC)
    if not minted <= moment <= minted + LIFE:
        raise NotFound(_OVER)
    return int(payload[0])
