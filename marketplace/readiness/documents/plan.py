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
from marketplace.programs.models import Program
from marketplace.readiness import queries
from marketplace.readiness.documents.gaps import gap_name
from marketplace.readiness.queries import GapLine, Scope
from marketplace.readiness.queries import plan as trainings
from marketplace.readiness.rules.gaps import TRAINABLE, unlock_of
from marketplace.readiness.rules.matchrate import MatchRate, match_rate, windows_of

BY = ("category_code", "area_code")
Card = dict[str, Any]


def plan_lines(scope: Scope) -> list[GapLine]:
    """Gaps a training can close, by category and kabupaten/kota, what opens most first."""
    lines = queries.gap_lines(scope, BY)
    return [line for line in lines if line.kind in TRAINABLE]


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
    invitees: Sequence[Invitee]


def proposal(scope: Scope, needs_shown: int = 50) -> Proposal | None:
    """None where nobody has this gap there."""
    assert scope.kind is not None
    whole = queries.gap_lines(scope)
    if not whole:
        return None
    by_need = [
        line
        for line in queries.gap_lines(scope, ["need_id"])
        if line.alone.needs or line.together.needs
    ][:needs_shown]
    needs = demand.needs_by_ids([line.key[0] for line in by_need])
    by_business = queries.gap_lines(scope, ["business_id"])
    makers = queries.businesses_by_id([line.key[0] for line in by_business])
    return Proposal(
        gap_name(scope.kind, scope.detail),
        unlock_of(scope.kind, scope.detail),
        whole[0],
        [OpenedNeed(needs[line.key[0]], line) for line in by_need if line.key[0] in needs],
        [Invitee(makers[line.key[0]], line) for line in by_business if line.key[0] in makers],
    )


def why_invited(scope: Scope) -> str:
    """What the letter says, in plain words and without a buyer."""
    assert scope.kind is not None
    return say(
        N_("Open needs ask for this and your products do not have it yet: %(what)s"),
        {"what": gap_name(scope.kind, scope.detail)},
    )


def match_rates() -> list[tuple[Program, MatchRate]]:
    """Past trainings with the share of their producers matched before and after."""
    over = trainings.trainings_over(today())
    attended = trainings.attended_by([program.id for program in over])
    found = []
    for program in over:
        producers = attended[program.id]
        if not producers:
            continue
        windows = windows_of(program.starts_on, program.ends_on)
        before = trainings.matched_between(producers, *windows.before)
        after = trainings.matched_between(producers, *windows.after)
        found.append((program, match_rate(producers, before, after, windows, today())))
    return found
