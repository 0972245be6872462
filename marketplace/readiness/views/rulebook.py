"""The rules of eligibility: read by every office, changed by the province after a preview."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.errors import DomainError
from marketplace.infra.errors import status_of
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor
from marketplace.readiness import documents, policies, queries
from marketplace.readiness.forms import RuleForm
from marketplace.readiness.rules.rulebook import word_of
from marketplace.readiness.services import rulebook as services
from marketplace.readiness.views.blueprint import bp


@bp.get("/readiness/rules")
@allow(policies.may_see_rules)
def list_rules() -> ResponseReturnValue:
    return render_template(
        "readiness/list_rules.html",
        cards=[documents.rule_card(rule) for rule in queries.rules_today()],
        changes=[documents.change_card(change) for change in queries.list_changes()],
        may_change=policies.may_change_rules(current_actor()),
    )


@bp.route("/readiness/rules/<code>", methods=["GET", "POST"])
@allow(policies.may_change_rules, lambda code: queries.rule_in_force(code))
def edit_rule(code: str) -> ResponseReturnValue:
    """Draft a change; what it would do is computed before anybody can adopt it."""
    card = documents.rule_card(queries.rule_in_force(code))
    form = RuleForm(data=_present(code)) if request.method == "GET" else RuleForm()
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with transaction():
                    change = services.draft_change(actor=current_actor(), draft=form.draft(code))
                return redirect(url_for(".show_change", change_id=change.id))
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
    return render_template("readiness/edit_rule.html", card=card, form=form), status


def _present(code: str) -> dict[str, object]:
    rule = queries.rule_in_force(code)
    to = rule.applies_to
    return {
        "severity": rule.severity,
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
        "basis": rule.basis,
        "kinds": sorted(to.kinds),
        "storages": sorted(map(word_of, to.storages)),
        "size_classes": sorted(map(word_of, to.size_classes)),
    }


@bp.get("/readiness/changes/<int:change_id>")
@allow(policies.may_see_rules, queries.get_change)
def show_change(change_id: int) -> ResponseReturnValue:
    """What a change would do to the pairings of today, and the decision."""
    change = queries.get_change(change_id)
    return render_template(
        "readiness/show_change.html",
        card=documents.change_card(change),
        before=documents.rule_card(queries.rule_in_force(change.code)),
        change=change,
        preview=change.preview,
        may_change=policies.may_change_rules(current_actor()),
    )


@bp.post("/readiness/changes/<int:change_id>/adopt")
@allow(policies.may_change_rules, queries.get_change)
def adopt_change(change_id: int) -> ResponseReturnValue:
    with transaction():
        services.adopt(actor=current_actor(), change=queries.get_change(change_id))
    flash(_("In force. Everything still to decide is being computed anew."), "success")
    return redirect(url_for(".list_rules"))


@bp.post("/readiness/changes/<int:change_id>/drop")
@allow(policies.may_change_rules, queries.get_change)
def drop_change(change_id: int) -> ResponseReturnValue:
    with transaction():
        services.drop(actor=current_actor(), change=queries.get_change(change_id))
    flash(_("The draft was dropped. Nothing counts differently."))
    return redirect(url_for(".list_rules"))


@bp.post("/readiness/changes/<int:change_id>/put-back")
@allow(policies.may_change_rules, queries.get_change)
def put_back_change(change_id: int) -> ResponseReturnValue:
    with transaction():
        services.put_back(actor=current_actor(), change=queries.get_change(change_id))
    flash(_("The rule counts as shipped again. Everything to decide is computed anew."), "success")
    return redirect(url_for(".list_rules"))
