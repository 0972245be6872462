"""Names people write, areas, and what a freight leg probably costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.regions.rules import (
    LOCAL_PER_KG,
    distance_km,
    estimate_leg,
    find_province,
    find_regency,
    guess_regencies,
    in_area,
    is_own_province,
    province_of,
    regencies,
    sea_legs,
    zone_of,
)

CODES = st.sampled_from(sorted(regencies()))
PGK, JAKARTA, PALEMBANG, MEDAN, BELTIM = "19.71", "31.71", "16.71", "12.71", "19.06"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Pangkal Pinang", "19.71"),
        ("PANGKALPINANG", "19.71"),
        ("kota pangkal-pinang", "19.71"),
        ("Kab Bangka", "19.01"),
        ("Kab. Bangka", "19.01"),
        ("Sungailiat", "19.01"),
        ("Beltim", "19.06"),
        ("Jaksel", "31.74"),
        ("DKI Jakarta Selatan", "31.74"),
        ("Kota Adm. Jakarta Pusat", "31.71"),
        ("Kep. Seribu", "31.01"),
        ("kep seribu", "31.01"),
        ("Tangsel", "36.74"),
        ("Kodya Medan", "12.71"),
        ("Pematang Siantar", "12.72"),
        ("Banjar, Jawa Barat", "32.79"),
        ("Banjar, Kalsel", "63.03"),
        ("19.03", "19.03"),
    ],
)
def test_people_may_write_a_region_their_way(written: str, code: str) -> None:
    found = find_regency(written)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "written", ["Bogor", "Tangerang", "Bekasi", "Solok", "", "Atlantis", "99.99"]
)
def test_an_ambiguous_or_unknown_name_is_not_guessed(written: str) -> None:
    assert find_regency(written) is None


def test_an_ambiguous_name_is_offered_as_a_choice() -> None:
    assert [r.short_name for r in guess_regencies("Bogor", 2)] == ["Kab. Bogor", "Kota Bogor"]
    assert {r.code for r in guess_regencies("Jakarta", 5)} == {f"31.7{n}" for n in range(1, 6)}


def test_a_typing_slip_still_finds_the_town() -> None:
    assert guess_regencies("Palembamg", 3)[0].code == PALEMBANG
    assert guess_regencies("Kota Pangkapinang", 3)[0].code == PGK


def test_provinces_answer_to_their_everyday_names() -> None:
    assert [p.code for name in ("Babel", "DKI", "sumsel", "19") if (p := find_province(name))] == [
        "19",
        "31",
        "16",
        "19",
    ]
    assert find_province("Bogor") is None
    assert province_of("19.06").short_name == "Bangka Belitung"


def test_an_area_is_a_regency_a_province_or_a_zone() -> None:
    assert in_area("19.06", "19.06")
    assert in_area("19.06", "19")
    assert in_area("19.06", "sumatera")
    assert in_area("19.06", "")
    assert in_area(JAKARTA, "jabodetabek")
    assert not in_area(JAKARTA, "sumatera")
    assert not in_area("19.71", "19.7")
    assert zone_of("33.74") == "other"


def test_the_home_province_is_told_from_the_rest_of_sumatra() -> None:
    assert is_own_province("19.02")
    assert not is_own_province(PALEMBANG)


def test_belitung_is_a_sea_leg_from_bangka() -> None:
    assert sea_legs(PGK, BELTIM) == 1
    assert sea_legs(PGK, "19.05") == 0
    assert sea_legs("35.26", "35.78") == 0, "Madura has a bridge"


def test_freight_from_babel_is_of_a_plausible_size() -> None:
    assert 3_000 <= estimate_leg(PGK, JAKARTA).rupiah_per_kg <= 5_000
    assert 2_000 <= estimate_leg(PGK, PALEMBANG).rupiah_per_kg <= 3_500
    assert 5_000 <= estimate_leg(PGK, MEDAN).rupiah_per_kg <= 8_000
    assert estimate_leg(PGK, PGK).rupiah_per_kg == LOCAL_PER_KG


def test_wind_makes_the_slow_case_slower_than_the_usual_one() -> None:
    jakarta = estimate_leg(PGK, JAKARTA)
    assert (jakarta.days_median, jakarta.days_p90) == (4, 6)


@given(CODES, CODES)
def test_every_leg_is_the_same_both_ways_and_never_free(a: str, b: str) -> None:
    there, back = estimate_leg(a, b), estimate_leg(b, a)
    assert there == back
    assert there.rupiah_per_kg >= LOCAL_PER_KG
    assert 1 <= there.days_median <= there.days_p90
    assert there.rupiah_per_kg % 50 == 0
    assert distance_km(a, b) < 5_500
