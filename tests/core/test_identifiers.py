"""Numbers of papers: what is certain blocks, what one source says warns."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import InvalidInput
from marketplace.core.identifiers import (
    Paper,
    PaperNumber,
    Severity,
    mask_nik,
    paper_of,
    parse_kbli,
    parse_paper,
)

TODAY = date(2026, 11, 20)


def read(kind: Paper, text: str) -> PaperNumber:
    return parse_paper(kind, text, TODAY)


def severities(number: PaperNumber) -> list[Severity]:
    return [problem.severity for problem in number.problems]


@pytest.mark.parametrize("text", ["0220001234567", "NIB: 0220-0012-34567", " 0220 0012 34567 "])
def test_a_nib_keeps_its_leading_zero(text: str) -> None:
    number = read(Paper.NIB, text)
    assert number.normalised == "0220001234567"
    assert number.problems == ()


def test_a_nib_that_lost_its_zero_in_a_spreadsheet_says_so() -> None:
    number = paper_of(Paper.NIB, 220001234567.0, TODAY)
    assert not number.is_acceptable
    assert number.first_block is not None
    assert "zero in front" in number.first_block.msgid


@pytest.mark.parametrize("text", ["123", "12345678901234", "02200012345AB", "1²34567890123"])
def test_a_nib_of_another_shape_is_blocked(text: str) -> None:
    assert severities(read(Paper.NIB, text)) == [Severity.BLOCK]


def test_an_old_npwp_is_stored_in_the_new_length() -> None:
    number = read(Paper.NPWP, "09.254.294.3-407.000")
    assert number.normalised == "0092542943407000"
    assert number.display == "09.254.294.3-407.000"
    assert severities(number) == [Severity.INFO]
    assert read(Paper.NPWP, number.normalised).normalised == number.normalised


def test_a_mistyped_npwp_warns() -> None:
    assert severities(read(Paper.NPWP, "0092542944407000")) == [Severity.WARN]


def test_an_npwp_that_is_a_nik_is_shown_masked() -> None:
    number = read(Paper.NPWP, "3171011708450001")
    assert number.display == "3171******0001"
    assert number.problems == ()
    assert severities(read(Paper.NPWP, "3171013902850001")) == [Severity.WARN]
    assert severities(read(Paper.NPWP, "3171015702850001")) == []


def test_a_branch_number_in_place_of_an_npwp_warns() -> None:
    assert severities(read(Paper.NPWP, "3171011708450001000002")) == [Severity.WARN]


@pytest.mark.parametrize("text", ["1", "12345678901234", "NPWP saya", "1" * 17])
def test_an_npwp_of_another_length_is_blocked(text: str) -> None:
    assert severities(read(Paper.NPWP, text)) == [Severity.BLOCK]


@pytest.mark.parametrize(
    "text", ["2061971010123-28", "P-IRT No. 2061971010123-28", "Dinkes PIRT 206197101012328"]
)
def test_a_pirt_number_says_what_it_covers_and_until_when(text: str) -> None:
    number = read(Paper.PIRT, text)
    assert number.normalised == "206197101012328"
    assert number.display == "2061971010123-28"
    assert number.valid_to == date(2028, 12, 31)
    assert number.details == {
        "pack": "Plastic",
        "food": "Flour products",
        "region": "19.71",
        "year": "2028",
    }
    assert number.problems == ()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("9061971010123-28", "packaging"),
        ("2161971010123-28", "food"),
        ("2060071010123-28", "region"),
        ("2061971010123-25", "ended in"),
        ("2061971010123-32", "5 years"),
        ("206197101012", "12 digits"),
    ],
)
def test_an_odd_pirt_number_warns_and_is_kept(text: str, word: str) -> None:
    number = read(Paper.PIRT, text)
    assert severities(number) == [Severity.WARN]
    assert word in number.problems[0].msgid
    assert number.is_acceptable


@pytest.mark.parametrize("text", ["206", "MD 123456789012", "2061971010123-2"])
def test_a_pirt_number_of_another_length_is_blocked(text: str) -> None:
    assert not read(Paper.PIRT, text).is_acceptable


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("BPOM RI MD 271111000300341", "MD271111000300341"),
        ("md 867009001034", "MD867009001034"),
        ("POM MD. 8670 0900 1034", "MD867009001034"),
        ("BPOM RI ML 867009001034", "ML867009001034"),
    ],
)
def test_a_food_licence_is_read_from_the_label(text: str, stored: str) -> None:
    number = read(Paper.MD, text)
    assert number.normalised == stored
    assert number.is_acceptable


@pytest.mark.parametrize("text", ["867009001034", "NA18200100123", "MD 12345", "TR 123456789"])
def test_what_is_no_food_licence_is_blocked(text: str) -> None:
    assert not read(Paper.MD, text).is_acceptable


def test_an_import_licence_warns() -> None:
    assert severities(read(Paper.MD, "ML 867009001034")) == [Severity.WARN]


def test_a_halal_number_of_the_usual_length_has_no_problem() -> None:
    number = read(Paper.HALAL, "Halal ID 3311-0000-1234-50924")
    assert number.normalised == "ID33110000123450924"
    assert number.problems == ()


@pytest.mark.parametrize("digits", [14, 15, 16, 18])
def test_a_halal_number_of_an_unusual_length_warns(digits: int) -> None:
    assert severities(read(Paper.HALAL, f"ID{'1' * digits}")) == [Severity.WARN]


@pytest.mark.parametrize("text", ["ID123", f"ID{'1' * 19}", "15060001234567", "-"])
def test_what_is_no_halal_number_is_blocked(text: str) -> None:
    assert not read(Paper.HALAL, text).is_acceptable


def test_the_fatwa_decree_is_refused_with_an_explanation() -> None:
    block = read(Paper.HALAL, "KH.00160.12345.0921").first_block
    assert block is not None
    assert "fatwa" in block.msgid


def test_a_barcode_must_add_up() -> None:
    assert read(Paper.GTIN, "8992761111113").problems == ()
    assert not read(Paper.GTIN, "8992761111114").is_acceptable
    assert not read(Paper.GTIN, "0000000000000").is_acceptable
    assert not read(Paper.GTIN, "899276111111").is_acceptable


@pytest.mark.parametrize("text", ["4006381333931", "2001234567893", "036000291452", "96385074"])
def test_a_barcode_from_elsewhere_warns_and_is_kept(text: str) -> None:
    assert severities(read(Paper.GTIN, text)) == [Severity.WARN]


def test_a_brand_number_is_told_from_a_brand_name() -> None:
    assert read(Paper.BRAND, "IDM000123456").details == {"stage": "Registered brand"}
    assert read(Paper.BRAND, "D00.2019.012345").details == {"stage": "Brand applied for"}
    assert severities(read(Paper.BRAND, "Dua Contoh")) == [Severity.WARN]


@pytest.mark.parametrize("kind", list(Paper))
def test_a_number_the_spreadsheet_rounded_is_refused(kind: Paper) -> None:
    for cell in (3.17101170845e15, "3,17101E+15", 3171011708450000):
        with pytest.raises(InvalidInput, match="rounded"):
            paper_of(kind, cell, TODAY)


@pytest.mark.parametrize("kind", list(Paper))
def test_an_empty_or_endless_number_is_refused(kind: Paper) -> None:
    for text in ("", "  \u200b ", "9" * 5000):
        with pytest.raises(InvalidInput):
            parse_paper(kind, text, TODAY)


@given(st.sampled_from(list(Paper)), st.text(min_size=1))
def test_any_text_gives_a_number_or_a_refusal(kind: Paper, text: str) -> None:
    try:
        number = parse_paper(kind, text, TODAY)
    except InvalidInput:
        return
    for problem in number.problems:
        assert problem.msgid % problem.params


@given(
    st.sampled_from([kind for kind in Paper if kind is not Paper.BRAND]),
    st.text("0123456789 .-IDMLKHPRT", min_size=1, max_size=30),
)
def test_a_stored_number_reads_back_as_itself(kind: Paper, text: str) -> None:
    try:
        number = parse_paper(kind, text, TODAY)
    except InvalidInput:
        return
    if number.is_acceptable:
        assert parse_paper(kind, number.normalised, TODAY).normalised == number.normalised


def test_a_nik_is_never_shown_whole() -> None:
    assert mask_nik("3171 0117 0845 0001") == "3171******0001"
    assert mask_nik("12345") == "*****"


def test_a_line_of_business_names_its_edition() -> None:
    assert parse_kbli("10213").display == "KBLI 2025: 10213"
    assert parse_kbli("C.10213").code == "10213"
    older = parse_kbli("10213 (KBLI 2020)")
    assert older.version == "2020"
    assert [problem.severity for problem in older.problems] == [Severity.WARN]
    for text in ("", "1021", "102133", "KBLI 2017: 10213"):
        with pytest.raises(InvalidInput):
            parse_kbli(text)
