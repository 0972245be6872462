"""What several pages of the room share."""

from collections.abc import Sequence

from flask_babel import gettext as _

from marketplace.meetings.models import Participant
from marketplace.meetings.rules import Side


def options_of(people: Sequence[Participant], side: Side) -> list[tuple[str, str]]:
    """(number, name) of a side, for a list to choose from."""
    return [("", _("Choose"))] + [
        (str(one.id), one.business.name) for one in people if one.side is side
    ]
