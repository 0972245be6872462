"""Input of the learning room."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from marketplace.infra.forms import Form, LineField
from marketplace.infra.i18n import say
from marketplace.learning.rules import SEVERITY_NAMES, RuleSeverity


class ReasonForm(Form):
    """Why something is refused, dismissed or put out of force."""

    reason = LineField(_l("Why?"), limit=400)


class AdoptRuleForm(Form):
    severity = RadioField(
        _l("What should the rule do?"),
        default=RuleSeverity.WARN.value,
        choices=lambda: [(code.value, say(SEVERITY_NAMES[code])) for code in RuleSeverity],
    )
