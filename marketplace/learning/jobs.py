"""Learn in the background: once a week by itself, or when an officer asks."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marketplace.core.clock import now, today
from marketplace.infra import options
from marketplace.infra.jobs import Report, enqueue
from marketplace.infra.transaction import transaction
from marketplace.learning.services import studying

KIND = "learn"
WEEK = "learning_week"
_LOOK_EVERY = timedelta(minutes=10)
_last_look = [now() - _LOOK_EVERY]


def learn(args: Mapping[str, Any], _progress: Report) -> Mapping[str, Any]:
    """Look at the decisions outside, write briefly inside; repeated, it finds the same."""
    findings = studying.look()
    with transaction():
        proposal = studying.keep(findings, job_id=args.get("job_id"))
        version = proposal.version if proposal is not None else 0
    return {
        "decisions": findings.decisions,
        "proposed_version": version,
        "patterns": len(findings.patterns),
    }


def learn_weekly() -> None:
    """For the worker's sweep: a new week brings a new look, whichever worker sees it first."""
    if now() - _last_look[0] < _LOOK_EVERY:
        return
    _last_look[0] = now()
    schedule_for_the_week()


def schedule_for_the_week() -> bool:
    """Ask for this week's look; False where it was asked for already."""
    year, week, _day = today().isocalendar()
    name = f"{year}-{week:02}"
    if options.get_text(WEEK) == name:
        return False
    with transaction():
        if not options.turn(WEEK, name):
            return False
        enqueue(KIND, key=KIND)
    return True


HANDLERS = {KIND: learn}
