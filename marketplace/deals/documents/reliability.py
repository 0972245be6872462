"""How businesses kept their word, where somebody decides about them: their pages and cases."""

from flask import render_template
from markupsafe import Markup

from marketplace.businesses.models import Business
from marketplace.businesses.rules import BusinessKind
from marketplace.deals import queries
from marketplace.suggestions.rules import Side


def how_they_dealt(*parties: Business) -> Markup:
    """Answers, times and repeats with their samples; nothing where there is nothing to count."""
    rows = [(each.name, queries.reliability_of(each.id, _side(each))) for each in parties]
    known = [
        (name, one)
        for name, one in rows
        if one.response.total or one.on_time.total or one.repeat.total
    ]
    # Rendered by our own template, which escapes what people typed.
    return Markup(render_template("deals/_how_they_dealt.html", rows=known))  # noqa: S704


def _side(business: Business) -> Side:
    return Side.PRODUCER if business.kind is BusinessKind.PRODUCER else Side.BUYER
