"""What goes into the kernels that collect, and what comes out, as named arrays."""

from typing import Any, NamedTuple

from numpy.typing import NDArray

Array = NDArray[Any]
# What one of the named tuples below holds, in a plain one.
Lent = tuple[Any, ...]
# Impacts are kept as 16 bits, rounded up: a sum of them is never below the true score.
STEPS = 65535


class Rule(NamedTuple):
    """BM25F's numbers: weights of title and of brand or category, saturation, length damping."""

    title: float
    side: float
    k1: float
    b: float


class Texts(NamedTuple):
    """All rows: row i has `lengths[i]` tokens from `starts[i]`, each with its field number."""

    tokens: Array
    fields: Array
    starts: Array
    lengths: Array
    title_lengths: Array
    body_lengths: Array
    average_title: float
    average_body: float


class Lists(NamedTuple):
    """Token t is at `seats[offsets[t]:offsets[t + 1]]`, ascending, with what each says of it.

    `tops[t]` is the highest of its impacts. Which row has a seat, `Passing.order` tells.
    """

    offsets: Array
    seats: Array
    impacts: Array
    tops: Array


class Asked(NamedTuple):
    """Token `tokens[j]` stands for word `word_of[j]` with `weights[j]`; `idf` is per word."""

    tokens: Array
    word_of: Array
    weights: Array
    idf: Array


class Sieve(NamedTuple):
    """A mask: a bit for each row, lowest first in a byte; the same bits by seat, of those in order;
    and the only `spans` of these seats (from, to) where a bit is on.

    Without bits it says nothing against any row.
    """

    bits: Array
    arranged: Array
    spans: Array


class Passing(NamedTuple):
    """Which rows may be found: those in the sieve that are `alive`, where that says anything.

    `mortal` says whether any of those in the lists is not.
    Seat s of the lists is that of row `order[s]`; behind that order, seat and row are the same.
    Like goods sit side by side, so that a question for some goods reads but a part of every list.
    """

    sieve: Sieve
    alive: Array
    mortal: bool
    order: Array


class Scratch(NamedTuple):
    """Room for one question at a time, whatever stands there: four lists of seats and values.

    Each has room for one more than there are rows. `bits` has one for each seat, all off before
    and after; `hits` room for places in the longest list.
    """

    seats: Array
    values: Array
    bits: Array
    hits: Array


class Words(NamedTuple):
    """Of every token: class, variant, parting, outline; how many of the `counted` rows have it."""

    classes: Array
    variants: Array
    partings: Array
    outlines: Array
    frequency: Array
    counted: int


class Need(NamedTuple):
    """What is asked: `width` words one after the other, as `layout.py` says of a word in numbers.

    `joined` are pairs: the first of two words that are also meant written as one, and that token;
    it stands for both with `sure_if_joined`. `brand` are tokens.
    """

    packed: Array
    width: int
    joined: Array
    sure_if_joined: float
    brand: Array


class Field(NamedTuple):
    """Who is asked for: sieves, and how many rows they speak of.

    The best `k` of `within` are the field; a list goes on up to `limit`. `is_masked` says whether
    those of `passing` are asked for beside it, `wide` whether those of everywhere. `own` and `also`
    are rows, or -1: the need itself, which competes with nobody, and one that is always there.
    """

    within: Lent
    rows_within: int
    passing: Lent
    rows_passing: int
    is_masked: bool
    own: int
    also: int
    k: int
    limit: int
    wide: bool


class Named(NamedTuple):
    """Of every word asked for: class, variant, parting, outline; and the brand's tokens."""

    classes: Array
    variants: Array
    partings: Array
    outlines: Array
    brand: Array


class Spelling(NamedTuple):
    """The trigrams of every token, from `starts` on, and how telling each trigram is, squared.

    `again` are those that the titles of rows have once more, from `again_starts` on.
    """

    grams: Array
    starts: Array
    sizes: Array
    again: Array
    again_starts: Array
    again_sizes: Array
    rarity: Array


class Model(NamedTuple):
    """The weights of order by comparison; those of confidence: for all, by comparison, by standing.

    `scale` makes of points those that the weights of standing were fitted on.
    """

    order_search: Array
    order_match: Array
    sure_search: Array
    sure_match: Array
    scale: float
