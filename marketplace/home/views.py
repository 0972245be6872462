"""The first page of each role, language choice, background jobs."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.home import policies, queries, services
from marketplace.home.forms import SettingsForm
from marketplace.infra import jobs, options
from marketplace.infra.i18n import LOCALES
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number, public, safe_next
from marketplace.meetings.rules import REMINDER_DAYS, REQUEST_DAYS
from marketplace.questions.rules import OPEN_MAX, OPEN_MAX_OPTION
from marketplace.suggestions.rules import INTRODUCTION_DAYS

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """What should I do now? Each role gets its own answer; several roles get several."""
    actor = current_actor()
    if not actor.is_signed_in:
        return render_template("home/welcome.html", figures=queries.public_figures())
    return render_template(
        "home/index.html",
        office=queries.office_tasks(actor) if actor.is_officer else None,
        producer=queries.producer_tasks(actor),
        buyer=queries.buyer_tasks(actor),
        is_admin=actor.is_admin,
    )


@bp.get("/language/<code>")
@public
def set_language(code: str) -> ResponseReturnValue:
    """Keep the language on this device; it changes nothing else, so a link may do it."""
    if code in LOCALES:
        cookie["locale"] = code
    return redirect(safe_next(request.args.get("next"), url_for(".index")))


@bp.get("/jobs")
@allow(policies.may_see_jobs)
def list_jobs() -> ResponseReturnValue:
    """Background work: what waits, what runs, what failed and why."""
    return render_template("home/list_jobs.html", page=jobs.page_of_jobs(page_number()))


@bp.post("/jobs/<int:job_id>/again")
@allow(policies.may_see_jobs)
def run_again(job_id: int) -> ResponseReturnValue:
    with transaction():
        jobs.try_again(job_id)
    flash(_("The job runs again."), "success")
    return redirect(url_for(".list_jobs"))


@bp.route("/settings", methods=["GET", "POST"])
@allow(policies.may_change_settings)
def change_settings() -> ResponseReturnValue:
    form = SettingsForm(
        introduction_days=options.get_int("introduction_days", INTRODUCTION_DAYS),
        meeting_request_days=options.get_int("meeting_request_days", REQUEST_DAYS),
        meeting_reminder_days=options.get_int("meeting_reminder_days", REMINDER_DAYS),
        open_questions=options.get_int(OPEN_MAX_OPTION, OPEN_MAX),
    )
    if request.method == "GET":
        return render_template("home/change_settings.html", form=form)
    if not form.validate():
        return render_template("home/change_settings.html", form=form), 422
    with transaction():
        services.change_settings(actor=current_actor(), values=form.values())
    flash(_("The settings are saved."), "success")
    return redirect(url_for(".change_settings"))
