"""Texts of trainings for the tray: each holds the link that is theirs alone."""

from marketplace.notifications import queries as outbox
from marketplace.notifications import services as notifications
from marketplace.notifications.rules import MessageState
from marketplace.programs.models import SignUp
from marketplace.programs.queries import programs

SUBJECT = "training_sign_ups"
SIDE = "person"


def invite(sign_up: SignUp) -> None:
    _tell(sign_up, "training_invitation")


def signed_up(sign_up: SignUp) -> None:
    """They have a seat, or wait: the text says which when it is sent."""
    _tell(sign_up, "training_signed_up")


def moved_up(sign_up: SignUp) -> None:
    _tell(sign_up, "training_moved_up")


def cancelled(sign_up: SignUp) -> None:
    """Nothing else about it is sent any more."""
    forget(sign_up)
    _tell(sign_up, "training_cancelled")


def certified(sign_up: SignUp) -> None:
    _tell(sign_up, "training_certificate")


def forget(sign_up: SignUp) -> None:
    notifications.cancel_unsent(SUBJECT, sign_up.id)


def _tell(sign_up: SignUp, kind: str) -> None:
    if not sign_up.phone:
        return
    for message in outbox.list_of_subject(SUBJECT, sign_up.id):
        if message.state is MessageState.TO_SEND and message.kind == kind:
            return  # it is written when it is sent, so it will say this too
    notifications.enqueue(
        kind=kind,
        params={"sign_up_id": sign_up.id},
        to_name=sign_up.name,
        to_phone=sign_up.phone,
        subject_type=SUBJECT,
        subject_id=sign_up.id,
        side=SIDE,
        area_code=programs.area_of_keeper(sign_up.program_id),
    )
