"""Entries of the register that may be one business: why they are alike, and how they are joined."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from marketplace.core.text import N_, fold

UNDO_DAYS = 14
# Above it two names in one kabupaten/kota are offered as one business. Tried on 25 pairs of names
# of our own: all 11 that mean two businesses lie below .52, 7 of the 14 that mean one above .58;
# most of the rest have a letter changed in the name that tells them apart (Lia, Lya): those are
# found by how names are spelt (core/names.py), whatever the engine has learnt to make of it.
ALIKE = 0.55
# How sure two names are that differ only in how they are spelt: less than a number they share.
SPELT_ALIKE = 0.9
# More entries than this on one number: it is the number of a cooperative or an office.
MOST_ON_ONE_NUMBER = 6

# What a business is, not who it is: two names that share only these are not alike.
_FORMS = frozenset(
    {
        *("ud", "cv", "pt", "pd", "tb", "kub", "kwt", "ikm", "ukm", "umkm", "toko", "usaha"),
        *("dagang", "rumah", "produksi", "produk", "home", "industri", "industry"),
        *("kelompok", "koperasi"),
    }
)

# How people are called in front of their names, written in one way.
_TITLES: Mapping[str, str] = {
    "bu": "ibu",
    "bpk": "bapak",
    "pak": "bapak",
    "hj": "haji",
    "h": "haji",
}


class TwinState(StrEnum):
    OPEN = "open"
    NOT_SAME = "not_same"
    MERGED = "merged"


class Ground(StrEnum):
    """Why two entries were put side by side."""

    NIB = "nib"
    PHONE = "phone"
    NAME = "name"


GROUND_NAMES: Mapping[Ground, str] = {
    Ground.NIB: N_("the same NIB"),
    Ground.PHONE: N_("the same WhatsApp number"),
    Ground.NAME: N_("alike name in the same kabupaten/kota"),
}

# What is chosen value by value when two entries become one; sales and capital go together.
FIELDS: Mapping[str, str] = {
    "name": N_("Name"),
    "region_code": N_("Kabupaten/kota"),
    "address": N_("Address"),
    "about": N_("About"),
    "contact_name": N_("Contact"),
    "phone": N_("WhatsApp"),
    "nib": N_("NIB"),
    "outlet_format": N_("Format"),
    "figures": N_("Sales and capital"),
}

_BEHIND: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "folded_name"),
    "figures": ("yearly_sales", "yearly_sales_on", "working_capital"),
}


def behind(field: str) -> tuple[str, ...]:
    """The attributes of a business that a field of the form stands for."""
    return _BEHIND.get(field, (field,))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the register, as far as twins are found by it; `nibs` from the papers too."""

    id: int
    kind: str
    name: str
    region: str
    phone: str
    nibs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two entries that may be one: the lower number first, the grounds, and how sure (0..1)."""

    first: int
    second: int
    grounds: tuple[Ground, ...]
    confidence: float


def bare_name(name: str) -> str:
    """The words of a name that say who it is; all of them where none would be left."""
    words = [_TITLES.get(word, word) for word in re.findall(r"\w+", fold(name))]
    return " ".join([word for word in words if word not in _FORMS] or words)


def telling_words(name: str) -> list[str]:
    """The words of a name that others of the same business may share, longest first."""
    words = {word for word in bare_name(name).split() if len(word) > 2}
    return sorted(words - set(_TITLES.values()), key=lambda word: (-len(word), word))


def gather_likeness(found: Iterable[tuple[int, int, Ground, float]]) -> list[Likeness]:
    """Several grounds for one pair are one likeness; the surest counts."""
    grounds: dict[tuple[int, int], dict[Ground, float]] = {}
    for one, other, ground, confidence in found:
        pair = (min(one, other), max(one, other))
        held = grounds.setdefault(pair, {})
        held[ground] = max(confidence, held.get(ground, 0.0))
    return [
        Likeness(*pair, tuple(sorted(held, key=list(Ground).index)), max(held.values()))
        for pair, held in sorted(grounds.items())
    ]
