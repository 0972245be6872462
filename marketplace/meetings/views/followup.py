"""After the meeting: what is missing, next steps and samples."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.actor import Actor, ActorKind
from marketplace.core.clock import now, today
from marketplace.core.errors import Conflict, DomainError, NotFound
from marketplace.core.text import N_
from marketplace.infra.errors import status_of
from marketplace.infra.links import unsign
from marketplace.infra.transaction import transaction
from marketplace.infra.web import (
    allow,
    current_actor,
    page_number,
    public,
    remember_form,
    safe_next,
    sent_before,
)
from marketplace.meetings import policies, queries
from marketplace.meetings.documents.followup import SAMPLE_LINK
from marketplace.meetings.forms.results import SampleForm, ScoreForm, StepForm
from marketplace.meetings.models import NextStep, Sample
from marketplace.meetings.queries import results
from marketplace.meetings.rules.results import LINK_AFTER, OWNER_NAMES
from marketplace.meetings.services import samples, steps
from marketplace.meetings.views.blueprint import bp
from marketplace.meetings.views.outcomes import result_page


@bp.get("/follow-up")
@allow(policies.may_follow_up)
def follow_up() -> ResponseReturnValue:
    """Held without a next step, over without a result, steps due, samples late: one list each."""
    area = policies.area_of(current_actor())
    moment, number = now(), page_number()
    pages: dict[str, Callable[[], Any]] = {
        "no-step": lambda: results.page_without_step(area, number),
        "no-result": lambda: results.page_without_result(area, moment, number),
        "steps": lambda: results.page_of_open_steps(number, area=area),
        "samples": lambda: results.page_of_late_samples(area, moment, number),
    }
    wanted = request.args.get("list", "no-step")
    if wanted not in pages:
        raise NotFound(N_("There is no such page."))
    return render_template(
        "meetings/follow_up.html",
        wanted=wanted,
        page=pages[wanted](),
        counts={
            "no-step": results.count_without_step(area),
            "no-result": results.count_without_result(area, moment),
            "steps": results.count_due_steps(today(), area),
            "samples": results.count_late_samples(area, moment),
        },
        today=today(),
        moment=moment,
        owner_names=OWNER_NAMES,
    )


@bp.get("/my-steps")
@allow(policies.may_list_own)
def list_own_steps() -> ResponseReturnValue:
    """What a producer or a buyer promised to do after their meetings."""
    actor = current_actor()
    own = sorted(actor.business_ids | ({actor.acting_for} if actor.acting_for else set()))
    return render_template(
        "meetings/list_own_steps.html",
        page=results.page_of_open_steps(page_number(), business_ids=own),
        today=today(),
    )


@bp.post("/meetings/<int:meeting_id>/steps")
@allow(policies.may_record_outcome, queries.get_meeting)
def add_step(meeting_id: int) -> ResponseReturnValue:
    form = StepForm()
    if (before := sent_before(form)) is not None:
        return redirect(before)
    if not form.validate():
        return result_page(meeting_id, step_form=form, status=422)
    try:
        with transaction():
            meeting = queries.get_meeting(meeting_id)
            steps.add_step(actor=current_actor(), meeting=meeting, draft=form.draft())
            location = remember_form(form, url_for(".show_result", meeting_id=meeting_id))
    except DomainError as error:
        form.refuse(error)
        return result_page(meeting_id, step_form=form, status=status_of(error))
    flash(_("The next step is noted."), "success")
    return redirect(location)


@bp.route("/steps/<int:step_id>", methods=["GET", "POST"])
@allow(policies.may_change_step, results.get_step)
def edit_step(step_id: int) -> ResponseReturnValue:
    step = results.get_step(step_id)
    if request.method == "GET":
        return _step_page(step, StepForm.of(step))
    form = StepForm()
    if not form.validate():
        return _step_page(step, form, 422)
    try:
        with transaction():
            steps.change_step(
                actor=current_actor(),
                step=results.get_step(step_id),
                draft=form.draft(),
                version=form.seen_version(),
            )
    except DomainError as error:
        form.refuse(error)
        present = results.get_step(step_id)
        if isinstance(error, Conflict):
            form.version.data, form.version.raw_data = str(present.version), None
        return _step_page(present, form, status_of(error))
    flash(_("The next step is saved."), "success")
    return redirect(url_for(".show_result", meeting_id=step.meeting_id))


def _step_page(step: NextStep, form: StepForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "meetings/edit_step.html",
        step=step,
        form=form,
        theirs=step if status == 409 else None,
        owner_names=OWNER_NAMES,
    )
    return page, status


def _back(meeting_id: int) -> ResponseReturnValue:
    """Where the button stood: a list, or the page of the meeting."""
    default = url_for(".show_result", meeting_id=meeting_id)
    return redirect(safe_next(request.form.get("back"), default))


@bp.post("/steps/<int:step_id>/done")
@allow(policies.may_finish_step, results.get_step)
def finish_step(step_id: int) -> ResponseReturnValue:
    with transaction():
        step = results.get_step(step_id)
        steps.finish_step(actor=current_actor(), step=step)
    flash(_("Done: “%(what)s”.", what=step.what), "success")
    return _back(step.meeting_id)


@bp.post("/steps/<int:step_id>/reopen")
@allow(policies.may_change_step, results.get_step)
def reopen_step(step_id: int) -> ResponseReturnValue:
    with transaction():
        step = results.get_step(step_id)
        steps.reopen_step(actor=current_actor(), step=step)
    flash(_("The step is open again."), "success")
    return _back(step.meeting_id)


# --- samples


@bp.post("/meetings/<int:meeting_id>/samples")
@allow(policies.may_record_outcome, queries.get_meeting)
def promise_sample(meeting_id: int) -> ResponseReturnValue:
    form = SampleForm()
    if (before := sent_before(form)) is not None:
        return redirect(before)
    products = results.products_of(queries.get_meeting(meeting_id).producer_id)
    chosen = form.product() if form.product() in {one.id for one in products} else None
    if not form.validate():
        return result_page(meeting_id, sample_form=form, status=422)
    try:
        with transaction():
            samples.promise(
                actor=current_actor(),
                meeting=queries.get_meeting(meeting_id),
                what=form.what.data,
                product_id=chosen,
            )
            location = remember_form(form, url_for(".show_result", meeting_id=meeting_id))
    except DomainError as error:
        form.refuse(error)
        return result_page(meeting_id, sample_form=form, status=status_of(error))
    flash(_("The sample is noted. It should leave within 72 hours."), "success")
    return redirect(location)


@bp.post("/samples/<int:sample_id>/sent")
@allow(policies.may_send_sample, results.get_sample)
def send_sample(sample_id: int) -> ResponseReturnValue:
    with transaction():
        sample = results.get_sample(sample_id)
        samples.mark_sent(actor=current_actor(), sample=sample)
    flash(_("Noted as sent. A text to the buyer waits in the tray."), "success")
    return _back(sample.meeting_id)


@bp.post("/samples/<int:sample_id>/received")
@allow(policies.may_judge_sample, results.get_sample)
def receive_sample(sample_id: int) -> ResponseReturnValue:
    with transaction():
        sample = results.get_sample(sample_id)
        samples.mark_received(actor=current_actor(), sample=sample)
    flash(_("Noted as received. It is to be judged within 7 days."), "success")
    return _back(sample.meeting_id)


@bp.route("/samples/<int:sample_id>/judge", methods=["GET", "POST"])
@allow(policies.may_judge_sample, results.get_sample)
def judge_sample(sample_id: int) -> ResponseReturnValue:
    sample = results.get_sample(sample_id)
    if request.method == "GET":
        return _judge_page(sample, _scores_of(sample))
    form = ScoreForm()
    refused = _take_scores(current_actor(), sample, form)
    return refused or redirect(url_for(".show_result", meeting_id=sample.meeting_id))


def _scores_of(sample: Sample) -> ScoreForm:
    marks = {"taste": sample.taste_score, "pack": sample.pack_score, "price": sample.price_score}
    given = {name: str(mark) for name, mark in marks.items() if mark is not None}
    return ScoreForm(formdata=None, data={**given, "note": sample.note})


def _take_scores(
    actor: Actor, sample: Sample, form: ScoreForm, token: str | None = None
) -> ResponseReturnValue | None:
    if not form.validate():
        return _judge_page(sample, form, token=token, status=422)
    with transaction():
        fresh = results.get_sample(sample.id)
        samples.judge(actor=actor, sample=fresh, scores=form.scores())
    flash(_("Thank you. The judgement is saved."), "success")
    return None


def _judge_page(
    sample: Sample, form: ScoreForm, *, token: str | None = None, status: int = 200
) -> ResponseReturnValue:
    template = "meetings/judge_by_link.html" if token else "meetings/judge_sample.html"
    return render_template(template, sample=sample, form=form, token=token), status


def _sample_behind(token: str) -> tuple[Sample, Actor]:
    payload = unsign(SAMPLE_LINK, token)
    if len(payload) != 1 or not isinstance(payload[0], int):
        raise NotFound(N_("This link is not valid. Ask the office for a new one."))
    sample = results.get_sample(payload[0])
    if sample.judge_by is not None and sample.judge_by + LINK_AFTER < now():
        raise NotFound(N_("This link has closed. Tell the office how the sample was."))
    return sample, Actor(ActorKind.LINK, link_subject=samples.link_subject(sample.id))


@bp.get("/s/<token>")
@public
def judge_by_link(token: str) -> ResponseReturnValue:
    """For the buyer, without signing in; a preview of the link changes nothing."""
    sample, _actor = _sample_behind(token)
    return _judge_page(sample, _scores_of(sample), token=token)


@bp.post("/s/<token>")
@public
def take_judgement(token: str) -> ResponseReturnValue:
    """The sample came, or how it was."""
    sample, actor = _sample_behind(token)
    if request.form.get("received"):
        with transaction():
            samples.mark_received(actor=actor, sample=results.get_sample(sample.id))
        flash(_("Thank you. Tell us how it is within 7 days, on this page."), "success")
        return redirect(url_for(".judge_by_link", token=token))
    refused = _take_scores(actor, sample, ScoreForm(), token)
    return refused or redirect(url_for(".judge_by_link", token=token))
