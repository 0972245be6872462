"""Pack sizes as Indonesian sellers write them, and the arithmetic between trade units.

A `Quantity` is a whole number of grams, millilitres or pieces. A *sales unit* is what a price is
asked for (`pcs`, `bungkus`, `karton`, `kg`, …); its net content is a `Quantity` where known.
Two units of different kinds (kilograms against pieces) have no ratio: the answer is None, which
every caller reads as "unknown", never as a failure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Kind(StrEnum):
    MASS = "mass"
    VOLUME = "volume"
    COUNT = "count"


BASE_UNIT = {Kind.MASS: "g", Kind.VOLUME: "ml", Kind.COUNT: "pcs"}
# A comparable price is asked per kilogram, litre or piece.
COMPARABLE_AMOUNT = {Kind.MASS: 1000, Kind.VOLUME: 1000, Kind.COUNT: 1}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A net content: `amount` in g (mass), ml (volume) or pieces (count), above zero."""

    amount: int
    kind: Kind

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ValueError("a quantity is above zero")
        object.__setattr__(self, "kind", Kind(self.kind))

    @property
    def token(self) -> str:
        """The one written form under which equal sizes compare equal: `250g`, `1500ml`, `12pcs`."""
        return f"{self.amount}{BASE_UNIT[self.kind]}"

    def times(self, count: int) -> "Quantity":
        return Quantity(self.amount * count, self.kind)

    def as_dict(self) -> dict[str, int | str]:
        return {"amount": self.amount, "kind": self.kind.value}

    @classmethod
    def from_dict(cls, data: dict[str, int | str]) -> "Quantity":
        return cls(int(data["amount"]), Kind(str(data["kind"])))


_UNITS: dict[str, tuple[Kind, Fraction]] = {}


def _units(kind: Kind, factor: int | Fraction, words: str) -> None:
    _UNITS.update(dict.fromkeys(words.split(), (kind, Fraction(factor))))


_units(Kind.MASS, 1, "g gr grm gram grams gm")
_units(Kind.MASS, 1000, "kg kgs kilo kilogram")
_units(Kind.MASS, 100, "ons")  # the Indonesian ons is 100 g, not an ounce
_units(Kind.MASS, 100_000, "kuintal kwintal")
_units(Kind.MASS, 1_000_000, "ton")
_units(Kind.VOLUME, 1, "ml mili mililiter milliliter cc")
_units(Kind.VOLUME, 10, "cl")
_units(Kind.VOLUME, 1000, "l lt ltr liter litre liters litres")
_units(Kind.COUNT, 1, "pcs pc pce pieces piece buah bh biji butir lembar lbr keping potong ptg")
_units(Kind.COUNT, 1, "unit ekor")
_units(Kind.COUNT, 12, "lusin dozen")
_units(Kind.COUNT, 20, "kodi")
_units(Kind.COUNT, 144, "gros gross")

# Containers: their content is the pack size. A retail container also counts as one piece.
_RETAIL = {
    "bungkus": "bungkus bks bgks bungkusan",
    "pak": "pak pack pck pk pax kemasan",
    "botol": "botol btl bottle",
    "sachet": "sachet saset sct sascet",
    "pouch": "pouch standing",
    "toples": "toples tpls jar stoples",
    "kaleng": "kaleng klg can tin",
    "kotak": "kotak ktk",
    "cup": "cup gelas",
    "ikat": "ikat",
    "plastik": "plastik kantong",
}
_BULK = {
    "karton": "karton krt ktn ctn carton dus dos kardus",
    "box": "box boks",
    "bal": "bal ball bale",
    "karung": "karung krg sak zak",
    "renteng": "renteng rtg",
    "slop": "slop",
    "jerigen": "jerigen jerrycan",
    "set": "set",
}
_CONTAINERS = {
    word: name
    for table in (_RETAIL, _BULK)
    for name, words in table.items()
    for word in words.split()
}

# The words of letters alone that mean something else beside a number than by themselves.
SIZE_WORDS = frozenset({*_UNITS, "isi", "x"})

_NUMBER = r"(?:\d+\s+\d+\s*/\s*\d+|\d+\s*/\s*\d+|\d+(?:[.,]\d+)*)"
_MEASURED = "|".join(sorted(_UNITS, key=len, reverse=True))
# "isi 12" counts pieces; "12 x 250 g" and "isi 12 @250g" multiply.
_SIZE = re.compile(
    rf"(?<![\w.,/])(?P<number>{_NUMBER})\s*(?P<unit>{_MEASURED})(?![^\W_])|(?<!\w)isi\s*(?P<count>\d{{1,4}})(?![\w.,])"
)
_TIMES_BEFORE = re.compile(r"(?<![\w.,])(\d{1,4})\s*[x*]\s*@?\s*$")
_TIMES_AFTER = re.compile(r"^\s*[x*]\s*(\d{1,4})(?!\w)")


def parse_number(text: str, *, whole: bool = False) -> Fraction | None:
    """Read a number as Indonesians write it: `1/4`, `1 1/2`, `1,5`, `1.250`; None where unreadable.

    A dot or comma before exactly three digits is a thousands mark when `whole` (grams and
    millilitres are written whole), else a decimal mark (kilograms and litres are not).
    """
    text = text.strip()
    if "/" in text:
        *whole_part, ratio = text.replace(" /", "/").replace("/ ", "/").split()
        top, _, bottom = ratio.partition("/")
        if not bottom or int(bottom) == 0:
            return None
        return Fraction(int(top), int(bottom)) + sum(int(part) for part in whole_part)
    parts = re.split(r"[.,]", text)
    if len(parts) == 1:
        return Fraction(int(text))
    grouped = all(len(part) == 3 for part in parts[1:])
    if grouped and parts[0].lstrip("0") and (whole or len(parts) > 2):
        return Fraction(int("".join(parts)))
    if len(parts) > 2:
        return None
    return Fraction(int(parts[0])) + Fraction(int(parts[1]), 10 ** len(parts[1]))


def _measure(number: str, unit: str) -> Quantity | None:
    kind, factor = _UNITS[unit]
    value = parse_number(number, whole=factor == 1)
    if value is None:
        return None
    amount = round(value * factor)
    return Quantity(amount, kind) if 0 < amount <= 10**12 else None


def find_sizes(text: str) -> Iterator[tuple[int, int, Quantity]]:
    """Every size in lower-case `text` as (start, end, quantity), left to right."""
    for found in _SIZE.finditer(text):
        if found["count"]:
            count = int(found["count"])
            quantity = Quantity(count, Kind.COUNT) if count else None
        else:
            quantity = _measure(found["number"], found["unit"])
        if quantity is not None:
            yield found.start(), found.end(), quantity


def parse_pack(text: str) -> Quantity | None:
    """The net content a pack text states, or None: `1/4 kg` -> 250 g, `isi 12 @250g` -> 3,000 g."""
    lowered = text.casefold()
    found = list(find_sizes(lowered))
    contents = [item for item in found if item[2].kind is not Kind.COUNT]
    if not contents:
        return found[0][2] if found else None
    start, end, quantity = contents[0]
    times = _TIMES_BEFORE.search(lowered[:start]) or _TIMES_AFTER.search(lowered[end:])
    count = int(times[1]) if times else 1
    if not times:
        pieces = [item[2].amount for item in found if item[2].kind is Kind.COUNT]
        count = pieces[0] if pieces else 1
    return quantity.times(count) if count > 0 else quantity


def canonical_unit(word: str) -> str:
    """The one name of a trade unit (`bks` -> `bungkus`, `gram` -> `g`), or the word itself."""
    word = word.strip().strip(".").casefold()
    if word in _CONTAINERS:
        return _CONTAINERS[word]
    if word in _UNITS:
        kind, factor = _UNITS[word]
        if factor == 1:
            return BASE_UNIT[kind]
        names = {(Kind.MASS, 1000): "kg", (Kind.VOLUME, 1000): "liter", (Kind.COUNT, 12): "lusin"}
        return names.get((kind, int(factor)), word)
    return word


def content_of(unit: str, pack: Quantity | None) -> dict[Kind, Fraction]:
    """What one sales unit holds, by kind; empty where nothing is known.

    A measured unit (kg, liter) speaks for itself. A counted or container unit holds its pack, and
    one piece where it is a thing a shop sells singly.
    """
    name = canonical_unit(unit)
    measured = _UNITS.get(name)
    if measured and measured[0] is not Kind.COUNT:
        return {measured[0]: measured[1]}
    content: dict[Kind, Fraction] = {}
    count = measured[1] if measured else Fraction(1)
    if measured or name in _RETAIL:
        content[Kind.COUNT] = count
    if pack is not None:
        content[pack.kind] = pack.amount * count
    return content


def units_per_unit(
    offer_unit: str, offer_pack: Quantity | None, need_unit: str, need_pack: Quantity | None
) -> Fraction | None:
    """How many need units one sales unit of the offer makes; None where they cannot be compared.

    A content both sides state wins (250 g against 500 g is one half); then the same word is the
    same unit; then pieces. Both units must be named or stated: nothing is guessed.
    """
    offer, need = content_of(offer_unit, offer_pack), content_of(need_unit, need_pack)
    for kind in (Kind.MASS, Kind.VOLUME):
        if kind in offer and kind in need:
            return offer[kind] / need[kind]
    counted = Kind.COUNT in offer and Kind.COUNT in need
    packs_counted = (
        offer_pack is not None
        and need_pack is not None
        and offer_pack.kind is need_pack.kind is Kind.COUNT
    )
    if counted and packs_counted:
        return offer[Kind.COUNT] / need[Kind.COUNT]
    same_word = canonical_unit(offer_unit) == canonical_unit(need_unit) != ""
    if same_word:
        return Fraction(1)
    if counted and offer_unit and need_unit:
        return offer[Kind.COUNT] / need[Kind.COUNT]
    return None


def comparable_price(price: int, unit: str, pack: Quantity | None) -> tuple[Fraction, Kind] | None:
    """Rupiah per kilogram, litre or piece, with the kind; None where the content is unknown."""
    content = content_of(unit, pack)
    for kind in (Kind.MASS, Kind.VOLUME, Kind.COUNT):
        if kind in content:
            return price / content[kind] * COMPARABLE_AMOUNT[kind], kind
    return None


def mass_of(unit: str, pack: Quantity | None) -> int | None:
    """Grams of one sales unit as its content tells (a millilitre weighs a gram), or None."""
    content = content_of(unit, pack)
    grams = content.get(Kind.MASS, content.get(Kind.VOLUME))
    return max(1, round(grams)) if grams is not None else None


def shown_content(unit: str, pack: Quantity | None) -> str:
    """What one sales unit holds, to be read after its name; empty where the unit says it itself."""
    measured = _UNITS.get(canonical_unit(unit))
    speaks = measured is not None and measured[0] is not Kind.COUNT
    return "" if speaks else shown_pack(pack)


_WRITTEN = {Kind.MASS: "g", Kind.VOLUME: "ml", Kind.COUNT: "pcs"}


def shown_pack(pack: Quantity | None) -> str:
    """A net content as people write it, readable by `parse_pack`: `250 g`, `1,5 kg`, `12 pcs`."""
    if pack is None:
        return ""
    if pack.kind != Kind.COUNT and pack.amount >= 1000 and pack.amount % 100 == 0:
        whole, rest = divmod(pack.amount, 1000)
        larger = {Kind.MASS: "kg", Kind.VOLUME: "liter"}[pack.kind]
        return f"{whole},{rest // 100} {larger}" if rest else f"{whole} {larger}"
    return f"{pack.amount} {_WRITTEN[pack.kind]}"
