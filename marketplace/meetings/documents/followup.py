"""WhatsApp texts after a meeting: a step that is due, a sample on its way."""

from flask import current_app, render_template, url_for
from flask_babel import force_locale

from marketplace.infra.links import public_url, sign
from marketplace.meetings.models import Sample
from marketplace.meetings.queries import results
from marketplace.meetings.rules import Owner
from marketplace.notifications.models import OutboxMessage

SAMPLE_LINK = "meeting-sample"


def sample_link(sample: Sample) -> str:
    """The buyer's own address to say that it came, and how it is."""
    return public_url(url_for("meetings.judge_by_link", token=sign(SAMPLE_LINK, [sample.id])))


def step_letter(message: OutboxMessage) -> str:
    step = results.get_step(int(message.params["step_id"]))
    own, other = step.meeting.producer, step.meeting.buyer
    if step.owner is Owner.BUYER:
        own, other = other, own
    with force_locale(message.locale):
        return render_template(
            "mail/meetings/next_step_due.txt",
            step=step,
            own=own,
            other=other,
            office_name=current_app.config["OFFICE_NAME"],
        ).strip()


def sample_letter(message: OutboxMessage) -> str:
    sample = results.get_sample(int(message.params["sample_id"]))
    with force_locale(message.locale):
        return render_template(
            "mail/meetings/sample_sent.txt",
            sample=sample,
            own=sample.meeting.buyer,
            other=sample.meeting.producer,
            office_name=current_app.config["OFFICE_NAME"],
            link=sample_link(sample),
        ).strip()
