"""What became of participants, as a table."""

from collections.abc import Sequence

from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.core.text import N_
from marketplace.infra.i18n import say
from marketplace.programs.rules.outcomes import OUTCOME_NAMES, Outcome
from marketplace.programs.rules.training_figures import PersonRow
from marketplace.regions.forms import place_name


def outcome_columns() -> list[Column]:
    return [
        Column("name", say(N_("Name"))),
        Column("place", say(N_("Kabupaten or kota"))),
        Column("training", say(N_("Training"))),
        Column("ended", say(N_("Last day")), kind=ColumnKind.DATE),
        Column("attended", say(N_("Sessions attended")), kind=ColumnKind.NUMBER),
        *(
            Column(outcome.value, say(OUTCOME_NAMES[outcome]), kind=ColumnKind.DATE)
            for outcome in Outcome
        ),
    ]


def outcome_rows(people: Sequence[PersonRow]) -> list[list[Cell]]:
    """The first day of each outcome, empty where it has not come."""
    return [
        [
            one.name,
            place_name(one.area),
            one.title,
            one.ends_on,
            one.sessions_attended,
            *(one.first[outcome].on if outcome in one.first else None for outcome in Outcome),
        ]
        for one in people
    ]
