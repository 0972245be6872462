"""The numbers an office may tune, frozen and versioned: stored with every suggestion."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from marketplace.matching.weights import SHIPPED, Weights

ENGINE_VERSION = "1.4"


@dataclass(frozen=True, slots=True)
class FitPoints:
    """The most points each comparison of terms can earn; an unknown earns none of them."""

    price: int = 60
    share: int = 50
    distance: int = 40
    papers: int = 40
    shelf_life: int = 40
    category: int = 30
    terms: int = 20
    storage: int = 10
    cash: int = 10


@dataclass(frozen=True, slots=True)
class Settings:
    """One setting of the engine. `collect` candidates are ordered by the model, no more."""

    version: str = "6"
    collect: int = 150
    near_misses: int = 10
    # What is as sure as this, and has this share of what the surest candidate has, is said to be
    # the same thing: best for the mean F1 of Indonesian titles that taught nothing, chosen by
    # `python -m bench.threshold`. The first is low, as confidence is measured against markets where
    # every second need has no match at all; beside a sure one the others must be less doubtful.
    match_threshold: float = 0.09
    match_share: float = 0.25
    # Nor is it said of goods of another size, kind or article number than asked for, unless it is
    # surer than this: that two names of one thing disagree is seldom, and the list is acted upon.
    match_in_conflict: float = 0.4
    # Below this confidence a text candidate is noise: it counts in no funnel and is no near miss.
    relevant_threshold: float = 0.01
    safety_days: int = 2
    # Making and sending that nobody told the length of: no longer than this. Goods that keep long
    # enough even so are no question; None asks whatever they keep. The slowest estimated way from
    # here is 25 days.
    long_lead_days: int | None = 30
    long_way_days: int | None = 30
    sell_through_days: int = 30
    # What a unit costs its maker, as a share of the price, where no cost is declared.
    cost_percent: int = 70
    initial_fill_days: int = 7
    # Freight and days that are only estimated: may they exclude a pair, or do they just warn?
    estimates_block: bool = True
    fit: FitPoints = field(default_factory=FitPoints)
    weights: Weights = SHIPPED

    @property
    def full_version(self) -> str:
        """Engine, settings and weights version in one word, for the evidence."""
        return f"{ENGINE_VERSION}/{self.version}/{self.weights.version}"

    def least_to_match(self, surest: float, *, conflicts: bool = False) -> float:
        """How sure a candidate must be to be called a match, beside the surest of its need.

        `conflicts` where its size, kind or article number is not the one asked for.
        """
        least = max(self.match_threshold, self.match_share * surest)
        return max(least, self.match_in_conflict) if conflicts else least

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe, so that a run can be replayed under the settings it was made with."""
        plain = {item.name: getattr(self, item.name) for item in fields(self)}
        return {**plain, "fit": asdict(self.fit), "weights": self.weights.as_dict()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Settings":
        return cls(
            **{
                # Settings from before they were any.
                "match_share": 0.0,
                "match_in_conflict": 0.0,
                "long_lead_days": None,
                "long_way_days": None,
                **data,
                "fit": FitPoints(**data["fit"]),
                "weights": Weights.from_dict(data["weights"]),
            }
        )


DEFAULT_SETTINGS = Settings()
