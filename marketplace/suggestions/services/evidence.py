"""What a suggestion was decided on, kept so that it can be shown and computed again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from marketplace.core.quantity import Quantity
from marketplace.infra.db import session
from marketplace.matching import (
    ENGINE_VERSION,
    Engine,
    HeldPaper,
    Need,
    NeedLine,
    Offer,
    Pairing,
    PriceBreak,
    Settings,
    World,
)
from marketplace.matching.world import Leg
from marketplace.suggestions import queries
from marketplace.suggestions.models import EngineVersion, Suggestion

_FREIGHT = ("rupiah_per_kg", "days_median", "days_p90", "estimated")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _quantity(data: Mapping[str, Any] | None) -> Quantity | None:
    return Quantity(**data) if data else None


def _offer(data: Mapping[str, Any]) -> Offer:
    return Offer(
        **{
            **data,
            "price_breaks": tuple(PriceBreak(**item) for item in data["price_breaks"]),
            "pack": _quantity(data["pack"]),
            "zones": frozenset(data["zones"]),
            "papers": tuple(
                HeldPaper(**{**item, "valid_to": _day(item["valid_to"])}) for item in data["papers"]
            ),
            "terms": frozenset(data["terms"]),
            "papers_told": frozenset(data.get("papers_told", ())),
        }
    )


def _need(data: Mapping[str, Any]) -> Need:
    return Need(
        **{
            **data,
            "pack": _quantity(data["pack"]),
            "lines": tuple(NeedLine(**item) for item in data["lines"]),
            "papers_required": frozenset(data["papers_required"]),
            "needed_on": _day(data["needed_on"]),
        }
    )


def pack_inputs(offer: Offer, need: Need, world: World) -> dict[str, Any]:
    """Offer, need, day and the freight legs used, as JSON."""
    legs = {}
    for region in sorted({line.region for line in need.lines if line.region}):
        leg = world.leg(offer.region, region) if offer.region else None
        if leg is not None:
            legs[region] = {name: getattr(leg, name) for name in _FREIGHT}
    return {
        "offer": _plain(asdict(offer)),
        "need": _plain(asdict(need)),
        "legs": legs,
        "today": world.today.isoformat(),
    }


def engine_version(used: Settings) -> EngineVersion:
    """The stored row of the settings used; written when they are first used."""
    settings = json.loads(json.dumps(_plain(used.as_dict())))
    digest = hashlib.sha256(
        json.dumps([ENGINE_VERSION, settings], sort_keys=True).encode()
    ).hexdigest()
    found = queries.find_engine_version(digest)
    if found is None:
        found = EngineVersion(engine=ENGINE_VERSION, digest=digest, settings=settings)
        session.add(found)
        session.flush()
    return found


def replay(suggestion: Suggestion, world: World) -> Pairing:
    """Compute the pairing again from what was stored, under the settings of then.

    `world` gives what is not stored with each suggestion (categories, words, rules); the day and
    the freight legs are those of then.
    """
    inputs = suggestion.inputs
    offer, need = _offer(inputs["offer"]), _need(inputs["need"])
    legs = {region: Leg(**facts) for region, facts in inputs["legs"].items()}
    then = World(
        today=date.fromisoformat(inputs["today"]),
        categories=world.categories,
        leg=lambda _origin, destination: legs.get(destination),
        zone_of=world.zone_of,
        vocabulary=world.vocabulary,
        rules=world.rules,
    )
    version = queries.get_engine_version(suggestion.engine_version_id)
    engine = Engine(then, settings=Settings.from_dict(dict(version.settings)))
    return engine.judge(offer, need)
