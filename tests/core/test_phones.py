"""Phone numbers in the spellings people and spreadsheets produce."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core import phones
from marketplace.core.errors import InvalidInput
from marketplace.core.phones import (
    display_phone,
    mask_phone,
    parse_phone,
    parse_whatsapp,
    phone_of,
    whatsapp_link,
)

SAME = [
    "081234567890",
    "0812-3456-7890",
    "0812 3456 7890",
    "0812.3456.7890",
    "(0812) 3456-7890",
    "6281234567890",
    "+6281234567890",
    "+62 812-3456-7890",
    "+62 (0) 812 3456 7890",
    "006281234567890",
    "81234567890",
    "8 12 3456 7890",
    "81234567890.0",
    "081234567890.0",
    "https://wa.me/6281234567890",
    "wa.me/+6281234567890?text=Halo",
    "https://api.whatsapp.com/send?phone=6281234567890&text=a",
    "WA: 0812-3456-7890",
    "Hp. 081234567890",
    "\u202a+62 812\u20113456\u20117890\u202c",
    "０８１２３４５６７８９０",
]

REFUSED = {
    "": phones.EMPTY,
    "gratis": phones.WRONG_START,
    "1234567890": phones.WRONG_START,
    "+65 8123 4567": phones.WRONG_START,
    "wa.me/6581234567": phones.WRONG_START,
    "0812": phones.WRONG_LENGTH,
    "08123456789012345": phones.WRONG_LENGTH,
    "8.12E+11": phones.ROUNDED,
    "6,28123E+12": phones.ROUNDED,
    "081234567890 / 081234567891": phones.SEVERAL,
    "081234567890, 081234567891": phones.SEVERAL,
    "0812-FLOWERS": phones.WRONG_START,
    "081234567890;ext=5": phones.WRONG_START,
    "=081234567890": phones.WRONG_START,
    "0" * 5000: phones.WRONG_START,
}


@pytest.mark.parametrize("text", SAME)
def test_usual_spellings_are_one_number(text: str) -> None:
    phone = parse_phone(text)
    assert (phone.e164, phone.display, phone.is_mobile) == (
        "+6281234567890",
        "0812-3456-7890",
        True,
    )


@pytest.mark.parametrize(("text", "reason"), REFUSED.items())
def test_what_is_no_indonesian_number_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_phone(text)
    assert refusal.value.msgid == reason


def test_a_landline_is_a_phone_without_whatsapp() -> None:
    office = parse_phone("(0717) 421234")
    assert not office.is_mobile
    assert whatsapp_link(office.e164, "Halo") is None
    with pytest.raises(InvalidInput, match="landline"):
        parse_whatsapp("0717 421234")


def test_a_spreadsheet_number_gets_its_zero_back() -> None:
    assert phone_of(81234567890.0).e164 == "+6281234567890"
    assert phone_of(6281234567890).e164 == "+6281234567890"
    assert phone_of("'081234567890".lstrip("'")).e164 == "+6281234567890"
    for cell in (None, 0.5, float("nan"), True):
        with pytest.raises(InvalidInput):
            phone_of(cell)


def test_the_link_carries_the_text_escaped() -> None:
    link = whatsapp_link("+6281234567890", "Halo Bu & Pak: 50% setuju?\nTerima kasih")
    assert link == (
        "https://wa.me/6281234567890"
        "?text=Halo%20Bu%20%26%20Pak%3A%2050%25%20setuju%3F%0ATerima%20kasih"
    )
    assert whatsapp_link("javascript:alert(1)", "x") is None


def test_the_middle_of_a_number_is_hidden_in_logs() -> None:
    assert mask_phone("+6281234567890") == "+62812******90"
    assert mask_phone("0812-3456-7890") == "0812-3***-**90"
    assert mask_phone("0812345") == "*******"


def test_what_cannot_be_read_is_displayed_as_it_is() -> None:
    assert display_phone("+6281234567890") == "0812-3456-7890"
    assert display_phone("tanya RT") == "tanya RT"


@given(st.text())
def test_any_text_is_a_phone_or_a_refusal(text: str) -> None:
    try:
        phone = parse_phone(text)
    except InvalidInput:
        return
    assert parse_phone(phone.e164) == phone


@given(st.text(st.sampled_from("0123456789+-(). /wame٠"), max_size=40))
def test_a_stored_number_reads_back_as_itself(text: str) -> None:
    try:
        phone = parse_phone(text)
    except InvalidInput:
        return
    assert parse_phone(phone.display) == phone
