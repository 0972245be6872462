"""Input of the questions room."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from marketplace.infra.forms import Form, LineField, ParagraphField, present
from marketplace.questions.rules import TEXT_MAX


class QuestionForm(Form):
    text = ParagraphField(_l("Your question"), [present], limit=TEXT_MAX)
    asker_id = SelectField(_l("In whose name?"), coerce=int)


class AnswerForm(Form):
    answer = ParagraphField(_l("Your answer"), [present], limit=TEXT_MAX)


class HideForm(Form):
    reason = LineField(_l("Why should nobody read it?"), [present], limit=400)
