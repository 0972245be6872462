"""Administrators: people of offices, their roles, and the requests about personal data."""

from collections.abc import Collection

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import policies, queries, services
from marketplace.accounts.documents import handout
from marketplace.accounts.forms import AnswerForm, OfficerForm, RoleForm
from marketplace.accounts.rules import OfficeRole
from marketplace.accounts.views import bp
from marketplace.core.errors import DomainError
from marketplace.infra.errors import status_of
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, remember_form, require, sent_before


def _office_choices() -> list[tuple[int, str]]:
    return [(office.id, office.name) for office in queries.list_offices()]


@bp.route("/people/officers/new", methods=["GET", "POST"])
@allow(policies.may_manage_officers)
def add_officer() -> ResponseReturnValue:
    """A person of an office; the answer is the page with their one-time code, shown once."""
    form = OfficerForm()
    form.office_id.choices = _office_choices()
    if request.method == "GET":
        return render_template("accounts/add_officer.html", form=form)
    if (before := sent_before(form)) is not None:
        return redirect(before)
    if not form.validate():
        return render_template("accounts/add_officer.html", form=form), 422
    try:
        with transaction():
            actor = current_actor()
            person = services.add_person(actor=actor, draft=form.draft())
            services.give_office_role(
                actor=actor,
                person=person,
                office_id=form.office_id.data,
                role=OfficeRole(form.role.data),
            )
            code = services.issue_code(actor=actor, person=person)
            remember_form(form, url_for("businesses.show_person", person_id=person.id))
    except DomainError as error:
        form.refuse(error)
        return render_template("accounts/add_officer.html", form=form), status_of(error)
    return render_template("accounts/handout.html", handout=handout(person, code))


@bp.post("/people/<int:person_id>/roles")
@allow(policies.may_manage_officers)
def give_role(person_id: int) -> ResponseReturnValue:
    form = RoleForm()
    form.office_id.choices = _office_choices()
    if not form.validate():
        flash(_("Choose an office and a role."), "error")
        return redirect(url_for("businesses.show_person", person_id=person_id))
    with transaction():
        services.give_office_role(
            actor=current_actor(),
            person=queries.get_person(person_id),
            office_id=form.office_id.data,
            role=OfficeRole(form.role.data),
        )
    flash(_("The role was given."))
    return redirect(url_for("businesses.show_person", person_id=person_id))


@bp.post("/people/<int:person_id>/roles/<int:membership_id>/end")
@allow(policies.may_manage_officers)
def take_role(person_id: int, membership_id: int) -> ResponseReturnValue:
    with transaction():
        services.take_office_role(
            actor=current_actor(),
            person=queries.get_person(person_id),
            membership_id=membership_id,
        )
    flash(_("The role was ended."))
    return redirect(url_for("businesses.show_person", person_id=person_id))


def _areas_of(person_id: int) -> Collection[str]:
    """Where the businesses of a person belong: a higher room knows (AREAS_OF_PERSON, wiring.py)."""
    areas: Collection[str] = current_app.extensions["areas_of_person"](person_id)
    return areas


def _areas_of_request(request_id: int) -> Collection[str]:
    return _areas_of(queries.get_request(request_id).person_id)


@bp.get("/data-requests")
@allow(policies.may_answer_requests)
def list_requests() -> ResponseReturnValue:
    found = [
        asked
        for asked in queries.list_open_requests()
        if policies.may_answer_request(current_actor(), _areas_of(asked.person_id))
    ]
    return render_template("accounts/list_requests.html", requests=found)


@bp.route("/data-requests/<int:request_id>", methods=["GET", "POST"])
@allow(policies.may_answer_request, _areas_of_request)
def answer_request(request_id: int) -> ResponseReturnValue:
    asked = queries.get_request(request_id)
    form = AnswerForm()
    if request.method == "GET":
        return render_template("accounts/answer_request.html", asked=asked, form=form)
    if not form.validate():
        return render_template("accounts/answer_request.html", asked=asked, form=form), 422
    with transaction():
        services.answer_request(
            actor=current_actor(), asked=queries.get_request(request_id), answer=form.answer.data
        )
    flash(_("The answer was kept; the person sees it on their account page."))
    return redirect(url_for(".list_requests"))


@bp.post("/data-requests/<int:request_id>/erase")
@allow(policies.may_erase, queries.get_request)
def erase_account(request_id: int) -> ResponseReturnValue:
    """The account itself, with what every room keeps under its number (ERASERS in wiring.py)."""
    require(policies.may_answer_request(current_actor(), _areas_of_request(request_id)))
    with transaction():
        asked = queries.get_request(request_id)
        for erase in current_app.extensions["erasers"]:
            erase(actor=current_actor(), asked=asked)
        services.erase_account(actor=current_actor(), asked=asked)
    flash(_("The account is erased. Note below what was done."), "success")
    return redirect(url_for(".answer_request", request_id=request_id))
