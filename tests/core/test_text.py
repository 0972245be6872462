"""Text as typed becomes safe to store and easy to compare."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.text import N_, clean_text, fold


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Kemplang \t ikan  ", "Kemplang ikan"),
        ("Kem\x00plang", "Kemplang"),
        ("Kem\u202eplang", "Kemplang"),
        ("Kem\u200bplang", "Kemplang"),
        ("Kem\ud800plang", "Kemplang"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("Cafe\u200d\u0301", "Caf\u00e9"),
        ("baris\r\nsatu", "baris satu"),
        ("\u200b \u200b", ""),
    ],
)
def test_a_line_is_cleaned(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


def test_a_paragraph_keeps_its_line_breaks() -> None:
    assert clean_text(" satu \r\n  dua\rtiga \n", multiline=True) == "satu\ndua\ntiga"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Madu Hutan", "madu  hutan"),
        ("Café", "cafe"),
        ("ＭＡＤＵ", "madu"),
        ("mаdu", "madu"),  # the first has a Cyrillic a
        ("ma\u200bdu", "madu"),
    ],
)
def test_names_that_look_alike_compare_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text())
def test_clean_text_can_be_stored_and_stays_as_it_is(raw: str) -> None:
    clean = clean_text(raw)
    assert clean.encode("utf-8").decode("utf-8") == clean
    assert clean == clean_text(clean) == unicodedata.normalize("NFC", clean)
    assert "\x00" not in clean


def test_marking_a_message_changes_nothing() -> None:
    assert N_("Save") == "Save"
