"""Settings an office may change while the service runs."""

from flask_babel import lazy_gettext as _l

from marketplace.infra.forms import Form, WholeNumberField, present
from marketplace.questions.rules import OPEN_MAX_OPTION


class SettingsForm(Form):
    introduction_days = WholeNumberField(
        _l("Days an introduction waits for both answers"), [present], minimum=1, maximum=60
    )
    meeting_request_days = WholeNumberField(
        _l("Days a request to meet waits for both answers"), [present], minimum=1, maximum=60
    )
    meeting_reminder_days = WholeNumberField(
        _l("Days before its end a request is reminded of"), [present], minimum=0, maximum=30
    )
    open_questions = WholeNumberField(
        _l("Unanswered questions one business may have about one product or need"),
        [present],
        minimum=1,
        maximum=50,
    )

    def values(self) -> dict[str, int]:
        """The options by name."""
        return {
            name: self._fields[name].data
            for name in (
                "introduction_days",
                "meeting_request_days",
                "meeting_reminder_days",
                OPEN_MAX_OPTION,
            )
        }
