"""What a page, an export or a text says of a case: stored evidence in words and figures."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from marketplace.catalog.models import Product
from marketplace.commodities.forms import category_name
from marketplace.core.clock import today
from marketplace.core.params import Percent
from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.core.text import N_
from marketplace.demand.models import Need
from marketplace.demand.rules import NeedState
from marketplace.infra.i18n import say
from marketplace.matching import Pairing, Point, Verdict
from marketplace.matching.explain import fix_of, reason_of, rule_name
from marketplace.regions.rules import full_region_name
from marketplace.suggestions.documents.papers import Told, strength_of, told_once
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import (
    REQUESTED_BY_NAMES,
    STATE_NAMES,
    ExposureReason,
    RequestedBy,
)

Card = dict[str, Any]
_ABOVE = N_("The price at the door is above what this buyer pays")
_PRICE_OPEN = N_("To ask: does the price at the door suit the buyer?")
PLAIN = ("words", "words_all", "words_anywhere", "words_plain", "spelling")
TELLING = 60  # per cent: a smaller share of the words tells an officer nothing
FIT = "fit_"  # codes of points for price, volume, days and papers, as against likeness in words


def pairing_of(suggestion: Suggestion) -> Pairing:
    """The pairing as it was stored."""
    return Pairing.from_dict(suggestion.evidence)


def reasons_of(pairing: Pairing) -> list[Card]:
    """What earned points, strongest first, then what cost points; they add up to the score."""
    told = sorted(pairing.points, key=lambda point: (-point.points, point.code))
    return [
        {"text": _sentence(reason_of(point)), "points": point.points}
        for point in told
        if point.points
    ]


def headlines_of(pairing: Pairing, *, tell_ceiling: bool = True) -> list[Card]:
    """The same reasons for a card: likeness in words is one reason, so that trade shows beside it.

    An officer who decides on fifty pairings wants to read price, volume and days, not three ways
    of saying that the names are alike. The points still add up to the score. A producer learns the
    buyer's ceiling only once both agreed: until then `tell_ceiling` is false.
    """
    alike = [point for point in pairing.points if not point.code.startswith(FIT)]
    trade = [point for point in pairing.points if point.code.startswith(FIT) and point.points]
    together = sum(point.points for point in alike)
    told = [{"text": _trade_reason(point, tell_ceiling), "points": point.points} for point in trade]
    if alike:
        told.append({"text": _likeness(alike), "points": together})
    return sorted(told, key=lambda reason: -int(str(reason["points"])))


def _likeness(alike: Sequence[Point]) -> str:
    """How near the names are, in the one sentence a person understands at once."""
    earned = {point.code: point for point in alike if point.points > 0}
    plain = next((earned[code] for code in PLAIN if code in earned), None)
    share = plain.params.get("percent") if plain else None
    if plain is None or (isinstance(share, Percent) and share.n < TELLING):
        return say(N_("The goods are of the kind asked for"))
    return _sentence(reason_of(plain))


def _trade_reason(point: Point, tell_ceiling: bool) -> str:
    if "ceiling" in point.params and not tell_ceiling:
        return say(N_("The price at the door suits the buyer"))
    return _sentence(reason_of(point))


def obstacles_of(pairing: Pairing, *, tell_ceiling: bool = True) -> list[Card]:
    """What stands in the way or is not known, blocks first, each with what would mend it.

    Without `tell_ceiling` the buyer's ceiling is neither named nor told by what would fit it.
    """
    open_points = [told for told in told_once(pairing.verdicts) if told.verdict.outcome != "pass"]
    open_points.sort(key=lambda told: (told.verdict.outcome != "fail", strength_of(told.verdict)))
    return [_obstacle(told, tell_ceiling) for told in open_points]


def rule_words(code: str) -> str:
    return say(rule_name(code))


def passed_of(pairing: Pairing) -> list[str]:
    return [_told(told) for told in told_once(pairing.verdicts) if told.verdict.outcome == "pass"]


def _told(told: Told) -> str:
    """What a verdict says; that the need asks for the paper too is said in the same breath."""
    text = _sentence(reason_of(told.verdict))
    if not told.too:
        return text
    both = N_("%(told)s (this need also asks for: %(papers)s)")
    return say(both, {"told": text, "papers": told.too})


def _obstacle(told: Told, tell_ceiling: bool) -> Card:
    verdict = told.verdict
    failed = verdict.outcome == "fail"
    kind = verdict.severity if failed else "info"
    mend = _mend(verdict) if failed else None
    text = _told(told)
    if "ceiling" in verdict.params and not tell_ceiling:
        text, mend = say(_ABOVE if failed else _PRICE_OPEN), None
    return {
        "text": text,
        "kind": kind,
        "fix": _sentence(mend) if mend else "",
        "basis": verdict.basis if verdict.outcome == "fail" else "",
        "legal": verdict.legal and verdict.blocks,
        "rule": verdict.rule,
    }


def _mend(verdict: Verdict) -> tuple[str, Mapping[str, Any]] | None:
    """What would make it fit; a category is called by its name."""
    told = fix_of(verdict)
    if told is None or verdict.fix is None or verdict.fix.get("field") != "category":
        return told
    return told[0], {**told[1], "value": category_name(str(told[1]["value"]))}


def _sentence(told: tuple[str, Mapping[str, Any]]) -> str:
    return say(told[0], told[1])


def card(suggestion: Suggestion, decide: Card | None = None) -> Card:
    """The pairing card (templates/_macros/objects.html) of one suggestion."""
    pairing = pairing_of(suggestion)
    return {
        "id": suggestion.id,
        "state": suggestion.state.value,
        "override": _override(suggestion),
        "decision": _decision(suggestion),
        "asked_by": _asked_by(suggestion),
        "forwarded": _forwarded(suggestion),
        "exposure": exposure_note(suggestion),
        "decide": decide,
        "need_id": suggestion.need_id,
        "need_open": suggestion.need.state is NeedState.OPEN,
        **_as_decided(suggestion),
        **_figures(pairing, suggestion.lines_total),
    }


def bare_card(pairing: Pairing, product: Product, need: Need, state: str) -> Card:
    """The same card for a pairing that is not stored as a suggestion."""
    return {
        "id": f"{product.id}-{need.id}",
        "state": state,
        "override": None,
        "decision": None,
        "asked_by": "",
        "forwarded": None,
        "exposure": "",
        "decide": None,
        **_sides(product, need),
        **_figures(pairing, len(need.lines)),
    }


def _sides(product: Product, need: Need) -> Card:
    return {
        "who": product.business.name,
        "who_place": product.business.region_code,
        "whom": need.business.name,
        "whom_region": _regions(need),
        "product_name": product.name,
        "need_title": need.title,
        "unit": need.unit,
        "is_example": product.is_example or need.is_example,
    }


def _as_decided(suggestion: Suggestion) -> Card:
    """Names and places as they stood when the pairing was computed, whatever became of them."""
    offer, need = suggestion.inputs["offer"], suggestion.inputs["need"]
    return {
        **_sides(suggestion.product, suggestion.need),
        "who_place": offer["region"],
        "whom_region": list(dict.fromkeys(line["region"] for line in need["lines"])),
        "product_name": offer["title"],
        "need_title": need["title"],
        "unit": need["unit"],
    }


def _regions(need: Need) -> Sequence[str]:
    return list(dict.fromkeys(line.region_code for line in need.lines))


def _figures(pairing: Pairing, lines_total: int) -> Card:
    passed = sum(verdict.outcome == "pass" for verdict in pairing.verdicts)
    return {
        "score": pairing.score,
        "confidence": pairing.confidence,
        "volume": pairing.volume_per_month,
        "money": pairing.money_per_month,
        "share_percent": pairing.share_percent,
        "reasons": headlines_of(pairing),
        "all_reasons": reasons_of(pairing),
        "obstacles": obstacles_of(pairing),
        "passed": passed_of(pairing),
        "rules_passed": passed,
        "rules_total": len(pairing.verdicts),
        "lines_passing": pairing.lines_passing,
        "lines_total": lines_total,
        "is_eligible": pairing.eligible,
        "is_overridable": pairing.overridable,
    }


def _forwarded(suggestion: Suggestion) -> Card | None:
    if suggestion.forwarded_at is None:
        return None
    return {"who": suggestion.forwarded_by_name, "at": suggestion.forwarded_at}


def exposure_note(suggestion: Suggestion) -> str:
    """Why cap or floor moved it, in words; empty where its rank alone did."""
    told = suggestion.exposure
    if not told:
        return ""
    if told["why"] == ExposureReason.FLOOR:
        return say(
            N_(
                "Here by the floor: this producer had %(taken)s of at least %(floor)s (%(period)s)."
            ),
            told,
        )
    if told["why"] == ExposureReason.LIFTED:
        return say(N_("Above the producer's cap, let pass by %(by)s."), told)
    return say(
        N_("Held back by the cap: this producer took %(taken)s of %(cap)s (%(period)s)."), told
    )


def _override(suggestion: Suggestion) -> Card | None:
    if not suggestion.override_reason:
        return None
    return {"who": suggestion.overridden_by_name, "reason": suggestion.override_reason}


def _decision(suggestion: Suggestion) -> Card | None:
    if suggestion.decided_at is None:
        return None
    return {
        "who": suggestion.decided_by_name,
        "at": suggestion.decided_at,
        "reason": suggestion.decision_note,
        "until": suggestion.postponed_until,
        "reject_reason": suggestion.reject_reason,
    }


def _asked_by(suggestion: Suggestion) -> str:
    if suggestion.requested_by is RequestedBy.ENGINE:
        return ""
    who = say(REQUESTED_BY_NAMES[suggestion.requested_by])
    return f"{who}: {suggestion.request_note}" if suggestion.request_note else who


def postponements() -> list[tuple[str, int]]:
    """The usual days to postpone to: (ISO day, days from today)."""
    return [((today() + timedelta(days=days)).isoformat(), days) for days in (3, 7, 14, 30)]


def queue_table(found: Sequence[Suggestion]) -> tuple[list[Column], list[list[Cell]]]:
    """The queue as a table of an export: one row a pairing with its three strongest reasons."""
    columns = [
        Column("number", say(N_("Number")), kind=ColumnKind.NUMBER),
        Column("producer", say(N_("Producer"))),
        Column("producer_place", say(N_("Producer's kabupaten/kota"))),
        Column("product", say(N_("Product"))),
        Column("outlet", say(N_("Outlet"))),
        Column("need", say(N_("Need"))),
        Column("places", say(N_("Places"))),
        Column("volume", say(N_("Volume a month")), kind=ColumnKind.NUMBER),
        Column("unit", say(N_("Unit"))),
        Column("money", say(N_("Rupiah a month")), kind=ColumnKind.MONEY),
        Column("score", say(N_("Score")), kind=ColumnKind.NUMBER),
        Column("reasons", say(N_("Reasons")), width=60),
        Column("state", say(N_("State"))),
        Column("override", say(N_("Exclusion set aside because"))),
    ]
    return columns, [_table_row(item) for item in found]


def _table_row(suggestion: Suggestion) -> list[Cell]:
    pairing = pairing_of(suggestion)
    need = suggestion.need
    return [
        suggestion.id,
        suggestion.product.business.name,
        full_region_name(suggestion.product.business.region_code),
        suggestion.product.name,
        need.business.name,
        need.title,
        ", ".join(full_region_name(code) for code in _regions(need)),
        suggestion.volume_per_month,
        need.unit,
        suggestion.money_per_month,
        suggestion.score,
        "; ".join(reason["text"] for reason in headlines_of(pairing)[:3]),
        say(STATE_NAMES[suggestion.state]),
        suggestion.override_reason,
    ]
