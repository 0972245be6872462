"""What is known of single words: which tell two goods apart, and which are a variant's name.

`facts/partings.csv` is learned by `bench/partings.py`: how much less likely two titles mean one
thing when the word stands in only one of them. A word may also say nothing (promo, ready, untuk):
then its missing is a sign of nothing and counts the other way. Words not listed count 0.
"""

import csv
from enum import IntEnum
from functools import cache
from pathlib import Path

FACTS = Path(__file__).parent / "facts"


class Variant(IntEnum):
    """Kinds of words of which a thing has one: another one of the same kind is another thing."""

    NONE = 0
    GRADE = 1
    TASTE = 2
    COLOUR = 3
    COOKED = 4
    FORM = 5


_VARIANTS = {
    Variant.GRADE: """
        kecil sedang besar jumbo mini small medium large xs s m l xl xxl xxxl xxs
    """,
    Variant.TASTE: """
        manis pedas asin asam gurih pahit balado keju cokelat vanila vanilla stroberi strawberry
        pandan durian nanas jeruk lemon mangga pisang melon anggur jambu leci karamel mocha moka
        matcha taro barbeque bbq rumput jagung sapi ayam udang cumi ikan tenggiri original
        ori rawit ijo bawang kelapa susu madu jahe mint menthol cheese chicken beef
    """,
    Variant.COLOUR: """
        merah putih hitam kuning hijau biru ungu cokelat pink abu emas perak oranye krem navy maroon
        marun army magenta cyan black white red blue green yellow silver gold purple orange brown
        gray grey beige titanium graphite charcoal bronze copper ivory bisque almond
    """,
    Variant.COOKED: "goreng panggang bakar rebus kukus mentah matang",
    Variant.FORM: "bubuk butir biji utuh cair",
}
_VARIANT_OF = {
    word: variant for variant, words in reversed(_VARIANTS.items()) for word in words.split()
}


def variant_of(word: str) -> Variant:
    """The kind of variant a normalised word names."""
    return _VARIANT_OF.get(word, Variant.NONE)


def parting_of(word: str) -> float:
    """What a normalised word in only one of two titles says: below 0 they are apart; logits."""
    return partings().get(word, 0.0)


@cache
def partings() -> dict[str, float]:
    """The table as shipped: word -> logits."""
    with (FACTS / "partings.csv").open(encoding="utf-8", newline="") as lines:
        return {row["word"]: int(row["hundredths"]) / 100 for row in csv.DictReader(lines)}
