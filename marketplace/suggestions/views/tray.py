"""The office's tray: prepared WhatsApp texts, sent by hand."""

from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from marketplace.core.phones import display_phone, whatsapp_link
from marketplace.infra.links import public_url, sign
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number
from marketplace.notifications import policies as tray_policies
from marketplace.notifications import queries as outbox
from marketplace.notifications import services as notifications
from marketplace.notifications.models import OutboxMessage
from marketplace.suggestions import documents, queries
from marketplace.suggestions.rules import Side
from marketplace.suggestions.views.blueprint import bp
from marketplace.suggestions.views.introductions import PURPOSE


@bp.get("/to-send")
@allow(tray_policies.may_send)
def list_to_send() -> ResponseReturnValue:
    page = outbox.page_to_send(page_number(), tray_policies.tray_of(current_actor()))
    return render_template(
        "suggestions/list_to_send.html",
        page=page,
        letters=[_letter(message) for message in page.items],
    )


@bp.post("/to-send/<int:message_id>/sent")
@allow(tray_policies.may_send_message, outbox.get_message)
def mark_sent(message_id: int) -> ResponseReturnValue:
    with transaction():
        message = outbox.get_message(message_id)
        notifications.mark_sent(actor=current_actor(), message=message)
    flash(_("Marked as sent to %(name)s.", name=message.to_name), "success")
    return redirect(url_for(".list_to_send"))


def _letter(message: OutboxMessage) -> dict[str, Any]:
    # Every room writes its own letters (LETTERS in wiring.py); the tray only shows them.
    text = current_app.extensions["letters"][message.subject_type](message)
    return {
        "message": message,
        "text": text,
        "phone": display_phone(message.to_phone) if message.to_phone else "",
        "link": whatsapp_link(message.to_phone, text) if message.to_phone else None,
    }


def introduction_letter(message: OutboxMessage) -> str:
    """The text in the recipient's language, with the link that is theirs alone."""
    side = Side(message.params["side"])
    introduction = queries.get_introduction(int(message.params["introduction_id"]))
    suggestion = introduction.suggestion
    token = sign(PURPOSE, [introduction.id, side.value])
    own, other = suggestion.product.business, suggestion.need.business
    if side is Side.BUYER:
        own, other = other, own
    with force_locale(message.locale):
        return render_template(
            f"mail/suggestions/{message.kind}.txt",
            message=message,
            introduction=introduction,
            suggestion=suggestion,
            card=documents.card(suggestion),
            side=side,
            own=own,
            other=other,
            other_phone=display_phone(other.phone) if other.phone else "",
            office_name=current_app.config["OFFICE_NAME"],
            link=public_url(url_for(".answer_link", token=token)),
        ).strip()
