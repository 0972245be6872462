"""WhatsApp texts of trainings, and the links that lead to them."""

from hashlib import sha256
from urllib.parse import quote

from flask import current_app, render_template, url_for
from flask_babel import force_locale

from marketplace.core.errors import NotFound
from marketplace.core.phones import whatsapp_link
from marketplace.core.text import N_
from marketplace.infra.i18n import in_language, show_date
from marketplace.infra.links import public_url, sign, unsign
from marketplace.infra.share_images import ShareCard
from marketplace.notifications.models import OutboxMessage
from marketplace.programs.models import SignUp, Training
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.rules.trainings import SignUpState
from marketplace.regions.rules import region_name

OWN_LINK = "training-sign-up"
_NOT_VALID = N_("This link is not valid. Ask the office for a new one.")


def own_link(sign_up: SignUp) -> str:
    """The address that is theirs alone: their seat, their sessions, their certificate."""
    return public_url(url_for("programs.show_own_seat", token=own_token(sign_up)))


def own_token(sign_up: SignUp) -> str:
    """Holds for the number it was sent to: once that is corrected, the wrong one has nothing."""
    return sign(OWN_LINK, [sign_up.id, _mark_of(sign_up)])


def sign_up_behind(token: str) -> SignUp:
    """NotFound where the number was corrected or the data erased since the link was made."""
    payload = unsign(OWN_LINK, token)
    if len(payload) != 2 or not isinstance(payload[0], int):
        raise NotFound(_NOT_VALID)
    sign_up = reads.get_sign_up(payload[0])
    if sign_up.erased_at is not None or payload[1] != _mark_of(sign_up):
        raise NotFound(_NOT_VALID)
    return sign_up


def _mark_of(sign_up: SignUp) -> str:
    return sha256((sign_up.phone or "").encode()).hexdigest()[:12]


def sign_up_link(training: Training) -> str:
    """The address to pass on."""
    return public_url(url_for("programs.sign_up", training_id=training.program_id))


def training_letter(message: OutboxMessage) -> str:
    sign_up = reads.get_sign_up(int(message.params["sign_up_id"]))
    return _letter(sign_up, message.kind, message.locale)


def write_link(sign_up: SignUp) -> str | None:
    """WhatsApp with the present state in it, for an office that does not work the tray."""
    invited = sign_up.state is SignUpState.INVITED
    text = _letter(sign_up, "training_invitation" if invited else "training_signed_up", "id")
    return whatsapp_link(sign_up.phone, text) if sign_up.phone else None


def _letter(sign_up: SignUp, kind: str, locale: str) -> str:
    waits = sign_up.state is SignUpState.WAITING
    with force_locale(locale):
        return render_template(
            f"mail/programs/{kind}.txt",
            sign_up=sign_up,
            training=sign_up.training,
            program=sign_up.training.program,
            place_in_line=reads.place_in_line(sign_up) if waits else None,
            link=own_link(sign_up),
            office_name=sign_up.training.program.office.name,
        ).strip()


def share_image_link(training: Training) -> str:
    """A new address with each change: chats keep pictures for long."""
    version = training.program.version
    path = url_for("programs.show_training_image", training_id=training.program_id, v=version)
    return public_url(path)


def share_card(training: Training) -> ShareCard:
    """What the picture says, in Indonesian whoever passes it on."""
    program = training.program
    with in_language("id"):
        days = show_date(program.starts_on)
        if program.ends_on != program.starts_on:
            days = f"{show_date(program.starts_on, 'd MMM')} - {show_date(program.ends_on)}"
        place = f"{program.place}, {region_name(program.region_code)}"
        return ShareCard(program.title, days, program.organiser, place)


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
