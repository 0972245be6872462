"""WhatsApp texts of trainings, and the links that lead to them."""

from urllib.parse import quote

from flask import current_app, render_template, url_for
from flask_babel import force_locale

from marketplace.core.phones import whatsapp_link
from marketplace.infra.links import public_url, sign
from marketplace.notifications.models import OutboxMessage
from marketplace.programs.models import SignUp, Training
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.rules.trainings import SignUpState

OWN_LINK = "training-sign-up"


def own_link(sign_up: SignUp) -> str:
    """The address that is theirs alone: their seat, their sessions, their certificate."""
    return public_url(url_for("programs.show_own_seat", token=own_token(sign_up.id)))


def own_token(sign_up_id: int) -> str:
    return sign(OWN_LINK, [sign_up_id])


def sign_up_link(training: Training) -> str:
    """The address to pass on."""
    return public_url(url_for("programs.sign_up", training_id=training.program_id))


def training_letter(message: OutboxMessage) -> str:
    sign_up = reads.get_sign_up(int(message.params["sign_up_id"]))
    waits = sign_up.state is SignUpState.WAITING
    with force_locale(message.locale):
        return render_template(
            f"mail/programs/{message.kind}.txt",
            sign_up=sign_up,
            training=sign_up.training,
            program=sign_up.training.program,
            place_in_line=reads.place_in_line(sign_up) if waits else None,
            link=own_link(sign_up),
            office_name=sign_up.training.program.office.name,
        ).strip()


def share_text(training: Training) -> str:
    """What an officer sends to groups, with the link to sign up."""
    return render_template(
        "mail/programs/training_share.txt",
        training=training,
        program=training.program,
        link=sign_up_link(training),
    ).strip()


def share_link(training: Training) -> str:
    """Opens WhatsApp with the text; to whom is chosen there."""
    return f"https://wa.me/?text={quote(share_text(training), safe='')}"


def call_link(sign_up: SignUp) -> str | None:
    """WhatsApp with the question of the follow-up in it."""
    text = render_template(
        "mail/programs/training_follow_up.txt",
        sign_up=sign_up,
        program=sign_up.training.program,
        office_name=current_app.config["OFFICE_NAME"],
    ).strip()
    return whatsapp_link(sign_up.phone, text) if sign_up.phone else None
