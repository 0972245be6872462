"""Background work of the register: look for double entries, follow merges up."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marketplace.businesses import queries as businesses
from marketplace.core.clock import now
from marketplace.infra.jobs import Report
from marketplace.infra.transaction import transaction
from marketplace.register import queries
from marketplace.register.services import finding, merging

_FOLLOW_EVERY = timedelta(minutes=1)
_FOLLOW_FOR = timedelta(hours=1)
_last = [now() - _FOLLOW_EVERY]


def find_twins(args: Mapping[str, Any], _progress: Report) -> Mapping[str, Any]:
    """Entries that may be the same as one that came or changed."""
    business = businesses.get_business(int(args["business_id"]))
    found = finding.likeness_of(business)
    number = business.id
    with transaction():
        return {"added": finding.store(found, about=number)}


def find_all_twins(_args: Mapping[str, Any], progress: Report) -> Mapping[str, Any]:
    """Every pair of the register that may be one business."""
    found = finding.all_likeness(progress)
    with transaction():
        return {"found": len(found), "added": finding.store(found)}


def follow_merges() -> None:
    """Once a minute: what was hung on an entry while it was being merged goes to the survivor."""
    if now() - _last[0] < _FOLLOW_EVERY:
        return
    _last[0] = now()
    for merge in queries.list_merges_since(now() - _FOLLOW_FOR):
        number = merge.id
        with transaction():
            merging.follow_up(queries.get_merge(number))


HANDLERS = {"find-twins": find_twins, "find-all-twins": find_all_twins}
