"""Input of the room."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField
from wtforms.validators import Optional

from marketplace.infra.forms import Form, LineField, ParagraphField, RupiahField, WholeNumberField
from marketplace.readiness.rules import RemedyDraft
from marketplace.readiness.rules.remedies import HOW_MAX


class RemedyForm(Form):
    """How a gap is closed, as producers read it."""

    how = ParagraphField(_l("What the producer does"), limit=HOW_MAX)
    why = ParagraphField(_l("Why outlets ask for it"), limit=HOW_MAX)
    cost_low = RupiahField(_l("Cost from"), [Optional()])
    cost_high = RupiahField(_l("Cost to"), [Optional()])
    days_low = WholeNumberField(_l("Days from"), [Optional()])
    days_high = WholeNumberField(_l("Days to"), [Optional()])
    basis = LineField(_l("Legal basis"))
    source = LineField(_l("Where this was read"))
    seen_on = DateField(_l("When it was read"), [Optional()])
    is_verified = BooleanField(_l("Cost and days were checked with whoever issues it"))

    def draft(self) -> RemedyDraft:
        return RemedyDraft(
            how=self.how.data or "",
            why=self.why.data or "",
            cost_low=self.cost_low.data,
            cost_high=self.cost_high.data,
            days_low=self.days_low.data,
            days_high=self.days_high.data,
            basis=self.basis.data or "",
            source=self.source.data or "",
            seen_on=self.seen_on.data,
            is_verified=bool(self.is_verified.data),
        )
