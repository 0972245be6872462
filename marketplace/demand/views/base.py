"""What the pages of needs share."""

from typing import Any

from flask import Blueprint, current_app, url_for

from marketplace.businesses import queries as businesses
from marketplace.infra.web import current_actor

bp = Blueprint("demand", __name__)


def own_outlets() -> set[int]:
    """The outlets this person buys for, and the one they act for just now."""
    actor = current_actor()
    ids = set(actor.outlet_ids)
    if actor.acting_for is not None and not businesses.is_producer(actor.acting_for):
        ids.add(actor.acting_for)
    return ids


def link(endpoint: str, **values: Any) -> str | None:
    """The address of a page of a room above, None while that room does not have it."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
