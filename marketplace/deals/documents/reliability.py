"""How businesses kept their word, where somebody decides about them: their pages and cases."""

from markupsafe import Markup

from marketplace.businesses.models import Business
from marketplace.businesses.rules import BusinessKind
from marketplace.deals import queries
from marketplace.infra.web import page_part
from marketplace.suggestions.rules import Side


def how_they_dealt(*parties: Business) -> Markup:
    """Answers, times and repeats with their samples; nothing where there is nothing to count."""
    rows = [(each.name, queries.reliability_of(each.id, _side(each))) for each in parties]
    known = [
        (name, one)
        for name, one in rows
        if one.response.total or one.on_time.total or one.repeat.total
    ]
    return page_part("deals/_how_they_dealt.html", rows=known)


def _side(business: Business) -> Side:
    return Side.PRODUCER if business.kind is BusinessKind.PRODUCER else Side.BUYER
