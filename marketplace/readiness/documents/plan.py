"""The training plan: which training would open what, and what the past ones did."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.businesses.models import Business
from marketplace.core.clock import today
from marketplace.core.text import N_
from marketplace.demand import queries as demand
from marketplace.demand.models import Need
from marketplace.infra.i18n import say
from marketplace.infra.paging import Page
from marketplace.programs.models import Program
from marketplace.readiness import queries
from marketplace.readiness.documents.gaps import gap_name
from marketplace.readiness.queries import GapLine, Scope
from marketplace.readiness.queries import plan as trainings
from marketplace.readiness.rules.gaps import TRAINABLE, unlock_of
from marketplace.readiness.rules.matchrate import MatchRate, match_rate, windows_of

BY = ("category_code", "area_code")
# A page of a thousand names is too heavy for a phone; a training seats some thirty.
INVITED_AT_ONCE, NEEDS_SHOWN = 50, 25
Card = dict[str, Any]


def plan_lines(scope: Scope) -> list[GapLine]:
    """Gaps a training can close, by category and kabupaten/kota, what opens most first."""
    return queries.gap_lines(scope, BY, TRAINABLE)


@dataclass(frozen=True, slots=True)
class OpenedNeed:
    need: Need
    line: GapLine


@dataclass(frozen=True, slots=True)
class Invitee:
    business: Business
    line: GapLine


@dataclass(frozen=True, slots=True)
class Proposal:
    """A training for one gap in one category and area: for whom, which needs, worth how much."""

    name: str
    unlock: str
    line: GapLine
    needs: Sequence[OpenedNeed]
    invitees: Page[Invitee]


def proposal(scope: Scope, number: int = 1) -> Proposal | None:
    """With page `number` of those to invite; None where nobody has this gap there."""
    assert scope.kind is not None
    whole = queries.gap_lines(scope)
    if not whole:
        return None
    by_need = [
        line
        for line in queries.gap_lines(scope, ["need_id"])
        if line.alone.needs or line.together.needs
    ][:NEEDS_SHOWN]
    needs = demand.needs_by_ids([line.key[0] for line in by_need])
    by_business = queries.gap_lines(scope, ["business_id"])
    shown = by_business[(number - 1) * INVITED_AT_ONCE : number * INVITED_AT_ONCE]
    makers = queries.businesses_by_id([line.key[0] for line in shown])
    return Proposal(
        gap_name(scope.kind, scope.detail),
        unlock_of(scope.kind, scope.detail),
        whole[0],
        [OpenedNeed(needs[line.key[0]], line) for line in by_need if line.key[0] in needs],
        Page(
            [Invitee(makers[line.key[0]], line) for line in shown if line.key[0] in makers],
            number,
            INVITED_AT_ONCE,
            len(by_business),
        ),
    )


def why_invited(scope: Scope) -> str:
    """What the letter says, in plain words and without a buyer."""
    assert scope.kind is not None
    return say(
        N_("Open needs ask for this and your products do not have it yet: %(what)s"),
        {"what": gap_name(scope.kind, scope.detail)},
    )


def match_rates() -> list[tuple[Program, MatchRate]]:
    """Past trainings with who was matched before and after, in few statements for all of them.

    Beside them the producers of the same kabupaten/kota that had something on offer when the
    training began and were not on its list.
    """
    over = trainings.trainings_over(today())
    if not over:
        return []
    numbers = [program.id for program in over]
    windows = {each.id: windows_of(each.starts_on, each.ends_on) for each in over}
    attended = trainings.attended_by(numbers)
    listed = trainings.on_the_list_of(numbers)
    neighbours = trainings.neighbours_of(numbers)
    area_of = {each.business_id: each.area_code for each in neighbours}
    first = min(each.before[0] for each in windows.values())
    matches = trainings.matches_since(numbers, first)
    found = []
    for program in over:
        if not attended[program.id]:
            continue
        areas = {area_of.get(number) for number in attended[program.id]}
        others = frozenset(
            each.business_id
            for each in neighbours
            if each.area_code in areas
            and each.since < program.starts_on
            and each.business_id not in listed[program.id]
        )
        rate = match_rate(attended[program.id], others, matches, windows[program.id], today())
        found.append((program, rate))
    return found
