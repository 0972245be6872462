"""Digits of other scripts become ASCII only where they can mean one thing."""

from marketplace.core.digits import ascii_digits


def test_full_width_and_arabic_digits_become_ascii() -> None:
    assert ascii_digits("１２３") == "123"
    assert ascii_digits("١٢٣") == "123"
    assert ascii_digits("＋６２　８１２") == "+62 812"


def test_signs_with_another_meaning_stay() -> None:
    for text in ("15²", "1½", "١٥٬٠٠٠", "Ⅻ"):
        assert not ascii_digits(text).isascii()


def test_invisible_signs_go_at_the_ends_and_stay_inside() -> None:
    assert ascii_digits("\u202a 12\u00a0\u202c") == "12"
    assert not ascii_digits("1\u202e2").isascii()
