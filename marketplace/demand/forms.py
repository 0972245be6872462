"""Input of a need: what, where and how much, on which conditions."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import DateField, FieldList, FormField, HiddenField, SelectField
from wtforms import Form as PlainForm
from wtforms.validators import Optional, StopValidation

from marketplace.commodities import rules as commodities
from marketplace.commodities.forms import CategoryField, CategoryWays
from marketplace.core.quantity import Quantity, parse_pack, shown_pack
from marketplace.core.text import N_
from marketplace.demand import rules
from marketplace.demand.rules import LineDraft, NeedDraft
from marketplace.infra.form_rows import rows_pressed
from marketplace.infra.forms import (
    Form,
    LineField,
    ParagraphField,
    RupiahField,
    WholeNumberField,
    present,
    version_of,
)
from marketplace.infra.i18n import choose_locale, say
from marketplace.infra.tick_boxes import TickBoxesField
from marketplace.regions.forms import RegionField
from marketplace.regions.rules import region_name

PLACES_MOST = 60


class Place(Protocol):
    """A branch as the form needs it."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def region_code(self) -> str: ...


class PackField(LineField):
    """A net content as written on packs (`250 g`, `isi 12 @250g`); `quantity` is what it says."""

    quantity: Quantity | None = None

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        self.quantity = parse_pack(self.data) if self.data else None
        if self.data and self.quantity is None:
            raise StopValidation(
                say(N_("Write the content of one unit, like 250 g, 1 liter or isi 12."))
            )


class BranchLineForm(PlainForm):  # type: ignore[misc]
    branch_id = HiddenField()
    volume = WholeNumberField(_l("Volume"), [Optional()], minimum=1, maximum=rules.VOLUME_MAX)


class PlaceLineForm(PlainForm):  # type: ignore[misc]
    region = RegionField(_l("Kabupaten or kota"), [Optional()])
    volume = WholeNumberField(_l("Volume"), [Optional()], minimum=1, maximum=rules.VOLUME_MAX)

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.region.data and self.volume.data is None:
            self.volume.errors = [say(N_("Please fill this in."))]
        if self.volume.data is not None and not self.region.data:
            self.region.errors = [say(N_("Say for which kabupaten or kota this is."))]
        return not self.errors


class NeedForm(CategoryWays, Form):
    """One need. `for_branches` gives it the branches to list; unfilled ones are left out."""

    category_field = "category_code"
    title = LineField(_l("What do you need?"), [present])
    category_code = CategoryField(_l("Category"), blank="–")
    unit = SelectField(_l("Unit you buy in"), default="")
    pack = PackField(_l("Content of one unit"), [Optional()], limit=60)
    period = SelectField(
        _l("Volumes are"), choices=[("month", _l("a month")), ("week", _l("a week"))]
    )
    branches = FieldList(FormField(BranchLineForm), label=_l("Branch"))
    places = FieldList(
        FormField(PlaceLineForm), label=_l("Place"), min_entries=1, max_entries=PLACES_MOST
    )
    ceiling_price = RupiahField(
        _l("Highest price, delivered"), [Optional()], minimum=1, maximum=rules.PRICE_MAX
    )
    papers = TickBoxesField(
        _l("Papers you ask for"), choices=[(code, name) for code, name in rules.PAPERS.items()]
    )
    min_shelf_life_days = WholeNumberField(
        _l("Shelf life left at receipt"), [Optional()], minimum=1, maximum=rules.DAYS_MAX
    )
    terms = SelectField(_l("How you pay"), default="")
    terms_days = WholeNumberField(
        _l("Paid after"), [Optional()], minimum=1, maximum=rules.PAYMENT_DAYS_MAX
    )
    commission_percent = WholeNumberField(
        _l("Commission on consignment"), [Optional()], minimum=1, maximum=90
    )
    needed_on = DateField(_l("Needed by"), [Optional()])
    brand = LineField(_l("Brand"), limit=rules.BRAND_MAX)
    storage = SelectField(_l("Coldest storage you have"), default="")
    min_share_percent = WholeNumberField(
        _l("Smallest share of the volume worth offering"), [Optional()], minimum=1, maximum=100
    )
    description = ParagraphField(_l("More about it"))
    version = HiddenField(default="0")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        locale = choose_locale()
        units = [(unit.code, unit.name(locale)) for unit in commodities.UNITS.values()]
        self.unit.choices = [("", say(N_("Choose"))), *units]
        self.suggest([])
        self.terms.choices = _named(rules.TERMS_NAMES, N_("Not said"))
        self.storage.choices = _named(rules.STORAGE_NAMES, N_("Not said"))

    @classmethod
    def of(cls, draft: NeedDraft, version: int, branches: Sequence[Place]) -> "NeedForm":
        """The form filled with a stored need; its own branches and places in their boxes."""
        by_branch = {line.branch_id: line.volume_per_month for line in draft.lines}
        data = {name: getattr(draft, name) for name in _SAME_NAME}
        places = [
            {"region": line.region_code, "volume": line.volume_per_month}
            for line in draft.lines
            if line.branch_id is None
        ]
        data |= {
            "pack": shown_pack(draft.pack),
            "papers": sorted(draft.papers),
            "places": places or [{}],
            "branches": [{"branch_id": b.id, "volume": by_branch.get(b.id)} for b in branches],
            "version": str(version),
        }
        form = cls(data=data)
        form.name_branches(branches)
        return form

    @classmethod
    def for_branches(cls, branches: Sequence[Place], **values: str) -> "NeedForm":
        """The form for a new need (`values` fill fields) or with what was just sent."""
        form = cls(data={"branches": [{"branch_id": branch.id} for branch in branches], **values})
        form.name_branches(branches)
        return form

    @classmethod
    def with_rows(cls, sent: MultiDict[str, str], branches: Sequence[Place]) -> "NeedForm | None":
        """The form after a row button, still unjudged; None where no such button was pressed."""
        changed = rows_pressed(
            sent,
            {"places": ("region", "volume")},
            fill={"volume": (r"branches-\d+-volume", r"places-\d+-volume")},
            most=PLACES_MOST,
        )
        if changed is None:
            return None
        form = cls(formdata=changed)
        form.name_branches(branches)
        return form

    def name_branches(self, branches: Sequence[Place]) -> None:
        """Put each branch's name on its box; a box of another outlet's branch falls away."""
        known = {str(branch.id): branch for branch in branches}
        self.branches.entries = [
            entry for entry in self.branches.entries if str(entry.form.branch_id.data) in known
        ]
        for entry in self.branches.entries:
            branch = known[str(entry.form.branch_id.data)]
            entry.form.volume.label.text = f"{branch.name} ({region_name(branch.region_code)})"
            entry.region_code = branch.region_code

    def draft(self) -> NeedDraft:
        terms = self.terms.data or ""
        return NeedDraft(
            title=self.title.data,
            category_code=self.chosen_category,
            unit=self.unit.data or "",
            pack=self.pack.quantity,
            brand=self.brand.data or "",
            description=self.description.data or "",
            ceiling_price=self.ceiling_price.data,
            papers=frozenset(self.papers.data or ()),
            min_shelf_life_days=self.min_shelf_life_days.data,
            storage=self.storage.data or "",
            terms=terms,
            terms_days=self.terms_days.data if terms == rules.Terms.DAYS else None,
            commission_percent=self.commission_percent.data,
            min_share_percent=self.min_share_percent.data,
            needed_on=self.needed_on.data,
            lines=self._lines(),
        )

    def _lines(self) -> tuple[LineDraft, ...]:
        period = self.period.data
        at_branches = [
            LineDraft(
                entry.region_code,
                rules.a_month(entry.form.volume.data, period),
                int(entry.form.branch_id.data),
            )
            for entry in self.branches.entries
            if entry.form.volume.data
        ]
        at_places = [
            LineDraft(entry.form.region.data, rules.a_month(entry.form.volume.data, period))
            for entry in self.places.entries
            if entry.form.region.data and entry.form.volume.data
        ]
        return (*at_branches, *at_places)

    def seen_version(self) -> int:
        return version_of(self.version.data)


_SAME_NAME = (
    "title", "category_code", "unit", "brand", "description", "ceiling_price",
    "min_shelf_life_days", "storage", "terms", "terms_days", "commission_percent",
    "min_share_percent", "needed_on",
)  # fmt: skip


def _named(names: Mapping[Any, str], empty: str) -> list[tuple[str, str]]:
    return [("", say(empty)), *((code.value, say(name)) for code, name in names.items())]
