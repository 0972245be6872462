"""Choosing one of 514 kabupaten/kota in a plain text box."""

import pytest
from werkzeug.datastructures import MultiDict

from marketplace.infra.forms import Form, present
from marketplace.regions import rules
from marketplace.regions.forms import RegionField, place_name, region_list


class PlaceForm(Form):
    place = RegionField("Place", [present])
    wide = RegionField("Wide", wide=True)


def filled(app, **typed: str) -> PlaceForm:
    form = PlaceForm(MultiDict(typed), meta={"csrf": False})
    form.validate()
    return form


@pytest.fixture(autouse=True)
def in_a_request(app):
    with app.test_request_context():
        yield


def test_what_the_list_offers_is_understood_for_every_region(app) -> None:
    for code in rules.regencies():
        found = rules.find_regency(rules.region_name(code))
        assert found is not None, code
        assert found.code == code


@pytest.mark.parametrize(
    "typed",
    ["Pangkalpinang", "pangkal pinang", "KOTA PANGKALPINANG", "19.71", "Kota Pangkal Pinang"],
)
def test_a_place_is_read_by_name_alias_or_code(app, typed: str) -> None:
    assert filled(app, place=typed).place.data == "19.71"


def test_an_ambiguous_name_is_never_guessed(app) -> None:
    field = filled(app, place="Bogor").place
    assert field.data is None
    assert {one.code for one in field.suggestions} >= {"32.01", "32.71"}
    assert "Kab. Bogor" in field.errors[0]


@pytest.mark.parametrize(
    "typed", ["1903", "3171", "Bangka Belitung", "???", "🐟", "\x00", "x" * 10_000]
)
def test_what_is_no_place_is_refused(app, typed: str) -> None:
    field = filled(app, place=typed).place
    assert field.data is None
    assert field.errors


def test_a_province_or_zone_is_taken_only_where_the_field_is_wide(app) -> None:
    form = filled(app, place="Lampung", wide="Lampung")
    assert form.place.data is None
    assert form.wide.data == "18"
    assert filled(app, wide="jabodetabek").wide.data == "jabodetabek"


def test_what_was_typed_is_shown_again(app) -> None:
    assert 'value="Bogr &lt;b&gt;"' in str(filled(app, place="Bogr <b>").place())


def test_a_stored_code_is_shown_by_name_and_understood_again(app) -> None:
    for code in ("19.71", "19", "jabodetabek", "other"):
        shown = place_name(code)
        assert filled(app, wide=shown).wide.data == code


def test_the_list_is_on_a_page_once_however_many_fields_it_has(app) -> None:
    form = PlaceForm(meta={"csrf": False})
    page = str(form.place()) + str(form.wide()) + str(region_list())
    assert page.count("<datalist") == 1
    assert page.count("<option") == 514
