"""People of businesses and offices: list, accounts handed out, one-time codes."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import policies as account_policies
from marketplace.accounts import queries as accounts
from marketplace.accounts.documents import handout
from marketplace.accounts.forms import PersonForm, RoleForm
from marketplace.accounts.models import Person
from marketplace.businesses import policies, queries, services
from marketplace.businesses.documents import people_table
from marketplace.businesses.forms import MemberForm
from marketplace.businesses.models import Business
from marketplace.businesses.views import bp
from marketplace.core.actor import Actor
from marketplace.core.errors import DomainError
from marketplace.core.text import clean_text
from marketplace.infra.downloads import export_response
from marketplace.infra.errors import status_of
from marketplace.infra.transaction import transaction
from marketplace.infra.web import (
    allow,
    current_actor,
    page_number,
    remember_form,
    sent_before,
)
from marketplace.regions.rules import region_name


def _may_manage(actor: Actor, person: Person) -> bool:
    return policies.may_manage_person(actor, person, queries.list_of_person(person.id))


def _count_requests(actor: Actor) -> int:
    """The requests about personal data that wait for this officer."""
    asked = accounts.list_open_requests()
    known = queries.businesses_of_people({one.person_id for one in asked})
    return sum(
        account_policies.may_answer_request(actor, policies.areas_of(known[one.person_id]))
        for one in asked
    )


@bp.get("/people")
@allow(policies.may_list_people)
def list_people() -> ResponseReturnValue:
    actor = current_actor()
    text = clean_text(request.args.get("q", ""))[:200]
    page = queries.page_of_people(actor, page_number(), text)
    may_answer = account_policies.may_answer_requests(actor)
    businesses = queries.businesses_of_people([person.id for person in page.items])
    return render_template(
        "businesses/list_people.html",
        page=page,
        text=text,
        businesses=businesses,
        managed={
            person.id
            for person in page.items
            if policies.may_manage_person(actor, person, businesses[person.id])
        },
        may_add_officer=account_policies.may_manage_officers(actor),
        open_requests=_count_requests(actor) if may_answer else 0,
    )


@bp.get("/people.<any(xlsx, csv):ending>")
@allow(policies.may_list_people)
def export_people(ending: str) -> ResponseReturnValue:
    found = queries.list_people(current_actor(), clean_text(request.args.get("q", ""))[:200])
    businesses = queries.businesses_of_people([person.id for person in found])
    return export_response(*people_table(found, businesses), "orang", ending)


@bp.get("/people/<int:person_id>")
@allow(_may_manage, accounts.get_person)
def show_person(person_id: int) -> ResponseReturnValue:
    return _person_page(person_id, MemberForm(formdata=None), 200)


def _person_page(person_id: int, form: MemberForm, status: int) -> ResponseReturnValue:
    actor = current_actor()
    person = accounts.get_person(person_id)
    role_form = RoleForm(formdata=None)
    role_form.office_id.choices = [(office.id, office.name) for office in accounts.list_offices()]
    body = render_template(
        "businesses/show_person.html",
        person=person,
        businesses=queries.list_of_person(person_id),
        devices=len(accounts.list_sessions(person_id)),
        requests=accounts.list_open_requests_of(person_id),
        form=form,
        role_form=role_form,
        may_give_roles=account_policies.may_manage_officers(actor),
        is_self=actor.person_id == person_id,
    )
    return body, status


def _contact_of(business_id: int) -> dict[str, str]:
    """The first person of a business is most often its contact: nobody types them twice."""
    business = queries.get_business(business_id)
    if queries.members_of(business_id):
        return {}
    return {"full_name": business.contact_name or "", "phone": business.phone or ""}


@bp.route("/businesses/<int:business_id>/people/new", methods=["GET", "POST"])
@allow(policies.may_hand_out_accounts, queries.get_business)
def add_person(business_id: int) -> ResponseReturnValue:
    """Somebody of this business; the answer is the page with their one-time code, shown once."""
    actor = current_actor()
    form = PersonForm(data=_contact_of(business_id)) if request.method == "GET" else PersonForm()
    status = 200
    if request.method == "POST":
        if (before := sent_before(form)) is not None:
            return redirect(before)
        status = 422
        if form.validate():
            try:
                with transaction():
                    person = services.add_person_of(
                        actor=actor,
                        business=queries.get_business(business_id),
                        draft=form.draft(),
                    )
                    code = services.issue_code(actor=actor, person=person)
                    remember_form(form, url_for(".show_person", person_id=person.id))
                return render_template("accounts/handout.html", handout=handout(person, code))
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
    body = render_template(
        "businesses/add_person.html", form=form, business=queries.get_business(business_id)
    )
    return body, status


@bp.post("/people/<int:person_id>/code")
@allow(_may_manage, accounts.get_person)
def issue_code(person_id: int) -> ResponseReturnValue:
    """A new one-time code, shown once; not redirected, since only this answer may hold it."""
    with transaction():
        person = accounts.get_person(person_id)
        code = services.issue_code(actor=current_actor(), person=person)
    return render_template("accounts/handout.html", handout=handout(person, code))


@bp.post("/people/<int:person_id>/disable")
@allow(_may_manage, accounts.get_person)
def disable_person(person_id: int) -> ResponseReturnValue:
    with transaction():
        services.disable_person(actor=current_actor(), person=accounts.get_person(person_id))
    flash(_("The account is disabled and signed out on every device."))
    return redirect(url_for(".show_person", person_id=person_id))


@bp.post("/people/<int:person_id>/enable")
@allow(_may_manage, accounts.get_person)
def enable_person(person_id: int) -> ResponseReturnValue:
    with transaction():
        services.enable_person(actor=current_actor(), person=accounts.get_person(person_id))
    flash(_("The account works again."))
    return redirect(url_for(".show_person", person_id=person_id))


@bp.post("/people/<int:person_id>/businesses")
@allow(_may_manage, accounts.get_person)
def add_member(person_id: int) -> ResponseReturnValue:
    """Let this person also work for another business, found by its name."""
    form = MemberForm()
    if not form.validate():
        return _person_page(person_id, form, 422)
    business = _named(form)
    if business is None:
        return _person_page(person_id, form, 422)
    try:
        with transaction():
            services.add_member(
                actor=current_actor(),
                business=queries.get_business(business.id),
                person=accounts.get_person(person_id),
            )
    except DomainError as error:
        form.refuse(error)
        return _person_page(person_id, form, status_of(error))
    flash(_("%(name)s was added.", name=business.name))
    return redirect(url_for(".show_person", person_id=person_id))


def _named(form: MemberForm) -> Business | None:
    """The one business meant that this officer answers for; else the form says what is there."""
    actor = current_actor()
    found = [
        business
        for business in queries.list_named(form.business.data)
        if policies.may_hand_out_accounts(actor, business)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        names = "; ".join(f"{one.name} ({region_name(one.region_code)})" for one in found)
        message = _("Several businesses are called like that: %(names)s", names=names)
    else:
        message = _("No business of this name. Register it first.")
    form.business.errors = [*form.business.errors, message]
    return None


@bp.post("/people/<int:person_id>/businesses/<int:business_id>/end")
@allow(_may_manage, lambda person_id, business_id: accounts.get_person(person_id))
def remove_member(person_id: int, business_id: int) -> ResponseReturnValue:
    with transaction():
        services.remove_member(
            actor=current_actor(),
            business=queries.get_business(business_id),
            person=accounts.get_person(person_id),
        )
    flash(_("This person no longer works for that business."))
    return redirect(url_for(".list_people"))
