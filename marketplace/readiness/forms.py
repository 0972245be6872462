"""Input of the room."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import Optional

from marketplace.businesses.forms import DayField
from marketplace.infra.forms import Form, LineField, ParagraphField, RupiahField, WholeNumberField
from marketplace.infra.i18n import say
from marketplace.infra.tick_boxes import TickBoxesField
from marketplace.readiness.rules import SEVERITY_NAMES, RemedyDraft, RuleDraft, RuleSeverity
from marketplace.readiness.rules.remedies import HOW_MAX
from marketplace.readiness.rules.rulebook import (
    KIND_NAMES,
    SIZE_NAMES,
    STORAGE_NAMES,
    code_of,
    word_of,
)


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
    seen_on = DayField(_l("When it was read"), [Optional()])
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


class RuleForm(Form):
    """A rule as the province wants it; what stays unticked everywhere binds everyone."""

    severity = RadioField(
        _l("What should the rule do?"),
        choices=lambda: [(code.value, say(SEVERITY_NAMES[code])) for code in RuleSeverity],
    )
    valid_from = DayField(_l("In force from"), [Optional()])
    valid_to = DayField(_l("In force until"), [Optional()])
    kinds = TickBoxesField(_l("Kinds of goods"), choices=lambda: list(KIND_NAMES))
    storages = TickBoxesField(
        _l("Storage"), choices=lambda: [(word_of(code), name) for code, name in STORAGE_NAMES]
    )
    size_classes = TickBoxesField(
        _l("Size of the producer"),
        choices=lambda: [(word_of(code), name) for code, name in SIZE_NAMES],
    )
    basis = LineField(_l("Legal basis"), limit=200)
    reason = LineField(_l("Why is it changed?"), limit=400)

    def draft(self, code: str) -> RuleDraft:
        return RuleDraft(
            code,
            RuleSeverity(self.severity.data),
            self.valid_from.data,
            self.valid_to.data,
            self.basis.data or "",
            self.reason.data or "",
            kinds=frozenset(self.kinds.data or ()),
            storages=frozenset(map(code_of, self.storages.data or ())),
            size_classes=frozenset(map(code_of, self.size_classes.data or ())),
        )
