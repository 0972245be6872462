"""Next steps: written down, done, and chased once when their day has come."""

from marketplace.audit import services as audit
from marketplace.core.actor import SYSTEM, Actor
from marketplace.core.clock import business_day, now, today
from marketplace.core.errors import Conflict, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.meetings import guards, policies
from marketplace.meetings.models import Meeting, NextStep
from marketplace.meetings.queries import results
from marketplace.meetings.rules import MeetingState, Owner
from marketplace.meetings.rules.results import StepDraft, check_step
from marketplace.notifications import services as notifications

SUBJECT = "next_steps"
DUE = "next_step_due"
CHANGED_MEANWHILE = N_("Someone else changed this step meanwhile. Look at it and save again.")


def add_step(*, actor: Actor, meeting: Meeting, draft: StepDraft) -> NextStep:
    """Who does what by when; only a held meeting has something that comes next."""
    require(policies.may_record_outcome(actor, meeting))
    if meeting.state is not MeetingState.HELD:
        raise RuleBroken(N_("Only a meeting that was held has a next step."))
    check_step(draft, business_day(meeting.starts_at))
    step = NextStep(
        meeting_id=meeting.id,
        what=draft.what,
        owner=draft.owner,
        owner_name=draft.owner_name,
        due_on=draft.due_on,
        recorded_by_id=actor.person_id,
        recorded_by_name=actor.name,
    )
    session.add(step)
    session.flush()
    audit.record(actor, "next_step.added", step, meeting=meeting.id)
    return step


def change_step(*, actor: Actor, step: NextStep, draft: StepDraft, version: int) -> None:
    """Another day or another hand: then it is due anew."""
    require(policies.may_record_outcome(actor, step.meeting))
    if step.version != version:
        raise Conflict(CHANGED_MEANWHILE)
    _still_open(step)
    check_step(draft, business_day(step.meeting.starts_at))
    if (step.due_on, step.owner) != (draft.due_on, draft.owner):
        step.chased_at = None
        notifications.cancel_unsent(SUBJECT, step.id)
    step.what, step.owner = draft.what, draft.owner
    step.owner_name, step.due_on = draft.owner_name, draft.due_on
    session.flush()
    audit.record(actor, "next_step.changed", step)


def finish_step(*, actor: Actor, step: NextStep) -> None:
    """Done. A second press changes nothing; a reminder that still lies in the tray goes."""
    require(policies.may_finish_step(actor, step))
    if step.done_at is not None:
        return
    step.done_at, step.done_by_name = now(), actor.name
    notifications.cancel_unsent(SUBJECT, step.id)
    session.flush()
    audit.record(actor, "next_step.done", step)


def reopen_step(*, actor: Actor, step: NextStep) -> None:
    """It was not done after all."""
    require(policies.may_record_outcome(actor, step.meeting))
    step.done_at, step.done_by_name = None, ""
    session.flush()
    audit.record(actor, "next_step.reopened", step)


def chase_due() -> int:
    """One text for each due step that a producer or a buyer is to do; returns how many.

    The office sees its own steps on its home page. Whoever wins the guarded write prepares the
    text, so two workers never prepare it twice.
    """
    chased = 0
    for step_id in results.ids_to_chase(today()):
        if not guards.chase(step_id, now()):
            continue
        step = results.get_step(step_id)
        to = step.meeting.producer if step.owner is Owner.PRODUCER else step.meeting.buyer
        notifications.enqueue(
            kind=DUE,
            params={"step_id": step.id},
            to_name=step.owner_name or to.contact_name or to.name,
            to_phone=to.phone,
            subject_type=SUBJECT,
            subject_id=step.id,
            side=step.owner.value,
            area_code=step.meeting.area_code[:2],
        )
        audit.record(SYSTEM, "next_step.chased", step)
        chased += 1
    return chased


def _still_open(step: NextStep) -> None:
    if step.done_at is not None:
        raise RuleBroken(N_("This step is done already."))
