"""Papers: hand in, correct, check, decide."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from marketplace.businesses import policies, queries, services
from marketplace.businesses.documents import paper_line, paper_lines, papers_table
from marketplace.businesses.forms import DecisionForm, PaperForm
from marketplace.businesses.models import Paper
from marketplace.businesses.rules import PaperKind, PaperState
from marketplace.businesses.views import bp
from marketplace.core.errors import DomainError, InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.infra import storage
from marketplace.infra.downloads import export_response
from marketplace.infra.errors import status_of
from marketplace.infra.i18n import say
from marketplace.infra.images import prepare_scan
from marketplace.infra.security import sandboxed
from marketplace.infra.storage import StoredFile
from marketplace.infra.transaction import transaction
from marketplace.infra.web import (
    allow,
    current_actor,
    page_number,
    remember_form,
    sent_before,
)


def _take_scan(form: PaperForm) -> StoredFile | None:
    """The scan sent now, or the one sent with this form before; errors stand beside the field.

    A new one is stored at once, so that it is not lost when another field is wrong.
    """
    actor = current_actor()
    sent = form.scan.data
    if isinstance(sent, FileStorage) and sent.filename:
        try:
            media_type, data = prepare_scan(sent.read())
        except InvalidInput as error:
            form.scan.errors = [*form.scan.errors, say(error.msgid, error.params)]
            return None
        with transaction():
            return storage.put_file(
                data,
                kind="scan",
                media_type=media_type,
                original_name=sent.filename,
                owner_id=actor.person_id,
            )
    return storage.find_own_upload(
        form.scan_token.data or "", kind="scan", owner_id=actor.person_id
    )


def _kept(stored: StoredFile | None) -> dict[str, str] | None:
    """What the upload field says about a scan that need not be chosen again."""
    if stored is None:
        return None
    return {
        "name": stored.original_name or _("The scan"),
        "token": stored.token,
        "field": "scan_token",
    }


def _page(
    template: str, status: int, form: PaperForm, scan: StoredFile | None, **more: Any
) -> ResponseReturnValue:
    form.scan_token.data = ""  # the upload field itself carries the token
    return render_template(template, form=form, kept=_kept(scan), **more), status


@bp.get("/businesses/<int:business_id>/papers")
@allow(policies.may_see_private, queries.get_business)
def list_papers(business_id: int) -> ResponseReturnValue:
    business = queries.get_business(business_id)
    return render_template(
        "businesses/list_papers.html",
        business=business,
        papers=paper_lines(queries.papers_of(business_id)),
        may_edit=policies.may_edit(current_actor(), business),
    )


@bp.route("/businesses/<int:business_id>/papers/new", methods=["GET", "POST"])
@allow(policies.may_edit, queries.get_business)
def add_paper(business_id: int) -> ResponseReturnValue:
    form = PaperForm()
    template = "businesses/add_paper.html"
    if request.method == "GET":
        asked = request.args.get("kind", "")
        form.kind.data = asked if asked in set(PaperKind) else form.kind.data
        return _page(template, 200, form, None, business=queries.get_business(business_id))
    if (before := sent_before(form)) is not None:
        return redirect(before)
    valid = form.validate()
    scan = _take_scan(form)
    if not valid or form.scan.errors:
        return _page(template, 422, form, scan, business=queries.get_business(business_id))
    try:
        with transaction():
            paper = services.add_paper(
                actor=current_actor(),
                business=queries.get_business(business_id),
                draft=form.draft(scan.id if scan else None),
            )
            location = remember_form(form, url_for(".show_paper", paper_id=paper.id))
    except DomainError as error:
        form.refuse(error)
        business = queries.get_business(business_id)
        return _page(template, status_of(error), form, scan, business=business)
    flash(_("The paper was handed in. The office will check it."))
    return redirect(location)


@bp.route("/papers/<int:paper_id>/edit", methods=["GET", "POST"])
@allow(policies.may_edit_paper, queries.get_paper)
def edit_paper(paper_id: int) -> ResponseReturnValue:
    """Correct a paper nobody has decided on yet."""
    paper = queries.get_paper(paper_id)
    form = PaperForm(obj=paper)
    template = "businesses/edit_paper.html"
    if request.method == "GET":
        form.kind.data = _kind_in_list(paper.kind)
        return _page(template, 200, form, paper.scan, paper=paper, business=paper.business)
    valid = form.validate()
    scan = _take_scan(form)
    if not valid or form.scan.errors:
        paper = queries.get_paper(paper_id)
        return _page(template, 422, form, scan, paper=paper, business=paper.business)
    try:
        with transaction():
            services.change_paper(
                actor=current_actor(),
                paper=queries.get_paper(paper_id),
                draft=form.draft(scan.id if scan else None),
                version=form.seen_version(),
            )
    except DomainError as error:
        form.refuse(error)
        paper = queries.get_paper(paper_id)
        form.version.data = str(paper.version)
        return _page(template, status_of(error), form, scan, paper=paper, business=paper.business)
    flash(_("The paper was corrected."))
    return redirect(url_for(".show_paper", paper_id=paper_id))


def _kind_in_list(kind: PaperKind) -> str:
    return (PaperKind.MD if kind is PaperKind.ML else kind).value


@bp.get("/papers/<int:paper_id>")
@allow(policies.may_see_paper, queries.get_paper)
def show_paper(paper_id: int) -> ResponseReturnValue:
    return _paper_page(queries.get_paper(paper_id), DecisionForm(formdata=None), 200)


def _paper_page(paper: Paper, form: DecisionForm, status: int) -> ResponseReturnValue:
    actor = current_actor()
    may_verify = policies.may_verify(actor, paper)
    choices = {
        PaperState.ENTERED: (PaperState.VERIFIED, PaperState.REJECTED),
        PaperState.VERIFIED: (PaperState.REVOKED,),
    }.get(paper.state, ())
    form.decision.choices = [
        (value, label) for value, label in form.decision.choices if value in choices
    ]
    form.version.data = str(paper.version)
    body = render_template(
        "businesses/show_paper.html",
        paper=paper,
        line=paper_line(paper),
        business=paper.business,
        form=form,
        decide=may_verify and bool(choices),
        may_edit=policies.may_edit_paper(actor, paper),
        left=queries.count_papers_to_check(actor) if may_verify else 0,
    )
    return body, status


@bp.get("/papers/to-check")
@allow(policies.may_check_papers)
def list_papers_to_check() -> ResponseReturnValue:
    """Entered papers of the own area, the one that has waited longest first."""
    page = queries.page_of_papers_to_check(current_actor(), page_number())
    return render_template(
        "businesses/list_papers_to_check.html", page=page, papers=paper_lines(page.items)
    )


@bp.get("/papers/to-check.<any(xlsx, csv):ending>")
@allow(policies.may_check_papers)
def export_papers_to_check(ending: str) -> ResponseReturnValue:
    found = queries.list_papers_to_check(current_actor())
    return export_response(*papers_table(found), "surat-untuk-diperiksa", ending)


@bp.post("/papers/<int:paper_id>/decision")
@allow(policies.may_verify, queries.get_paper)
def decide_paper(paper_id: int) -> ResponseReturnValue:
    """Verify, reject or revoke; then on to the next paper that waits."""
    form = DecisionForm()
    if not form.validate():
        return _paper_page(queries.get_paper(paper_id), form, 422)
    try:
        with transaction():
            _decide(queries.get_paper(paper_id), form)
    except DomainError as error:
        form.refuse(error)
        return _paper_page(queries.get_paper(paper_id), form, status_of(error))
    flash(_("The decision was kept; the business sees it."))
    if form.decision.data == PaperState.REVOKED:
        return redirect(url_for(".show_paper", paper_id=paper_id))
    return redirect(url_for(".list_papers_to_check"))


def _decide(paper: Paper, form: DecisionForm) -> None:
    actor, version, words = current_actor(), form.seen_version(), form.note.data or ""
    if form.decision.data == PaperState.VERIFIED:
        services.verify_paper(actor=actor, paper=paper, version=version, note=words)
    elif form.decision.data == PaperState.REJECTED:
        services.reject_paper(actor=actor, paper=paper, version=version, reason=words)
    else:
        services.revoke_paper(actor=actor, paper=paper, version=version, reason=words)


@bp.get("/papers/<int:paper_id>/scan")
@allow(policies.may_see_paper, queries.get_paper)
@sandboxed
def show_scan(paper_id: int) -> ResponseReturnValue:
    """The scan: pictures were re-encoded by us; a PDF is only ever saved, never opened here."""
    scan = queries.get_paper(paper_id).scan
    if scan is None:
        raise NotFound(N_("There is no scan of this paper."))
    is_picture = scan.media_type.startswith("image/")
    ending = "pdf" if scan.media_type == "application/pdf" else scan.media_type.partition("/")[2]
    manner = "inline" if is_picture else "attachment"
    response = Response(storage.read_file(scan), mimetype=scan.media_type)
    response.headers["Content-Disposition"] = f'{manner}; filename="scan-{paper_id}.{ending}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
