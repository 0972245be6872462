"""The register of producers and outlets."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.audit import queries as audit
from marketplace.businesses import policies, queries, services
from marketplace.businesses.documents import paper_lines, size_name
from marketplace.businesses.forms import BusinessForm, FiguresForm, OutletForm
from marketplace.businesses.models import Business
from marketplace.businesses.rules import (
    BUSINESS_KIND_NAMES,
    VISIT_FINDING_NAMES,
    BusinessKind,
    kbli_asked,
)
from marketplace.businesses.views import bp
from marketplace.core.errors import DomainError, NotFound
from marketplace.core.kbli import kbli_text
from marketplace.core.text import N_, clean_text
from marketplace.infra.errors import status_of
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import (
    allow,
    current_actor,
    page_number,
    public,
    remember_form,
    sent_before,
    to_sign_in,
)
from marketplace.regions.rules import find_province, find_regency, guess_regencies, region_name


def _area_asked(text: str) -> tuple[str, bool]:
    """The region code meant by a filter, and whether the text was understood."""
    if not text:
        return "", True
    found = find_regency(text) or find_province(text)
    return (found.code, True) if found else ("", False)


@bp.get("/businesses")
@allow(policies.may_list_businesses)
def list_businesses() -> ResponseReturnValue:
    """Search by name or NIB, kind, area and KBLI; a kabupaten/kota sees its own producers."""
    actor = current_actor()
    text = clean_text(request.args.get("q", ""))[:200]
    kind = request.args.get("kind", "")
    place = clean_text(request.args.get("area", ""))[:200]
    kbli = kbli_asked(request.args.get("kbli", "")[:40])
    area, understood = _area_asked(place)
    if actor.is_regency_officer and not actor.is_admin:
        kind, area = BusinessKind.PRODUCER.value, actor.area
    page = queries.find_businesses(
        page_number(),
        text=text,
        kind=BusinessKind(kind) if kind in set(BusinessKind) else None,
        area=area,
        scope=actor.scope,
        kbli=kbli,
    )
    papers = queries.papers_of_many([business.id for business in page.items])
    return render_template(
        "businesses/list_businesses.html",
        page=page,
        papers={number: paper_lines(rows) for number, rows in papers.items()},
        text=text,
        kind=kind,
        place=place,
        kbli=kbli,
        understood=understood,
        guesses=[] if understood else guess_regencies(place, 4),
        kinds=[(code.value, say(name)) for code, name in BUSINESS_KIND_NAMES.items()],
        may_register=policies.may_register(actor),
        may_export=policies.may_export(actor),
    )


@bp.get("/businesses/<int:business_id>")
@public
def show_business(business_id: int) -> ResponseReturnValue:
    """The public part for everybody; contacts, papers and people for those they concern."""
    actor = current_actor()
    business = queries.get_business(business_id)
    if not policies.may_see(actor, business):
        if not actor.is_signed_in:
            return to_sign_in()
        raise NotFound(N_("There is no such business."))
    private = policies.may_see_private(actor, business)
    details = policies.may_see_trade_details(actor, business)
    papers = queries.papers_of(business.id) if details else ()
    members = queries.members_of(business.id) if private else ()
    works_for = queries.businesses_of_people([member.person_id for member in members])
    return render_template(
        "businesses/show_business.html",
        business=business,
        private=private,
        details=details,
        size=size_name(business) if private else None,
        papers=paper_lines(papers),
        kbli=queries.kbli_of(business.id) if private else (),
        branches=queries.branches_of(business.id) if private else (),
        members=members,
        visits=queries.visits_of(business.id) if private else (),
        moves=queries.moves_of(business.id) if private else (),
        finding_names=VISIT_FINDING_NAMES,
        may_visit=policies.may_visit(actor, business),
        managed={
            member.person_id
            for member in members
            if policies.may_manage_person(actor, member.person, works_for[member.person_id])
        },
        may_edit=policies.may_edit(actor, business),
        may_act=policies.may_act_for(actor, business),
        may_hand_out=policies.may_hand_out_accounts(actor, business),
    )


def _form_of(kind: BusinessKind, business: Business | None = None) -> BusinessForm:
    kind_of_form = OutletForm if kind is BusinessKind.OUTLET else BusinessForm
    form: BusinessForm = kind_of_form(obj=business)
    if business is not None and request.method == "GET" and isinstance(form, OutletForm):
        form.is_chain.data = "yes" if business.is_chain else ""
        form.outlet_format.data = business.outlet_format.value if business.outlet_format else None
    if business is not None and request.method == "GET":
        form.kbli.data = kbli_text(queries.kbli_of(business.id), "\n")
    return form


@bp.route("/businesses/new", methods=["GET", "POST"])
@allow(policies.may_register)
def register_business() -> ResponseReturnValue:
    """A producer, or with `?kind=outlet` an outlet."""
    actor = current_actor()
    asked = request.args.get("kind")
    kind = BusinessKind.OUTLET if asked == BusinessKind.OUTLET else BusinessKind.PRODUCER
    form = _form_of(kind)
    if request.method == "GET":
        if actor.is_regency_officer:
            form.region_code.data = actor.area
        return render_template("businesses/register_business.html", form=form, kind=kind)
    if (before := sent_before(form)) is not None:
        return redirect(before)
    if not form.validate():
        return render_template("businesses/register_business.html", form=form, kind=kind), 422
    try:
        with transaction():
            business = services.register_business(actor=actor, draft=form.draft())
            location = remember_form(form, url_for(".show_business", business_id=business.id))
    except DomainError as error:
        form.refuse(error)
        body = render_template("businesses/register_business.html", form=form, kind=kind)
        return body, status_of(error)
    flash(
        _(
            "%(name)s is registered. Next: papers, and an account for its people.",
            name=business.name,
        )
    )
    return redirect(location)


@bp.route("/businesses/<int:business_id>/edit", methods=["GET", "POST"])
@allow(policies.may_edit, queries.get_business)
def edit_business(business_id: int) -> ResponseReturnValue:
    business = queries.get_business(business_id)
    form = _form_of(business.kind, business)
    if request.method == "GET":
        return render_template("businesses/edit_business.html", form=form, business=business)
    if not form.validate():
        body = render_template("businesses/edit_business.html", form=form, business=business)
        return body, 422
    try:
        with transaction():
            along = services.change_business(
                actor=current_actor(),
                business=queries.get_business(business_id),
                draft=form.draft(),
                version=form.seen_version(),
            )
    except DomainError as error:
        form.refuse(error)
        business = queries.get_business(business_id)
        form.version.data = str(business.version)  # pressed again, it is meant
        body = render_template("businesses/edit_business.html", form=form, business=business)
        return body, status_of(error)
    flash(_("The data of the business were saved."))
    if along:
        flash(
            ngettext(
                "%(count)s open pairing, question, meeting or deal went along to %(place)s.",
                "%(count)s open pairings, questions, meetings and deals went along to %(place)s.",
                along,
                count=along,
                place=region_name(queries.get_business(business_id).region_code),
            )
        )
    return redirect(url_for(".show_business", business_id=business_id))


@bp.route("/businesses/<int:business_id>/figures", methods=["GET", "POST"])
@allow(policies.may_see_figures, queries.get_business)
def edit_figures(business_id: int) -> ResponseReturnValue:
    """Yearly sales and working capital: whoever looks from outside the business is noted."""
    actor = current_actor()
    business = queries.get_business(business_id)
    if business_id not in actor.business_ids:
        with transaction():  # the access log of its own, before anything is shown
            services.note_figures_seen(actor=actor, business=queries.get_business(business_id))
        business = queries.get_business(business_id)
    form = FiguresForm(obj=business)
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with transaction():
                    services.declare_figures(
                        actor=actor,
                        business=queries.get_business(business_id),
                        figures=form.draft(),
                        version=form.seen_version(),
                    )
                flash(_("Sales and capital were saved."))
                return redirect(url_for(".show_business", business_id=business_id))
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
                business = queries.get_business(business_id)
                form.version.data = str(business.version)
    body = render_template(
        "businesses/edit_figures.html", form=form, business=business, size=size_name(business)
    )
    return body, status


@bp.get("/businesses/<int:business_id>/history")
@allow(policies.may_see_private, queries.get_business)
def show_history(business_id: int) -> ResponseReturnValue:
    """Who did what: also what the office did in the name of this business."""
    business = queries.get_business(business_id)
    numbers = [business.id, *queries.merged_ids(business.id)]
    subjects = {
        "businesses": numbers,
        "papers": [paper.id for number in numbers for paper in queries.papers_of(number)],
        "branches": [branch.id for branch in queries.branches_of(business.id)],
    }
    return render_template(
        "businesses/show_history.html",
        business=business,
        page=audit.page_of_history(numbers, subjects, page_number()),
    )
