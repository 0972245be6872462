"""What the pages say of a proposal and of a rule: figures and codes in words."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marketplace.businesses.rules import OUTLET_FORMAT_NAMES, OutletFormat
from marketplace.commodities.forms import category_name
from marketplace.core.text import N_
from marketplace.infra import options
from marketplace.infra.i18n import say
from marketplace.learning import queries
from marketplace.learning.models import OfficeRule, WeightProposal
from marketplace.learning.rules import (
    COMPONENT_NAMES,
    LAST_LOOK,
    PROPOSAL_STATE_NAMES,
    RULE_STATE_NAMES,
    SEVERITY_NAMES,
)
from marketplace.matching.learning import NEEDED, NEEDED_OF_EACH, still_needed
from marketplace.matching.limits import KIND
from marketplace.regions.rules import ZONE_NAMES, Zone
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import REJECT_REASON_NAMES, RejectReason

Card = dict[str, Any]

_CONDITIONS: Mapping[str, str] = {
    "days": N_("More than %(bound)s days on the way"),
    "price": N_("Landed price above %(bound)s%% of the ceiling"),
    "order": N_("Minimum order above %(bound)s%% of the need"),
    "unverified": N_("A paper that counts is not yet checked"),
    "shelf": N_("Shelf life on arrival below %(bound)s%% of what is asked"),
    "share": N_("Capacity below %(bound)s%% of the need"),
    KIND: N_("Every pairing of this kind"),
}


def readiness() -> Card:
    """Whether there are decisions enough, and what is missing."""
    accepted, rejected = queries.count_decided()
    together, yes, no = still_needed(accepted, rejected)
    return {
        "accepted": accepted,
        "rejected": rejected,
        "missing": together,
        "missing_accepted": yes,
        "missing_rejected": no,
        "is_enough": not (together or yes or no),
        "needed": NEEDED,
        "needed_of_each": NEEDED_OF_EACH,
    }


def last_look() -> Card | None:
    """What the last look at the decisions gave, None before the first."""
    stored = options.get_text(LAST_LOOK)
    if not stored:
        return None
    found: Card = json.loads(stored)
    return {**found, "at": datetime.fromisoformat(str(found["at"]))}


def proposal_card(proposal: WeightProposal) -> Card:
    """Everything the page of a proposal shows beside its examples."""
    return {
        "row": proposal,
        "state_name": say(PROPOSAL_STATE_NAMES[proposal.state]),
        "changes": [
            {
                **change,
                "name": say(COMPONENT_NAMES[change["component"]]),
                "text": _change_text(change),
            }
            for change in proposal.changes
        ],
    }


def _change_text(change: Mapping[str, Any]) -> str:
    params = {
        "name": say(COMPONENT_NAMES[change["component"]]),
        "percent": abs(int(change["percent"])),
    }
    if int(change["percent"]) > 0:
        return say(N_("%(name)s counts more: +%(percent)s%%"), params)
    return say(N_("%(name)s counts less: −%(percent)s%%"), params)


def example_cards(proposal: WeightProposal, area: str) -> list[Card]:
    """Pairings that would change places; a kabupaten/kota sees those of its own area only."""
    ids = [number for swap in proposal.examples for number in (swap["rising"], swap["falling"])]
    rows = queries.suggestions_by_id(ids, area)
    return [
        {
            "need": rows[swap["rising"]].need,
            "rising": _side(rows[swap["rising"]], swap["rising_scores"]),
            "falling": _side(rows[swap["falling"]], swap["falling_scores"]),
        }
        for swap in proposal.examples
        if swap["rising"] in rows and swap["falling"] in rows
    ]


def _side(row: Suggestion, scores: list[int]) -> Card:
    return {"id": row.id, "name": row.product.name, "before": scores[0], "after": scores[1]}


def rule_card(rule: OfficeRule) -> Card:
    """A rule in words: its condition, whom it concerns, and what it was seen in."""
    return {
        "row": rule,
        "text": condition(rule),
        "seen": seen(rule),
        "state_name": say(RULE_STATE_NAMES[rule.state]),
        "does": say(SEVERITY_NAMES[rule.severity]) if rule.severity else "",
        "reasons": [
            (say(REJECT_REASON_NAMES[RejectReason(code)]), count)
            for code, count in sorted(rule.reasons.items(), key=lambda item: -item[1])
            if code
        ],
    }


def condition(rule: OfficeRule) -> str:
    """The condition in one line: "More than 5 days on the way · Kopi · restaurant"."""
    bound = rule.above if rule.above is not None else rule.below
    parts = [say(_CONDITIONS[rule.quantity], {"bound": bound} if bound is not None else None)]
    if rule.category:
        parts.append(category_name(rule.category))
    if rule.outlet:
        parts.append(say(OUTLET_FORMAT_NAMES[OutletFormat(rule.outlet)]))
    if rule.zone:
        parts.append(say(ZONE_NAMES[Zone(rule.zone)]))
    return " · ".join(parts)


def seen(rule: OfficeRule) -> str:
    """What it rests on: "all 14 such pairings were rejected; 48% of all are"."""
    params = {"rejected": rule.rejected, "support": rule.support, "usual": rule.usual_percent}
    if rule.rejected == rule.support:
        return say(
            N_("All %(support)s such pairings were rejected; of all decided, %(usual)s%% are."),
            params,
        )
    return say(
        N_(
            "%(rejected)s of %(support)s such pairings were rejected; "
            "of all decided, %(usual)s%% are."
        ),
        params,
    )
