"""What comes out: verdicts, points, lines and pairings, JSON-safe both ways.

A pairing is stored as the evidence of a suggestion and shown again a year later, so everything in
it is a code and numbers; `explain` turns these into sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from marketplace.core.params import from_json, to_json

Outcome = Literal["pass", "fail", "unknown"]
Severity = Literal["block", "warn", "info"]
# Typed parameters of a sentence (core.params), or tuples of them.
Params = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says of one pair. `fix` is the change of the offer that makes it pass.

    `legal` marks a block that the law sets: no officer may override it.
    """

    rule: str
    outcome: Outcome
    severity: Severity
    params: Params = field(default_factory=dict)
    basis: str = ""
    fix: Mapping[str, Any] | None = None
    legal: bool = False

    @property
    def blocks(self) -> bool:
        return self.outcome == "fail" and self.severity == "block"

    def as_dict(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "outcome": self.outcome,
            "severity": self.severity,
            "params": to_json(self.params),
            "basis": self.basis,
            "fix": dict(self.fix) if self.fix is not None else None,
            "legal": self.legal,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Verdict":
        return cls(**{**data, "params": from_json(data["params"])})


@dataclass(frozen=True, slots=True)
class Point:
    """What one comparison earned, in whole points; below zero where things disagree."""

    code: str
    points: int
    params: Params = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "points": self.points, "params": to_json(self.params)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Point":
        return cls(data["code"], data["points"], from_json(data["params"]))


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """One line of the need: may it be served, how much of it, at what price, in how many days?

    `landed_price` is rupiah per need unit; `failed` names the rules the line fails.
    """

    line_id: str
    eligible: bool
    volume: int | None = None
    failed: tuple[str, ...] = ()
    landed_price: int | None = None
    days_p90: int | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "line_id": self.line_id,
            "eligible": self.eligible,
            "volume": self.volume,
            "failed": list(self.failed),
            "landed_price": self.landed_price,
            "days_p90": self.days_p90,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "LineVerdict":
        return cls(**{**data, "failed": tuple(data["failed"])})


@dataclass(frozen=True, slots=True)
class Measured:
    """What the texts of a pair were measured to be among the candidates of that day.

    `values` are comparisons by name, those of 0 left out; `likeness` blends the weights of search
    and match; `standing` tells how the pair stood among the others. Under the same weights they
    give the same text points and confidence, whoever competes by then; beside the `surest` of that
    day the pair was called a match or not.
    """

    values: Mapping[str, float]
    likeness: float
    standing: tuple[float, ...]
    surest: float = 0.0  # of days before it was kept: a match was one by its own confidence

    def as_dict(self) -> dict[str, Any]:
        return {
            "values": dict(self.values),
            "likeness": self.likeness,
            "standing": list(self.standing),
            "surest": self.surest,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Measured":
        return cls(
            data["values"], data["likeness"], tuple(data["standing"]), data.get("surest", 0.0)
        )


@dataclass(frozen=True, slots=True)
class Pairing:
    """One offer against one need. The score is exactly the sum of its points.

    `confidence` (0..1) says whether it is really the same thing; `matched` whether that is sure
    enough, by itself and beside the surest candidate. Volumes are need units a month, money is
    rupiah a month. `measured` is kept with the inputs, not with the evidence: it is what the points
    were worked out from.
    """

    offer_id: str
    need_id: str
    eligible: bool
    score: int
    confidence: float
    matched: bool
    points: tuple[Point, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    lines: tuple[LineVerdict, ...] = ()
    lines_passing: int = 0
    volume_per_month: int | None = None
    money_per_month: int | None = None
    share_percent: int | None = None
    engine_version: str = ""
    measured: Measured | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.score != sum(point.points for point in self.points):
            raise ValueError("a score is the sum of its points")

    @property
    def blocking(self) -> tuple[Verdict, ...]:
        """The verdicts that exclude this pair."""
        return tuple(verdict for verdict in self.verdicts if verdict.blocks)

    @property
    def overridable(self) -> bool:
        """True where an officer may override the exclusion: something blocks, nothing legally."""
        return bool(self.blocking) and not any(verdict.legal for verdict in self.blocking)

    def as_dict(self) -> dict[str, Any]:
        return {
            "offer_id": self.offer_id,
            "need_id": self.need_id,
            "eligible": self.eligible,
            "score": self.score,
            "confidence": self.confidence,
            "matched": self.matched,
            "points": [point.as_dict() for point in self.points],
            "verdicts": [verdict.as_dict() for verdict in self.verdicts],
            "lines": [line.as_dict() for line in self.lines],
            "lines_passing": self.lines_passing,
            "volume_per_month": self.volume_per_month,
            "money_per_month": self.money_per_month,
            "share_percent": self.share_percent,
            "engine_version": self.engine_version,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Pairing":
        return cls(
            **{
                **data,
                "points": tuple(Point.from_dict(item) for item in data["points"]),
                "verdicts": tuple(Verdict.from_dict(item) for item in data["verdicts"]),
                "lines": tuple(LineVerdict.from_dict(item) for item in data["lines"]),
            }
        )


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """How many candidates one rule removes: as the only one, and among others."""

    rule: str
    alone: int
    among: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """From the candidates whose text fits, how many stay and which rule removes the others.

    `producers_eligible` counts producers, not products (an offer without one counts by itself).
    """

    candidates: int = 0
    eligible: int = 0
    producers_eligible: int = 0
    steps: tuple[FunnelStep, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "candidates": self.candidates,
            "eligible": self.eligible,
            "producers_eligible": self.producers_eligible,
            "rules": {step.rule: {"alone": step.alone, "among": step.among} for step in self.steps},
        }


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answer to one question: eligible pairings best first, near misses, and the funnel.

    `excluded` and `funnel` are filled where an explanation was asked for.
    """

    pairings: tuple[Pairing, ...] = ()
    excluded: tuple[Pairing, ...] = ()
    funnel: Funnel = field(default_factory=Funnel)
    candidates: int = 0
