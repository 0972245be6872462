"""What programmes keep of who asks to be erased, on the page of the request."""

from flask import render_template
from markupsafe import Markup

from marketplace.accounts.models import DataRequest
from marketplace.infra.web import current_actor
from marketplace.programs import policies
from marketplace.programs.queries.by_phone import kept_of


def kept_in_programs(asked: DataRequest) -> Markup:
    """The part of the page, for who may carry the request out; needs its person loaded."""
    if not policies.may_erase_person(current_actor(), asked):
        return Markup("")
    # Rendered by our own template, which escapes what people typed.
    return Markup(  # noqa: S704
        render_template("programs/_kept.html", kept=kept_of(asked.person.phone), asked=asked)
    )
