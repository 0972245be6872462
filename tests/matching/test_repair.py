"""Nearest spellings are found without looking at every word, and are the same."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import process
from rapidfuzz.distance import OSA

from marketplace.matching.repair import Repairs

words = st.text("abcdeé1", min_size=3, max_size=14)


def nearest(word: str, known: list[str]) -> list[tuple[str, float]]:
    same = [one for one in known if one[0] == word[0]]
    found = process.extract(
        word, same, scorer=OSA.normalized_similarity, score_cutoff=0.75, limit=3
    )
    return [(spelling, likeness) for spelling, likeness, _ in found]


@given(st.lists(words, unique=True, max_size=40), words, st.lists(words, unique=True, max_size=9))
def test_the_nearest_are_those_of_looking_at_every_word(
    known: list[str], word: str, later: list[str]
) -> None:
    repairs = Repairs()
    repairs.add(known)
    assert repairs.near(word) == nearest(word, known)
    later = [one for one in later if one not in known]
    repairs.add(later)
    assert repairs.near(word) == nearest(word, [*known, *later])


def test_a_letter_too_many_too_few_or_two_that_changed_places() -> None:
    repairs = Repairs()
    repairs.add(["tenggiri", "tenggara", "kemplang", "tengger"])
    for written in ("tengggiri", "tengiri", "tneggiri", "tenggihi"):
        assert repairs.near(written)[0][0] == "tenggiri"
    assert repairs.near("tongkol") == []
    assert repairs.near("zzzz") == []
