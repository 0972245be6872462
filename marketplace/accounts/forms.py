"""Input of sign-in and accounts."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, SelectField, StringField

from marketplace.accounts.services import PersonDraft
from marketplace.infra.forms import Form, LineField, PhoneField, present


class SignInForm(Form):
    login = LineField(_l("WhatsApp number or e-mail"), [present])
    password = PasswordField(_l("Password"), [present])
    long = BooleanField(_l("Stay signed in on this device"), default=True)


class ActivateForm(Form):
    code = StringField(_l("Code from the office"), [present])
    password = PasswordField(_l("New password"), [present])
    consent = BooleanField(_l("I have read what my data are used for and I agree"))


class ChangePasswordForm(Form):
    current = PasswordField(_l("Present password"), [present])
    password = PasswordField(_l("New password"), [present])


class PersonForm(Form):
    full_name = LineField(_l("Full name"), [present])
    phone = PhoneField(_l("WhatsApp number"))
    email = LineField(_l("E-mail (if there is one)"))
    locale = SelectField(
        _l("Language"), choices=[("id", "Indonesia"), ("en", "English")], default="id"
    )

    def draft(self) -> PersonDraft:
        return PersonDraft(
            self.full_name.data, self.phone.data, self.email.data or None, self.locale.data
        )
