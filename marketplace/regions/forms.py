"""Choosing a region without script, and the input of a freight leg."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import g, has_request_context
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import DateField, HiddenField, StringField
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from marketplace.core.clock import today
from marketplace.core.text import LINE_MAX, N_, clean_text, fold
from marketplace.infra.forms import (
    Form,
    LineField,
    RupiahField,
    WholeNumberField,
    present,
    version_of,
)
from marketplace.infra.i18n import say
from marketplace.regions import rules
from marketplace.regions.rules import LegDraft, Regency, Zone, region_name

LIST_ID = "regions"
_ZONE_WORDS: Mapping[str, Zone] = {
    "jabodetabek": Zone.JABODETABEK,
    "greater jakarta": Zone.JABODETABEK,
    "sumatera": Zone.SUMATERA,
    "sumatra": Zone.SUMATERA,
}


def place_name(code: str) -> str:
    """A region or a zone as people read it, in their language."""
    if code in set(Zone):
        return say(rules.ZONE_NAMES[Zone(code)])
    if code in rules.provinces():
        return say(N_("Province %(name)s"), {"name": region_name(code)})
    return region_name(code)


@cache
def _options() -> Markup:
    # No end tags and no provinces: 514 of each are 15 KB on a slow connection, and with its kind
    # (Kab., Kota) every name is there once.
    options = [Markup("<option>{}").format(region_name(code)) for code in rules.regencies()]
    return Markup("").join(options)


def region_list() -> Markup:
    """The <datalist> every RegionField of a page shares; empty the second time it is asked for."""
    if has_request_context() and g.get("regions_listed"):
        return Markup("")
    if has_request_context():
        g.regions_listed = True
    return Markup('<datalist id="{}">{}</datalist>').format(LIST_ID, _options())


class RegionInput(TextInput):  # type: ignore[misc]
    """A text input with suggestions. Inside a repeated row the page prints the list itself
    (`{{ region_list() }}` after the rows), so that a copied row does not copy 514 names."""

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        attributes.setdefault("list", LIST_ID)
        attributes.setdefault("autocomplete", "off")
        attributes.setdefault("maxlength", LINE_MAX)
        box: Markup = super().__call__(field, **attributes)
        return box if "-" in field.name else box + region_list()


class RegionField(StringField):  # type: ignore[misc]
    """One kabupaten/kota by name, alias or code; data is its Kemendagri code, None if empty.

    What cannot be read stays in the box and is answered with the nearest names (`suggestions`).
    With `wide=True` a province ("Provinsi Jambi") or a zone (Jabodetabek, Sumatera) is taken too;
    data is then a two-digit code or a zone word.
    """

    widget = RegionInput()
    data: Any

    def __init__(self, *args: Any, wide: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wide = wide
        self.suggestions: list[Regency] = []

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return place_name(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        raw = clean_text(valuelist[0]) if valuelist else ""
        if not raw:
            return
        if len(raw) > LINE_MAX:
            raise ValueError(say(N_("At most %(limit)s characters, please."), {"limit": LINE_MAX}))
        found = self._read(raw)
        if found is None:
            raise ValueError(self._refusal(raw))
        self.data = found

    def preset(self, code: str) -> None:
        """Fill an empty form with a place, if the code is one."""
        known = code in rules.regencies() or code in rules.provinces() or code in set(Zone)
        self.data = code if known else None

    def fix(self, code: str) -> None:
        """Take this place whatever was sent."""
        self.data, self.raw_data = code, None
        self.process_errors: list[str] = []

    def _read(self, raw: str) -> str | None:
        return read_place(raw, wide=self.wide)

    def _refusal(self, raw: str) -> str:
        self.suggestions = rules.guess_regencies(raw, 4)
        names = ", ".join(region_name(one.code) for one in self.suggestions)
        if not names:
            return say(
                N_("We do not know this kabupaten/kota. Write its name, like Bangka Tengah.")
            )
        return say(
            N_("Not one kabupaten/kota for certain. Did you mean: %(names)s?"), {"names": names}
        )


def read_place(raw: str, *, wide: bool) -> str | None:
    """The code of a kabupaten/kota as people write it; with `wide` also of a province or zone."""
    found = _find_wide(raw) if wide else None
    if found is not None:
        return found
    regency = rules.find_regency(raw)
    return regency.code if regency else None


def _find_wide(raw: str) -> str | None:
    """A zone or province; a name that is a kabupaten/kota too (Jambi) needs the word in front."""
    word = fold(raw)
    zone = _ZONE_WORDS.get(word) or next(
        (z for z in Zone if word in {z.value, fold(say(rules.ZONE_NAMES[z]))}), None
    )
    if zone is not None:
        return zone.value
    named = word.removeprefix("provinsi ").removeprefix("province ")
    if named == word and rules.find_regency(raw):
        return None
    province = rules.find_province(named)
    return province.code if province else None


def given_day(form: Any, field: Any) -> None:
    """A day of the calendar, in our words where it is none."""
    if not any(str(sent).strip() for sent in field.raw_data or ()) and field.data is None:
        field.errors = []
        raise StopValidation(say(N_("Please fill this in.")))
    if field.data is None or not 2000 <= field.data.year <= 2100:
        field.errors = []
        raise StopValidation(say(N_("This is not a day of the calendar.")))


given_day.field_flags = {"required": True}  # type: ignore[attr-defined]


def possible_day(form: Any, field: Any) -> None:
    """The same for a day that may stay empty: after `Optional()`."""
    given_day(form, field)


class FreightFilterForm(Form):
    origin = RegionField(_l("From"), wide=True)
    destination = RegionField(_l("To"), wide=True)


class FreightLegForm(Form):
    """Where from, where to, what a kilogram costs, how long it takes, who says so."""

    origin = RegionField(_l("From"), [present], wide=True)
    destination = RegionField(_l("To"), [present], wide=True)
    rupiah_per_kg = RupiahField(_l("Freight per kilogram"), [present], maximum=10**6)
    days_median = WholeNumberField(_l("Days, as usual"), [present], maximum=90)
    days_p90 = WholeNumberField(
        _l("Days, slow (nine in ten arrive by then)"), [present], maximum=90
    )
    noted_on = DateField(_l("Tariff of"), [given_day], default=today)
    source = LineField(_l("Source"), [present])
    version = HiddenField(default="0")

    def draft(self) -> LegDraft:
        return LegDraft(
            self.origin.data,
            self.destination.data,
            self.rupiah_per_kg.data,
            self.days_median.data,
            self.days_p90.data,
            self.noted_on.data,
            self.source.data,
        )

    def seen_version(self) -> int:
        return version_of(self.version.data)
