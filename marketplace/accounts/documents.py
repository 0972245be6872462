"""What is handed out: a person's own data, and the page with a one-time code."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from marketplace.accounts import queries
from marketplace.accounts.models import Person
from marketplace.accounts.rules import CODE_LIFE
from marketplace.audit import queries as audit
from marketplace.core.clock import now
from marketplace.core.phones import whatsapp_link
from marketplace.infra.links import public_url
from marketplace.infra.qr import qr_svg

# A room's part of the export: a person's number -> named tables of rows of plain values.
Rows = Sequence[Mapping[str, object]]
PersonalData = Callable[[int], Mapping[str, Rows]]


@dataclass(frozen=True, slots=True)
class Handout:
    """What an officer gives to a person so that they can get in."""

    person: Person
    code: str
    address: str
    qr: Markup
    text: str
    whatsapp_url: str | None
    valid_until: datetime
    office: str


def handout(person: Person, code: str) -> Handout:
    """The code in groups, the address to type, the same as a QR code, and a text for WhatsApp.

    The text speaks the person's language, not the officer's.
    """
    shown = f"{code[:5]}-{code[5:]}"
    address = public_url(url_for("accounts.activate"))
    link = public_url(url_for("accounts.activate", code=shown))
    with force_locale(person.locale):
        text = _(
            "Hello %(name)s, here is your entry to Temu Gerai. Open %(link)s and choose a password."
            " The code %(code)s works once and for 14 days. Do not pass it on.",
            name=person.full_name,
            link=link,
            code=shown,
        )
    return Handout(
        person=person,
        code=shown,
        address=address,
        qr=qr_svg(link),
        text=text,
        whatsapp_url=whatsapp_link(person.phone, text) if person.phone else None,
        valid_until=now() + CODE_LIFE,
        office=current_app.config["OFFICE_NAME"],
    )


def personal_data(person_id: int) -> Mapping[str, Rows]:
    """What this room keeps of a person: account, roles, devices, requests, what they did."""
    person = queries.get_person(person_id)
    return {
        "account": [
            {
                "full_name": person.full_name,
                "phone": person.phone,
                "email": person.email,
                "language": person.locale,
                "state": person.state.value,
                "consented_at": _at(person.consented_at),
                "consent_version": person.consent_version,
                "created_at": _at(person.created_at),
            }
        ],
        "office_roles": [
            {"office": held.office.name, "role": held.role.value} for held in person.office_roles
        ],
        "devices": [
            {
                "device": one.device,
                "since": _at(one.created_at),
                "last_seen_at": _at(one.last_seen_at),
            }
            for one in queries.list_sessions(person_id)
        ],
        "data_requests": [
            {
                "kind": asked.kind.value,
                "note": asked.note,
                "asked_at": _at(asked.asked_at),
                "done_at": _at(asked.done_at),
                "answer": asked.answer,
            }
            for asked in queries.list_requests_of(person_id)
        ],
        "activity": [
            {
                "at": _at(entry.at),
                "action": entry.action,
                "about": f"{entry.subject_type} {entry.subject_id}",
            }
            for entry in audit.list_of_actor(person_id)
        ],
    }


def _at(instant: datetime | None) -> str | None:
    return instant.isoformat(timespec="seconds") if instant else None
