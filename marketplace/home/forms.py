"""Settings an office may change while the service runs."""

from flask_babel import lazy_gettext as _l

from marketplace.infra.forms import Form, WholeNumberField, present


class SettingsForm(Form):
    introduction_days = WholeNumberField(
        _l("Days an introduction waits for both answers"), [present], minimum=1, maximum=60
    )
    open_questions = WholeNumberField(
        _l("Unanswered questions one business may have about one product or need"),
        [present],
        minimum=1,
        maximum=50,
    )
