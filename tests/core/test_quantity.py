"""Pack sizes and trade units as sellers write them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.quantity import (
    Kind,
    Quantity,
    canonical_unit,
    comparable_price,
    mass_of,
    parse_pack,
    units_per_unit,
)

GRAMS = Kind.MASS
ML = Kind.VOLUME
PIECES = Kind.COUNT


@pytest.mark.parametrize(
    ("text", "amount", "kind"),
    [
        ("@250g", 250, GRAMS),
        ("1/4 kg", 250, GRAMS),
        ("250 gr", 250, GRAMS),
        ("250 gram", 250, GRAMS),
        ("0,25 kg", 250, GRAMS),
        ("1 1/2 kg", 1500, GRAMS),
        ("1.000 gr", 1000, GRAMS),
        ("1.25 kg", 1250, GRAMS),
        ("2 ons", 200, GRAMS),
        ("500ml", 500, ML),
        ("1,5 liter", 1500, ML),
        ("1.5 L", 1500, ML),
        ("isi 12", 12, PIECES),
        ("12 pcs", 12, PIECES),
        ("1 lusin", 12, PIECES),
        ("12 x 250 g", 3000, GRAMS),
        ("250g x 12", 3000, GRAMS),
        ("isi 12 @250g", 3000, GRAMS),
    ],
)
def test_a_pack_text_is_read_as_its_net_content(text: str, amount: int, kind: Kind) -> None:
    assert parse_pack(text) == Quantity(amount, kind)


@pytest.mark.parametrize("text", ["", "besar", "0 kg", "1/0 kg", "lusin", "kg", "isi 0", "a250g"])
def test_a_text_without_a_size_is_no_size(text: str) -> None:
    assert parse_pack(text) is None


def test_half_a_kilo_offered_is_half_of_a_kilo_needed() -> None:
    assert units_per_unit("bungkus", Quantity(500, GRAMS), "kg", None) == Fraction(1, 2)


def test_a_dozen_is_twelve_pieces() -> None:
    assert units_per_unit("lusin", None, "pcs", None) == 12


def test_a_carton_of_twenty_four_packs_is_twenty_four_pieces() -> None:
    assert units_per_unit("karton", Quantity(24, PIECES), "pcs", None) == 24


def test_the_same_word_is_the_same_unit_however_it_is_abbreviated() -> None:
    assert units_per_unit("bks", None, "bungkus", None) == 1


def test_kilograms_and_pieces_cannot_be_compared() -> None:
    assert units_per_unit("kg", None, "pcs", None) is None
    assert units_per_unit("karton", None, "pcs", None) is None


def test_an_unnamed_unit_is_not_guessed() -> None:
    assert units_per_unit("", None, "", None) is None


def test_prices_compare_per_kilogram_litre_or_piece() -> None:
    assert comparable_price(20_000, "bungkus", Quantity(250, GRAMS)) == (80_000, GRAMS)
    assert comparable_price(12_000, "lusin", None) == (1_000, PIECES)
    assert comparable_price(12_000, "karton", None) is None


def test_a_litre_weighs_a_kilogram_for_freight() -> None:
    assert mass_of("botol", Quantity(1000, ML)) == 1000
    assert mass_of("karton", None) is None


def test_unit_names_have_one_form() -> None:
    assert [canonical_unit(word) for word in ("Gram", "kilo", "dus", "Lusin", "ons")] == [
        "g",
        "kg",
        "karton",
        "lusin",
        "ons",
    ]


@given(st.integers(1, 10**6), st.sampled_from(list(Kind)))
def test_the_written_form_reads_back_as_the_same_size(amount: int, kind: Kind) -> None:
    quantity = Quantity(amount, kind)
    assert parse_pack(quantity.token) == quantity
    assert Quantity.from_dict(quantity.as_dict()) == quantity


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    parse_pack(text)
