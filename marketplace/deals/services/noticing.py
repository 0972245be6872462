"""Notices: a side says the other is late or the goods are not right; the office answers."""

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.errors import InvalidInput, NotFound, RuleBroken
from marketplace.core.text import N_
from marketplace.deals import guards, policies, queries
from marketplace.deals.models import Deal, Notice
from marketplace.deals.rules.orders import NoticeKind
from marketplace.deals.rules.states import UNSIGNED
from marketplace.deals.services import telling
from marketplace.infra.db import session
from marketplace.infra.web import require

_ANSWERED = N_("This notice is already answered.")


def give_notice(
    *, actor: Actor, deal: Deal, kind: NoticeKind, text: str, order_id: int | None = None
) -> Notice:
    """A side of the deal tells the office what went wrong, with one order or with all of it."""
    require(policies.may_complain(actor, deal))
    side = policies.side_of(actor, deal)
    if side is None or deal.state in UNSIGNED:
        raise RuleBroken(N_("This is still a commitment. Sign the deal first."))
    if not text:
        message = N_("Say what happened.")
        raise InvalidInput(message, fields={"text": message})
    if order_id is not None and not queries.orders_by_ids(deal.id, [order_id]):
        raise NotFound(N_("There is no such order."))
    deal = queries.lock_deal(deal.id)
    notice = Notice(
        deal=deal,
        order_id=order_id,
        kind=kind,
        side=side,
        text=text,
        by_id=actor.person_id,
        by_name=actor.name,
    )
    session.add(notice)
    session.flush()
    audit.record(actor, "deal.notice", deal, kind=kind.value, side=side.value)
    telling.notice_given(notice)
    return notice


def answer_notice(*, actor: Actor, notice: Notice, answer: str) -> None:
    """The office says what it did about it; once."""
    require(policies.may_answer_notices(actor, notice.deal))
    if notice.answered_at is not None:
        raise RuleBroken(_ANSWERED)
    if not answer:
        message = N_("Say what was done.")
        raise InvalidInput(message, fields={"answer": message})
    queries.lock_deal(notice.deal_id)
    if not guards.answer(notice.id, answer, actor):
        raise RuleBroken(_ANSWERED)
    session.refresh(notice, ["answer", "answered_at", "answered_by_name"])
    audit.record(actor, "deal.notice_answered", notice.deal, kind=notice.kind.value)
    telling.notice_answered(notice)
