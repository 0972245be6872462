"""Contents and weights as people write them on a pack."""

from typing import Any

from marketplace.core.errors import InvalidInput
from marketplace.core.money import parse_whole_number
from marketplace.core.quantity import BASE_UNIT, Kind, Quantity, parse_pack
from marketplace.core.text import N_
from marketplace.infra.forms import _ParsedField

MOST_AMOUNT = 10**9  # grams, millilitres or pieces: a thousand tonnes in one sales unit is a slip


class PackField(_ParsedField):
    """The net content of one unit (`250 gr`, `1/4 kg`, `isi 12 @25g`); data is a Quantity."""

    def show(self, value: Any) -> str:
        return f"{value.amount} {BASE_UNIT[value.kind]}"

    def read(self, raw: str) -> Quantity:
        found = parse_pack(raw)
        if found is None or found.amount > MOST_AMOUNT or raw.startswith("-"):
            raise InvalidInput(N_("Write the content of one unit, like 250 g, 1 liter or isi 12."))
        return found


class WeightField(_ParsedField):
    """A weight (`300`, `300 gr`, `1,2 kg`); data is whole grams, a bare number counts as grams."""

    def __init__(self, *args: Any, maximum: int = 10**8, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.maximum = maximum

    def read(self, raw: str) -> int:
        if raw[-1].isdigit():
            grams = parse_whole_number(raw, max=self.maximum)
        else:
            found = parse_pack(raw)
            if found is None or found.kind is not Kind.MASS or raw.startswith("-"):
                raise InvalidInput(
                    N_("Write the weight in grams or kilograms, like 300 g or 1,2 kg.")
                )
            grams = found.amount
        if not 0 < grams <= self.maximum:
            raise InvalidInput(N_("Write the weight in grams or kilograms, like 300 g or 1,2 kg."))
        return grams
