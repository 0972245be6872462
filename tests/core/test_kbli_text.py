"""Lines of business are read the way NIB sheets and tables list them."""

from datetime import date

import pytest

from marketplace.core.errors import InvalidInput
from marketplace.core.identifiers import Kbli
from marketplace.core.kbli import kbli_of, kbli_text, outdated, read_kbli


def shown(text: str) -> list[str]:
    return [f"{code.version}:{code.code}" for code in read_kbli(text)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("10213", ["2025:10213"]),
        ("KBLI 2020: 10213", ["2020:10213"]),
        ("kbli 2020 10213", ["2020:10213"]),
        ("10213 (KBLI 2020)", ["2020:10213"]),
        ("C.10213", ["2025:10213"]),
        ("10794, 10213; 10211", ["2025:10794", "2025:10211", "2025:10213"]),
        ("10794 10213", ["2025:10794", "2025:10213"]),
        ("１０２１３", ["2025:10213"]),
        ("10213\n10213", ["2025:10213"]),
        ("KBLI 2020: 10794, 10213", ["2020:10794", "2020:10213"]),
        ("KBLI 2020: 10794\n10213", ["2020:10794", "2025:10213"]),
        (
            "10213 - Industri Pembekuan Ikan\n47242 Perdagangan Eceran Roti, Kue Kering, Basah",
            ["2025:10213", "2025:47242"],
        ),
        ("", []),
        (" \n ", []),
    ],
)
def test_codes_are_read_as_people_list_them(text: str, codes: list[str]) -> None:
    assert shown(text) == codes


@pytest.mark.parametrize(
    "text",
    ["1021", "102133", "ikan beku", "10213, 999", "KBLI 2017: 10213", "10213a9", "KBLI 2020"],
)
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_kbli(text)


def test_more_codes_than_a_nib_has_are_refused() -> None:
    with pytest.raises(InvalidInput):
        read_kbli(",".join(str(code) for code in range(10_000, 10_051)))


def test_what_is_written_is_read_back_as_it_was() -> None:
    codes = read_kbli("KBLI 2020: 10794\n10213\n01281")
    assert codes[0] == Kbli("2020", "10794")
    for between in ("; ", "\n", ", "):
        assert read_kbli(kbli_text(codes, between)) == codes


def test_a_number_cell_gets_back_the_zero_the_spreadsheet_took() -> None:
    assert kbli_text(kbli_of(1281)) == "KBLI 2025: 01281"
    assert kbli_text(kbli_of(10213.0)) == "KBLI 2025: 10213"
    assert kbli_of(None) == ()


def test_an_old_code_is_pointed_out_only_after_the_day_it_was_due() -> None:
    codes = read_kbli("10213, KBLI 2020: 10794")
    assert outdated(codes, date(2026, 6, 18)) == ()
    assert outdated(codes, date(2026, 6, 19)) == (Kbli("2020", "10794"),)
