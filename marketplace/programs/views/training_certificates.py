"""Certificates: issue, print one or all, revoke, and the public page that tells genuine ones."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.core.clock import today
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.downloads import file_response
from marketplace.infra.links import unsign
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, public
from marketplace.programs import policies
from marketplace.programs.documents import certificates as papers
from marketplace.programs.forms.training_people import RevokeForm
from marketplace.programs.models import Program
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.queries import trainings as queries
from marketplace.programs.rules.trainings import needed_sessions
from marketplace.programs.services import certifying
from marketplace.programs.views.blueprint import bp
from marketplace.programs.views.training_base import page

_NOT_VALID = N_("This link is not valid. Ask the office for a new one.")


def program_of_certificate(certificate_id: int) -> Program:
    return reads.get_certificate(certificate_id).training.program


@bp.get("/trainings/<int:training_id>/certificates")
@allow(policies.may_run_program, queries.get_training_program)
def list_certificates(training_id: int) -> ResponseReturnValue:
    training = queries.get_training(training_id)
    issued = reads.certificates_of(training_id)
    held = {one.sign_up_id for one in issued if one.revoked_at is None}
    return page(
        "list_certificates",
        training,
        issued=issued,
        new=[one for one, _count in certifying.passed(training) if one.id not in held],
        needed=needed_sessions(len(training.sessions), training.pass_percent),
        is_held=all(one.held_on <= today() for one in training.sessions),
    )


@bp.post("/trainings/<int:training_id>/certificates")
@allow(policies.may_run_program, queries.get_training_program)
def issue_certificates(training_id: int) -> ResponseReturnValue:
    with transaction():
        count = certifying.issue(actor=current_actor(), program_id=training_id)
    flash(ngettext("%(num)d certificate issued.", "%(num)d certificates issued.", count), "success")
    return redirect(url_for(".list_certificates", training_id=training_id))


@bp.get("/trainings/<int:training_id>/certificates.pdf")
@allow(policies.may_run_program, queries.get_training_program)
def print_certificates(training_id: int) -> ResponseReturnValue:
    """All that hold, a page each."""
    live = [one for one in reads.certificates_of(training_id) if one.revoked_at is None]
    if not live:
        raise NotFound(N_("No certificate was issued yet."))
    data = papers.pdf_of(queries.get_training(training_id), live)
    return file_response(data, f"{papers.FILE_NAME}-{training_id}.pdf", "application/pdf")


@bp.get("/certificates/<int:certificate_id>.pdf")
@allow(policies.may_see_certificate, reads.get_certificate)
def print_certificate(certificate_id: int) -> ResponseReturnValue:
    certificate = reads.get_certificate(certificate_id)
    data = papers.pdf_of(certificate.training, [certificate])
    return file_response(data, f"{certificate.number}.pdf", "application/pdf")


@bp.route("/certificates/<int:certificate_id>/revoke", methods=["GET", "POST"])
@allow(policies.may_run_program, program_of_certificate)
def revoke_certificate(certificate_id: int) -> ResponseReturnValue:
    certificate, form = reads.get_certificate(certificate_id), RevokeForm()
    if request.method == "POST" and form.validate():
        with transaction():
            certifying.revoke(
                actor=current_actor(), certificate_id=certificate_id, reason=form.reason.data
            )
        flash(_("%(number)s is revoked.", number=certificate.number), "success")
        return redirect(url_for(".list_certificates", training_id=certificate.program_id))
    shown = page("revoke_certificate", certificate.training, certificate=certificate, form=form)
    return shown, 422 if request.method == "POST" else 200


@bp.get("/certificate/<token>")
@public
def check_certificate(token: str) -> ResponseReturnValue:
    """That it came from here and holds, or when it was revoked."""
    payload = unsign(papers.PURPOSE, token)
    if len(payload) != 1 or not isinstance(payload[0], int):
        raise NotFound(_NOT_VALID)
    certificate = reads.get_certificate(payload[0])
    return render_template(
        "programs/check_certificate.html",
        certificate=certificate,
        training=certificate.training,
        program=certificate.training.program,
    )
