"""The table of regions: complete, well keyed, and equal to its source."""

import csv
import os
from collections import Counter
from pathlib import Path

import pytest

from marketplace.regions import rules
from marketplace.regions.rules import Zone, find_regency, provinces, regencies

BABEL = {
    "19.01": "Bangka",
    "19.02": "Belitung",
    "19.03": "Bangka Selatan",
    "19.04": "Bangka Tengah",
    "19.05": "Bangka Barat",
    "19.06": "Belitung Timur",
    "19.71": "Pangkalpinang",
}
SUMATRA = {
    "11": 23, "12": 33, "13": 19, "14": 12, "15": 11,
    "16": 17, "17": 10, "18": 15, "19": 7, "21": 7,
}  # fmt: skip


def test_indonesia_has_38_provinces_and_514_kabupaten_and_kota() -> None:
    assert len(provinces()) == 38
    assert len(regencies()) == 514
    assert {regency.province_code for regency in regencies().values()} == set(provinces())


def test_jabodetabek_is_its_fourteen_units_and_no_neighbour() -> None:
    names = {r.short_name for r in regencies().values() if r.zone is Zone.JABODETABEK}
    assert len(names) == 14
    assert {"Kepulauan Seribu", "Depok", "Tangerang Selatan", "Kab. Bekasi"} <= names
    assert names.isdisjoint({"Kab. Serang", "Karawang", "Cianjur", "Kab. Sukabumi"})


def test_sumatra_is_ten_provinces_with_154_units() -> None:
    count = Counter(r.province_code for r in regencies().values() if r.zone is Zone.SUMATERA)
    assert dict(count) == SUMATRA


def test_babel_has_seven_units_on_two_islands() -> None:
    babel = {code: r for code, r in regencies().items() if r.province_code == "19"}
    assert {code: r.short_name for code, r in babel.items()} == BABEL
    assert {code for code, r in babel.items() if r.island_group == "belitung"} == {"19.02", "19.06"}
    assert {r.island_group for r in babel.values()} == {"bangka", "belitung"}


def test_bps_numbers_are_aliases_that_differ_from_the_key() -> None:
    by_bps = {r.bps_code: r.short_name for r in regencies().values() if r.bps_code}
    assert by_bps == {
        "1903": "Bangka Barat",
        "1905": "Bangka Selatan",
        "3171": "Jakarta Selatan",
        "3172": "Jakarta Timur",
        "3173": "Jakarta Pusat",
        "3174": "Jakarta Barat",
        "3175": "Jakarta Utara",
    }
    assert regencies()["19.03"].short_name == "Bangka Selatan"
    assert find_regency("1903") is None, "a bare number may be a BPS code"


def test_every_regency_lies_in_indonesia() -> None:
    for regency in regencies().values():
        assert -11.1 < regency.lat < 6.2, regency
        assert 94.9 < regency.lng < 141.1, regency


def test_every_short_name_and_every_alias_means_one_regency() -> None:
    assert len({r.short_name for r in regencies().values()}) == 514
    for regency in regencies().values():
        for written in (regency.name, regency.short_name, regency.code, *regency.aliases):
            assert find_regency(written) == regency, written


def test_every_island_group_can_be_reached_by_sea() -> None:
    groups = {r.island_group for r in regencies().values()}
    linked = {row[side] for row in rules._rows("sea_links.csv") for side in ("group_a", "group_b")}
    assert linked == groups
    assert set(rules._crossings_from("bangka")) == groups


def test_the_table_equals_the_published_one() -> None:
    root = os.environ.get("BENCH_DATA")
    if not root:
        pytest.skip("BENCH_DATA is not set: the published table of regions is not at hand")
    source = Path(root) / "wilayah" / "provinsi_kabkota.csv"
    with source.open(encoding="utf-8", newline="") as lines:
        rows = {row["code"]: row for row in csv.DictReader(lines)}
    ours = {**provinces(), **regencies()}
    assert {code: entry.name for code, entry in ours.items()} == {
        code: row["name"] for code, row in rows.items()
    }
    for code, regency in regencies().items():
        if not regency.at_seat:
            assert (regency.lat, regency.lng) == (
                float(rows[code]["lat"]),
                float(rows[code]["lng"]),
            )
