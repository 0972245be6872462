"""What people read comes in their language."""

from flask import Flask
from wtforms import SelectField
from wtforms.validators import InputRequired, Length

from marketplace.infra.forms import Form, LineField
from tests.support.client import Client


class Trial(Form):
    name = LineField(validators=[InputRequired(), Length(max=3)])
    kind = SelectField(choices=[("a", "A")])


def errors_of(app: Flask, locale: str, **typed: str) -> dict[str, list[str]]:
    with app.test_request_context("/", method="POST", data=typed, headers={}):
        from flask import session as cookie

        cookie["locale"] = locale
        form = Trial()
        form.validate()
        return {name: list(errors) for name, errors in form.errors.items()}


def test_messages_of_the_form_library_are_indonesian(app: Flask) -> None:
    errors = errors_of(app, "id", name="", kind="zzz")
    assert errors["name"] == ["Wajib diisi."]
    assert errors["kind"] == ["Pilih salah satu dari daftar."]


def test_messages_with_numbers_are_indonesian_too(app: Flask) -> None:
    assert errors_of(app, "id", name="empat", kind="a")["name"] == ["Paling banyak 3 karakter."]


def test_the_form_library_speaks_english_to_those_who_chose_it(app: Flask) -> None:
    assert errors_of(app, "en", name="", kind="a")["name"] == ["This field is required."]


def test_the_site_is_indonesian_until_one_chooses_otherwise(client: Client) -> None:
    assert '<html lang="id"' in client.text("/sign-in")
    client.get("/language/en")
    assert '<html lang="en"' in client.text("/sign-in")
    client.get("/language/xx")
    assert '<html lang="en"' in client.text("/sign-in")
