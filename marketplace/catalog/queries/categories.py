"""The category a product's name suggests."""

from functools import cache

from marketplace.commodities.rules import labelled_names, protected_words, spellings
from marketplace.matching.categories import CategoryGuesser
from marketplace.matching.words import DEFAULT_VOCABULARY


def suggest_categories(name: str, *, top: int = 3) -> list[str]:
    """The most likely leaves for a product name, best first; empty where nothing is like it."""
    return _guesser().suggest(name[:200], top=top)


def sure_category(name: str) -> str:
    """The leaf a name may be filed under unseen; "" where a person has to say."""
    return _guesser().sure(name[:200])


@cache
def _guesser() -> CategoryGuesser:
    vocabulary = DEFAULT_VOCABULARY.with_spellings(
        ((word.written, word.means) for word in spellings()), protected=protected_words()
    )
    return CategoryGuesser(labelled_names(), vocabulary)
