"""What was said at a meeting, in words."""

from flask_babel import gettext as _

from marketplace.commodities.forms import unit_name
from marketplace.infra.i18n import say, show_money, show_number
from marketplace.meetings.models import Meeting, MeetingOutcome
from marketplace.meetings.rules import Side
from marketplace.meetings.rules.results import INTEREST_NAMES


def result_facts(
    meeting: Meeting, outcome: MeetingOutcome | None, *, for_office: bool
) -> list[tuple[str, str | None]]:
    """(label, value) of what was agreed; interest, lateness and remarks are the office's own."""
    if outcome is None:
        return []
    volume = None
    if outcome.volume_per_month is not None:
        volume = _(
            "%(volume)s a month",
            volume=f"{show_number(outcome.volume_per_month)} {unit_name(outcome.unit)}".strip(),
        )
    product = outcome.product.name if outcome.product is not None else outcome.product_text
    facts: list[tuple[str, str | None]] = [
        (_("Product"), product or None),
        (_("Volume talked of"), volume),
        (_("Price talked of"), show_money(outcome.price) if outcome.price is not None else None),
    ]
    if for_office:
        late = None
        if outcome.late_by is not None:
            who = _("the producer") if outcome.late_by is Side.PRODUCER else _("the buyer")
            late = _("%(who)s, by %(num)s minutes", who=who, num=show_number(outcome.late_minutes))
        facts += [
            (_("Interest"), say(INTEREST_NAMES[outcome.interest]) if outcome.interest else None),
            (_("Late"), late),
            (_("Remark"), outcome.note or None),
        ]
    return [*facts, (_("Written down by"), outcome.recorded_by_name)]
