"""The link and code of a stall: who holds it enters this stall's turnover and contacts."""

from datetime import timedelta

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from marketplace.core.actor import Actor, ActorKind
from marketplace.core.clock import today
from marketplace.core.errors import NotFound
from marketplace.core.phones import whatsapp_link
from marketplace.core.text import N_
from marketplace.infra.links import public_url, sign, unsign
from marketplace.infra.qr import qr_svg
from marketplace.programs import policies
from marketplace.programs.models import StallHolder
from marketplace.programs.queries import bazaars as queries

STALL_LINK = "stall"
# Late figures are still entered by link; later nobody who finds the paper reads what a stall sold.
LIFE = timedelta(days=90)
_NOT_VALID = N_("This link is not valid. Ask the office for a new one.")


def stall_token(holder: StallHolder) -> str:
    return sign(STALL_LINK, [holder.id, holder.link_number])


def stall_link(holder: StallHolder) -> str:
    """The full address, as it is sent or printed."""
    return public_url(url_for("programs.show_stall_by_link", token=stall_token(holder)))


def stall_code(holder: StallHolder) -> Markup:
    return qr_svg(stall_link(holder))


def stall_message(holder: StallHolder) -> str | None:
    """A WhatsApp link with the text that brings the stall its own link; None without a number."""
    if not holder.phone:
        return None
    words = {
        "name": holder.contact_name or holder.name,
        "bazaar": holder.program.title,
        "link": stall_link(holder),
    }
    with force_locale("id"):  # the reader's language, whatever the officer's is
        text = (
            _("Hello %(name)s, please note contacts made at %(bazaar)s here: %(link)s", **words)
            if not holder.program.sells
            else _(
                "Hello %(name)s, please enter your turnover of each day of %(bazaar)s here:"
                " %(link)s",
                **words,
            )
        )
    return whatsapp_link(holder.phone, text)


def holder_behind(token: str) -> tuple[StallHolder, Actor]:
    """The stall of a link and the actor it speaks for; NotFound where a newer link was made, or the
    bazaar is long over."""
    payload = unsign(STALL_LINK, token)
    if len(payload) != 2 or not all(isinstance(part, int) for part in payload):
        raise NotFound(_NOT_VALID)
    holder = queries.get_holder(payload[0])
    if holder.link_number != payload[1] or today() - holder.program.ends_on > LIFE:
        raise NotFound(_NOT_VALID)
    return holder, Actor(
        ActorKind.LINK, name=holder.name, link_subject=policies.link_subject(holder)
    )
