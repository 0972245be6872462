"""The category a product's name suggests: the names most like it vote with how alike they are."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

from marketplace.commodities.rules import labelled_names, protected_words, spellings
from marketplace.core.clock import today
from marketplace.matching import DEFAULT_VOCABULARY, Engine, Offer, World

_NEIGHBOURS = 12


def suggest_categories(name: str, *, top: int = 3) -> list[str]:
    """The most likely leaves for a product name, best first; empty where nothing is like it."""
    if not name.strip():
        return []
    votes: Counter[str] = Counter()
    labels = labelled_names()
    for number, score in _index().search(name, top=_NEIGHBOURS):
        votes[labels[int(number)][1]] += score * score
    return [code for code, _score in votes.most_common(top)]


@cache
def _index() -> Engine:
    vocabulary = DEFAULT_VOCABULARY.with_spellings(
        ((word.written, word.means) for word in spellings()), protected=protected_words()
    )
    engine = Engine(World(today(), vocabulary=vocabulary))
    engine.load(_labelled())
    return engine


def _labelled() -> Sequence[Offer]:
    return [Offer(str(number), name) for number, (name, _code) in enumerate(labelled_names())]
