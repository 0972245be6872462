"""The calls 3, 6 and 12 months after a training: when they are due, and what was said."""

from datetime import date, timedelta

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now, today
from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.bulk import add_missing
from marketplace.infra.web import require
from marketplace.programs import policies
from marketplace.programs.guards import trainings as guards
from marketplace.programs.models import FollowUp
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.rules.outcomes import MONTHS, Answer, Said, months_after

# Months end unevenly: half a year after 31 August is 28 February, half a year back is 28 August.
_LATER = timedelta(days=3)


def open_due(day: date) -> int:
    """Write down the calls that are due by `day`; two workers at once write each once."""
    opened = 0
    for months in MONTHS:
        due = [
            {
                "sign_up_id": sign_up_id,
                "months": months,
                "due_on": months_after(ended_on, months),
                "note": "",
                "done_by_name": "",
            }
            for sign_up_id, ended_on in reads.attended_without_follow_up(
                months_after(day, -months) + _LATER, months
            )
            if months_after(ended_on, months) <= day
        ]
        add_missing(FollowUp, due)
        opened += len(due)
    return opened


def answer(*, actor: Actor, follow_up_id: int, said: Said) -> None:
    """Note a call; it answers the earlier ones of the same person that were never made."""
    follow_up = reads.get_follow_up(follow_up_id)
    program = follow_up.sign_up.training.program
    require(policies.may_run_program(actor, program))
    if said.answer is Answer.STARTED:
        if said.started_on is None:
            message = N_("Say since which day.")
            raise InvalidInput(message, fields={"started_on": message})
        if not program.starts_on <= said.started_on <= today():
            message = N_("This day lies before the training or in the future.")
            raise InvalidInput(message, fields={"started_on": message})
    moment = now()
    words = {
        "answer": said.answer,
        "started_on": said.started_on if said.answer is Answer.STARTED else None,
        "note": said.note,
        "done_by_id": actor.person_id,
        "done_by_name": actor.name or "system",
    }
    if not guards.close_follow_up(follow_up.id, moment, **words):
        raise RuleBroken(N_("A colleague has noted this call already."))
    guards.close_earlier(follow_up.sign_up_id, follow_up.months, moment, **words)
    audit.record(
        actor,
        "training.followed_up",
        follow_up.sign_up,
        months=follow_up.months,
        answer=said.answer.value,
    )
