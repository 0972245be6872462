"""Input of the catalogue: one product, and what a visitor looks for."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import FieldList, FormField, HiddenField, RadioField, SelectField
from wtforms import Form as PlainForm

from marketplace.catalog import rules
from marketplace.catalog.rules import HalalClaim, ProductDraft, Sort, Storage
from marketplace.commodities.forms import CategoryField, CategoryWays, branch_choices
from marketplace.commodities.rules import UNITS
from marketplace.core.text import N_
from marketplace.infra.forms import (
    Form,
    LineField,
    ParagraphField,
    RupiahField,
    WholeNumberField,
    present,
)
from marketplace.infra.i18n import choose_locale, say
from marketplace.infra.pack_fields import PackField, WeightField
from marketplace.infra.tick_boxes import TickBoxesField
from marketplace.regions.forms import place_name
from marketplace.regions.rules import ZONE_NAMES, Zone

UNIT_NAMES_FIRST = ("bungkus", "pak", "pcs", "botol", "toples", "kg")


def unit_choices() -> list[tuple[str, str]]:
    """Trade units, the commonest first, for a SelectField with an empty first choice."""
    codes = dict.fromkeys((*UNIT_NAMES_FIRST, *UNITS))
    return [
        ("", say(N_("Choose"))),
        *((code, UNITS[code].name(choose_locale())) for code in codes),
    ]


class PriceBreakForm(PlainForm):  # type: ignore[misc]
    min_quantity = WholeNumberField(_l("From how many"), minimum=2, maximum=rules.MOST_UNITS)
    price = RupiahField(_l("Price for one"), minimum=1, maximum=rules.MOST_RUPIAH)

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        for one, other in ((self.min_quantity, self.price), (self.price, self.min_quantity)):
            if one.data is None and other.data is not None:
                one.errors = [say(N_("Please fill this in."))]
        return not self.errors


class ProductForm(CategoryWays, Form):
    """One product. `papers` are (id, label) of papers that can cover it, `places` region codes
    beyond the zones that may be ticked."""

    version = HiddenField()
    photo = FileField(_l("Photo"))
    name = LineField(_l("Name of the product"), [present])
    category = CategoryField(_l("Category"), blank=_l("Choose"))
    price = RupiahField(_l("Price"), minimum=1, maximum=rules.MOST_RUPIAH)
    unit = SelectField(_l("Price is for one"), choices=unit_choices, default="")
    pack = PackField(_l("Contents of one"))
    weight = WeightField(_l("Weight with packaging"), maximum=rules.MOST_GRAMS)
    brand = LineField(_l("Brand"), limit=80)
    description = ParagraphField(_l("Description"))
    capacity = WholeNumberField(_l("How many can you make?"), maximum=rules.MOST_UNITS)
    capacity_per = SelectField(
        _l("In"),
        choices=lambda: [("month", say(N_("a month"))), ("week", say(N_("a week")))],
        default="month",
    )
    min_order = WholeNumberField(_l("Minimum order"), minimum=1, maximum=rules.MOST_UNITS)
    lead_days = WholeNumberField(_l("Days to prepare an order"), maximum=rules.MOST_DAYS)
    zones = TickBoxesField(_l("Where can you deliver?"))
    terms = TickBoxesField(
        _l("How may shops pay?"),
        choices=[(term.value, name) for term, name in rules.TERMS_NAMES.items()],
    )
    shelf_life_days = WholeNumberField(_l("Shelf life in days"), minimum=1, maximum=rules.MOST_DAYS)
    storage = RadioField(
        _l("How is it kept?"),
        choices=lambda: (
            [("", say(N_("Not stated")))]
            + [(storage.value, say(name)) for storage, name in rules.STORAGE_NAMES.items()]
        ),
        default="",
    )
    halal_claim = RadioField(
        _l("Halal"),
        choices=lambda: [(claim.value, say(name)) for claim, name in rules.HALAL_NAMES.items()],
        default=HalalClaim.UNKNOWN.value,
    )
    paper_ids = TickBoxesField(_l("Papers that cover this product"), coerce=int)
    price_breaks = FieldList(
        FormField(PriceBreakForm),
        label=_l("Price by quantity"),
        min_entries=rules.MOST_PRICE_BREAKS,
        max_entries=rules.MOST_PRICE_BREAKS,
    )

    def __init__(
        self,
        *args: Any,
        papers: Sequence[tuple[int, str]] = (),
        places: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.paper_ids.choices = list(papers)
        zones = [(zone.value, name) for zone, name in ZONE_NAMES.items()]
        self.zones.choices = zones + [
            (code, place_name(code)) for code in places if code not in set(Zone)
        ]
        self.suggest([])

    def draft(self) -> ProductDraft:
        weekly = self.capacity_per.data == "week"
        capacity = self.capacity.data
        breaks = [row.form for row in self.price_breaks if row.form.min_quantity.data is not None]
        return ProductDraft(
            name=self.name.data,
            category=self.chosen_category,
            price=self.price.data,
            unit=self.unit.data,
            pack=self.pack.data,
            weight_g=self.weight.data,
            brand=self.brand.data or "",
            description=self.description.data or "",
            min_order=self.min_order.data,
            capacity_per_month=None
            if capacity is None
            else rules.per_month(capacity, weekly=weekly),
            shelf_life_days=self.shelf_life_days.data,
            lead_days=self.lead_days.data,
            storage=Storage(self.storage.data) if self.storage.data else None,
            halal_claim=HalalClaim(self.halal_claim.data),
            zones=tuple(self.zones.data or ()),
            terms=tuple(self.terms.data or ()),
            price_breaks=tuple(sorted((row.min_quantity.data, row.price.data) for row in breaks)),
            paper_ids=frozenset(self.paper_ids.data or ()),
        )


def values_of(draft: ProductDraft, version: int) -> Mapping[str, Any]:
    """What the form of a known product starts with."""
    return {
        "version": str(version),
        "name": draft.name,
        "category": draft.category or None,
        "price": draft.price,
        "unit": draft.unit,
        "pack": draft.pack,
        "weight": draft.weight_g,
        "brand": draft.brand,
        "description": draft.description,
        "capacity": draft.capacity_per_month,
        "min_order": draft.min_order,
        "lead_days": draft.lead_days,
        "zones": list(draft.zones),
        "terms": list(draft.terms),
        "shelf_life_days": draft.shelf_life_days,
        "storage": draft.storage.value if draft.storage else "",
        "halal_claim": draft.halal_claim.value,
        "paper_ids": sorted(draft.paper_ids or ()),
        "price_breaks": [
            {"min_quantity": quantity, "price": price} for quantity, price in draft.price_breaks
        ],
    }


class BrowseForm(Form):
    """What a visitor looks for; it travels in the address, so that a list can be shared.

    What cannot be read narrows nothing and says so beside its field.
    """

    class Meta(Form.Meta):
        csrf = False

    form_token = None
    q = LineField(_l("Product, brand or local name"))
    category = SelectField(_l("Category"), validate_choice=False)
    zone = SelectField(_l("Delivers to"), validate_choice=False)
    min_price = RupiahField(_l("Price from"), maximum=rules.MOST_RUPIAH)
    max_price = RupiahField(_l("Price up to"), maximum=rules.MOST_RUPIAH)
    sort = SelectField(_l("Order"), validate_choice=False)
    papers = TickBoxesField(_l("Papers held"), validate_choice=False)
    min_capacity = WholeNumberField(_l("Can make at least, a month"), maximum=rules.MOST_UNITS)

    def __init__(self, *args: Any, papers: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category.choices = branch_choices(say(N_("All categories")))
        self.zone.choices = [
            ("", say(N_("Anywhere"))),
            *((zone.value, say(name)) for zone, name in ZONE_NAMES.items()),
        ]
        self.sort.choices = [(sort.value, say(name)) for sort, name in rules.SORT_NAMES.items()]
        self.papers.choices = list(papers)

    @property
    def sorting(self) -> Sort | None:
        return Sort(self.sort.data) if self.sort.data in set(Sort) else None
