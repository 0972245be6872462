"""What a suggestion was decided on, kept so that it can be shown and computed again."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from marketplace.core.quantity import Quantity
from marketplace.infra.bulk import add_missing
from marketplace.matching import (
    ENGINE_VERSION,
    Engine,
    HeldPaper,
    Measured,
    Need,
    NeedLine,
    Offer,
    Pairing,
    PriceBreak,
    Rule,
    Settings,
    World,
)
from marketplace.matching.rulebook import SHIPPED_RULES, with_changes
from marketplace.matching.world import Leg
from marketplace.suggestions import queries
from marketplace.suggestions.models import EngineVersion, Suggestion
from marketplace.suggestions.services.world import rules_in_force

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


def pack_inputs(
    offer: Offer, need: Need, world: World, measured: Measured | None = None
) -> dict[str, Any]:
    """Offer, need, day, the freight legs used and what the texts were measured to be, as JSON."""
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
        "measured": measured.as_dict() if measured is not None else None,
    }


def are_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Are two inputs of the same offer, need and freight, whatever the day and who competed?

    Where the evidence is the same too, the older ones give it as well.
    """
    return all(one[name] == other[name] for name in ("offer", "need", "legs"))


def engine_version(used: Settings, rules: Iterable[Rule] | None = None) -> EngineVersion:
    """The stored row of the settings used and of all rules that are not as shipped.

    Without `rules` those in force at this moment are meant.
    """
    settings = json.loads(json.dumps(_plain(used.as_dict())))
    used_rules = rules_in_force() if rules is None else rules
    own = [rule.as_dict() for rule in used_rules if not rule.is_shipped]
    digest = hashlib.sha256(
        json.dumps([ENGINE_VERSION, settings, *own], sort_keys=True).encode()
    ).hexdigest()
    found = queries.find_engine_version(digest)
    if found is None:
        row = {"engine": ENGINE_VERSION, "digest": digest, "settings": settings, "rules": own}
        add_missing(EngineVersion, [row])
        found = queries.find_engine_version(digest)
        assert found is not None  # ours, or that of who was faster
    return found


def unpack(suggestion: Suggestion, world: World) -> tuple[Offer, Need, World]:
    """What the suggestion was computed from: offer, need, and the day and freight of then.

    `world` gives what is not stored with each suggestion (categories, zones, words, rules).
    """
    inputs = suggestion.inputs
    legs = {region: Leg(**facts) for region, facts in inputs["legs"].items()}
    then = replace(
        world,
        today=date.fromisoformat(inputs["today"]),
        leg=lambda _origin, destination: legs.get(destination),
    )
    return _offer(inputs["offer"]), _need(inputs["need"]), then


def replay(suggestion: Suggestion, world: World) -> Pairing:
    """Compute the pairing again from what was stored, under the settings and rules of then.

    Score and confidence come out as they were, whoever competes by now. `world` gives what is not
    stored (categories, words, the rules as shipped): a rule the province has changed since counts
    as it stood then.
    """
    offer, need, then = unpack(suggestion, world)
    version = queries.get_engine_version(suggestion.engine_version_id)
    shipped = tuple(SHIPPED_RULES.get(rule.code, rule) for rule in world.rules if not rule.is_own)
    changed = tuple(Rule.from_dict(stored) for stored in version.rules)
    engine = Engine(
        replace(then, rules=with_changes(shipped, changed)),
        settings=Settings.from_dict(dict(version.settings)),
    )
    told = suggestion.inputs.get("measured")
    return engine.judge(offer, need, Measured.from_dict(told) if told else None)
