"""Lists of people as offices keep them: nothing is lost, nobody is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.programs.rules.people_lists import Known, match, read_lines

SITI = Known(1, "Siti Aminah", "+6281270001111")
RUDI = Known(2, "Rudi Hartono", "")
ANI = Known(3, "Ani Suryani (contoh)", "")


@pytest.mark.parametrize(
    "line",
    [
        "Siti Aminah, 0812 7000 1111",
        "1. Siti Aminah - 0812-7000-1111",
        "12)\tSiti Aminah\t+62 812 7000 1111",
        "0812.7000.1111; Siti Aminah",
        "• Siti Aminah | 6281270001111",
        "3\tSiti Aminah\t081270001111",
    ],
)
def test_name_and_number_are_found_however_the_line_is_written(line: str) -> None:
    (read,) = read_lines(line)
    assert (read.name, read.phone) == ("Siti Aminah", "+6281270001111")


def test_kabupaten_and_business_stand_behind_the_name() -> None:
    (read,) = read_lines("Siti, Bangka Tengah, 081270001111, Dapur Siti")
    assert (read.place, read.business) == ("Bangka Tengah", "Dapur Siti")


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("Ibu Siti Aminah", 1),
        ("AMINAH SITI", 1),
        ("Nama lain, 0812 7000 1111", 1),
        ("Ani Suryani", 3),
        ("Siti", None),
        ("Rudy Hartanto", None),
        ("Yulia", None),
    ],
)
def test_only_the_whole_name_or_the_number_makes_sure(said: str, who: int | None) -> None:
    (found,) = match(read_lines(said), [SITI, RUDI, ANI])
    assert found.sure == who


def test_the_nearest_names_are_offered_where_it_is_not_sure() -> None:
    (found,) = match(read_lines("Rudy Hartanto"), [SITI, RUDI, ANI])
    assert found.near[0] == RUDI


def test_two_of_one_name_are_never_guessed_between() -> None:
    twins = [Known(1, "Sri Wahyuni", ""), Known(2, "Sri Wahyuni", "")]
    (found,) = match(read_lines("Sri Wahyuni"), twins)
    assert found.sure is None
    assert {one.id for one in found.near} == {1, 2}


def test_a_name_that_stands_twice_in_the_list_is_asked_about_the_second_time() -> None:
    first, second = match(read_lines("Siti Aminah\nSiti Aminah"), [SITI])
    assert (first.sure, second.sure) == (1, None)


@given(st.lists(st.text("abcdefghij klmno", min_size=1).filter(str.strip), min_size=1))
def test_every_line_with_a_name_comes_back(names: list[str]) -> None:
    lines = read_lines("\n".join(names))
    assert [line.name for line in lines] == [" ".join(name.split()) for name in names]


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    match(read_lines(text[:2_000]), [SITI, RUDI])
