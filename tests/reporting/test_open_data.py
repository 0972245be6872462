"""Open data: sums over at least five producers, of quarters that are over, without examples."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest

from marketplace.businesses.models import Business
from marketplace.core.clock import today
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.programs.models import Program
from marketplace.programs.rules import ProgramState
from marketplace.programs.services import turnover
from marketplace.reporting.rules.open_data import COLUMNS, RULES, OpenTable
from marketplace.reporting.rules.periods import PeriodKind, period_of
from tests import factories
from tests.factories import BANGKA, PANGKALPINANG
from tests.programs.fairs import make_fair, report
from tests.reporting.conftest import make_deal, make_order

RUNNING = period_of(today(), PeriodKind.QUARTER)
LAST = RUNNING.before.first + timedelta(days=3)


def read(client, key: str) -> list[dict[str, str]]:
    answer = client.get(f"/open-data/{key}.csv")
    assert answer.status_code == 200
    return list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


@pytest.fixture
def outlet(app: object) -> Business:
    return factories.make_outlet(branches=("31.74",))


def sellers(outlet: Business, count: int, area: str, on: date = LAST, **given: object) -> None:
    for _number in range(count):
        producer = factories.make_producer(region_code=area, **given)
        make_order(make_deal(producer, outlet), on, paid=50_000)


@pytest.mark.both_databases
def test_five_producers_are_shown_and_fewer_are_not(outlet: Business, client) -> None:
    sellers(outlet, 6, PANGKALPINANG)
    sellers(outlet, 7, "19.05")
    rows = {row["wilayah"]: row for row in read(client, "penerimaan")}
    quarter = str(RUNNING.before)
    assert rows["Kota Pangkal Pinang"]["nilai_rupiah"] == "300000"
    assert {row["triwulan"] for row in rows.values()} == {quarter}
    assert (rows["semua"]["produsen"], rows["semua"]["nilai_rupiah"]) == ("13", "650000")
    # The numbers of BPS are others: 1905 is Bangka Selatan there.
    assert rows["Kab. Bangka Barat"]["kode_bps"] == "1903"


def test_a_small_area_is_empty_and_cannot_be_worked_out_from_the_total(
    outlet: Business, client
) -> None:
    sellers(outlet, 4, "19.02")
    sellers(outlet, 6, PANGKALPINANG)
    sellers(outlet, 9, BANGKA)
    for key in ("penerimaan", "kiriman"):
        rows = {row["wilayah"]: row for row in read(client, key)}
        for hidden in ("Kab. Belitung", "Kota Pangkal Pinang"):
            assert rows[hidden]["disembunyikan"] == "ya"
            assert rows[hidden]["produsen"] == rows[hidden]["nilai_rupiah"] == ""
        assert rows["Kab. Bangka"]["produsen"] == "9"
        assert rows["semua"]["produsen"] == "19"


def test_the_quarter_that_runs_is_not_told(outlet: Business, client) -> None:
    """From one download to the next its growth would be what a few producers sold."""
    sellers(outlet, 6, BANGKA, RUNNING.first)
    for key in ("penerimaan", "kiriman", "tujuan"):
        assert read(client, key) == []


def test_examples_are_not_told_beside_real_data(outlet: Business, client) -> None:
    sellers(outlet, 6, BANGKA, is_example=True)
    for key in OpenTable:
        assert read(client, key.value) == []


def test_destinations_count_the_own_province_apart(outlet: Business, client) -> None:
    sellers(outlet, 5, BANGKA)
    near = factories.make_outlet(branches=(PANGKALPINANG,))
    sellers(near, 5, BANGKA)
    rows = {row["zona"]: row["kiriman"] for row in read(client, "tujuan")}
    assert rows == {"jabodetabek": "5", "own": "5", "semua": "10"}


def test_products_have_totals_both_ways(outlet: Business, client) -> None:
    for area in (BANGKA, PANGKALPINANG):
        for _number in range(5):
            factories.make_product(factories.make_producer(region_code=area))
    found = {(row["wilayah"], row["kategori"]): row["produk"] for row in read(client, "katalog")}
    assert found["semua", "semua"] == "10"
    assert found["Kab. Bangka", "semua"] == "5"
    assert sum(int(n) for (area, _kind), n in found.items() if area == "semua") == 20


def test_every_column_is_in_the_dictionary(app: object, client) -> None:
    page = client.get("/open-data").text
    for key, rule in RULES.items():
        assert set(rule.columns) <= set(COLUMNS)
        answer = client.get(f"/open-data/{key}.csv").data.decode("utf-8-sig")
        assert tuple(answer.splitlines()[0].split(";")) == rule.columns
        assert f"/open-data/{key}.csv" in page
    assert client.get("/open-data/dictionary.csv").status_code == 200
    assert client.get("/open-data/nothing.csv").status_code == 404


@pytest.mark.parametrize(("stalls", "shown"), [(4, ""), (5, "5000000")])
def test_a_bazaar_of_fewer_than_five_stalls_keeps_its_turnover(
    app: object, client, stalls: int, shown: str
) -> None:
    fair = make_fair(stalls)
    for holder in fair.holders:
        report(fair, holder, fair.days[0], 1_000_000)
    assert read(client, "bazar") == []  # while reports come in, two looks would tell one stall's
    with transaction():
        turnover.add_estimate(
            actor=fair.actor, program_id=fair.id, amount=9_000_000, said_by="EO", said_on=today()
        )
        session.get_one(Program, fair.id).state = ProgramState.CLOSED
    row = read(client, "bazar")[0]
    assert row["perkiraan_rupiah"] == ("9000000" if shown else "")
    assert (row["nilai_rupiah"], row["lapak"]) == (shown, str(stalls))
    assert row["disembunyikan"] == ("" if shown else "ya")
    assert row["hari_lapak_dilaporkan"] == str(stalls)


def test_each_province_has_its_own_open_data(app: object, client) -> None:
    """Another province is data: its bazaar stands in its own table and not in the other's."""
    officer = factories.make_person("province", area="16")
    factories.make_office("19")
    fair = make_fair(0, officer=officer, title="Bazar Musi", region_code=factories.PALEMBANG)
    with transaction():
        session.get_one(Program, fair.id).state = ProgramState.CLOSED
    theirs = client.get("/open-data/bazar.csv?province=16").data.decode("utf-8-sig")
    assert "Bazar Musi" in theirs
    assert "Bazar Musi" not in client.get("/open-data/bazar.csv").data.decode("utf-8-sig")
    page = client.get("/open-data?province=16").text
    assert "/open-data/bazar.csv?province=16" in page
    assert "/open-data?province=19" in page
    assert client.get("/open-data/bazar.csv?province=99").status_code == 404
