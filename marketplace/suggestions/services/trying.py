"""Try a cap and a floor on what the engine would propose, without setting anything."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from marketplace.infra import storage
from marketplace.infra.jobs import Job, enqueue
from marketplace.matching.exposure import Chance, Choice, Spread, Why, choose, spread_of
from marketplace.suggestions import rules
from marketplace.suggestions.queries import exposure as queries
from marketplace.suggestions.rules import ExposureDraft
from marketplace.suggestions.services.computing import PER_NEED
from marketplace.suggestions.services.exposing import limits_of

KIND = "exposure-preview"


def ask_for_preview(draft: ExposureDraft, owner_id: int | None) -> Job:
    """Have it computed; the job belongs to who asked."""
    rules.check_exposure(draft)
    job = enqueue(
        KIND,
        {
            "period": draft.period.value,
            "cap": draft.cap,
            "floor": draft.floor,
            "min_percent": draft.min_percent,
            "owner_id": owner_id,
        },
        owner_id=owner_id,
    )
    assert job is not None  # without a key every try is work of its own
    return job


def compare(draft: ExposureDraft, chances: Sequence[Chance]) -> dict[str, Any]:
    """The spread before and after, what it costs in points, and what changes for whom (JSON)."""
    choice = choose(chances, limits_of(draft), per_need=PER_NEED)
    before, after = choice.counts_unlimited(), choice.counts()
    on_offer = {str(number) for number in queries.starved_product_ids("", 1)}
    everybody = sorted(on_offer | before.keys() | after.keys(), key=int)
    held = Counter(chance.producer for chance in choice.held)
    raised = Counter(chance.producer for chance, why in choice.proposed if why is Why.FLOOR)
    return {
        "before": _told(spread_of([before.get(each, 0) for each in everybody])),
        "after": _told(spread_of([after.get(each, 0) for each in everybody])),
        **_score(choice),
        "producers": [
            {
                "id": int(each),
                "before": before.get(each, 0),
                "after": after.get(each, 0),
                "held": held[each],
                "raised": raised[each],
            }
            for each in sorted(
                everybody, key=lambda each: (-before.get(each, 0), -after.get(each, 0), int(each))
            )
        ],
    }


def _told(spread: Spread) -> dict[str, Any]:
    return {**asdict(spread), "top_share": spread.top_share, "none_share": spread.none_share}


def _score(choice: Choice) -> dict[str, int]:
    return {
        "score_before": sum(chance.score for chance in choice.unlimited),
        "score_after": sum(chance.score for chance, _why in choice.proposed),
        "score_lost": choice.score_lost,
        "score_raised": choice.score_raised,
        "held": len(choice.held),
        "raised": sum(why is Why.FLOOR for _chance, why in choice.proposed),
    }


def read_outcome(job: Job) -> Mapping[str, Any]:
    """What `compare` found, of a finished job."""
    stored = storage.get_file(str(job.result["file"]))
    outcome: Mapping[str, Any] = json.loads(storage.read_file(stored))
    return outcome
