"""The register out and in by NIB: zeros stay, differences are seen first, unknown rows are told."""

from datetime import date
from io import BytesIO

import pytest

from marketplace.businesses import queries as register
from marketplace.businesses.models import Business, Paper
from marketplace.businesses.rules import PaperKind, PaperState
from marketplace.core.kbli import kbli_text
from marketplace.core.sheets import match_headers
from marketplace.infra.db import session
from marketplace.infra.workbooks import read_sheet, write_csv, write_xlsx
from marketplace.reporting.rules.filling import COLUMNS, Field, RowProblem, read_nib, read_rows
from tests import factories
from tests.factories import BANGKA, BELITUNG

NIB = "0123456789012"


@pytest.fixture
def dapur(app: object) -> Business:
    return factories.make_producer(name="Dapur Asal", nib=NIB, address="Jalan Lama 1")


def send(browser, *rows: dict[str, object], csv: bool = True):
    cells = [[row.get(column.key) for column in COLUMNS] for row in rows]
    data = write_csv(COLUMNS, cells) if csv else write_xlsx(COLUMNS, cells)
    return browser.post("/register/nib", data={"file": (BytesIO(data), "oss.csv")})


def accept(browser, answer):
    tokens = [part.split('"')[0] for part in answer.text.split('name="accept" value="')[1:]]
    return browser.post("/register/nib/accept", data={"accept": tokens})


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_nib_keeps_its_zero_on_the_way_out(dapur: Business, signed_in, ending: str) -> None:
    browser = signed_in(factories.make_person("province"))
    answer = browser.get(f"/register/nib.{ending}")
    sheet = read_sheet(answer.data, is_known=lambda header: header == "NIB")
    assert sheet.rows[0][0] == NIB
    assert sheet.rows[0][2] == "19.71"


def test_what_went_out_comes_back_without_a_difference(dapur: Business, signed_in) -> None:
    factories.make_paper(dapur, kind=PaperKind.PIRT)
    browser = signed_in(factories.make_person("province"))
    for ending in ("csv", "xlsx"):
        data = browser.get(f"/register/nib.{ending}").data
        answer = browser.post("/register/nib", data={"file": (BytesIO(data), "x")})
        assert "Tidak ada yang berbeda" in answer.text


def test_an_officer_sees_each_difference_and_takes_over_what_is_ticked(
    dapur: Business, signed_in
) -> None:
    browser = signed_in(factories.make_person("province"))
    answer = send(browser, {"nib": NIB, "name": "Dapur Baru", "address": "Jalan Lama 1",
                            "kemendagri": BANGKA, "halal": "ID19110000012340126"})  # fmt: skip
    assert "Dapur Baru" in answer.text
    assert "Jalan Lama" not in answer.text  # the same on both sides
    session.expire_all()
    assert session.get_one(Business, dapur.id).name == "Dapur Asal"
    assert accept(browser, answer).status_code == 302
    session.expire_all()
    now = session.get_one(Business, dapur.id)
    assert (now.name, now.region_code) == ("Dapur Baru", BANGKA)
    paper = session.query(Paper).filter_by(kind=PaperKind.HALAL).one()
    assert paper.state is PaperState.ENTERED


def test_a_tick_of_before_somebody_elses_change_is_told(dapur: Business, signed_in) -> None:
    browser = signed_in(factories.make_person("province"))
    answer = send(browser, {"nib": NIB, "name": "Dapur Baru"})
    other = send(browser, {"nib": NIB, "address": "Jalan Baru 2"})
    accept(browser, other)
    page = browser.get(accept(browser, answer).headers["Location"]).text
    assert "Dapur Asal" in page
    session.expire_all()
    assert session.get_one(Business, dapur.id).name == "Dapur Asal"


def test_the_same_ticks_sent_twice_enter_a_paper_once(dapur: Business, signed_in) -> None:
    browser = signed_in(factories.make_person("province"))
    answer = send(browser, {"nib": NIB, "halal": "ID19110000012340126"})
    accept(browser, answer)
    page = browser.get(accept(browser, answer).headers["Location"]).text
    assert "Dapur Asal" in page  # told that it was changed meanwhile
    assert session.query(Paper).filter_by(kind=PaperKind.HALAL).count() == 1


def test_only_what_was_shown_can_be_accepted(dapur: Business, signed_in) -> None:
    browser = signed_in(factories.make_person("province"))
    assert browser.post("/register/nib/accept", data={"accept": ["x.y"]}).status_code == 404
    # A tick of the province is no tick of another office.
    answer = send(browser, {"nib": NIB, "name": "Dapur Baru"})
    accept(signed_in(factories.make_person("regency", area=BELITUNG)), answer)
    session.expire_all()
    assert session.get_one(Business, dapur.id).name == "Dapur Asal"


def test_rows_without_a_match_are_told_with_the_reason(dapur: Business, signed_in) -> None:
    browser = signed_in(factories.make_person("regency", area=BELITUNG))
    answer = send(
        browser,
        {"nib": NIB},
        {"nib": "9999999999999"},
        {"nib": "123"},
        {"name": "Tanpa nomor"},
    )
    for words in ("dinas lain", "tidak ada usaha terdaftar", "tepat 13 angka", "tanpa NIB"):
        assert words in answer.text, words


def test_a_zero_that_excel_ate_is_put_back_and_said(dapur: Business, signed_in) -> None:
    assert read_nib(int(NIB)) == (NIB, True)
    assert read_nib(NIB) == (NIB, False)
    assert read_nib(123) == ("123", False)
    assert read_nib("12.34-5") == ("12345", False)


def said_of(**given: object):
    cells = [given.get(column.key) for column in COLUMNS]
    match = match_headers([column.label for column in COLUMNS], COLUMNS)
    return read_rows([cells], [2], match)


def test_a_region_code_without_a_dot_is_asked_back() -> None:
    """1905 is Bangka Barat for one ministry and Bangka Selatan for the other."""
    _said, refused = said_of(nib=NIB, kemendagri="1905")
    assert refused[0].problem is RowProblem.BARE_CODE
    said, _refused = said_of(nib=NIB, bps="1905")
    assert said[0].values[Field.REGION] == "19.03"
    said, _refused = said_of(nib=NIB, kemendagri="19.05")
    assert said[0].values[Field.REGION] == "19.05"


def test_a_paper_is_told_with_its_last_day() -> None:
    said, _refused = said_of(nib=NIB, pirt="2061971010001-31", pirt_to=date(2031, 1, 1))
    assert said[0].until == {Field.PIRT: date(2031, 1, 1)}


@pytest.mark.parametrize("role", ["producer", "buyer", None])
def test_nobody_but_officers_exchanges(app: object, signed_in, role: str | None) -> None:
    browser = signed_in(factories.make_person(role))
    assert browser.get("/register/nib").status_code == 403
    assert browser.get("/register/nib.csv").status_code == 403
    assert browser.post("/register/nib", data={}).status_code == 403


def kbli_of(business: Business) -> str:
    session.expire_all()
    return kbli_text(register.kbli_of(business.id))


def test_lines_of_business_go_out_and_those_we_lack_are_taken_over(
    dapur: Business, signed_in
) -> None:
    browser = signed_in(factories.make_person("province"))
    accept(browser, send(browser, {"nib": NIB, "kbli": "10213, KBLI 2020: 10794"}))
    assert kbli_of(dapur) == "KBLI 2025: 10213; KBLI 2020: 10794"
    for ending in ("csv", "xlsx"):
        data = browser.get(f"/register/nib.{ending}").data
        assert (
            "Tidak ada yang berbeda"
            in browser.post("/register/nib", data={"file": (BytesIO(data), "x")}).text
        )
    # A table with the main one only says nothing new; another code is added to ours.
    assert "Tidak ada yang berbeda" in send(browser, {"nib": NIB, "kbli": "10213"}).text
    accept(browser, send(browser, {"nib": NIB, "kbli": "10711 - Industri Roti, Kue"}))
    assert kbli_of(dapur) == "KBLI 2025: 10213; KBLI 2025: 10711; KBLI 2020: 10794"


def test_a_row_whose_lines_of_business_cannot_be_read_is_told(dapur: Business, signed_in) -> None:
    answer = send(signed_in(factories.make_person("province")), {"nib": NIB, "kbli": "1021"})
    assert "kode KBLI 5 angka" in answer.text
