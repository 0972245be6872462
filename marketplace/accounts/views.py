"""Sign-in, activation, one's own account."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import policies, queries, services
from marketplace.accounts.forms import ActivateForm, ChangePasswordForm, PersonForm, SignInForm
from marketplace.accounts.models import Person
from marketplace.accounts.rules import PersonState
from marketplace.core.errors import DomainError, InvalidInput
from marketplace.core.text import fold
from marketplace.infra.hashing import Busy, verify_password
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, public, safe_next

bp = Blueprint("accounts", __name__)


def _start_session(person: Person, *, long: bool) -> None:
    """Open a session in the database; the cookie of before is thrown away (no fixation)."""
    device = request.user_agent.string
    with transaction():
        token = services.open_session(person, long=long, device=device)
    locale = cookie.get("locale")
    cookie.clear()
    if locale:
        cookie["locale"] = locale
    cookie["sid"] = token
    cookie.permanent = long


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    target = safe_next(request.args.get("next"), url_for("home.index"))
    if request.method == "GET":
        if current_actor().is_signed_in:
            return redirect(target)
        return render_template("accounts/sign_in.html", form=form)
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form), 422
    status = 422
    person = queries.find_person_by_login(form.login.data)
    account_key = (
        f"account:{person.id}" if person else f"login:{queries.digest(fold(form.login.data))[:40]}"
    )
    address_key = f"address:{request.remote_addr}"
    if services.is_held_back(account_key, address_key):
        form.form_errors.append(_("Too many tries. Wait five minutes, then try again."))
        return render_template("accounts/sign_in.html", form=form), 429
    with transaction():  # counted before the verdict, so that a crash cannot give free tries
        services.note_attempt(account_key, address_key)
    try:
        right = verify_password(person.password_hash if person else None, form.password.data)
    except Busy:
        form.form_errors.append(_("Many people are signing in. Try again in a few seconds."))
        return render_template("accounts/sign_in.html", form=form), 429
    if person is not None and right and person.state is PersonState.ACTIVE:
        _start_session(person, long=form.long.data)
        return redirect(target)
    form.form_errors.append(
        _("Number or password is wrong. Forgot it? The office can give you a new code.")
    )
    return render_template("accounts/sign_in.html", form=form), status


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    running = g.sign_in_session
    if running is not None:
        with transaction():
            services.end_session(running)
    cookie.clear()
    flash(_("You are signed out."))
    return redirect(url_for("home.index"))


@bp.route("/activate", methods=["GET", "POST"])
@public
def activate() -> ResponseReturnValue:
    """First entry or a forgotten password: the code comes from the office."""
    form = ActivateForm()
    if request.method == "GET":
        form.code.data = request.args.get("code", "")[:20]
        return render_template("accounts/activate.html", form=form)
    if not form.validate():
        return render_template("accounts/activate.html", form=form), 422
    address_key = f"address:{request.remote_addr}"
    if services.is_held_back("activate:" + address_key, address_key):
        form.form_errors.append(_("Too many tries. Wait five minutes, then try again."))
        return render_template("accounts/activate.html", form=form), 429
    with transaction():
        services.note_attempt(address_key)
    try:
        with transaction():
            person = services.activate(
                code=form.code.data, password=form.password.data, consent=form.consent.data
            )
    except InvalidInput as error:
        form.refuse(error)
        return render_template("accounts/activate.html", form=form), 422
    _start_session(person, long=True)
    flash(_("Welcome, %(name)s.", name=person.full_name))
    return redirect(url_for("home.index"))


@bp.get("/account")
@allow(policies.is_signed_in)
def show_account() -> ResponseReturnValue:
    return _account_page(ChangePasswordForm(formdata=None), _own_form(), 200)


def _own_person() -> Person:
    return queries.get_person(current_actor().person_id or 0)


def _own_form() -> PersonForm:
    return PersonForm(formdata=None, obj=_own_person())


def _account_page(
    password_form: ChangePasswordForm, person_form: PersonForm, status: int
) -> ResponseReturnValue:
    person = _own_person()
    return (
        render_template(
            "accounts/show_account.html",
            person=person,
            sessions=queries.list_sessions(person.id),
            this_session=g.sign_in_session,
            password_form=password_form,
            person_form=person_form,
        ),
        status,
    )


@bp.post("/account/data")
@allow(policies.is_signed_in)
def correct_account() -> ResponseReturnValue:
    form = PersonForm()
    if not form.validate():
        return _account_page(ChangePasswordForm(formdata=None), form, 422)
    try:
        with transaction():
            services.correct_own_data(
                actor=current_actor(), person=_own_person(), draft=form.draft()
            )
    except DomainError as error:
        form.refuse(_as_input(error))
        return _account_page(ChangePasswordForm(formdata=None), form, 409)
    flash(_("Your data were corrected."))
    return redirect(url_for(".show_account"))


def _as_input(error: DomainError) -> InvalidInput:
    return error if isinstance(error, InvalidInput) else InvalidInput(error.msgid, **error.params)


@bp.post("/account/password")
@allow(policies.is_signed_in)
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    if not form.validate():
        return _account_page(form, _own_form(), 422)
    person = _own_person()
    key = f"account:{person.id}"
    if services.is_held_back(key, key):
        form.form_errors.append(_("Too many tries. Wait five minutes, then try again."))
        return _account_page(form, _own_form(), 429)
    with transaction():
        services.note_attempt(key)
    if not verify_password(person.password_hash, form.current.data):
        form.current.errors = [*form.current.errors, _("This is not your present password.")]
        return _account_page(form, _own_form(), 422)
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
        return _account_page(form, _own_form(), 422)
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


@bp.post("/acting/stop")
@allow(policies.is_signed_in)
def stop_acting() -> ResponseReturnValue:
    with transaction():
        services.act_for(g.sign_in_session, None)
    return redirect(url_for("home.index"))
