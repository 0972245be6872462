"""Rupiah: forty-odd spellings read right or refused with a reason, never wrong by a thousand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core import money
from marketplace.core.errors import InvalidInput
from marketplace.core.money import (
    MOST_RUPIAH,
    format_rupiah,
    parse_rupiah,
    parse_whole_number,
    rupiah_in_words,
    rupiah_of,
    whole_number_of,
)

READ = {
    "0": 0,
    "15": 15,
    "500": 500,
    "15000": 15_000,
    "15.000": 15_000,
    "1250000": 1_250_000,
    "1.250.000": 1_250_000,
    "1,250,000": 1_250_000,
    "Rp1.250.000": 1_250_000,
    "Rp 1.250.000": 1_250_000,
    "Rp. 1.250.000": 1_250_000,
    "rp.1.250.000": 1_250_000,
    "RP 1250000": 1_250_000,
    "Rp: 15.000": 15_000,
    "Rp1.250.000,-": 1_250_000,
    "Rp 1.250.000 ,-": 1_250_000,
    "15.000.-": 15_000,
    "15.000,--": 15_000,
    "Rp. 1.250.000,00": 1_250_000,
    "1.250.000,0": 1_250_000,
    "IDR 1,250,000": 1_250_000,
    "IDR 1,250,000.00": 1_250_000,
    "IDR 15.000": 15_000,
    "15000.0": 15_000,
    "15000,00": 15_000,
    "15.000 rupiah": 15_000,
    "65rb": 65_000,
    "65 rb": 65_000,
    "65rb,-": 65_000,
    "65 ribu": 65_000,
    "65 Ribu Rupiah": 65_000,
    "65 ribu 500": 65_500,
    "15k": 15_000,
    "15 K": 15_000,
    "2,5rb": 2_500,
    "2.5rb": 2_500,
    "1,25 juta": 1_250_000,
    "1.25jt": 1_250_000,
    "1,5 jt": 1_500_000,
    "Rp 1,5 juta": 1_500_000,
    "0,250 juta": 250_000,
    "1 juta 250 ribu": 1_250_000,
    "1 jt 250 rb 500": 1_250_500,
    "2 milyar": 2_000_000_000,
    "2 miliar": 2_000_000_000,
    "2,2 M": 2_200_000_000,
    "1 triliun": 10**12,
    " \u00a015.000\t": 15_000,
    "\u202a15.000\u202c": 15_000,
    "Ｒｐ１５．０００": 15_000,
    "１２５００００": 1_250_000,
    "١٥٠٠٠": 15_000,
    "1000000000000000": MOST_RUPIAH,
}

REFUSED = {
    "": money.EMPTY,
    "   ": money.EMPTY,
    "\u200b": money.EMPTY,
    "-5": money.NEGATIVE,
    "Rp -5.000": money.NEGATIVE,
    "-Rp5.000": money.NEGATIVE,
    "−15.000": money.NEGATIVE,
    "(15.000)": money.NEGATIVE,
    "-0": money.NEGATIVE,
    "1.250.000,50": money.FRACTION,
    "1,250,000.75": money.FRACTION,
    "15000,5": money.FRACTION,
    "1,2345 rb": money.FRACTION,
    "15,000": money.AMBIGUOUS,
    "IDR 15,000": money.AMBIGUOUS,
    "15.00": money.AMBIGUOUS,
    "15,00": money.AMBIGUOUS,
    "1,5": money.AMBIGUOUS,
    "1.5": money.AMBIGUOUS,
    "1.2.3": money.AMBIGUOUS,
    "1.25.000": money.AMBIGUOUS,
    "1.250,000": money.AMBIGUOUS,
    "1,250.000": money.AMBIGUOUS,
    "15000.000": money.AMBIGUOUS,
    "0.500": money.AMBIGUOUS,
    "081234567890": money.AMBIGUOUS,
    "1 250 000": money.AMBIGUOUS,
    "15.000 12.000": money.AMBIGUOUS,
    "1.500 rb": money.AMBIGUOUS,
    "15000rb": money.AMBIGUOUS,
    "1,250 juta": money.AMBIGUOUS,
    "1.250.000 juta": money.AMBIGUOUS,
    "1 juta 250": money.AMBIGUOUS,
    "1,5 juta 250 ribu": money.AMBIGUOUS,
    "5 ribu 1 juta": money.AMBIGUOUS,
    "IDR 2M": money.AMBIGUOUS,
    "1000000000000001": money.TOO_LARGE,
    "9" * 60: money.TOO_LARGE,
    "999 triliun 999 miliar 999 juta 999 ribu 999 triliun": money.AMBIGUOUS,
    "9" * 10_000: money.NOT_AN_AMOUNT,
    "1e308": money.NOT_AN_AMOUNT,
    "1E+999999": money.NOT_AN_AMOUNT,
    "NaN": money.NOT_AN_AMOUNT,
    "sNaN": money.NOT_AN_AMOUNT,
    "inf": money.NOT_AN_AMOUNT,
    "Infinity": money.NOT_AN_AMOUNT,
    "gratis": money.NOT_AN_AMOUNT,
    "Rp": money.NOT_AN_AMOUNT,
    "-": money.NOT_AN_AMOUNT,
    "+5": money.NOT_AN_AMOUNT,
    "1_000": money.NOT_AN_AMOUNT,
    "0x10": money.NOT_AN_AMOUNT,
    "15²": money.NOT_AN_AMOUNT,
    "1½ juta": money.NOT_AN_AMOUNT,
    "١٥٬٠٠٠": money.NOT_AN_AMOUNT,
    "15\u202e000": money.NOT_AN_AMOUNT,
    "15\x00000": money.NOT_AN_AMOUNT,
    "15-20rb": money.NOT_AN_AMOUNT,
    "15rban": money.NOT_AN_AMOUNT,
    "15.000/kg": money.NOT_AN_AMOUNT,
    "15.000 per kg": money.NOT_AN_AMOUNT,
    "USD 15": money.NOT_AN_AMOUNT,
    "2 mio": money.NOT_AN_AMOUNT,
    "=1+1": money.NOT_AN_AMOUNT,
    "\ud800": money.NOT_AN_AMOUNT,
}


@pytest.mark.parametrize(("text", "rupiah"), READ.items())
def test_a_clear_spelling_is_read(text: str, rupiah: int) -> None:
    assert parse_rupiah(text) == rupiah


@pytest.mark.parametrize(("text", "reason"), REFUSED.items())
def test_an_unclear_spelling_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_rupiah(text)
    assert refusal.value.msgid == reason
    assert str(refusal.value)


@given(st.integers(0, MOST_RUPIAH))
def test_every_amount_printed_is_read_back(amount: int) -> None:
    assert parse_rupiah(format_rupiah(amount)) == amount
    assert parse_rupiah(str(amount)) == amount
    assert parse_rupiah(f"{format_rupiah(amount)},-") == amount


@given(st.text(st.sampled_from("0123456789.,- RrpPbBuUtTjJkKmM()+eE_\u202e１٥²"), max_size=30))
def test_any_mix_of_signs_is_an_amount_in_range_or_a_refusal(text: str) -> None:
    try:
        assert 0 <= parse_rupiah(text) <= MOST_RUPIAH
    except InvalidInput:
        return


@given(st.text())
def test_any_text_is_an_amount_or_a_refusal(text: str) -> None:
    try:
        assert 0 <= parse_rupiah(text) <= MOST_RUPIAH
    except InvalidInput:
        return


@given(st.from_regex(r"[0-9]{1,7}([.,][0-9]{1,4}){0,3}", fullmatch=True))
def test_no_amount_in_figures_is_off_by_a_thousand(text: str) -> None:
    """What is accepted is every digit typed, less at most two zeros that can only be cents."""
    try:
        amount = parse_rupiah(text)
    except InvalidInput:
        return
    digits = int("".join(char for char in text if char.isdigit()))
    assert amount == digits or (amount >= 1000 and digits in {amount * 10, amount * 100})


@given(st.integers(1, 999), st.sampled_from([("rb", 3), ("jt", 6), ("miliar", 9)]))
def test_an_amount_with_a_word_is_the_number_times_the_word(
    number: int, unit: tuple[str, int]
) -> None:
    word, zeros = unit
    assert parse_rupiah(f"{number} {word}") == number * 10**zeros


def test_a_spreadsheet_number_is_taken_only_when_it_is_whole() -> None:
    assert rupiah_of(5000.0) == 5000
    assert rupiah_of(5000) == 5000
    assert rupiah_of("5rb") == 5000
    for cell in (5000.5, float("nan"), float("inf"), 1e308, -5.0, True, None, 10**16):
        with pytest.raises(InvalidInput):
            rupiah_of(cell)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        ("007", 7),
        ("1.500", 1500),
        ("1500.0", 1500),
        ("１２", 12),
        ("١٢٣", 123),
        (" 30 ", 30),
    ],
)
def test_a_whole_number_is_read(text: str, number: int) -> None:
    assert parse_whole_number(text, max=10_000) == number


@pytest.mark.parametrize(
    "text",
    [
        *("", "-1", "+5", "1_000", "1,5", "1.5", "15.00", "1,000", "1e3", "nan", "12 pcs", "0x1"),
        *("1²", str(2**63), str(10**30), "9" * 5000, "10001"),
    ],
)
def test_a_doubtful_whole_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_whole_number(text, max=10_000)


def test_a_whole_number_keeps_to_its_bounds() -> None:
    assert whole_number_of(31.0, max=31, min=1) == 31
    with pytest.raises(InvalidInput) as low:
        whole_number_of("0", max=31, min=1)
    assert str(low.value) == "The number is too small: at least 1"


@given(st.text())
def test_any_text_is_a_number_in_range_or_a_refusal(text: str) -> None:
    try:
        assert 0 <= parse_whole_number(text, max=999) <= 999
    except InvalidInput:
        return


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "nol rupiah"),
        (1, "satu rupiah"),
        (11, "sebelas rupiah"),
        (19, "sembilan belas rupiah"),
        (20, "dua puluh rupiah"),
        (101, "seratus satu rupiah"),
        (999, "sembilan ratus sembilan puluh sembilan rupiah"),
        (1000, "seribu rupiah"),
        (1100, "seribu seratus rupiah"),
        (15_000, "lima belas ribu rupiah"),
        (101_000, "seratus satu ribu rupiah"),
        (1_001_000, "satu juta seribu rupiah"),
        (1_250_000, "satu juta dua ratus lima puluh ribu rupiah"),
        (2_000_000_000, "dua miliar rupiah"),
        (10**15, "satu kuadriliun rupiah"),
        (-5_000, "minus lima ribu rupiah"),
    ],
)
def test_an_amount_is_said_in_indonesian_words(amount: int, words: str) -> None:
    assert rupiah_in_words(amount) == words


@given(st.integers(0, MOST_RUPIAH), st.integers(0, MOST_RUPIAH))
def test_different_amounts_have_different_words(one: int, other: int) -> None:
    assert (rupiah_in_words(one) == rupiah_in_words(other)) == (one == other)


def test_money_prints_by_the_spelling_rule() -> None:
    assert format_rupiah(1_250_000) == "Rp1.250.000"
    assert format_rupiah(-5_000) == "-Rp5.000"
    assert str(money.Money(65_000)) == "Rp65.000"
