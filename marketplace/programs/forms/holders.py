"""Input of who stands at a stall."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import Optional

from marketplace.commodities.forms import branch_choices
from marketplace.core.text import N_, whole_number
from marketplace.infra.forms import Form, LineField, PhoneField, present, version_of
from marketplace.infra.i18n import say
from marketplace.programs.models import StallHolder
from marketplace.programs.rules.bazaars import HolderDraft
from marketplace.regions.forms import RegionField


class HolderForm(Form):
    name = LineField(_l("Name of the business"), [present])
    contact_name = LineField(_l("Contact person"))
    phone = PhoneField(_l("WhatsApp"), [Optional()])
    region = RegionField(_l("Kabupaten or kota"))
    sells = LineField(_l("What they sell"))
    category = SelectField(
        _l("Category"),
        choices=lambda: branch_choices(say(N_("none yet"))),
        coerce=lambda value: value or "",
    )
    stall = SelectField(_l("Stall"), validate_choice=False)
    version = HiddenField(default="0")

    @classmethod
    def of(cls, holder: StallHolder) -> "HolderForm":
        return cls(
            data={
                "name": holder.name,
                "contact_name": holder.contact_name,
                "phone": holder.phone or None,
                "region": holder.region_code,
                "sells": holder.sells,
                "category": holder.category_code,
                "version": str(holder.version),
            }
        )

    def draft(self) -> HolderDraft:
        return HolderDraft(
            name=self.name.data,
            contact_name=self.contact_name.data or "",
            phone=self.phone.data or "",
            region_code=self.region.data or "",
            sells=self.sells.data or "",
            category_code=self.category.data or "",
        )

    def chosen_stall(self) -> int | None:
        return whole_number(self.stall.data)

    def seen_version(self) -> int:
        return version_of(self.version.data)
