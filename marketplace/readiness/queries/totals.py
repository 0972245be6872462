"""How pairings add up: a need is counted once, and never above what it asks for.

Several products may be stopped from supplying the same need. Together they open it once; what they
would earn is cut to the volume the need asks for, at the average of their prices.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, cast, func

from marketplace.readiness.models import MissedPairing
from marketplace.readiness.rules import GapKind

M = MissedPairing


@dataclass(frozen=True, slots=True)
class Total:
    """Needs, the outlets that ask, and rupiah a month; each need counted once."""

    needs: int = 0
    outlets: int = 0
    money: int = 0


NOTHING = Total()


@dataclass(frozen=True, slots=True)
class GapLine:
    """One thing missing. `alone` is what closing it opens by itself; `together` what it opens only
    once other gaps of the same pairings are closed too. No need is in both."""

    key: tuple[Any, ...]
    kind: GapKind
    detail: str
    alone: Total
    together: Total
    producers: int
    is_legal: bool = False
    basis: str = ""
    least: int | None = None
    most: int | None = None

    @property
    def order(self) -> tuple[Any, ...]:
        """What opens most comes first: in outlets, then in rupiah, alone before together."""
        return (
            -self.alone.outlets,
            -self.alone.money,
            -self.together.outlets,
            -self.together.money,
            self.kind.value,
            self.detail,
        )


@dataclass(frozen=True, slots=True)
class ProducerLine:
    """One producer and what all gaps together keep shut."""

    business_id: int
    name: str
    region_code: str
    total: Total
    first: GapLine | None = None


def whole(expression: ColumnElement[Any]) -> ColumnElement[int]:
    """A sum as a whole number on both databases."""
    return cast(func.coalesce(func.sum(expression), 0), BigInteger)


def counted(column: Any, condition: ColumnElement[bool]) -> ColumnElement[Any]:
    """The column where the condition holds, 0 elsewhere."""
    return case((condition, func.coalesce(column, 0)), else_=0)


def capped(money: Any, volume: Any, asked: Any) -> ColumnElement[int]:
    """Rupiah for at most the volume that was asked for."""
    return case((volume > asked, money * asked // volume), else_=money)
