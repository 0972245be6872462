"""Match the list of a cash register: for each name who could supply it, or "no match"."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.infra import jobs, storage
from marketplace.infra.downloads import export_response
from marketplace.infra.i18n import choose_locale, say
from marketplace.infra.jobs import Job, JobState
from marketplace.infra.security import IMPORT_BODY_LIMIT
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, remember_form, sent_before
from marketplace.suggestions import policies
from marketplace.suggestions.forms import MatchListForm
from marketplace.suggestions.services import listing
from marketplace.suggestions.views.blueprint import bp

KIND = "match-list"
SHOWN_ROWS = 200


@bp.route("/match-list", methods=["GET", "POST"])
@allow(policies.may_match_list)
def match_list() -> ResponseReturnValue:
    if request.method == "POST":
        request.max_content_length = IMPORT_BODY_LIMIT
    form = MatchListForm()
    if (again := sent_before(form)) is not None:
        return redirect(again)
    if request.method == "GET":
        return render_template("suggestions/match_list.html", form=form)
    if not form.validate():
        return render_template("suggestions/match_list.html", form=form), 422
    upload = request.files.get("file")
    actor = current_actor()
    try:
        names = listing.read_names(upload.read() if upload else b"", form.pasted.data or "")
    except InvalidInput as error:
        form.form_errors.append(say(error.msgid, error.params))
        return render_template("suggestions/match_list.html", form=form), 422
    with transaction():
        stored = storage.put_file(
            listing.names_as_bytes(names),
            kind="import",
            media_type="application/json",
            original_name=(upload.filename or "") if upload else "",
            owner_id=actor.person_id,
            kept=True,
        )
        job = jobs.enqueue(
            KIND,
            {"file": stored.token, "lang": choose_locale()},
            owner_id=actor.person_id,
        )
        assert job is not None  # without a key every list is work of its own
        location = remember_form(form, url_for(".show_matched_list", job_id=job.id))
    return redirect(location)


def _own_job(job_id: int) -> Job:
    job = jobs.get_job(job_id)
    if job.kind != KIND:
        raise NotFound(N_("There is no such list."))
    return job


def _may_see_job(actor: object, job: object) -> bool:
    return getattr(job, "owner_id", None) == getattr(actor, "person_id", 0)


@bp.get("/match-list/<int:job_id>")
@allow(_may_see_job, _own_job)
def show_matched_list(job_id: int) -> ResponseReturnValue:
    job = _own_job(job_id)
    rows = listing.read_result(job) if job.state is JobState.DONE else []
    return render_template(
        "suggestions/show_matched_list.html",
        job=job,
        rows=rows[:SHOWN_ROWS],
        total=len(rows),
        matched=sum(bool(row["matched"]) for row in rows),
    )


@bp.get("/match-list/<int:job_id>/result.<ending>")
@allow(
    _may_see_job,
    lambda job_id, ending: _own_job(job_id),
)
def download_matched_list(job_id: int, ending: str) -> ResponseReturnValue:
    job = _own_job(job_id)
    if job.state is not JobState.DONE or ending not in {"xlsx", "csv"}:
        flash(_("The list is not ready yet."), "success")
        return redirect(url_for(".show_matched_list", job_id=job_id))
    columns, rows = listing.result_table(job)
    return export_response(columns, rows, f"temu-gerai-{job_id}", ending)
