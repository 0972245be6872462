"""Typed parameters of a message: the core says what a value is, the edge says how it is printed.

A reason carries `Money(15000)` or `Days(14)`, never "Rp15.000": so one stored reason prints right
in Indonesian and in English, a year later too. `to_json` and `from_json` keep them in evidence.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from marketplace.core.money import Money

__all__ = [
    "Count", "Days", "Money", "Month", "PaperKind", "Param", "Percent", "Phrase", "Region",
    "UnitPrice", "from_json", "to_json",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Days:
    """A number of days."""

    n: int

    def __str__(self) -> str:
        return str(self.n)


@dataclass(frozen=True, slots=True)
class Percent:
    """A share of a hundred."""

    n: int

    def __str__(self) -> str:
        return f"{self.n}%"


@dataclass(frozen=True, slots=True)
class Count:
    """A number of things; `unit` is a trade unit (`karton`) or empty for a bare number."""

    n: int
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.n} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """Rupiah for one trade unit (`kg`, `bungkus`) that holds `pack` as it is written (`250 g`).

    Both empty where nobody named a unit; a measured unit speaks for itself and has no pack.
    """

    amount: int
    unit: str = ""
    pack: str = ""

    def __str__(self) -> str:
        sold_by = f"{self.unit} {self.pack}".strip()
        return f"{Money(self.amount)} per {sold_by}" if sold_by else str(Money(self.amount))


@dataclass(frozen=True, slots=True)
class Region:
    """A province (`19`) or kabupaten/kota (`19.71`) by its Kemendagri code."""

    code: str

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of paper (`nib`, `pirt`, `halal`, …) to be printed by its name."""

    kind: str

    def __str__(self) -> str:
        return self.kind


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, by any of its days; said in an answer, never kept in evidence."""

    day: date

    def __str__(self) -> str:
        return f"{self.day:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that are a message of their own inside a sentence; translated with it."""

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid % self.params if self.params else self.msgid


_TYPE_OF: dict[str, type] = {
    "money": Money,
    "days": Days,
    "percent": Percent,
    "count": Count,
    "region": Region,
    "paper": PaperKind,
    "unit_price": UnitPrice,
}
_PHRASE = "phrase"
_NAME_OF = {kind: name for name, kind in _TYPE_OF.items()}

Param = (
    Money | Days | Percent | Count | Region | PaperKind | UnitPrice
    | date | str | int | float | bool | None
)  # fmt: skip
Json = dict[str, object] | list[object] | str | int | float | bool | None


def to_json(params: Mapping[str, object]) -> dict[str, Json]:
    """Return `params` as plain JSON values: `{"price": {"type": "money", "amount": 15000}}`.

    Lists and tuples of parameters are kept in order. Raises TypeError for any other type, so that
    evidence never stores something that cannot be read back.
    """
    return {name: _encode(value) for name, value in params.items()}


def from_json(stored: Mapping[str, object]) -> dict[str, object]:
    """Return what `to_json` was given (sequences come back as tuples)."""
    return {name: _decode(value) for name, value in stored.items()}


def _encode(value: object) -> Json:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Phrase):
        return {"type": _PHRASE, "msgid": value.msgid, "params": to_json(value.params)}
    if isinstance(value, Money | Days | Percent | Count | Region | PaperKind | UnitPrice):
        return {"type": _NAME_OF[type(value)], **asdict(value)}
    if type(value) is date:
        return {"type": "date", "on": value.isoformat()}
    if isinstance(value, list | tuple):
        return [_encode(item) for item in value]
    raise TypeError(f"{type(value).__name__} is not a message parameter")


def _decode(value: object) -> object:
    if isinstance(value, list):
        return tuple(_decode(item) for item in value)
    if not isinstance(value, Mapping):
        return value
    fields = {str(name): field for name, field in value.items() if name != "type"}
    if value["type"] == "date":
        return date.fromisoformat(str(fields["on"]))
    if value["type"] == _PHRASE:
        params = fields["params"]
        return Phrase(str(fields["msgid"]), from_json(params if isinstance(params, dict) else {}))
    return _TYPE_OF[str(value["type"])](**fields)
