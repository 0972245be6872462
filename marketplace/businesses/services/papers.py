"""Papers handed in, and what the office says about them."""

from marketplace.audit import services as audit
from marketplace.businesses import policies, queries, rules
from marketplace.businesses.events import PaperChanged
from marketplace.businesses.models import Business, Paper
from marketplace.businesses.rules import PaperDraft, PaperKind, PaperState
from marketplace.core.actor import Actor
from marketplace.core.clock import now, today
from marketplace.core.errors import Conflict, InvalidInput, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.events import publish
from marketplace.infra.storage import StoredFile
from marketplace.infra.web import require

DECIDED = N_("This paper has already been decided on.")
REASON_NEEDED = N_("Say why, so that the business knows what to do.")


def add_paper(*, actor: Actor, business: Business, draft: PaperDraft) -> Paper:
    """Hand in a paper; warnings about its number stay visible until the office has looked."""
    require(policies.may_edit(actor, business))
    return enter(actor=actor, business=business, draft=draft)


def enter(*, actor: Actor, business: Business, draft: PaperDraft) -> Paper:
    """`add_paper` for whoever has already been allowed to change the business."""
    paper = Paper(business_id=business.id, state=PaperState.ENTERED)
    _write(paper, draft)
    if paper.kind is PaperKind.NIB:
        _keep_nib(business, paper.number)
    session.add(paper)
    session.flush()
    audit.record(actor, "paper.entered", paper, kind=paper.kind.value, business=business.id)
    publish(PaperChanged(business.id, paper.id))
    return paper


def change_paper(*, actor: Actor, paper: Paper, draft: PaperDraft, version: int) -> None:
    """Correct a paper nobody has decided on yet."""
    if paper.state is not PaperState.ENTERED:
        raise RuleBroken(DECIDED)
    require(policies.may_edit_paper(actor, paper))
    if paper.version != version:
        raise Conflict(N_("Someone else changed this meanwhile. Look at it again."))
    _write(paper, draft)
    audit.record(actor, "paper.changed", paper, kind=paper.kind.value, business=paper.business_id)
    publish(PaperChanged(paper.business_id, paper.id))


def verify_paper(*, actor: Actor, paper: Paper, version: int, note: str = "") -> None:
    """The office has compared it with the original or the register."""
    _decide(actor, paper, PaperState.VERIFIED, note, version)


def reject_paper(*, actor: Actor, paper: Paper, version: int, reason: str) -> None:
    """It does not hold, with what the business can do about it."""
    _decide(actor, paper, PaperState.REJECTED, reason, version)


def revoke_paper(*, actor: Actor, paper: Paper, version: int, reason: str) -> None:
    """It held once and does no longer: independent of its last day (domain.md, BPOM)."""
    _decide(actor, paper, PaperState.REVOKED, reason, version)


def _decide(actor: Actor, paper: Paper, state: PaperState, note: str, version: int) -> None:
    require(policies.may_verify(actor, paper))
    rules.check_paper_transition(paper.state, state)
    if paper.version != version:
        raise Conflict(N_("Someone else changed this meanwhile. Look at it again."))
    if state is not PaperState.VERIFIED and not note:
        raise InvalidInput(REASON_NEEDED, fields={"note": REASON_NEEDED})
    paper.state, paper.note = state, note
    paper.decided_by_id, paper.decided_by_name = actor.person_id, actor.name
    paper.decided_at = now()
    audit.record(
        actor,
        f"paper.{state.value}",
        paper,
        kind=paper.kind.value,
        business=paper.business_id,
        note=note,
    )
    publish(PaperChanged(paper.business_id, paper.id))


def _write(paper: Paper, draft: PaperDraft) -> None:
    number = rules.read_number(draft.kind, draft.number, today())
    problem = number.first_block
    if problem is not None:
        raise InvalidInput(problem.msgid, fields={"number": problem.msgid}, **dict(problem.params))
    kind = rules.kind_of_number(draft.kind, number.normalised)
    if len(number.normalised) > 60:
        message = N_("This is too long to be a paper's number")
        raise InvalidInput(message, fields={"number": message})
    valid_to = rules.last_day(number, draft.valid_to)
    if draft.valid_from and valid_to and valid_to < draft.valid_from:
        message = N_("The last day lies before the first day.")
        raise InvalidInput(message, fields={"valid_to": message})
    same = queries.find_live_paper(paper.business_id, kind, number.normalised, valid_to)
    if same is not None and same.id != paper.id:
        raise Conflict(N_("This paper has already been handed in."), field="number")
    paper.kind, paper.number = kind, number.normalised
    paper.valid_from, paper.valid_to = draft.valid_from, valid_to
    if draft.scan_id is not None:
        paper.scan_id = draft.scan_id
        session.get_one(StoredFile, draft.scan_id).kept = True


def _keep_nib(business: Business, nib: str) -> None:
    """The NIB of the register entry and the paper are one number."""
    other = queries.find_by_nib(nib)
    if other is not None and other.id != business.id:
        raise Conflict(N_("Another business is registered with this NIB."), field="number")
    if business.nib is None:
        business.nib = nib
