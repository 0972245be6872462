"""The one answer to a question, and the office's hand over what is not fit to be read."""

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.infra.web import require
from marketplace.notifications import services as notifications
from marketplace.questions import guards, policies, rules
from marketplace.questions.models import Question
from marketplace.questions.rules import AnsweredBy, QuestionState, Side
from marketplace.questions.services.asking import SUBJECT, tell


def answer(*, actor: Actor, question: Question, text: str) -> None:
    """Answer once for all to read; of two at once one counts and the other is told."""
    require(policies.may_answer(actor, question))
    rules.check_step(question.state, QuestionState.ANSWERED)
    rules.check_text("answer", text, names=_unknown_names(question), about=question.title)
    by = _whose_word(actor, question)
    if not guards.move(
        question,
        QuestionState.ANSWERED,
        answer=text,
        answered_at=now(),
        answered_by=by,
        answered_by_id=actor.person_id,
    ):
        rules.check_step(question.state, QuestionState.ANSWERED)
    if by is AnsweredBy.OWNER:
        notifications.mark_replied(SUBJECT, question.id, Side.OWNER.value)
    notifications.cancel_unsent(SUBJECT, question.id)
    tell(question, Side.ASKER)
    audit.record(actor, "question.answered", question, by=by.value)


def hide(*, actor: Actor, question: Question, reason: str) -> None:
    """Take a question out of sight; asker and office see it with the reason."""
    require(policies.may_hide(actor, question))
    if not reason:
        raise InvalidInput(
            N_("Please fill this in."), fields={"reason": N_("Please fill this in.")}
        )
    if not guards.move(
        question,
        QuestionState.HIDDEN,
        hidden_reason=reason,
        hidden_at=now(),
        hidden_by_id=actor.person_id,
        hidden_by_name=actor.name,
    ):
        rules.check_step(question.state, QuestionState.HIDDEN)
    notifications.cancel_unsent(SUBJECT, question.id)
    audit.record(actor, "question.hidden", question, reason=reason)


def _whose_word(actor: Actor, question: Question) -> AnsweredBy:
    """An officer answers as the office, also while acting in the owner's name."""
    owns = policies.is_owner(actor, question)
    helps = actor.is_officer and question.owner.id not in actor.business_ids
    return AnsweredBy.OFFICE if helps or not owns else AnsweredBy.OWNER


def _unknown_names(question: Question) -> tuple[str, ...]:
    """Names an answer may not tell: of both persons, of the buyer, never that of a producer."""
    owner, asker = question.owner, question.asker
    outlet = asker if question.product_id is not None else owner
    return (outlet.name, outlet.contact_name, owner.contact_name, asker.contact_name)
