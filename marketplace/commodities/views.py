"""The words people use: what the search reads as what."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.commodities import documents, policies, queries, services
from marketplace.commodities.forms import SpellingForm
from marketplace.commodities.rules import SPELLING_KIND_NAMES, SpellingKind
from marketplace.core.errors import DomainError
from marketplace.core.text import clean_text
from marketplace.infra.downloads import export_response
from marketplace.infra.errors import status_of
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import (
    allow,
    current_actor,
    page_number,
    remember_form,
    sent_before,
)

bp = Blueprint("commodities", __name__)


@bp.get("/words")
@allow(policies.may_see_spellings)
def list_spellings() -> ResponseReturnValue:
    text = clean_text(request.args.get("q", ""))[:60]
    kind = request.args.get("kind", "")
    return render_template(
        "commodities/list_spellings.html",
        page=queries.page_of_spellings(
            page_number(), text, kind if kind in set(SpellingKind) else ""
        ),
        text=text,
        kind=kind,
        kinds=[(code.value, say(name)) for code, name in SPELLING_KIND_NAMES.items()],
        may_edit=policies.may_edit_spellings(current_actor()),
    )


@bp.get("/words.<any(xlsx, csv):ending>")
@allow(policies.may_see_spellings)
def export_spellings(ending: str) -> ResponseReturnValue:
    """The words, under the filters of the page."""
    kind = request.args.get("kind", "")
    found = queries.list_spellings(
        clean_text(request.args.get("q", ""))[:60], kind if kind in set(SpellingKind) else ""
    )
    return export_response(*documents.words_table(found), "kata", ending)


@bp.route("/words/new", methods=["GET", "POST"])
@allow(policies.may_edit_spellings)
def add_spelling() -> ResponseReturnValue:
    form = SpellingForm()
    status = 200
    if request.method == "POST":
        if (before := sent_before(form)) is not None:
            return redirect(before)
        status = 422
        if form.validate():
            try:
                with transaction():
                    word = services.add_spelling(actor=current_actor(), draft=form.draft())
                    location = remember_form(form, url_for(".list_spellings", q=word.written))
                flash(_("The search knows the word now."))
                return redirect(location)
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
    return render_template("commodities/edit_spelling.html", form=form, spelling=None), status


@bp.route("/words/<int:spelling_id>", methods=["GET", "POST"])
@allow(policies.may_edit_spellings)
def edit_spelling(spelling_id: int) -> ResponseReturnValue:
    spelling = queries.get_spelling(spelling_id)
    form = SpellingForm(obj=spelling)
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with transaction():
                    services.change_spelling(
                        actor=current_actor(),
                        spelling=queries.get_spelling(spelling_id),
                        draft=form.draft(),
                    )
                flash(_("The word was saved."))
                return redirect(url_for(".list_spellings", q=form.draft().written))
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
                spelling = queries.get_spelling(spelling_id)
    return render_template("commodities/edit_spelling.html", form=form, spelling=spelling), status


@bp.post("/words/<int:spelling_id>/use")
@allow(policies.may_edit_spellings)
def use_spelling(spelling_id: int) -> ResponseReturnValue:
    return _set_active(spelling_id, active=True, said=_("The word is in use again."))


@bp.post("/words/<int:spelling_id>/leave")
@allow(policies.may_edit_spellings)
def leave_spelling(spelling_id: int) -> ResponseReturnValue:
    return _set_active(spelling_id, active=False, said=_("The word is no longer used."))


def _set_active(spelling_id: int, *, active: bool, said: str) -> ResponseReturnValue:
    with transaction():
        spelling = queries.get_spelling(spelling_id)
        services.set_spelling_active(actor=current_actor(), spelling=spelling, active=active)
        written = spelling.written
    flash(said)
    return redirect(url_for(".list_spellings", q=written))
