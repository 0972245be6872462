"""Participants and turnover come in from Excel: good rows are kept, odd ones are said back."""

import html
import io

import pytest
from flask import Flask

from marketplace.infra.db import session
from marketplace.infra.workbooks import read_sheet
from marketplace.programs.models import StallHolder, TurnoverReport
from marketplace.programs.queries import bazaars as queries
from marketplace.programs.queries import turnover as reads
from marketplace.programs.sheets import HOLDERS, TURNOVER
from tests import factories
from tests.exchange.conftest import Importer, csv_bytes
from tests.programs.fairs import Fair, make_fair, report

HEADS = ("Kegiatan", "Lapak", "Nama usaha", "Tanggal", "Omzet", "Jumlah benar", "Ganti angka")


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(3)


@pytest.fixture
def office(fair: Fair, signed_in, run_jobs) -> Importer:
    return Importer(signed_in(fair.officer), run_jobs)


def row(fair: Fair, label: str, day: int, amount: object, sure: str = "", replace: str = ""):
    on = fair.days[day].strftime("%d/%m/%Y")
    return (f"{fair.id} Bazar Uji", label, "", on, amount, sure, replace)


def test_good_rows_come_in_and_odd_ones_say_what_to_do(fair: Fair, office: Importer) -> None:
    report(fair, fair.holders[1], fair.days[0], 4_000_000)
    done = office.bring_in(
        "turnover",
        csv_bytes(
            HEADS,
            row(fair, "1", 0, "1,5 juta"),
            row(fair, "1", 1, ""),
            row(fair, "2", 0, "5.000.000"),
            row(fair, "3", 0, "20.000.000.000"),
            row(fair, "9", 0, "100.000"),
        ),
    )
    assert done.counts == {"added": 1, "empty": 1}
    kept = reads.find_report(fair.holders[0], fair.days[0])
    assert kept is not None
    assert kept.amount == 1_500_000
    assert session.query(TurnoverReport).count() == 2
    page = office.browser.get(f"/imports/{done.id}").text
    assert "Jumlah benar" in page or "nolnya" in page
    assert "Ganti angka" in page


def test_yes_in_its_column_takes_the_odd_and_replaces_the_known(
    fair: Fair, office: Importer
) -> None:
    report(fair, fair.holders[1], fair.days[0], 4_000_000)
    done = office.bring_in(
        "turnover",
        csv_bytes(
            HEADS,
            row(fair, "2", 0, "5.000.000", "", "ya"),
            row(fair, "3", 0, "20.000.000.000", "ya", ""),
        ),
    )
    assert done.counts == {"added": 1, "changed": 1}
    kept = reads.find_report(fair.holders[1], fair.days[0])
    assert kept is not None
    assert kept.amount == 5_000_000


def test_a_figure_beside_the_name_of_another_stall_goes_to_neither(
    fair: Fair, office: Importer
) -> None:
    first, second = (holder.name for holder in queries.holders_of(fair.id)[:2])
    told = list(row(fair, "1", 0, "1,5 juta"))
    told[2] = second
    done = office.bring_in("turnover", csv_bytes(HEADS, told))
    assert session.query(TurnoverReport).count() == 0
    assert done.counts == {}
    page = html.unescape(office.browser.get(f"/imports/{done.id}").text)
    assert f"Lapak 1 dipegang {first}" in page
    told[2] = first.upper()
    assert office.bring_in("turnover", csv_bytes(HEADS, told)).counts == {"added": 1}


def test_the_page_of_a_day_and_that_of_the_stalls_lead_to_where_a_filled_list_is_sent(
    fair: Fair, office: Importer
) -> None:
    assert 'href="/import/turnover"' in office.browser.get(f"/bazaars/{fair.id}/turnover").text
    assert 'href="/import/stalls"' in office.browser.get(f"/bazaars/{fair.id}/stalls").text


def test_another_office_cannot_bring_in_figures_of_this_one(
    fair: Fair, signed_in, run_jobs
) -> None:
    stranger = Importer(signed_in(factories.make_person("regency")), run_jobs)
    number = stranger.start("turnover", csv_bytes(HEADS, row(fair, "1", 0, "1,5 juta")))
    page = stranger.check(number)
    assert session.query(TurnoverReport).count() == 0
    assert page is not None


def test_participants_come_in_from_the_register_and_as_walk_ins(
    fair: Fair, office: Importer
) -> None:
    known = factories.make_producer(name="Dapur Lama")
    done = office.bring_in(
        "stalls",
        csv_bytes(
            ("Kegiatan", "Nama usaha", "Lapak", "No HP", "Kabupaten", "Jualan"),
            (f"{fair.id} Bazar Uji", "Dapur Lama", "4", "", "", ""),
            (f"{fair.id} Bazar Uji", "Es Baru", "5", "0812 3456 7890", "Pangkalpinang", "es"),
            (f"{fair.id} Bazar Uji", "Salah Lapak", "77", "", "", ""),
        ),
    )
    assert done.counts == {"added": 2}
    held = {one.name: one for one in queries.holders_of(fair.id)}
    assert held["Dapur Lama"].business_id == known.id
    assert held["Es Baru"].business_id is None
    assert held["Es Baru"].stall is not None
    assert held["Es Baru"].stall.label == "5"
    assert session.query(StallHolder).filter_by(name="Salah Lapak").count() == 0


def test_the_form_of_a_bazaar_has_a_row_for_each_stall_and_day_and_comes_back_as_it_went(
    fair: Fair, office: Importer
) -> None:
    report(fair, fair.holders[0], fair.days[0], 1_500_000)
    data = office.browser.get(f"/bazaars/{fair.id}/form.xlsx").data
    known = {column.label for column in TURNOVER.columns}
    table = read_sheet(data, is_known=lambda cell: cell.strip(" *") in known or bool(cell))
    assert len(table.rows) == 9
    done = office.bring_in("turnover", data, "omzet.xlsx")
    assert done.counts == {"same": 1, "empty": 8}


def test_a_row_without_a_figure_is_named_as_left_out_and_not_as_already_there(
    fair: Fair, office: Importer
) -> None:
    number = office.start("turnover", csv_bytes(HEADS, row(fair, "1", 0, "")))
    office.check(number)
    page = html.unescape(office.browser.get(f"/imports/{number}").text)
    assert "1 baris tidak diikutkan: angkanya belum diisi." in page
    assert "sudah terdaftar persis sama" not in page
    report(fair, fair.holders[0], fair.days[0], 1_500_000)
    done = office.bring_in(
        "turnover", csv_bytes(HEADS, row(fair, "1", 0, ""), row(fair, "2", 0, "1,2 juta"))
    )
    page = html.unescape(office.browser.get(f"/imports/{done.id}").text)
    assert done.counts == {"added": 1, "empty": 1}
    assert "1 baris tidak diikutkan: angkanya belum diisi." in page


def test_lists_are_given_out_in_the_columns_they_come_in_by(fair: Fair, office: Importer) -> None:
    report(fair, fair.holders[0], fair.days[0], 1_500_000)
    for path in (
        f"/bazaars/{fair.id}/stalls.csv",
        f"/bazaars/{fair.id}/turnover.csv",
        "/export/stalls.csv",
        "/export/turnover.csv",
    ):
        answer = office.browser.get(path)
        assert answer.status_code == 200, path
        assert fair.businesses[0].name in answer.data.decode("utf-8-sig")
    assert io.BytesIO(office.browser.get("/import/turnover/template.xlsx").data).read(2) == b"PK"
    assert HOLDERS.key == "stalls"
