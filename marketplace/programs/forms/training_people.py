"""Input about people of a training: signing up, a list at once, a call, a certificate revoked."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField
from wtforms.validators import Optional, StopValidation

from marketplace.businesses.models import Business
from marketplace.core.errors import InvalidInput
from marketplace.core.phones import parse_whatsapp
from marketplace.core.text import N_
from marketplace.infra.forms import Form, LineField, ParagraphField, PhoneField, present, version_of
from marketplace.infra.i18n import say
from marketplace.programs.models import SignUp
from marketplace.programs.rules.outcomes import ANSWER_NAMES, Answer, Said
from marketplace.programs.rules.trainings import SignUpDraft
from marketplace.regions.forms import RegionField, possible_day


class WhatsAppField(PhoneField):
    """A mobile number: the letters go there."""

    def read(self, raw: str) -> str:
        return parse_whatsapp(raw).e164


def agreed(form: Any, field: Any) -> None:
    """Without a yes to the use of the data nobody is put on a list."""
    if not field.data:
        raise StopValidation(say(N_("Please tick this, or ask the office to sign you up.")))


agreed.field_flags = {"required": True}  # type: ignore[attr-defined]


class SignUpForm(Form):
    """From the link: who, which number, from where."""

    name = LineField(_l("Full name"), [present])
    phone = WhatsAppField(_l("WhatsApp number"), [present])
    region = RegionField(_l("Kabupaten or kota"), [present])
    business_name = LineField(_l("Name of your business"))
    consent = BooleanField(
        _l("The office may use this for the training and to ask later what became of it"),
        [agreed],
    )

    def draft(self) -> SignUpDraft:
        return SignUpDraft(
            self.name.data, self.phone.data, self.region.data or "", self.business_name.data or ""
        )


class ParticipantForm(Form):
    """The same by an officer, with the entry of the register."""

    name = LineField(_l("Name"), [present])
    phone = PhoneField(_l("WhatsApp"), [Optional()])
    region = RegionField(_l("Kabupaten or kota"), [Optional()])
    business_name = LineField(_l("Name of the business"))
    business_id = SelectField(_l("Entry of the register"), coerce=str, choices=[])
    version = HiddenField(default="0")

    @classmethod
    def of(cls, sign_up: SignUp) -> "ParticipantForm":
        return cls(
            data={
                "name": sign_up.name,
                "phone": sign_up.phone,
                "region": sign_up.region_code,
                "business_name": sign_up.business_name,
                "business_id": str(sign_up.business_id or ""),
                "version": str(sign_up.version),
            }
        )

    def offer(self, businesses: list[Business]) -> "ParticipantForm":
        """The entries to choose from: the present one and those found by name or number."""
        self.business_id.choices = [("", say(N_("none yet")))] + [
            (str(one.id), one.name) for one in businesses
        ]
        return self

    def draft(self) -> SignUpDraft:
        return SignUpDraft(
            self.name.data,
            self.phone.data or "",
            self.region.data or "",
            self.business_name.data or "",
            int(self.business_id.data) if self.business_id.data else None,
        )

    def seen_version(self) -> int:
        return version_of(self.version.data)


class PeopleForm(Form):
    """A list of people: pasted, or a file."""

    people = ParagraphField(_l("One person a line"), limit=40_000)
    file = FileField(_l("Excel or CSV file"))

    def sent_text(self) -> str:
        """As it was pasted: tabs between cells still there (cleaning folds them)."""
        raw: list[str] = self.people.raw_data or []
        return str(raw[0]) if raw else ""


class OwnNumberForm(Form):
    phone = PhoneField(_l("Your WhatsApp number"), [present])


class RevokeForm(Form):
    reason = LineField(_l("Why is it revoked?"), [present], limit=400)


class CallForm(Form):
    answer = RadioField(
        _l("What did they say?"),
        choices=lambda: [(code.value, say(name)) for code, name in ANSWER_NAMES.items()],
    )
    started_on = DateField(_l("Started on"), [Optional(), possible_day])
    note = LineField(_l("Note"), limit=400)

    def said(self) -> Said:
        if self.answer.data not in set(Answer):
            message = N_("Choose one of these.")
            raise InvalidInput(message, fields={"answer": message})
        return Said(Answer(self.answer.data), self.started_on.data, self.note.data or "")
