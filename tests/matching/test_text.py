"""What is written in different ways reads alike, and what differs does not."""

import pytest

from marketplace.matching.text import TokenClass, class_of, normalise
from marketplace.matching.words import DEFAULT_VOCABULARY


def read(text: str) -> list[str]:
    return normalise(text, DEFAULT_VOCABULARY)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Garmin 010-10936-00", ["garmin", "0101093600"]),
        ("kode 0812-345678", ["kode", "0812345678"]),
        ("anak 1-12 thn", ["anak", "1", "12tahun"]),
        ("kalender 2020-2021", ["kalender", "2020", "2021"]),
        ("ukuran 50/100", ["ukuran", "50", "100"]),
    ],
)
def test_digits_in_groups_are_one_article_number_where_they_are_no_range(
    text: str, tokens: list[str]
) -> None:
    assert read(text) == tokens


def test_an_article_number_agrees_or_differs_as_one() -> None:
    assert class_of(read("010-10936-00")[0]) is TokenClass.ARTICLE


@pytest.mark.parametrize("text", ["25.0 Cu.Ft.", "25 cu. ft.", "25cuft", "25 cu ft"])
def test_cubic_feet_are_one_measure(text: str) -> None:
    first = read(text)[0]
    assert first == "25cuft"
    assert class_of(first) is TokenClass.MEASURE
