"""Background work of the room: compute outside, write briefly inside."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marketplace.core.clock import now
from marketplace.infra import storage
from marketplace.infra.jobs import Report
from marketplace.infra.transaction import transaction
from marketplace.suggestions.jobs.computing import (
    suggest_all,
    suggest_for_need,
    suggest_for_product,
)
from marketplace.suggestions.jobs.exposure import preview_exposure, raise_floor
from marketplace.suggestions.services import computing, exposing, introducing, listing

_CLOCK_EVERY = timedelta(minutes=1)
_last_clock = [now() - _CLOCK_EVERY]


def match_list(args: Mapping[str, Any], progress: Report) -> Mapping[str, Any]:
    """Match an uploaded list; the result is a file of its own."""
    upload = storage.get_file(str(args["file"]))
    names = json.loads(storage.read_file(upload))
    rows = listing.match_names(names, progress)
    with transaction():
        result = storage.put_file(
            json.dumps(rows, ensure_ascii=False).encode(),
            kind="result",
            media_type="application/json",
            owner_id=upload.owner_id,
            kept=True,
        )
        token = result.token
    return {"file": token, "names": len(names), "matched": sum(row["matched"] for row in rows)}


def keep_clocks() -> None:
    """Once a minute: postponed suggestions whose day has come, introductions out of time."""
    if now() - _last_clock[0] < _CLOCK_EVERY:
        return
    _last_clock[0] = now()
    with transaction():
        computing.bring_back_postponed()
        exposing.release_held()
        introducing.expire_old()
        computing.follow_the_calendar()
        storage.sweep_unkept()


HANDLERS = {
    "suggest-need": suggest_for_need,
    "suggest-product": suggest_for_product,
    "match-list": match_list,
    "suggest-all": suggest_all,
    "raise-floor": raise_floor,
    "exposure-preview": preview_exposure,
}
