"""Writes of needs."""

from collections.abc import Sequence
from datetime import date

from marketplace.audit import services as audit
from marketplace.businesses import queries as businesses
from marketplace.businesses.rules import BusinessKind
from marketplace.core import clock
from marketplace.core.actor import Actor
from marketplace.core.errors import Conflict, InvalidInput, RuleBroken
from marketplace.core.text import N_
from marketplace.demand import policies, rules
from marketplace.demand.events import NeedChanged, NeedClosed, NeedGrewOut, NeedOpened
from marketplace.demand.models import Need, NeedLine
from marketplace.demand.queries import pack_of
from marketplace.demand.rules import CloseReason, LineDraft, NeedDraft, NeedState
from marketplace.infra import events
from marketplace.infra.changes import note_change
from marketplace.infra.db import session
from marketplace.infra.web import require


def add_need(
    *,
    actor: Actor,
    business_id: int,
    draft: NeedDraft,
    publish: bool,
    is_example: bool = False,
    origin: str = "",
) -> Need:
    """Write down a need of an outlet, as a draft or open at once.

    `origin` names what it grew out of; the room above that knows it takes note (NeedGrewOut).
    """
    outlet = businesses.get_business(business_id)
    require(policies.may_manage_needs_of(actor, outlet))
    if outlet.kind is not BusinessKind.OUTLET:
        raise InvalidInput(N_("Only an outlet can publish a need."))
    rules.check_draft(draft)
    if publish:
        rules.check_complete(draft, clock.today())
    need = Need(business_id=business_id, lines=[], is_example=is_example)
    _fill(need, draft)
    session.add(need)
    session.flush()
    audit.record(actor, "need.added", need, title=need.title)
    if publish:
        _open(actor, need)
    if origin:
        events.publish(NeedGrewOut(need.id, actor, origin))
    note_change("need", need.id)
    return need


def change_need(*, actor: Actor, need: Need, draft: NeedDraft, version: int | None = None) -> Need:
    """Change what a need asks for; `version` is the one the person had before their eyes."""
    require(policies.may_change_need(actor, need))
    if need.state is NeedState.CLOSED:
        raise RuleBroken(N_("A closed need cannot be changed. Publish a new one."))
    if version is not None and version != need.version:
        raise Conflict(
            N_("Someone else changed this need meanwhile. Compare, then save your version again.")
        )
    rules.check_draft(draft)
    if need.state is not NeedState.DRAFT:
        # A day that has passed since may stay; a new one may not lie in the past.
        today = clock.today() if draft.needed_on != need.needed_on else date.min
        rules.check_complete(draft, today)
    before = draft_of(need)
    if before.in_order() == draft.in_order():
        return need
    _fill(need, draft)
    session.flush()
    changed = [name for name in draft.__slots__ if getattr(before, name) != getattr(draft, name)]
    audit.record(actor, "need.changed", need, fields=changed)
    note_change("need", need.id)
    events.publish(NeedChanged(need.id))
    return need


def open_need(*, actor: Actor, need: Need) -> None:
    """Publish a draft, or take a paused need up again."""
    require(policies.may_change_need(actor, need))
    rules.check_transition(need.state, NeedState.OPEN)
    rules.check_complete(draft_of(need), clock.today())
    _open(actor, need)
    note_change("need", need.id)


def pause_need(*, actor: Actor, need: Need) -> None:
    require(policies.may_change_need(actor, need))
    rules.check_transition(need.state, NeedState.PAUSED)
    need.state = NeedState.PAUSED
    _tell_closed(actor, need, "need.paused")


def close_need(*, actor: Actor, need: Need, reason: CloseReason) -> None:
    require(policies.may_change_need(actor, need))
    rules.check_transition(need.state, NeedState.CLOSED)
    need.state, need.close_reason = NeedState.CLOSED, reason
    _tell_closed(actor, need, "need.closed", reason=reason.value)


def draft_of(need: Need) -> NeedDraft:
    """A stored need as a draft, to be compared, checked or put back into a form."""
    terms, days = rules.split_terms(need.terms)
    return NeedDraft(
        title=need.title,
        category_code=need.category_code or "",
        unit=need.unit,
        pack=pack_of(need),
        brand=need.brand,
        description=need.description,
        ceiling_price=need.ceiling_price,
        papers=rules.split_papers(need.papers_required),
        min_shelf_life_days=need.min_shelf_life_days,
        storage=need.storage,
        terms=terms,
        terms_days=days,
        commission_percent=need.commission_percent,
        min_share_percent=need.min_share_percent,
        needed_on=need.needed_on,
        lines=tuple(
            LineDraft(line.region_code, line.volume_per_month, line.branch_id)
            for line in need.lines
        ),
    )


def _open(actor: Actor, need: Need) -> None:
    need.state = NeedState.OPEN
    if need.published_at is None:
        need.published_at = clock.now()
    session.flush()
    audit.record(actor, "need.opened", need)
    events.publish(NeedOpened(need.id))


def _tell_closed(actor: Actor, need: Need, action: str, **details: str) -> None:
    session.flush()
    audit.record(actor, action, need, **details)
    note_change("need", need.id)
    events.publish(NeedClosed(need.id))


def _fill(need: Need, draft: NeedDraft) -> None:
    need.title = draft.title
    need.category_code = draft.category_code or None
    need.unit = draft.unit
    need.net_amount = draft.pack.amount if draft.pack else None
    need.net_kind = draft.pack.kind.value if draft.pack else ""
    need.brand = draft.brand
    need.description = draft.description
    need.ceiling_price = draft.ceiling_price
    need.papers_required = rules.papers_word(draft.papers)
    need.min_shelf_life_days = draft.min_shelf_life_days
    need.storage = draft.storage
    need.terms = rules.terms_word(draft.terms, draft.terms_days)
    need.commission_percent = draft.commission_percent
    need.min_share_percent = draft.min_share_percent
    need.needed_on = draft.needed_on
    _fill_lines(need, draft.lines)


def _fill_lines(need: Need, lines: Sequence[LineDraft]) -> None:
    """A line of the same place keeps its row: what was decided on it stays readable."""
    known = {LineDraft(line.region_code, None, line.branch_id).place: line for line in need.lines}
    kept: list[NeedLine] = []
    for draft in lines:
        line = known.get(draft.place) or NeedLine(branch_id=draft.branch_id)
        line.region_code = draft.region_code
        line.volume_per_month = draft.volume_per_month
        kept.append(line)
    need.lines = kept
