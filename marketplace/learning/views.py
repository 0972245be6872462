"""What the engine could learn from the office's decisions, and what the office says to it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.errors import DomainError
from marketplace.core.text import clean_text
from marketplace.infra import jobs
from marketplace.infra.errors import status_of
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number
from marketplace.learning import documents, policies, queries
from marketplace.learning.forms import AdoptRuleForm, ReasonForm
from marketplace.learning.rules import ProposalState, RuleSeverity
from marketplace.learning.services import deciding

bp = Blueprint("learning", __name__, url_prefix="/learning")
NOTE_MAX = 400


def _area() -> str:
    """What this officer may see by name: all, or one kabupaten/kota."""
    actor = current_actor()
    return actor.scope


@bp.get("")
@allow(policies.may_see)
def show_learning() -> ResponseReturnValue:
    """What is in force, what is proposed, which rules the decisions follow."""
    adopted = queries.find_proposal(ProposalState.ADOPTED)
    proposed = queries.find_proposal(ProposalState.PROPOSED)
    return render_template(
        "learning/show_learning.html",
        ready=documents.readiness(),
        last=documents.last_look(),
        adopted=documents.proposal_card(adopted) if adopted else None,
        proposed=documents.proposal_card(proposed) if proposed else None,
        rules=[documents.rule_card(rule) for rule in queries.list_rules()],
        page=queries.page_of_proposals(page_number()),
        card=documents.proposal_card,
        may_decide=policies.may_decide(current_actor()),
    )


@bp.post("/look")
@allow(policies.may_decide)
def look_now() -> ResponseReturnValue:
    """Ask for a look at the decisions before the week is over."""
    with transaction():
        jobs.enqueue("learn", key="learn")
    flash(_("The decisions are being looked at. Come back to this page in a minute."))
    return redirect(url_for(".show_learning"))


@bp.get("/weights/<int:proposal_id>")
@allow(policies.may_see, queries.get_proposal)
def show_proposal(proposal_id: int) -> ResponseReturnValue:
    return _proposal_page(proposal_id, ReasonForm(formdata=None))


def _proposal_page(proposal_id: int, form: ReasonForm, status: int = 200) -> ResponseReturnValue:
    proposal = queries.get_proposal(proposal_id)
    page = render_template(
        "learning/show_proposal.html",
        card=documents.proposal_card(proposal),
        examples=documents.example_cards(proposal, _area()),
        form=form,
        may_decide=policies.may_decide(current_actor(), proposal),
    )
    return page, status


@bp.post("/weights/<int:proposal_id>/adopt")
@allow(policies.may_decide, queries.get_proposal)
def adopt_proposal(proposal_id: int) -> ResponseReturnValue:
    note = clean_text(request.form.get("note", ""))[:NOTE_MAX]
    with transaction():
        deciding.adopt(actor=current_actor(), proposal=queries.get_proposal(proposal_id), note=note)
    flash(_("In force. Everything still to decide is being computed anew."), "success")
    return redirect(url_for(".show_learning"))


@bp.post("/weights/<int:proposal_id>/refuse")
@allow(policies.may_decide, queries.get_proposal)
def refuse_proposal(proposal_id: int) -> ResponseReturnValue:
    form = ReasonForm()
    try:
        with transaction():
            deciding.refuse(
                actor=current_actor(),
                proposal=queries.get_proposal(proposal_id),
                reason=_reason(form),
            )
    except DomainError as error:
        form.refuse(error)
        return _proposal_page(proposal_id, form, status_of(error))
    flash(_("Refused. The reason is kept with the proposal."))
    return redirect(url_for(".show_learning"))


@bp.post("/weights/<int:proposal_id>/end")
@allow(policies.may_decide, queries.get_proposal)
def end_proposal(proposal_id: int) -> ResponseReturnValue:
    """Back to the weights the engine ships with."""
    form = ReasonForm()
    try:
        with transaction():
            deciding.return_to_shipped(
                actor=current_actor(),
                proposal=queries.get_proposal(proposal_id),
                reason=_reason(form),
            )
    except DomainError as error:
        form.refuse(error)
        return _proposal_page(proposal_id, form, status_of(error))
    flash(_("The weights the engine ships with count again."), "success")
    return redirect(url_for(".show_learning"))


def _reason(form: ReasonForm) -> str:
    """The reason given, or nothing where the form is not whole: the service then asks for one."""
    return str(form.reason.data or "") if form.validate() else ""


@bp.get("/rules/<int:rule_id>")
@allow(policies.may_see, queries.get_rule)
def show_rule(rule_id: int) -> ResponseReturnValue:
    return _rule_page(rule_id, ReasonForm(formdata=None))


def _rule_page(rule_id: int, form: ReasonForm, status: int = 200) -> ResponseReturnValue:
    rule = queries.get_rule(rule_id)
    page = render_template(
        "learning/show_rule.html",
        card=documents.rule_card(rule),
        seen_in=queries.list_seen_in(rule, _area()),
        form=form,
        adopt_form=AdoptRuleForm(formdata=None),
        may_decide=policies.may_decide(current_actor(), rule),
    )
    return page, status


@bp.post("/rules/<int:rule_id>/adopt")
@allow(policies.may_decide, queries.get_rule)
def adopt_rule(rule_id: int) -> ResponseReturnValue:
    form = AdoptRuleForm()
    if not form.validate():
        return _rule_page(rule_id, ReasonForm(formdata=None), 422)
    with transaction():
        deciding.adopt_rule(
            actor=current_actor(),
            rule=queries.get_rule(rule_id),
            severity=RuleSeverity(form.severity.data),
        )
    flash(_("The rule is in force. Everything still to decide is being computed anew."), "success")
    return redirect(url_for(".show_learning"))


@bp.post("/rules/<int:rule_id>/dismiss")
@allow(policies.may_decide, queries.get_rule)
def dismiss_rule(rule_id: int) -> ResponseReturnValue:
    form = ReasonForm()
    try:
        with transaction():
            deciding.dismiss_rule(
                actor=current_actor(), rule=queries.get_rule(rule_id), reason=_reason(form)
            )
    except DomainError as error:
        form.refuse(error)
        return _rule_page(rule_id, form, status_of(error))
    flash(_("Dismissed. It is not drafted again by itself."))
    return redirect(url_for(".show_learning"))


@bp.post("/rules/<int:rule_id>/end")
@allow(policies.may_decide, queries.get_rule)
def end_rule(rule_id: int) -> ResponseReturnValue:
    form = ReasonForm()
    try:
        with transaction():
            deciding.end_rule(
                actor=current_actor(), rule=queries.get_rule(rule_id), reason=_reason(form)
            )
    except DomainError as error:
        form.refuse(error)
        return _rule_page(rule_id, form, status_of(error))
    flash(_("The rule is no longer in force."), "success")
    return redirect(url_for(".show_learning"))


@bp.post("/rules/<int:rule_id>/reconsider")
@allow(policies.may_decide, queries.get_rule)
def reconsider_rule(rule_id: int) -> ResponseReturnValue:
    with transaction():
        deciding.reconsider_rule(actor=current_actor(), rule=queries.get_rule(rule_id))
    flash(_("The rule is a draft again."))
    return redirect(url_for(".show_rule", rule_id=rule_id))
