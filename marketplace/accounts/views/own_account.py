"""One's own account: see, correct, export, devices, password, requests to the office."""

import json

from flask import current_app, flash, g, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import policies, queries, services
from marketplace.accounts.documents import Rows
from marketplace.accounts.forms import ChangePasswordForm, DataRequestForm, PersonForm
from marketplace.accounts.models import Person
from marketplace.accounts.rules import RequestKind
from marketplace.accounts.views import bp
from marketplace.core.clock import now, today
from marketplace.core.errors import DomainError, InvalidInput
from marketplace.core.sheets import Column
from marketplace.infra.downloads import XLSX, file_response
from marketplace.infra.errors import status_of
from marketplace.infra.hashing import Busy, verify_password
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor
from marketplace.infra.workbooks import write_xlsx


def _own_person() -> Person:
    return queries.get_person(current_actor().person_id or 0)


def _page(
    status: int = 200,
    *,
    person_form: PersonForm | None = None,
    password_form: ChangePasswordForm | None = None,
    request_form: DataRequestForm | None = None,
) -> ResponseReturnValue:
    person = _own_person()
    body = render_template(
        "accounts/show_account.html",
        person=person,
        sessions=queries.list_sessions(person.id),
        this_session=g.sign_in_session,
        requests=queries.list_requests_of(person.id),
        person_form=person_form or PersonForm(formdata=None, obj=person),
        password_form=password_form or ChangePasswordForm(formdata=None),
        request_form=request_form or DataRequestForm(formdata=None),
        form=person_form or password_form or request_form,
    )
    return body, status


@bp.get("/account")
@allow(policies.is_signed_in)
def show_account() -> ResponseReturnValue:
    return _page()


@bp.post("/account/data")
@allow(policies.is_signed_in)
def correct_account() -> ResponseReturnValue:
    form = PersonForm()
    if not form.validate():
        return _page(422, person_form=form)
    try:
        with transaction():
            services.correct_own_data(
                actor=current_actor(), person=_own_person(), draft=form.draft()
            )
    except DomainError as error:
        form.refuse(error)
        return _page(status_of(error), person_form=form)
    flash(_("Your data were corrected."))
    return redirect(url_for(".show_account"))


@bp.post("/account/password")
@allow(policies.is_signed_in)
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    if not form.validate():
        return _page(422, password_form=form)
    person = _own_person()
    key = f"account:{person.id}"
    if services.is_held_back(key, address_key=key):
        form.form_errors.append(_("Too many tries. Wait five minutes, then try again."))
        return _page(429, password_form=form)
    with transaction():
        services.note_attempt(key)
    try:
        right = verify_password(person.password_hash, form.current.data)
    except Busy:
        form.form_errors.append(_("Many people are signing in. Try again in a few seconds."))
        return _page(429, password_form=form)
    if not right:
        form.current.errors = [*form.current.errors, _("This is not your present password.")]
        return _page(422, password_form=form)
    try:
        with transaction():
            services.change_password(
                actor=current_actor(),
                person=_own_person(),
                password=form.password.data,
                keep=g.sign_in_session,
            )
    except InvalidInput as error:
        form.refuse(error)
        return _page(422, password_form=form)
    flash(_("The password was changed. Other devices are signed out."))
    return redirect(url_for(".show_account"))


@bp.post("/account/sign-out-everywhere")
@allow(policies.is_signed_in)
def sign_out_everywhere() -> ResponseReturnValue:
    with transaction():
        services.end_all_sessions(actor=current_actor(), person=_own_person())
    cookie.clear()
    flash(_("You are signed out on every device."))
    return redirect(url_for(".sign_in"))


@bp.post("/account/devices/<int:session_id>/sign-out")
@allow(policies.is_signed_in)
def sign_out_device(session_id: int) -> ResponseReturnValue:
    """End one of one's own sessions; the number of somebody else's answers like a missing one."""
    with transaction():
        services.end_session(queries.get_session_of(current_actor().person_id or 0, session_id))
    flash(_("That device is signed out."))
    return redirect(url_for(".show_account"))


@bp.post("/account/requests")
@allow(policies.is_signed_in)
def ask_request() -> ResponseReturnValue:
    """Ask the office to stop using or to erase one's data."""
    form = DataRequestForm()
    if not form.validate():
        return _page(422, request_form=form)
    try:
        with transaction():
            services.ask_request(
                actor=current_actor(),
                person=_own_person(),
                kind=RequestKind(form.kind.data),
                note=form.note.data,
            )
    except DomainError as error:
        form.refuse(error)
        return _page(status_of(error), request_form=form)
    flash(_("The office has your request and answers within three days."))
    return redirect(url_for(".show_account"))


def _collect(person_id: int) -> dict[str, Rows]:
    """Every room's part, in the order of the table in wiring.py."""
    parts: dict[str, Rows] = {}
    for collect in current_app.extensions["personal_data"]:
        parts.update(collect(person_id))
    return parts


@bp.get("/account/export.json")
@allow(policies.is_signed_in)
def export_json() -> ResponseReturnValue:
    person = _own_person()
    body = {"exported_at": now().isoformat(timespec="seconds"), **_collect(person.id)}
    text = json.dumps(body, ensure_ascii=False, indent=2, default=str)
    return file_response(text.encode(), _file_name("json"), "application/json")


@bp.get("/account/export.xlsx")
@allow(policies.is_signed_in)
def export_xlsx() -> ResponseReturnValue:
    """The same as one table: part, row, what, value."""
    columns = [
        Column("part", _("Part"), width=20),
        Column("row", _("Row"), width=8),
        Column("what", _("What happened"), width=24),
        Column("value", _("Value"), width=60),
    ]
    rows = [
        (part, str(number), name, "" if value is None else str(value)[:32_000])
        for part, table in _collect(_own_person().id).items()
        for number, row in enumerate(table, 1)
        for name, value in row.items()
    ]
    return file_response(write_xlsx(columns, rows, title=_("My data")), _file_name("xlsx"), XLSX)


def _file_name(ending: str) -> str:
    return f"temu-gerai-{today():%Y%m%d}.{ending}"


@bp.post("/acting/stop")
@allow(policies.is_signed_in)
def stop_acting() -> ResponseReturnValue:
    with transaction():
        services.act_for(g.sign_in_session, None)
    return redirect(url_for("home.index"))
