"""Input of a contact made at a stall."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, SelectField
from wtforms.validators import Optional

from marketplace.catalog.models import Product
from marketplace.core.text import N_, whole_number
from marketplace.infra.forms import Form, LineField, ParagraphField, PhoneField, present, version_of
from marketplace.infra.i18n import say
from marketplace.programs.models import Lead
from marketplace.programs.rules.leads import LeadDraft
from marketplace.regions.forms import RegionField, possible_day


class LeadForm(Form):
    """`for_products` fills in the goods of the stall."""

    outlet_name = LineField(_l("Outlet or company"), [present])
    wants = LineField(_l("What they want"), [present], limit=400)
    volume = LineField(_l("How much, how often"), limit=100)
    product = SelectField(_l("Product"), validate_choice=False)
    region = RegionField(_l("Kabupaten or kota"))
    consented = BooleanField(_l("They agree that we keep their name and number"))
    person_name = LineField(_l("Person"))
    phone = PhoneField(_l("WhatsApp"), [Optional()])
    next_step = LineField(_l("Next step"))
    due_on = DateField(_l("By when"), [Optional(), possible_day])
    note = ParagraphField(_l("Note"), limit=1000)
    version = HiddenField(default="0")

    def for_products(self, products: Sequence[Product]) -> "LeadForm":
        self.product.choices = [("", say(N_("not settled yet")))] + [
            (str(product.id), product.name) for product in products
        ]
        return self

    @classmethod
    def of(cls, lead: Lead) -> "LeadForm":
        return cls(
            data={
                "outlet_name": lead.outlet_name,
                "wants": lead.wants,
                "volume": lead.volume,
                "product": str(lead.product_id or ""),
                "region": lead.region_code,
                "consented": lead.consented_at is not None,
                "person_name": lead.person_name,
                "phone": lead.phone or None,
                "next_step": lead.next_step,
                "due_on": lead.due_on,
                "note": lead.note,
                "version": str(lead.version),
            }
        )

    def draft(self) -> LeadDraft:
        return LeadDraft(
            outlet_name=self.outlet_name.data,
            wants=self.wants.data,
            consented=bool(self.consented.data),
            person_name=self.person_name.data or "",
            phone=self.phone.data or "",
            region_code=self.region.data or "",
            volume=self.volume.data or "",
            product_id=whole_number(self.product.data),
            note=self.note.data or "",
            next_step=self.next_step.data or "",
            due_on=self.due_on.data,
        )

    def seen_version(self) -> int:
        return version_of(self.version.data)
