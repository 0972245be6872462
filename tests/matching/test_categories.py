"""Categories suggested from names."""

import pytest

from marketplace.matching.categories import CategoryGuesser

GUESSER = CategoryGuesser(
    [
        ("Kemplang panggang tenggiri 250 gr", "kemplang"),
        ("Kemplang ikan goreng", "kemplang"),
        ("Terasi udang Toboali", "terasi"),
        ("Terasi bubuk 100 g", "terasi"),
        ("Madu hutan pelawan 500 ml", "madu"),
        ("Kopi bubuk robusta", "kopi"),
    ]
)


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("Kempelang tengiri Bu Ana", "kemplang"),
        ("TERASI UDANG ASLI", "terasi"),
        ("madu kelulut", "madu"),
        ("kopi bubuk", "kopi"),
    ],
)
def test_a_name_suggests_the_category_of_names_like_it(name: str, category: str) -> None:
    assert GUESSER.suggest(name)[0] == category


@pytest.mark.parametrize("name", ["", "   ", "250 gr", "漢字", "😀"])
def test_a_name_unlike_all_others_suggests_nothing(name: str) -> None:
    assert GUESSER.suggest(name) == []


def test_no_more_are_suggested_than_asked_for_and_always_in_one_order() -> None:
    assert len(GUESSER.suggest("bubuk", top=1)) == 1
    assert GUESSER.suggest("bubuk ikan") == GUESSER.suggest("bubuk ikan")


@pytest.mark.parametrize("name", ["madu hutan asli", "TERASI UDANG ASLI"])
def test_a_name_like_those_of_a_category_is_surely_of_it(name: str) -> None:
    assert GUESSER.sure(name) == GUESSER.suggest(name)[0]


@pytest.mark.parametrize(
    "name", ["", "Perangkap tikus praktis model pedal", "Sofa recliner 1 seater"]
)
def test_a_name_that_shares_scraps_of_words_is_left_for_a_person_to_file(name: str) -> None:
    assert GUESSER.sure(name) == ""
