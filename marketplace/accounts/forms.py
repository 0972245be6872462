"""Input of sign-in and accounts."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, RadioField, SelectField
from wtforms.validators import ValidationError

from marketplace.accounts.rules import REQUEST_NAMES, OfficeRole, PersonDraft, RequestKind
from marketplace.core.phones import parse_whatsapp
from marketplace.core.text import N_
from marketplace.infra.forms import Form, LineField, ParagraphField, PhoneField, present
from marketplace.infra.i18n import say

# Only what no address can lack: whether it works shows when something is sent.
_EMAIL = re.compile(r"[^@\s,;]{1,64}@[^@\s,;]+\.[^@\s,;.]{2,}")


class WhatsAppField(PhoneField):
    """A number WhatsApp can reach: mobile numbers only."""

    def read(self, raw: str) -> str:
        return parse_whatsapp(raw).e164


class SignInForm(Form):
    login = LineField(_l("WhatsApp number or e-mail"), [present])
    password = PasswordField(_l("Password"), [present])
    long = BooleanField(_l("Stay signed in on this device"), default=True)


class ActivateForm(Form):
    code = LineField(_l("Code from the office"), [present], limit=60)
    password = PasswordField(_l("New password"), [present])
    consent = BooleanField(_l("I have read what my data are used for and I agree"))


class ChangePasswordForm(Form):
    current = PasswordField(_l("Present password"), [present])
    password = PasswordField(_l("New password"), [present])


class PersonForm(Form):
    full_name = LineField(_l("Full name"), [present])
    phone = WhatsAppField(_l("WhatsApp number"))
    email = LineField(_l("E-mail"))
    locale = SelectField(
        _l("Language"), choices=[("id", "Indonesia"), ("en", "English")], default="id"
    )

    def validate_email(self, field: Any) -> None:
        if field.data and not _EMAIL.fullmatch(field.data):
            raise ValidationError(say(N_("This is not an e-mail address. It may stay empty.")))

    def draft(self) -> PersonDraft:
        return PersonDraft(
            self.full_name.data, self.phone.data, self.email.data or None, self.locale.data
        )


class RoleForm(Form):
    """What someone does for which office; the view hands in the offices there are."""

    office_id = SelectField(_l("Office"), coerce=int)
    role = RadioField(
        _l("Role"),
        choices=[
            (OfficeRole.OFFICER.value, _l("Officer: works with producers and outlets")),
            (OfficeRole.ADMINISTRATOR.value, _l("Administrator: hands out accounts of officers")),
        ],
        default=OfficeRole.OFFICER.value,
    )


class OfficerForm(PersonForm, RoleForm):
    """A new person of an office."""


class DataRequestForm(Form):
    kind = RadioField(
        _l("What should the office do?"),
        choices=lambda: [(kind.value, say(name)) for kind, name in REQUEST_NAMES.items()],
        default=RequestKind.WITHDRAW.value,
    )
    note = ParagraphField(_l("What else should the office know?"), limit=400)


class AnswerForm(Form):
    answer = ParagraphField(_l("What was done"), [present], limit=400)
