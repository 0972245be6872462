"""The register for other government systems, and filled from them, by NIB."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.businesses.queries import get_business
from marketplace.core.errors import DomainError, InvalidInput
from marketplace.infra.downloads import FORMATS, export_response
from marketplace.infra.i18n import say
from marketplace.infra.links import unsign
from marketplace.infra.security import IMPORT_BODY_LIMIT
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor
from marketplace.reporting import policies
from marketplace.reporting.documents import nib
from marketplace.reporting.rules.filling import COLUMNS, FIELD_NAMES, PROBLEM_NAMES, Difference
from marketplace.reporting.services import filling
from marketplace.reporting.views.asked import no_page
from marketplace.reporting.views.blueprint import bp


@bp.get("/register/nib")
@allow(policies.may_exchange_by_nib)
def show_nib() -> ResponseReturnValue:
    return render_template("reporting/show_nib.html", error="")


@bp.get("/register/nib.<ending>")
@allow(policies.may_exchange_by_nib)
def export_nib(ending: str) -> ResponseReturnValue:
    if ending not in FORMATS:
        raise no_page()
    return export_response(COLUMNS, nib.table(current_actor()), "daftar-nib", ending)


@bp.post("/register/nib")
@allow(policies.may_exchange_by_nib)
def compare_by_nib() -> ResponseReturnValue:
    """Nothing is written here: the officer sees each difference and ticks what is taken over."""
    request.max_content_length = IMPORT_BODY_LIMIT
    sent = request.files.get("file")
    try:
        compared = nib.compare(current_actor(), sent.read() if sent else b"")
    except InvalidInput as error:
        message = say(error.msgid, error.params)
        return render_template("reporting/show_nib.html", error=message), 422
    return render_template(
        "reporting/compare_by_nib.html",
        compared=compared,
        field_names=FIELD_NAMES,
        problem_names=PROBLEM_NAMES,
    )


@bp.post("/register/nib/accept")
@allow(policies.may_exchange_by_nib)
def accept_by_nib() -> ResponseReturnValue:
    """Each business for itself: one that was changed meanwhile is told, the others are done."""
    chosen: dict[tuple[int, int], list[Difference]] = {}
    for token in request.form.getlist("accept")[: nib.MOST_SHOWN]:
        number, version, one = nib.difference_of(unsign(nib.PURPOSE, token))
        chosen.setdefault((number, version), []).append(one)
    done = 0
    for (number, version), accepted in chosen.items():
        try:
            with transaction():
                filling.take_over(
                    actor=current_actor(), business_id=number, version=version, accepted=accepted
                )
            done += 1
        except DomainError as error:
            name = get_business(number).name
            flash(f"{name}: {say(error.msgid, error.params)}", "warning")
    flash(
        ngettext("%(num)d business was filled.", "%(num)d businesses were filled.", done)
        if done
        else _("Nothing was taken over.")
    )
    return redirect(url_for(".show_nib"))
