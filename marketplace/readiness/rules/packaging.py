"""Packaging: what outlets said of it, and what needs say about it in their own words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from marketplace.readiness.rules.gaps import Gap, GapKind

# Of 5 points for the pack of a sample; with 3 an outlet finds it good enough.
POOR = 2
TURNED_DOWN = Gap(GapKind.PACKAGING, rule="sample")
_WORDS = re.compile(
    r"\b(?:(?:di)?kemas(?:an)?|bungkus(?:an)?|segel|tersegel|kedap|vakum|vacuum|(?:ber)?label|"
    r"pouch|sachet|toples|packag(?:e|ing)|packed|sealed|labell?ed)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_QUOTED = 160


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement of a sample's pack; `pack` from 1 (poor) to 5."""

    product_id: int
    buyer_id: int
    pack: int
    at: datetime


@dataclass(slots=True)
class Heard:
    """What is known of one product's packaging. Counts are of different outlets."""

    tried: set[int] = field(default_factory=set)
    poor: set[int] = field(default_factory=set)
    damaged: set[int] = field(default_factory=set)

    @property
    def is_bad(self) -> bool:
        return bool(self.poor or self.damaged)


def last_words(judged: Iterable[Judged]) -> dict[tuple[int, int], int]:
    """The newest points by (product, buyer): who was sent a better pack has said so since."""
    found: dict[tuple[int, int], int] = {}
    for one in sorted(judged, key=lambda each: each.at):
        found[one.product_id, one.buyer_id] = one.pack
    return found


def asked_words(text: str) -> str:
    """The sentence of a need that speaks of the packaging, shortened; empty where none does."""
    for sentence in _SENTENCE.split(text):
        if _WORDS.search(sentence):
            words = " ".join(sentence.split())
            return words if len(words) <= _QUOTED else f"{words[: _QUOTED - 1].rstrip()}…"
    return ""
