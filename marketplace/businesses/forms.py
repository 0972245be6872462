"""Input about businesses, branches, papers and their people."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, RadioField, SelectField
from wtforms.validators import Optional, ValidationError

from marketplace.businesses.rules import (
    OUTLET_FORMAT_NAMES,
    PAPER_NAMES,
    VISIT_FINDING_NAMES,
    BranchDraft,
    BusinessDraft,
    BusinessKind,
    Figures,
    OutletFormat,
    PaperDraft,
    PaperKind,
    PaperState,
    VisitDraft,
    VisitFinding,
    read_number,
)
from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput
from marketplace.core.kbli import read_kbli
from marketplace.core.text import N_
from marketplace.infra.forms import (
    Form,
    LineField,
    ParagraphField,
    PhoneField,
    RupiahField,
    WholeNumberField,
    present,
    version_of,
)
from marketplace.infra.i18n import say
from marketplace.infra.tick_boxes import TickBoxesField
from marketplace.regions.forms import RegionField


class VersionedForm(Form):
    """An edit form: it knows which state of the row was on the screen."""

    version = HiddenField(default="0")

    def seen_version(self) -> int:
        return version_of(self.version.data)


class DayField(DateField):  # type: ignore[misc]
    """A day of the calendar that may stay empty; what is no day is refused in our words."""

    data: date | None

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip()[:20] for value in valuelist])
        except ValueError as error:
            raise ValueError(say(N_("This is not a day of the calendar."))) from error
        if self.data is not None and not 1990 <= self.data.year <= 2100:
            self.data = None
            raise ValueError(say(N_("This year cannot be right.")))


class BusinessForm(VersionedForm):
    """What producers and outlets have in common."""

    kind = BusinessKind.PRODUCER
    name = LineField(_l("Name of the business"), [present])
    nib = LineField(_l("NIB"), limit=60)
    kbli = ParagraphField(_l("KBLI (lines of business)"), limit=2_000)
    region_code = RegionField(_l("Kabupaten/kota"), [present])
    address = LineField(_l("Address"), limit=400)
    contact_name = LineField(_l("Contact person"))
    phone = PhoneField(_l("WhatsApp number"))
    about = ParagraphField(_l("About the business"), limit=2_000)

    def validate_nib(self, field: Any) -> None:
        _check_number(PaperKind.NIB, field.data)

    def validate_kbli(self, field: Any) -> None:
        try:
            read_kbli(field.data or "")
        except InvalidInput as error:
            raise ValidationError(say(error.msgid, error.params)) from error

    def draft(self) -> BusinessDraft:
        return BusinessDraft(
            kind=self.kind,
            name=self.name.data,
            region_code=self.region_code.data,
            address=self.address.data or "",
            about=self.about.data or "",
            contact_name=self.contact_name.data or "",
            phone=self.phone.data or "",
            nib=self.nib.data or "",
            # A form that does not ask for them says nothing about them.
            kbli=read_kbli(self.kbli.data or "") if self.kbli.raw_data else None,
        )


class OutletForm(BusinessForm):
    kind = BusinessKind.OUTLET
    outlet_format = SelectField(
        _l("Format"),
        choices=lambda: [(code.value, say(name)) for code, name in OUTLET_FORMAT_NAMES.items()],
        default=OutletFormat.SHOP.value,
    )
    is_chain = RadioField(
        _l("One shop or several?"),
        choices=[("", _l("A single shop")), ("yes", _l("A chain with branches"))],
        default="",
    )

    def draft(self) -> BusinessDraft:
        common = super().draft()
        return BusinessDraft(
            kind=common.kind,
            name=common.name,
            region_code=common.region_code,
            address=common.address,
            about=common.about,
            contact_name=common.contact_name,
            phone=common.phone,
            nib=common.nib,
            kbli=common.kbli,
            outlet_format=OutletFormat(self.outlet_format.data),
            is_chain=self.is_chain.data == "yes",
        )


class FiguresForm(VersionedForm):
    yearly_sales = RupiahField(_l("Sales of one year"))
    yearly_sales_on = DayField(_l("The year ended on"), [Optional()], default=None)
    working_capital = RupiahField(_l("Working capital"))

    def draft(self) -> Figures:
        return Figures(self.yearly_sales.data, self.yearly_sales_on.data, self.working_capital.data)


class BranchForm(Form):
    name = LineField(_l("Name of the branch"), [present])
    region_code = RegionField(_l("Kabupaten/kota"), [present])
    address = LineField(_l("Address"), limit=400)
    stores = WholeNumberField(
        _l("Number of shops"), [present], minimum=1, maximum=50_000, default=1
    )

    def draft(self) -> BranchDraft:
        return BranchDraft(
            self.name.data, self.region_code.data, self.address.data or "", self.stores.data
        )


class PaperForm(VersionedForm):
    kind = SelectField(
        _l("Which paper?"),
        choices=lambda: [
            (kind.value, say(name))
            for kind, name in PAPER_NAMES.items()
            if kind is not PaperKind.ML  # told from MD by the letters of the number
        ],
    )
    number = LineField(_l("Number on the paper"), [present])
    valid_from = DayField(_l("Valid from"), [Optional()])
    valid_to = DayField(_l("Valid until"), [Optional()])
    scan = FileField(_l("Scan or photo"))
    # A scan uploaded before, on a form that then failed elsewhere.
    scan_token = HiddenField()

    def validate_number(self, field: Any) -> None:
        if self.kind.data in set(PaperKind):
            _check_number(PaperKind(self.kind.data), field.data)

    def draft(self, scan_id: int | None) -> PaperDraft:
        return PaperDraft(
            PaperKind(self.kind.data),
            self.number.data,
            self.valid_from.data,
            self.valid_to.data,
            scan_id,
        )


class DecisionForm(VersionedForm):
    """What the office says about a paper."""

    decision = RadioField(
        _l("Decision"),
        choices=[
            (PaperState.VERIFIED.value, _l("It holds")),
            (PaperState.REJECTED.value, _l("It does not hold")),
            (PaperState.REVOKED.value, _l("It no longer holds")),
        ],
    )
    note = LineField(_l("Reason"), limit=400)


class MemberForm(Form):
    business = LineField(_l("Works for (name of the business)"), [present])


def _check_number(kind: PaperKind, typed: str | None) -> None:
    """Everything that blocks, in the words of core/identifiers; warnings come after saving."""
    if not typed:
        return
    try:
        problem = read_number(kind, typed, today()).first_block
    except InvalidInput as error:
        raise ValidationError(say(error.msgid, error.params)) from error
    if problem is not None:
        raise ValidationError(say(problem.msgid, problem.params))


class VisitForm(Form):
    """A visit on site; `paper_ids` are offered by the view."""

    visited_on = DayField(_l("Day of the visit"), [present])
    finding = RadioField(
        _l("What was found"),
        choices=lambda: [(code.value, say(name)) for code, name in VISIT_FINDING_NAMES.items()],
    )
    found = ParagraphField(_l("What you saw"), [present], limit=2_000)
    paper_ids = TickBoxesField(_l("Originals seen"), coerce=int)

    def draft(self) -> VisitDraft:
        assert self.visited_on.data is not None
        return VisitDraft(
            self.visited_on.data,
            VisitFinding(self.finding.data),
            self.found.data,
            tuple(self.paper_ids.data or ()),
        )
