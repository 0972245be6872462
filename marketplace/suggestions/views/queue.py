"""The officer's morning: the queue, one case, the decision."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.audit import queries as audit
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from marketplace.core.text import N_, clean_text
from marketplace.infra.downloads import export_response
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number, safe_next
from marketplace.suggestions import documents, policies, queries
from marketplace.suggestions.forms import OverrideForm, RemarkForm
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.queries import QueueFilter
from marketplace.suggestions.rules import (
    REJECT_REASON_NAMES,
    IntroductionState,
    RejectReason,
    RemarkKind,
    SuggestionState,
)
from marketplace.suggestions.services import deciding, introducing
from marketplace.suggestions.views.blueprint import bp

NOTE_MAX = 400


def decide_links(suggestion: Suggestion) -> dict[str, Any] | None:
    """The three decisions of a card, for whom they are; None where it is already decided."""
    if not policies.may_decide(current_actor(), suggestion):
        return None
    if suggestion.state is not SuggestionState.PROPOSED:
        return None
    number = suggestion.id
    may_accept = suggestion.is_eligible or bool(suggestion.override_reason)
    return {
        # The list as it was filtered: after the decision the officer stands there again.
        "back": request.full_path if request.endpoint == "suggestions.list_queue" else "",
        "accept_url": url_for(".accept", suggestion_id=number) if may_accept else None,
        "accept_label": _("Accept and introduce"),
        "reject_url": url_for(".reject", suggestion_id=number),
        "postpone_url": url_for(".postpone", suggestion_id=number),
        "reasons": [(code.value, say(REJECT_REASON_NAMES[code])) for code in RejectReason],
        "postpones": [
            (day, ngettext("%(num)d day", "%(num)d days", days))
            for day, days in documents.postponements()
        ],
    }


def _filter_asked() -> QueueFilter:
    actor = current_actor()
    raw_state = request.args.get("state", "")
    state = (
        SuggestionState(raw_state)
        if raw_state in set(SuggestionState)
        else SuggestionState.PROPOSED
    )
    area = actor.area if not actor.is_province_officer else request.args.get("area", "")[:5]
    return QueueFilter(
        state=state,
        area=area,
        asked_only=request.args.get("asked") == "1",
        category=request.args.get("category", "")[:40],
        overridden_only=request.args.get("overridden") == "1",
        forwarded_only=request.args.get("forwarded") == "1",
    )


@bp.get("/queue")
@allow(policies.may_review)
def list_queue() -> ResponseReturnValue:
    wanted = _filter_asked()
    page = queries.page_of_queue(wanted, page_number())
    area = "" if current_actor().is_province_officer else current_actor().area
    return render_template(
        "suggestions/list_queue.html",
        page=page,
        cards=[
            {**documents.card(item, decide_links(item)), "introduction": item.introduction}
            for item in page.items
        ],
        wanted=wanted,
        counts=queries.count_by_state(area),
        asked=queries.count_asked(area),
        stake=queries.money_at_stake(area),
        spread=queries.spread_of_suggestions(area),
        overrides=queries.count_overrides(),
        forwarded=queries.count_forwarded(),
        reject_reasons=REJECT_REASON_NAMES,
    )


@bp.get("/queue.<ending>")
@allow(policies.may_review)
def export_queue(ending: str) -> ResponseReturnValue:
    """The list as shown, as a file."""
    if ending not in {"xlsx", "csv"}:
        raise NotFound(N_("There is no such page."))
    columns, rows = documents.queue_table(queries.list_of_queue(_filter_asked()))
    return export_response(columns, rows, "usulan", ending)


@bp.get("/suggestions/<int:suggestion_id>")
@allow(policies.may_see_case, queries.get_suggestion)
def show_suggestion(suggestion_id: int) -> ResponseReturnValue:
    return _case_page(suggestion_id, RemarkForm(formdata=None), OverrideForm(formdata=None))


def _case_page(
    suggestion_id: int, remark_form: RemarkForm, override_form: OverrideForm, status: int = 200
) -> ResponseReturnValue:
    suggestion = queries.get_suggestion(suggestion_id)
    actor = current_actor()
    pairing = documents.pairing_of(suggestion)
    return (
        render_template(
            "suggestions/show_suggestion.html",
            suggestion=suggestion,
            card=documents.card(suggestion, decide_links(suggestion)),
            pairing=pairing,
            lines={line.line_id: line for line in pairing.lines},
            remarks=queries.list_remarks(suggestion.id),
            trail=audit.list_of_subject("suggestions", suggestion.id),
            version=queries.get_engine_version(suggestion.engine_version_id),
            remark_form=remark_form,
            override_form=override_form,
            may_override=policies.may_override(actor, suggestion),
            may_decide=policies.may_decide(actor, suggestion),
            may_introduce_again=_may_introduce_again(suggestion),
            reject_reasons=REJECT_REASON_NAMES,
        ),
        status,
    )


def _may_introduce_again(suggestion: Suggestion) -> bool:
    held = suggestion.introduction
    if held is None or not policies.may_decide(current_actor(), suggestion):
        return False
    return introducing.is_over(held) and held.state is not IntroductionState.AGREED


@bp.post("/suggestions/<int:suggestion_id>/introduce-again")
@allow(policies.may_decide, queries.get_suggestion)
def introduce_again(suggestion_id: int) -> ResponseReturnValue:
    with transaction():
        deciding.introduce_again(
            actor=current_actor(), suggestion=queries.get_suggestion(suggestion_id)
        )
    flash(_("Two new texts wait in the tray “To send”."), "success")
    return redirect(url_for(".show_suggestion", suggestion_id=suggestion_id))


def _after(message: str) -> ResponseReturnValue:
    """Say what was done and go on to the next case of the list the officer came from."""
    flash(message)
    return redirect(safe_next(request.form.get("back"), url_for(".list_queue")))


def _note() -> str:
    note = clean_text(request.form.get("note", ""))
    if len(note) > NOTE_MAX:
        raise InvalidInput(N_("At most %(limit)s characters, please."), limit=NOTE_MAX)
    return note


def _decided_already(suggestion_id: int) -> ResponseReturnValue | None:
    """Two officers, or one press too many: show who decided instead of an error."""
    suggestion = queries.get_suggestion(suggestion_id)
    if suggestion.state is SuggestionState.PROPOSED:
        return None
    flash(
        _(
            "Already decided by %(name)s. Look at the decision below.",
            name=suggestion.decided_by_name or _("the system"),
        ),
        "warning",
    )
    return _case_page(
        suggestion_id, RemarkForm(formdata=None), OverrideForm(formdata=None), status=409
    )


@bp.post("/suggestions/<int:suggestion_id>/accept")
@allow(policies.may_decide, queries.get_suggestion)
def accept(suggestion_id: int) -> ResponseReturnValue:
    if (late := _decided_already(suggestion_id)) is not None:
        return late
    try:
        with transaction():
            suggestion = queries.get_suggestion(suggestion_id)
            deciding.accept(actor=current_actor(), suggestion=suggestion)
    except Conflict:
        return _decided_already(suggestion_id) or _raise_conflict()
    return _after(_("Accepted. Two texts wait in the tray “To send”."))


def _raise_conflict() -> ResponseReturnValue:
    raise Conflict(N_("Someone else changed this meanwhile. Look at it again."))


@bp.post("/suggestions/<int:suggestion_id>/reject")
@allow(policies.may_decide, queries.get_suggestion)
def reject(suggestion_id: int) -> ResponseReturnValue:
    raw = request.form.get("reason", "")
    if raw not in set(RejectReason):
        raise InvalidInput(N_("Choose one of the reasons."))
    note = _note()
    if (late := _decided_already(suggestion_id)) is not None:
        return late
    try:
        with transaction():
            deciding.reject(
                actor=current_actor(),
                suggestion=queries.get_suggestion(suggestion_id),
                reason=RejectReason(raw),
                note=note,
            )
    except Conflict:
        return _decided_already(suggestion_id) or _raise_conflict()
    return _after(_("Rejected. The reason is kept and teaches the engine."))


@bp.post("/suggestions/<int:suggestion_id>/postpone")
@allow(policies.may_decide, queries.get_suggestion)
def postpone(suggestion_id: int) -> ResponseReturnValue:
    try:
        until = date.fromisoformat(request.form.get("until") or request.form.get("day", ""))
    except ValueError as error:
        raise InvalidInput(N_("Choose a day after today and within a year.")) from error
    note = _note()
    if (late := _decided_already(suggestion_id)) is not None:
        return late
    try:
        with transaction():
            deciding.postpone(
                actor=current_actor(),
                suggestion=queries.get_suggestion(suggestion_id),
                until=until,
                note=note,
            )
    except Conflict:
        return _decided_already(suggestion_id) or _raise_conflict()
    return _after(_("Postponed. It comes back to the queue on that day."))


@bp.post("/suggestions/<int:suggestion_id>/bring-back")
@allow(policies.may_decide, queries.get_suggestion)
def bring_back(suggestion_id: int) -> ResponseReturnValue:
    with transaction():
        deciding.bring_back(actor=current_actor(), suggestion=queries.get_suggestion(suggestion_id))
    flash(_("The pairing is back in the queue."), "success")
    return redirect(url_for(".show_suggestion", suggestion_id=suggestion_id))


@bp.post("/suggestions/<int:suggestion_id>/override")
@allow(policies.may_override, queries.get_suggestion)
def override(suggestion_id: int) -> ResponseReturnValue:
    form = OverrideForm()
    if not form.validate():
        return _case_page(suggestion_id, RemarkForm(formdata=None), form, 422)
    try:
        with transaction():
            deciding.override(
                actor=current_actor(),
                suggestion=queries.get_suggestion(suggestion_id),
                reason=form.override_reason.data,
            )
    except InvalidInput as error:
        form.refuse(error)
        return _case_page(suggestion_id, RemarkForm(formdata=None), form, 422)
    flash(_("The exclusion is set aside. It is shown with your reason from now on."), "success")
    return redirect(url_for(".show_suggestion", suggestion_id=suggestion_id))


@bp.post("/suggestions/<int:suggestion_id>/remark")
@allow(policies.may_remark, queries.get_suggestion)
def remark(suggestion_id: int) -> ResponseReturnValue:
    form = RemarkForm()
    kind = RemarkKind.FORWARD if request.form.get("forward") else RemarkKind.COMMENT
    if not form.validate():
        return _case_page(suggestion_id, form, OverrideForm(formdata=None), 422)
    try:
        with transaction():
            deciding.remark(
                actor=current_actor(),
                suggestion=queries.get_suggestion(suggestion_id),
                text=form.text.data,
                kind=kind,
            )
    except InvalidInput as error:
        form.refuse(error)
        return _case_page(suggestion_id, form, OverrideForm(formdata=None), 422)
    flash(_("Forwarded to the province.") if kind is RemarkKind.FORWARD else _("Comment written."))
    return redirect(url_for(".show_suggestion", suggestion_id=suggestion_id, _anchor="remarks"))
