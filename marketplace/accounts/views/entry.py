"""The doors: sign-in, first entry with a code, sign-out, and what the data are used for."""

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import queries, services
from marketplace.accounts.forms import ActivateForm, SignInForm
from marketplace.accounts.models import Person
from marketplace.accounts.rules import CONSENT_VERSION, PASSWORD_MAX, PersonState
from marketplace.accounts.views import bp
from marketplace.core.errors import InvalidInput
from marketplace.core.text import fold
from marketplace.infra.hashing import Busy, verify_password
from marketplace.infra.security import SESSION_COOKIE
from marketplace.infra.transaction import transaction
from marketplace.infra.web import current_actor, public, safe_next


def _start_session(person: Person, *, long: bool) -> None:
    """Open a session in the database; the cookie of before is thrown away (no fixation)."""
    device = request.user_agent.string
    with transaction():
        token = services.open_session(person, long=long, device=device)
    locale = cookie.get("locale")
    cookie.clear()
    if locale:
        cookie["locale"] = locale
    cookie[SESSION_COOKIE] = token
    cookie.permanent = long


def _address_key() -> str:
    return f"address:{request.remote_addr}"


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """One answer for a wrong number, a wrong password and a disabled account, in the same time."""
    form = SignInForm()
    target = safe_next(request.args.get("next"), url_for("home.index"))
    if request.method == "GET":
        if current_actor().is_signed_in:
            return redirect(target)
        return render_template("accounts/sign_in.html", form=form)
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form), 422
    person = queries.find_person_by_login(form.login.data)
    account_key = (
        f"account:{person.id}" if person else f"login:{queries.digest(fold(form.login.data))[:40]}"
    )
    if services.is_held_back(account_key, address_key=_address_key()):
        form.form_errors.append(_("Too many tries. Wait five minutes, then try again."))
        return render_template("accounts/sign_in.html", form=form), 429
    with transaction():  # counted before the verdict, so that a crash cannot give free tries
        services.note_attempt(account_key, _address_key())
    try:
        right = verify_password(
            person.password_hash if person else None, form.password.data[: PASSWORD_MAX + 1]
        )
    except Busy:
        form.form_errors.append(_("Many people are signing in. Try again in a few seconds."))
        return render_template("accounts/sign_in.html", form=form), 429
    if person is not None and right and person.state is PersonState.ACTIVE:
        _start_session(person, long=form.long.data)
        return redirect(target)
    form.form_errors.append(
        _("Number or password is wrong. Forgot it? The office can give you a new code.")
    )
    return render_template("accounts/sign_in.html", form=form), 422


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
    if services.is_held_back(address_key=_address_key()):
        form.form_errors.append(_("Too many tries. Wait five minutes, then try again."))
        return render_template("accounts/activate.html", form=form), 429
    with transaction():
        services.note_attempt(_address_key())
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


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """What is kept of people, why, who sees it and what they may ask for (UU 27/2022)."""
    settings = current_app.config["SETTINGS"]
    return render_template(
        "accounts/privacy.html",
        office=settings.office_name,
        contact=settings.office_contact,
        consent_version=CONSENT_VERSION,
    )
