"""Letters to producers about papers that run out: once for each paper and horizon."""

from collections.abc import Sequence

from marketplace.audit import services as audit
from marketplace.businesses.models import Paper
from marketplace.core.actor import SYSTEM, Actor
from marketplace.core.clock import today
from marketplace.infra.web import require
from marketplace.notifications import services as notifications
from marketplace.readiness import guards, policies
from marketplace.readiness.queries import radar as queries
from marketplace.readiness.rules import horizon_of
from marketplace.readiness.rules.radar import is_fresh

SUBJECT = "paper_notices"


def tell_of_new_steps() -> int:
    """Prepare the letters of the papers that reached a step this week; returns how many.

    What reached it earlier is the office's to press for: an old register would flood the tray.
    """
    papers = [
        paper
        for paper in queries.list_running_out("", None, today())
        if paper.valid_to is not None and is_fresh(paper.valid_to, today())
    ]
    return tell_of_expiry(actor=SYSTEM, papers=papers)


def tell_of_expiry(*, actor: Actor, papers: Sequence[Paper]) -> int:
    """Put a letter into the tray for each paper whose horizon nobody was told of; returns how many.

    The letter says what stops; it is rendered when it is sent, so that it tells the truth then.
    """
    require(policies.may_tell_producers(actor))
    written = 0
    for paper in papers:
        require(policies.may_tell_of(actor, paper.business))
        horizon = horizon_of(paper.valid_to, today()) if paper.valid_to else None
        if horizon is None or not guards.note_letter(paper.id, int(horizon)):
            continue
        notifications.cancel_unsent(SUBJECT, paper.id)  # of a farther horizon, never sent
        notifications.enqueue(
            kind="paper_expires",
            params={"paper_id": paper.id, "horizon": int(horizon)},
            to_name=paper.business.contact_name or paper.business.name,
            to_phone=paper.business.phone,
            subject_type=SUBJECT,
            subject_id=paper.id,
            side="producer",
            area_code=paper.business.region_code,
        )
        audit.record(actor, "paper.expiry_told", paper, horizon=int(horizon))
        written += 1
    return written
