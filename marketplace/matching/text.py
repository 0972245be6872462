"""Titles made comparable: one form for sizes, models, spellings and plurals, before any index.

`250 gr`, `250gram` and `1/4 kg` become `250g`; `PS-LX350H` becomes `pslx350h`; `krupuk` becomes
`kerupuk`. The same function reads offers and needs, so both sides always agree.
"""

import re
from enum import IntEnum
from functools import lru_cache

from marketplace.core.quantity import SIZE_WORDS, find_sizes
from marketplace.core.text import fold
from marketplace.matching.words import Vocabulary

MAX_TOKENS = 400


class TokenClass(IntEnum):
    """What a token is: sizes and models agree or conflict, words only agree.

    A model of six signs and more is an article number, which hardly two things share by chance.
    """

    WORD = 0
    NUMBER = 1
    MODEL = 2
    MASS = 3
    VOLUME = 4
    COUNT = 5
    MEASURE = 6
    ARTICLE = 7


# Technical measures that are no pack size: joined with their number, so "16 GB" equals "16gb".
_MEASURES = {
    "gb": "gb", "tb": "tb", "mb": "mb", "mp": "mp", "megapixel": "mp", "megapixels": "mp",
    "mah": "mah", "w": "watt", "watt": "watt", "watts": "watt", "v": "volt", "volt": "volt",
    "volts": "volt", "hp": "hp", "hz": "hz", "ghz": "ghz", "mhz": "mhz", "cm": "cm", "mm": "mm",
    "m": "m", "meter": "m", "inch": "in", "inches": "in", "in": "in", "inci": "in", "ft": "ft",
    "feet": "ft", "foot": "ft", "lb": "lb", "lbs": "lb", "oz": "oz", "gal": "gal",
    "gallon": "gal", "amp": "amp", "btu": "btu", "cfm": "cfm", "psi": "psi", "mg": "mg",
    "thn": "tahun", "tahun": "tahun", "bulan": "bulan", "bln": "bulan", "yd": "yd",
    "cu.ft": "cuft", "cuft": "cuft", "cu": "cuft",
}  # fmt: skip
# The words of letters alone that may belong to a number beside them.
BESIDE_NUMBERS = SIZE_WORDS.union(*(words.split(".") for words in _MEASURES))
_MEASURE_WORDS = "|".join(map(re.escape, sorted(_MEASURES, key=len, reverse=True)))
_MEASURE = re.compile(rf"(?<![\w.])(\d+(?:[.,]\d+)?(?:/\d+)?)[\s-]?({_MEASURE_WORDS})\.?(?![^\W_])")
_TIMES = re.compile(r"(?<=\d)\s?x\s?(?=\d)")
_DIGIT = re.compile(r"\d")
_QUOTE = re.compile("['\"”’]")
_QUOTE_INCH = re.compile(r"(?<![\w.])(\d+(?:[.,]\d+)?(?:/\d+)?)\s?(?:''|\"|”)")
_QUOTE_FEET = re.compile(r"(?<![\w.])(\d+(?:[.,]\d+)?)\s?(?:'|’)(?!\w)")
_WORD = re.compile(r"[^\W_]+(?:[-./&][^\W_]+)*")
_SPLIT = re.compile(r"[-./&]")
_SIZE_TOKEN = re.compile(r"\d+(g|ml|pcs)")
_MEASURE_TOKEN = re.compile(rf"[\d.,/]+({'|'.join(sorted(set(_MEASURES.values())))})")
_ARTICLE_DIGITS, _ARTICLE_SIGNS = 7, 6
MODELS = frozenset({TokenClass.MODEL, TokenClass.ARTICLE})
_CLASS_OF_UNIT = {"g": TokenClass.MASS, "ml": TokenClass.VOLUME, "pcs": TokenClass.COUNT}


@lru_cache(maxsize=20_000)
def class_of(token: str) -> TokenClass:
    """The class of a normalised token."""
    if token.isalpha():
        return TokenClass.WORD
    begins_with_letter = token[:1].isalpha()
    if not begins_with_letter:  # as sizes and measures never do
        size = _SIZE_TOKEN.fullmatch(token)
        if size:
            return _CLASS_OF_UNIT[size[1]]
        if _MEASURE_TOKEN.fullmatch(token):
            return TokenClass.MEASURE
    if not begins_with_letter and not any(char.isalpha() for char in token):
        # Four digits and more are article numbers more often than amounts.
        return _model(token) if len(token) >= 5 and token.isdigit() else TokenClass.NUMBER
    return _model(token) if len(token) >= 3 else TokenClass.WORD


def _model(token: str) -> TokenClass:
    return TokenClass.ARTICLE if len(token) >= _ARTICLE_SIGNS else TokenClass.MODEL


def plain_fold(text: str) -> str:
    """`core.text.fold`, with the short way for ASCII."""
    return text.lower() if text.isascii() else fold(text)


def normalise(text: str, vocabulary: Vocabulary) -> list[str]:
    """The tokens of a text in order, at most 400; repeated tokens are kept."""
    folded = plain_fold(text)
    if _DIGIT.search(folded):
        folded = _write_sizes(_TIMES.sub(" x ", folded) if "x" in folded else folded)
    for phrase, means in vocabulary.phrases:
        if phrase in folded:
            folded = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", means, folded)
    tokens: list[str] = []
    for found in _WORD.findall(folded):
        if found.isalpha():
            tokens.append(word_of(found, vocabulary))
        else:
            tokens.extend(_compound(found, vocabulary))
    return tokens[:MAX_TOKENS]


def word_of(letters: str, vocabulary: Vocabulary) -> str:
    """The token of a folded word of letters alone that stands in no phrase."""
    word = vocabulary.words.get(letters)
    return word if word is not None else _root(letters, vocabulary)


def _write_sizes(text: str) -> str:
    pieces = []
    last = 0
    for start, end, quantity in find_sizes(text):
        pieces += [text[last:start], f" {quantity.token} "]
        last = end
    text = "".join([*pieces, text[last:]])
    text = _MEASURE.sub(lambda found: f" {_number(found[1])}{_MEASURES[found[2]]} ", text)
    if not _QUOTE.search(text):
        return text
    text = _QUOTE_INCH.sub(lambda found: f" {_number(found[1])}in ", text)
    return _QUOTE_FEET.sub(lambda found: f" {_number(found[1])}ft ", text)


def _number(text: str) -> str:
    text = text.replace(",", ".")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _compound(found: str, vocabulary: Vocabulary) -> list[str]:
    """A token with digits or inner marks: one model, one number, or the words it is made of."""
    if _SIZE_TOKEN.fullmatch(found) or _MEASURE_TOKEN.fullmatch(found):
        return [found]
    has_digit = any(char.isdigit() for char in found)
    if has_digit and any(char.isalpha() for char in found):
        return [_SPLIT.sub("", found)]
    if has_digit:
        if "." in found and found.count(".") == 1 and not re.search(r"[-/&]", found):
            return [_number(found)]
        parts = [part for part in _SPLIT.split(found) if part]
        return ["".join(parts)] if _is_article(found, parts) else parts
    parts = [part for part in _SPLIT.split(found) if part]
    roots = [vocabulary.words.get(part) or _root(part, vocabulary) for part in parts]
    # Reduplication names the thing once: oleh-oleh, kacang-kacang.
    return list(dict.fromkeys(roots))


def _is_article(found: str, parts: list[str]) -> bool:
    """010-10936-00 is the number of an article; 1-12 and 2020-2021 are from one to the other."""
    if "-" not in found or sum(map(len, parts)) < _ARTICLE_DIGITS:
        return False
    return len({len(part) for part in parts}) > 1


def _root(word: str, vocabulary: Vocabulary) -> str:
    """An English plural without its ending, and an Indonesian word without -nya.

    A lone final s is cut in Indonesian words too (beras -> bera): both sides are cut alike, and
    the word still differs from every other one. Protected words stay whole.
    """
    if len(word) < 4 or word in vocabulary.protected:
        return word
    if word[-1] == "s" and word[-2] not in "su":
        if word.endswith("ies") and len(word) > 4:
            return word[:-3] + "y"
        if word.endswith(("ches", "shes", "xes", "sses")):
            return word[:-2]
        return word[:-1]
    if word.endswith("nya") and len(word) > 6:
        return word[:-3]
    return word
