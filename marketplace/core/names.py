"""Names of people and businesses as they are spelt in Indonesia: one name, many spellings.

Old spelling (oe, dj, tj), Arabic and Dutch leftovers, letters that sound alike: Lia and Lya, Noer
and Nur, Achmad and Ahmad are one name. Lia and Lina, Putra and Putri are two.
"""

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

# In this order: a longer spelling before the letters it is made of.
_ALIKE = (
    ("oe", "u"), ("dj", "j"), ("tj", "c"), ("nj", "ni"), ("sj", "s"), ("sy", "s"), ("sh", "s"),
    ("kh", "k"), ("dh", "d"), ("th", "t"), ("bh", "b"), ("gh", "g"), ("ph", "f"), ("ck", "k"),
    ("v", "f"), ("q", "k"), ("x", "ks"), ("z", "j"), ("y", "i"),
)  # fmt: skip
# A slip of the keyboard is believed only in a word long enough to be no other word.
_LONG = 7


def spelt(word: str) -> str:
    """A folded word in the one spelling that stands for all its usual ones."""
    word = re.sub(r"ch(?=[^aeiou]|$)", "h", word).replace("ch", "c")
    for said, same in _ALIKE:
        word = word.replace(said, same)
    word = re.sub(r"(.)\1+", r"\1", word)
    word = re.sub(r"(?<=[aeiou])h$", "", word)
    return f"{word[:-1]}t" if len(word) > 3 and word.endswith("d") else word


def spelt_name(name: str) -> tuple[str, ...]:
    """The words of a folded name in their one spelling, in one order."""
    return tuple(sorted(spelt(word) for word in name.split()))


def name_keys(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Under which a name is looked for: two that may be alike share one of these."""
    yield tuple(words)
    for place, word in enumerate(words):
        if len(word) >= _LONG - 1:
            # Its first letters stand for the long word, so that a slip behind them is found.
            yield (*words[:place], *words[place + 1 :], f"{word[:3]}*")


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """How alike two names (`spelt_name`) are, 0..1; 0 where they name two.

    All words must agree, but for one slip in one long word: not in its first letters, which are
    heard, nor in its last, which tells Putra from Putri.
    """
    if tuple(one) == tuple(other):
        return 1.0
    mine, theirs = list(one), list(other)
    for word in one:
        if word in theirs:
            theirs.remove(word)
            mine.remove(word)
    if len(mine) != 1 or len(theirs) != 1 or not _is_slip(mine[0], theirs[0]):
        return 0.0
    return fuzz.ratio(" ".join(one), " ".join(other)) / 100


def _is_slip(one: str, other: str) -> bool:
    """A letter left out, doubled or changed places with its neighbour.

    One letter instead of another is no slip but mostly another word: Permata, Permana.
    """
    return (
        max(len(one), len(other)) >= _LONG
        and one[:3] == other[:3]
        and one[-1] == other[-1]
        and (len(one) != len(other) or sorted(one) == sorted(other))
        and OSA.distance(one, other, score_cutoff=1) <= 1
    )
