"""Samples: promised, sent within 72 hours, received, judged within 7 days."""

from datetime import datetime

from marketplace.audit import services as audit
from marketplace.core.actor import Actor, ActorKind
from marketplace.core.clock import now
from marketplace.core.errors import NotAllowed, RuleBroken
from marketplace.core.text import N_
from marketplace.infra import events
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.meetings import policies
from marketplace.meetings.events import SampleJudged
from marketplace.meetings.models import Meeting, Sample
from marketplace.meetings.rules import MeetingState, Side
from marketplace.meetings.rules.results import JUDGE_WITHIN, SEND_WITHIN, Scores, check_scores
from marketplace.notifications import services as notifications

SUBJECT = "samples"
SENT = "sample_sent"


def promise(*, actor: Actor, meeting: Meeting, what: str, product_id: int | None = None) -> Sample:
    """The 72 hours run from when it is written down: earlier nobody could have been held to it."""
    require(policies.may_record_outcome(actor, meeting))
    if meeting.state is not MeetingState.HELD:
        raise RuleBroken(N_("Only at a meeting that was held a sample was promised."))
    sample = Sample(
        meeting_id=meeting.id,
        product_id=product_id,
        what=what,
        send_by=now() + SEND_WITHIN,
        recorded_by_id=actor.person_id,
        recorded_by_name=actor.name,
    )
    session.add(sample)
    session.flush()
    audit.record(actor, "sample.promised", sample, meeting=meeting.id)
    return sample


def mark_sent(*, actor: Actor, sample: Sample) -> None:
    """It left the producer; the buyer gets a text with a link to say when it came and how it is."""
    require(policies.may_send_sample(actor, sample))
    if sample.sent_at is not None or sample.received_at is not None:
        return
    sample.sent_at = now()
    session.flush()
    audit.record(actor, "sample.sent", sample)
    buyer = sample.meeting.buyer
    notifications.enqueue(
        kind=SENT,
        params={"sample_id": sample.id},
        to_name=buyer.contact_name or buyer.name,
        to_phone=buyer.phone,
        subject_type=SUBJECT,
        subject_id=sample.id,
        side=Side.BUYER.value,
        area_code=sample.meeting.area_code[:2],
    )


def link_subject(sample_id: int) -> str:
    return f"sample:{sample_id}"


def mark_received(*, actor: Actor, sample: Sample) -> None:
    """It is with the buyer: from now on seven days run to judge it."""
    _may_judge(actor, sample)
    if sample.received_at is not None:
        return
    _arrived(sample, now())
    session.flush()
    audit.record(actor, "sample.received", sample)


def judge(*, actor: Actor, sample: Sample, scores: Scores) -> None:
    """Taste, pack and price from 1 to 5; the last word counts, each is in the trail."""
    _may_judge(actor, sample)
    check_scores(scores)
    if sample.received_at is None:
        _arrived(sample, now())  # who tasted it has it
    sample.taste_score, sample.pack_score, sample.price_score = (
        scores.taste,
        scores.pack,
        scores.price,
    )
    sample.note, sample.judged_at = scores.note, now()
    session.flush()
    notifications.cancel_unsent(SUBJECT, sample.id)
    audit.record(
        actor, "sample.judged", sample,
        taste=scores.taste, pack=scores.pack, price=scores.price,
    )  # fmt: skip
    if sample.product_id is not None:
        events.publish(SampleJudged(sample.product_id))


def _arrived(sample: Sample, at: datetime) -> None:
    sample.received_at, sample.judge_by = at, at + JUDGE_WITHIN


def _may_judge(actor: Actor, sample: Sample) -> None:
    if actor.kind is ActorKind.LINK:
        require(actor.link_subject == link_subject(sample.id))
        return
    if not policies.may_judge_sample(actor, sample):
        raise NotAllowed(N_("You may not do this."))
