"""The officer's decision: one press each, and a late press shows who was first."""

from datetime import date

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.errors import Conflict, DomainError, InvalidInput
from marketplace.core.text import N_, clean_text
from marketplace.infra.errors import status_of
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, remember_form, safe_next, sent_before
from marketplace.suggestions import policies, queries
from marketplace.suggestions.forms import OverrideForm, RemarkForm
from marketplace.suggestions.rules import RejectReason, RemarkKind, SuggestionState
from marketplace.suggestions.services import deciding
from marketplace.suggestions.views.blueprint import bp
from marketplace.suggestions.views.queue import case_page

NOTE_MAX = 400


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
    return case_page(
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
    return _after(_("Rejected. The reason is kept with the case."))


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
        return case_page(suggestion_id, RemarkForm(formdata=None), form, 422)
    try:
        with transaction():
            deciding.override(
                actor=current_actor(),
                suggestion=queries.get_suggestion(suggestion_id),
                reason=form.override_reason.data,
            )
    except InvalidInput as error:
        form.refuse(error)
        return case_page(suggestion_id, RemarkForm(formdata=None), form, 422)
    flash(_("The exclusion is set aside. It is shown with your reason from now on."), "success")
    return redirect(url_for(".show_suggestion", suggestion_id=suggestion_id))


@bp.post("/suggestions/<int:suggestion_id>/remark")
@allow(policies.may_remark, queries.get_suggestion)
def remark(suggestion_id: int) -> ResponseReturnValue:
    form = RemarkForm()
    kind = RemarkKind.FORWARD if request.form.get("forward") else RemarkKind.COMMENT
    if (before := sent_before(form)) is not None:
        return redirect(before)
    if not form.validate():
        return case_page(suggestion_id, form, OverrideForm(formdata=None), 422)
    try:
        with transaction():
            deciding.remark(
                actor=current_actor(),
                suggestion=queries.get_suggestion(suggestion_id),
                text=form.text.data,
                kind=kind,
            )
            there = url_for(".show_suggestion", suggestion_id=suggestion_id, _anchor="remarks")
            location = remember_form(form, there)
    except DomainError as error:
        form.refuse(error)
        return case_page(suggestion_id, form, OverrideForm(formdata=None), status_of(error))
    flash(_("Forwarded to the province.") if kind is RemarkKind.FORWARD else _("Comment written."))
    return redirect(location)


@bp.post("/suggestions/<int:suggestion_id>/introduce-again")
@allow(policies.may_decide, queries.get_suggestion)
def introduce_again(suggestion_id: int) -> ResponseReturnValue:
    with transaction():
        deciding.introduce_again(
            actor=current_actor(), suggestion=queries.get_suggestion(suggestion_id)
        )
    flash(_("Two new texts wait in the tray “To send”."), "success")
    return redirect(url_for(".show_suggestion", suggestion_id=suggestion_id))
