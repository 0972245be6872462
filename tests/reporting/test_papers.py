"""The report on paper and in Excel says what the page says, and can be checked later."""

import re

import pytest

from marketplace.businesses.models import Business
from marketplace.infra.workbooks import read_sheet
from marketplace.reporting.documents import paper as papers
from marketplace.reporting.queries.counting import total_of, totals_of
from marketplace.reporting.rules.figures import FigureKey
from marketplace.reporting.rules.letters import Addressee, Letter
from marketplace.reporting.rules.periods import read_period
from marketplace.reporting.rules.scopes import Scope
from tests import factories
from tests.factories import BANGKA
from tests.reporting.conftest import AUGUST, Q3, make_deal, make_order
from tests.support.statements import statements_of

Market = dict[str, Business]
LETTER = Letter(Addressee.MINISTRY, "500.2/17/DKUKM", "Dra. Contoh", "Kepala Dinas")


@pytest.fixture
def asked(app, market: Market):
    with app.test_request_context():
        yield Scope(read_period(Q3), "19")


def texts(paper: object) -> str:
    return repr(paper)


def test_the_paper_has_its_number_addressee_signature_and_definitions(asked: Scope) -> None:
    paper = papers.report_paper(asked, LETTER)
    said = texts(paper)
    assert paper.number == "500.2/17/DKUKM"
    assert ("Kepala Dinas", "Dra. Contoh") in paper.signers
    for words in ("Rp480.000", "Perihal", "hari pembayaran", "Gerai baru di Sumatera lainnya"):
        assert words in said, words


def test_it_speaks_english_too(asked: Scope) -> None:
    said = texts(papers.report_paper(asked, Letter(lang="en")))
    assert "Money received" in said
    assert "Uang diterima" not in said


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_pdf_is_tagged_and_is_made_for_an_empty_period_too(asked: Scope, lang: str) -> None:
    for scope in (asked, asked.during(read_period("2020"))):
        pdf = papers.pdf_of(scope, Letter(lang=lang))
        assert pdf.startswith(b"%PDF")
        assert b"/MarkInfo" in pdf


def test_what_is_typed_into_the_letter_is_text(asked: Scope) -> None:
    pdf = papers.pdf_of(asked, Letter(number="#panic() $x$", signer="*tebal* \\ = `x`"))
    assert pdf.startswith(b"%PDF")


def test_the_workbook_adds_up(market: Market, signed_in) -> None:
    browser = signed_in(factories.make_person("province"))
    answer = browser.get(f"/report.xlsx?period={Q3}&number=500.2/17")
    sheet = read_sheet(answer.data, is_known=lambda header: header in {"Kode wilayah", "Daerah"})
    assert "Kode wilayah" in sheet.headers
    column = sheet.headers.index("Uang diterima")
    assert sum(row[column] for row in sheet.rows) == 480_000


def _link(browser, url: str) -> str:
    """The address in the mark of a paper, as the PDF carries it."""
    found = re.search(rb"/report-paper/[\w.~-]+", browser.get(url).data)
    assert found is not None
    return found.group().decode()


def test_a_paper_can_be_checked_and_says_when_figures_changed(
    market: Market, signed_in, client
) -> None:
    browser = signed_in(factories.make_person("province"))
    address = _link(browser, f"/report.pdf?period={Q3}")
    genuine = client.get(address)
    assert "seperti yang tercatat hari ini" in genuine.text
    assert "480" not in genuine.text
    make_order(make_deal(market["bangka"], market["chain"]), AUGUST, paid=1)
    assert "cetakan baru" in client.get(address).text
    assert client.get(address[:-3] + "xyz").status_code == 404


def test_a_kabupaten_prints_its_own(market: Market, signed_in) -> None:
    browser = signed_in(factories.make_person("regency", area=BANGKA))
    answer = browser.get(f"/report.pdf?period={Q3}&area=")
    assert answer.headers["Content-Disposition"].endswith(f"laporan-{BANGKA}-{Q3}.pdf")
    assert total_of(FigureKey.RECEIVED, Scope(read_period(Q3), "19", BANGKA)).amount == 90_000


def test_paper_and_workbook_count_each_figure_once_whatever_the_number_of_rows(
    asked: Scope, market: Market
) -> None:
    def page() -> object:
        return totals_of(asked)

    def paper() -> object:
        return papers.pdf_of(asked, LETTER)

    def workbook() -> object:
        return papers.workbook_of(asked, LETTER)

    once, drawn, written = map(statements_of, (page, paper, workbook))
    # The figures with their trend and areas, once; steps, losses, flows; bazaars and trainings.
    assert drawn == written
    assert drawn < 10 * once
    for n in range(5):
        maker = factories.make_producer(region_code=BANGKA)
        factories.make_product(maker)
        deal = make_deal(maker, factories.make_outlet())
        make_order(deal, AUGUST, quantity=10 + n, paid=1_000)
    assert tuple(map(statements_of, (page, paper, workbook))) == (once, drawn, written)
