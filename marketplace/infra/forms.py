"""The form every page uses: CSRF, one effect per form, Indonesian numbers, clean text."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from marketplace.core.errors import Conflict, DomainError, InvalidInput
from marketplace.core.money import parse_rupiah, parse_whole_number
from marketplace.core.phones import display_phone, parse_phone
from marketplace.core.text import LINE_MAX, N_, PARAGRAPH_MAX, clean_text, whole_number
from marketplace.infra.i18n import FormTexts, say


class Form(FlaskForm):  # type: ignore[misc]
    """A form with a token of its own: sent twice, it acts once (infra/once.py)."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def get_translations(self, _form: object) -> Any:
            return FormTexts()

    form_token = HiddenField(default=lambda: secrets.token_urlsafe(16))

    def refuse(self, error: DomainError) -> None:
        """Show what a service refused beside the fields it names, else on top of the form."""
        fields = dict(error.fields) if isinstance(error, InvalidInput) else {}
        if isinstance(error, Conflict) and error.field:
            fields[error.field] = error.msgid
        known = {name: msgid for name, msgid in fields.items() if name in self._fields}
        for name, msgid in known.items():
            self._fields[name].errors = [*self._fields[name].errors, say(msgid, error.params)]
        if not known:
            self.form_errors.append(say(error.msgid, error.params))


def version_of(raw: object) -> int:
    """The version a form was filled from; nonsense is none that ever was."""
    version = whole_number(raw, digits=8)
    return -1 if version is None else version


class LineField(StringField):  # type: ignore[misc]
    """One line of text, cleaned; longer than `limit` is refused, never cut."""

    def __init__(self, *args: Any, limit: int = LINE_MAX, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limit = limit

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = clean_text(valuelist[0]) if valuelist else ""

    def pre_validate(self, form: Any) -> None:
        if self.data and len(self.data) > self.limit:
            raise StopValidation(
                say(N_("At most %(limit)s characters, please."), {"limit": self.limit})
            )


class ParagraphField(TextAreaField):  # type: ignore[misc]
    """Several lines of plain text, cleaned and limited."""

    def __init__(self, *args: Any, limit: int = PARAGRAPH_MAX, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limit = limit

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = clean_text(valuelist[0], multiline=True) if valuelist else ""

    def pre_validate(self, form: Any) -> None:
        if self.data and len(self.data) > self.limit:
            raise StopValidation(
                say(N_("At most %(limit)s characters, please."), {"limit": self.limit})
            )


class _ParsedField(StringField):  # type: ignore[misc]
    """Text that a parser turns into a value; what was typed is shown again as it was."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.show(self.data) if self.data is not None else ""

    def show(self, value: Any) -> str:
        return str(value)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = None
        raw = clean_text(valuelist[0]) if valuelist else ""
        if len(raw) > LINE_MAX:
            raise ValueError(say(N_("At most %(limit)s characters, please."), {"limit": LINE_MAX}))
        if not raw:
            return
        try:
            self.data = self.read(raw)
        except InvalidInput as error:
            raise ValueError(say(error.msgid, error.params)) from error

    def read(self, raw: str) -> Any:
        raise NotImplementedError


class RupiahField(_ParsedField):
    """Whole rupiah in any usual spelling (`65rb`, `1.250.000`, `1,25 juta`); data is an int."""

    is_money = True

    def __init__(self, *args: Any, minimum: int = 0, maximum: int = 10**13, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.minimum, self.maximum = minimum, maximum

    def show(self, value: Any) -> str:
        return f"{value:,}".replace(",", ".")

    def read(self, raw: str) -> int:
        value = parse_rupiah(raw)
        if value < self.minimum:
            raise InvalidInput(
                N_("At least Rp%(minimum)s, please."), minimum=self.show(self.minimum)
            )
        if value > self.maximum:
            raise InvalidInput(N_("This amount is too large. Check the zeros."))
        return value


class WholeNumberField(_ParsedField):
    """A whole number such as a count or days, thousands dots allowed; data is an int."""

    def __init__(self, *args: Any, minimum: int = 0, maximum: int = 10**9, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.minimum, self.maximum = minimum, maximum

    def show(self, value: Any) -> str:
        return f"{value:,}".replace(",", ".")

    def read(self, raw: str) -> int:
        value = parse_whole_number(raw, max=self.maximum)
        if value < self.minimum:
            raise InvalidInput(N_("At least %(minimum)s, please."), minimum=self.minimum)
        return value


class ClockField(_ParsedField):
    """A time of day as people write it (`9`, `9.30`, `09:30`); data is minutes after midnight."""

    def show(self, value: Any) -> str:
        return f"{value // 60:02}:{value % 60:02}"

    def read(self, raw: str) -> int:
        hour, _, minute = raw.replace(".", ":").partition(":")
        parts = (hour.strip(), minute.strip() or "0")
        if all(part.isascii() and part.isdigit() and len(part) < 3 for part in parts):
            value = int(parts[0]) * 60 + int(parts[1])
            if int(parts[1]) < 60 and value <= 24 * 60:
                return value
        raise InvalidInput(N_("Write a time like 09.30."))


class PhoneField(_ParsedField):
    """A WhatsApp number in any usual spelling; data is E.164 text."""

    def show(self, value: Any) -> str:
        return display_phone(value)

    def read(self, raw: str) -> str:
        return parse_phone(raw).e164


def present(form: Any, field: Field) -> None:
    """Required, with our own message; zero is a value."""
    if field.data is None or (isinstance(field.data, str) and not field.data.strip()):
        if field.errors:  # it was typed but could not be read: that message is the better one
            raise StopValidation()
        raise StopValidation(say(N_("Please fill this in.")))


# The label of a required field does not say "may stay empty" (templates/_macros/forms.html).
present.field_flags = {"required": True}  # type: ignore[attr-defined]


__all__ = [
    "ClockField",
    "Form",
    "LineField",
    "ParagraphField",
    "PhoneField",
    "RupiahField",
    "ValidationError",
    "WholeNumberField",
    "present",
]
