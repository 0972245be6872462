"""Visits on site: what an officer of the area found, and which papers were seen."""

from marketplace.audit import services as audit
from marketplace.businesses import policies, queries
from marketplace.businesses.models import Business, SiteVisit, VisitedPaper
from marketplace.businesses.rules import VisitDraft
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require


def record_visit(*, actor: Actor, business: Business, draft: VisitDraft) -> SiteVisit:
    """Write a visit down. Seeing an original decides nothing yet: a paper is checked on its own."""
    require(policies.may_visit(actor, business))
    if draft.visited_on > today():
        message = N_("This day lies in the future.")
        raise InvalidInput(message, fields={"visited_on": message})
    own = {paper.id for paper in queries.papers_of(business.id)}
    if not own.issuperset(draft.paper_ids):
        message = N_("Choose among the papers of this business.")
        raise InvalidInput(message, fields={"paper_ids": message})
    visit = SiteVisit(
        business_id=business.id,
        visited_on=draft.visited_on,
        finding=draft.finding,
        found=draft.found,
        office_id=actor.office_id,
        officer_id=actor.person_id,
        officer_name=actor.name,
        papers=[VisitedPaper(paper_id=number) for number in sorted(set(draft.paper_ids))],
    )
    session.add(visit)
    session.flush()
    audit.record(actor, "business.visited", business, finding=draft.finding.value)
    return visit
