"""A market of any size, made from the shared Indonesian titles, the same on every machine.

A title is the beginning of one real title and the end of another. A part of them also gets a
misspelt word or an article number, so that the vocabulary grows with the catalogue as it does in
life. Columns are drawn so that a need with all its constraints lets about 0.7 % of the offers pass.
Made once and kept in a folder, so that every process measures the same market.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marketplace.commodities import rules as commodities
from marketplace.matching import HeldPaper, Need, NeedLine, Offer, World
from marketplace.matching.batch import ROWS, Batch
from marketplace.matching.world import Category, Leg
from marketplace.regions import rules as regions

DAY = date(2026, 11, 2)
# Branches without rules of their own about permits, so that every side tests the same four things.
BRANCHES = ("kerajinan", "rumah-tangga", "perawatan", "busana")
LEAVES = ("tenun", "alat-dapur", "sabun", "pakaian")
ZONES = ("jabodetabek", "sumatera", "other")
REGIONS = ("31.71", "19.71", "35.78")
PAPER = "brand"
PAPER_SHARE = 0.25
LEAST_PRICE, MOST_PRICE, CEILING = 5_000, 200_000, 70_000
MISSPELT, NUMBERED = 0.06, 0.12
_COLUMNS = ("branch", "zone", "paper", "price")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Wish:
    """What a constrained need asks of an offer: one branch, one zone, a paper, a ceiling."""

    branch: int
    zone: int
    ceiling: int = CEILING


@dataclass(frozen=True)
class Facts:
    """One value per offer: `branch` and `zone` as places in BRANCHES and ZONES, rupiah."""

    branch: NDArray[np.uint8]
    zone: NDArray[np.uint8]
    paper: NDArray[np.bool_]
    price: NDArray[np.int32]
    _passing: dict[Wish, NDArray[np.bool_]] = field(default_factory=dict, repr=False)

    def passing(self, wish: Wish) -> NDArray[np.bool_]:
        """True for the offers that pass; made once for a wish: no peer pays twice."""
        if wish not in self._passing:
            self._passing[wish] = (
                (self.branch == wish.branch)
                & (self.zone == wish.zone)
                & self.paper
                & (self.price <= wish.ceiling)
            )
        return self._passing[wish]


@dataclass(frozen=True)
class Market:
    """Offers as titles with facts, and needs as words with a wish each."""

    titles: list[str]
    facts: Facts
    questions: list[str]
    wishes: list[Wish]

    def __len__(self) -> int:
        return len(self.titles)

    def batches(self) -> Iterator[Batch]:
        """The offers as a file or a database hands them to the engine: column by column."""
        facts = self.facts
        zones = [frozenset({zone}) for zone in ZONES]
        held = ((HeldPaper("nib"),), (HeldPaper(PAPER), HeldPaper("nib")))
        for start in range(0, len(self), ROWS):
            rows = range(start, min(start + ROWS, len(self)))
            branch = facts.branch[rows.start : rows.stop].tolist()
            zone = facts.zone[rows.start : rows.stop].tolist()
            yield Batch(
                {
                    "id": [f"o{row}" for row in rows],
                    "title": self.titles[rows.start : rows.stop],
                    "category": [LEAVES[one] for one in branch],
                    "price": facts.price[rows.start : rows.stop].tolist(),
                    "unit": ["pcs"] * len(rows),
                    "region": [REGIONS[one] for one in zone],
                    "zones": [zones[one] for one in zone],
                    "papers": [held[one] for one in facts.paper[rows.start : rows.stop].tolist()],
                }
            )

    def texts(self) -> Iterator[Batch]:
        """The same batches with what is read of them alone."""
        for start in range(0, len(self), ROWS):
            rows = slice(start, start + ROWS)
            leaves = [LEAVES[one] for one in self.facts.branch[rows].tolist()]
            titles = self.titles[rows]
            yield Batch({"id": titles, "title": titles, "category": leaves})

    def offers(self) -> Iterator[Offer]:
        """The same offers one at a time."""
        for batch in self.batches():
            yield from batch

    def need(self, number: int, *, constrained: bool) -> Need:
        """One need; without constraints it is words alone."""
        title = self.questions[number]
        if not constrained:
            return Need(f"n{number}", title)
        wish = self.wishes[number]
        return Need(
            f"n{number}",
            title,
            category=LEAVES[wish.branch],
            unit="pcs",
            max_price=wish.ceiling,
            lines=(NeedLine("", REGIONS[wish.zone], None),),
            papers_required=frozenset({PAPER}),
        )

    def write_csv(self, offers: Path, needs: Path, count: int, *, constrained: bool) -> None:
        """The market as the two files of `match-list`."""
        with offers.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["id", "title", "category", "price", "unit", "region", "zones", "papers"])
            for one in self.offers():
                lists = "|".join(one.zones), "|".join(paper.kind for paper in one.papers)
                row = one.id, one.title, one.category, one.price, one.unit, one.region, *lists
                rows.writerow(row)
        with needs.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            columns = ["id", "title", "category", "unit", "max_price", "region", "papers_required"]
            rows.writerow(columns if constrained else columns[:2])
            for number in range(count):
                need = self.need(number % len(self.questions), constrained=constrained)
                row = [f"n{number}", need.title]
                if constrained:
                    region = need.lines[0].region
                    row += [need.category, need.unit, str(need.max_price), region, PAPER]
                rows.writerow(row)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "titles").write_text("\n".join(self.titles), encoding="utf-8")
        (folder / "questions").write_text("\n".join(self.questions), encoding="utf-8")
        wishes = [(wish.branch, wish.zone, wish.ceiling) for wish in self.wishes]
        (folder / "wishes").write_text(json.dumps(wishes), encoding="utf-8")
        np.savez(folder / "facts", **{name: getattr(self.facts, name) for name in _COLUMNS})

    @classmethod
    def open(cls, folder: Path) -> "Market":
        with np.load(folder / "facts.npz") as arrays:
            facts = Facts(**{name: arrays[name] for name in _COLUMNS})
        return cls(
            (folder / "titles").read_text(encoding="utf-8").split("\n"),
            facts,
            (folder / "questions").read_text(encoding="utf-8").split("\n"),
            [Wish(*one) for one in json.loads((folder / "wishes").read_text(encoding="utf-8"))],
        )


def make_market(titles: Sequence[str], size: int, questions: int = 10_000) -> Market:
    """`size` offers and `questions` needs from these titles; the same input, the same market."""
    random = np.random.default_rng(size)
    words = [title.replace("\n", " ").split() for title in titles]
    words = [one for one in words if one]
    made = _mixed(words, size, random)
    facts = Facts(
        random.integers(0, len(BRANCHES), size).astype(np.uint8),
        random.integers(0, len(ZONES), size).astype(np.uint8),
        random.random(size) < PAPER_SHARE,
        (random.integers(LEAST_PRICE, MOST_PRICE + 1, size) // 100 * 100).astype(np.int32),
    )
    sources = random.integers(0, size, questions)
    asked = [_asked(made[source], random) for source in sources.tolist()]
    wishes = [
        Wish(branch, zone)
        for branch, zone in zip(
            random.integers(0, len(BRANCHES), questions).tolist(),
            random.integers(0, len(ZONES), questions).tolist(),
            strict=True,
        )
    ]
    return Market(made, facts, asked, wishes)


def _mixed(words: Sequence[list[str]], size: int, random: np.random.Generator) -> list[str]:
    heads = random.integers(0, len(words), size).tolist()
    tails = random.integers(0, len(words), size).tolist()
    cuts = random.random((size, 2)).tolist()
    changes = random.random((size, 2)).tolist()
    spots = random.integers(0, 2**31, (size, 3)).tolist()
    made = []
    for head, tail, cut, change, spot in zip(heads, tails, cuts, changes, spots, strict=True):
        first, second = words[head], words[tail]
        title = first[: 1 + int(cut[0] * len(first))] + second[int(cut[1] * len(second)) :]
        if change[0] < MISSPELT:
            place = spot[0] % len(title)
            title[place] = _misspelt(title[place], spot[1])
        if change[1] < NUMBERED:
            code = _LETTERS[spot[1] % 26] + _LETTERS[spot[2] % 26]
            title.append(f"{code}{spot[0] % 10_000:04d}")
        made.append(" ".join(title))
    return made


def _misspelt(word: str, spot: int) -> str:
    """One letter written otherwise."""
    place = spot % len(word)
    return word[:place] + _LETTERS[spot % 26] + word[place + 1 :]


def _asked(title: str, random: np.random.Generator) -> str:
    """What an outlet would write of it: three to eight words, one in ten with a wrong letter."""
    words = title.split()
    count = int(random.integers(3, 9))
    if len(words) > count:
        kept = np.sort(random.choice(len(words), count, replace=False))
        words = [words[place] for place in kept.tolist()]
    if random.random() < 0.1:
        place = int(random.integers(0, len(words)))
        words[place] = _misspelt(words[place], int(random.integers(0, 2**31)))
    return " ".join(words)


@cache
def _leg(origin: str, destination: str) -> Leg | None:
    known = regions.regencies()
    if origin not in known or destination not in known:
        return None
    found = regions.estimate_leg(origin, destination)
    return Leg(found.rupiah_per_kg, found.days_median, found.days_p90, True)


def _zone_of(code: str) -> str:
    return regions.zone_of(code).value if code in regions.regencies() else ""


def world() -> World:
    """The project's own categories and freight estimates, on a fixed day."""
    categories = {
        code: Category(code, fact.parent, fact.name_id, fact.kind.value)
        for code, fact in commodities.categories().items()
    }
    return World(DAY, categories, _leg, _zone_of)
