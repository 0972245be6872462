"""What the pages of trainings share."""

from typing import Any

from flask import render_template, request

from marketplace.commodities.forms import category_name
from marketplace.core.errors import Conflict, DomainError, InvalidInput
from marketplace.core.text import N_
from marketplace.infra.forms import Form
from marketplace.infra.i18n import say
from marketplace.programs.models import Training
from marketplace.programs.rules import LEVEL_NAMES, STATE_NAMES
from marketplace.programs.rules.trainings import SIGN_UP_NAMES, WAY_NAMES
from marketplace.programs.rules.unlocks import unlock_names

TOO_MANY = N_("Too many tries from here. Please try again in a quarter of an hour.")


def unlocks_in_words(training: Training) -> list[str]:
    """What it is meant to unlock, as people read it."""
    names = unlock_names()
    return [
        category_name(code.partition(":")[2])
        if code.startswith("category:")
        else say(names.get(code, code))
        for code in training.unlocks
    ]


def page(template: str, training: Training, **more: Any) -> str:
    """A page about one training."""
    return render_template(
        f"programs/{template}.html",
        training=training,
        program=training.program,
        state_names=STATE_NAMES,
        level_names=LEVEL_NAMES,
        sign_up_names=SIGN_UP_NAMES,
        way_names=WAY_NAMES,
        **more,
    )


def refused(form: Form, error: DomainError) -> int:
    """Show a refusal on the form; returns the status."""
    form.refuse(error)
    return 409 if isinstance(error, Conflict) else 422 if isinstance(error, InvalidInput) else 409


def uploaded() -> bytes:
    """The file that was sent, empty where none was."""
    sent = request.files.get("file")
    return sent.read() if sent is not None else b""
