"""Several choices as tick boxes."""

from typing import Any

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from marketplace.infra.i18n import say


class TickBoxesField(SelectMultipleField):  # type: ignore[misc]
    """Choices (code, msgid) as boxes a thumb can hit; data is the list of ticked codes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def iter_choices(self) -> Any:
        for choice in super().iter_choices():
            yield choice._replace(label=say(choice.label))
