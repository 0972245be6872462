"""Papers of deals: whole, tagged, genuine, and silent about private things."""

import re
from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from marketplace.core.clock import today
from marketplace.deals import queries
from marketplace.deals.documents import papers
from marketplace.deals.models import Deal
from marketplace.deals.rules import law
from marketplace.deals.rules.months import month_of
from marketplace.deals.rules.papers import DealPaper
from marketplace.deals.rules.states import DealState
from marketplace.deals.services import ordering, signing
from marketplace.deals.services.ordering import OrderDraft
from marketplace.infra.pdf import Paper, Part, write_pdf
from marketplace.infra.transaction import transaction
from tests.conftest import SignIn
from tests.deals.conftest import Trade, evidence, record, terms_of
from tests.support.client import Client


def said(paper: Paper) -> str:
    """Everything a paper says, in one text."""
    parts = [
        text
        for part in paper.blocks
        for text in (
            part.heading,
            *part.lines,
            *(" ".join(fact) for fact in part.facts),
            *(" ".join(row) for row in part.rows),
        )
    ]
    return "\n".join([paper.title, *parts, *(" ".join(one) for one in paper.signers)])


def test_the_agreement_holds_every_item_the_law_asks(
    app: Flask, trade: Trade, signed: Callable[..., Deal]
) -> None:
    deal = queries.get_deal(signed(volume=60, ramp=(20, 60)).id)
    with app.test_request_context():
        text = said(papers.agreement_of(deal))
    for item in (
        "Kemplang Ceria",
        "Toko Rasa",
        "Hak dan kewajiban",
        "Bentuk pengembangan",
        "Jangka waktu",
        "30 hari setelah",
        "Penyelesaian perselisihan",
        "Rp21.000",
        "20, 60",
    ):
        assert item in text


def test_an_agreement_nobody_signed_says_that_it_is_a_draft(app: Flask, trade: Trade) -> None:
    deal = queries.get_deal(record(trade, terms_of(trade, 60)).id)
    with app.test_request_context():
        assert papers.agreement_of(deal).draft


def test_a_paper_is_tagged_and_reads_nothing_typed_as_markup(app: Flask) -> None:
    odd = '#import "x" $a$ *b* _c_ `d` \\ "e" <f> @g #panic("h")'
    paper = Paper(
        "Judul " + odd, "1", "Dinas", (Part(odd, (odd,), ((odd, odd),), (odd,), ((odd,),)),)
    )
    pdf = write_pdf(paper, check="Periksa", url="https://contoh.id/paper/x")
    assert pdf.startswith(b"%PDF")
    assert b"/StructTreeRoot" in pdf
    assert b"/Lang" in pdf


def test_the_address_of_the_mark_stays_on_the_sheet(app: Flask) -> None:
    pdf = write_pdf(
        Paper("Surat", "1", "Dinas", ()), check="P", url="https://contoh.id/" + "W" * 99
    )
    places = re.findall(rb"/Rect\s*\[[\d.]+ [\d.]+ ([\d.]+) ", pdf)
    assert places
    assert all(float(right) < 210 / 25.4 * 72 - 20 for right in places)


def test_both_sides_print_the_agreement_as_pdf_and_excel(
    trade: Trade, signed_in: SignIn, signed: Callable[..., Deal]
) -> None:
    deal = signed()
    for person in (trade.maker, trade.buyer, trade.officer):
        browser = signed_in(person)
        assert browser.get(f"/deals/{deal.id}/agreement.pdf").data.startswith(b"%PDF")
    sheet = signed_in(trade.buyer).get(f"/deals/{deal.id}/agreement.xlsx").data
    cells = CalamineWorkbook.from_filelike(BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert any("Kemplang Ceria" in str(cell) for row in cells for cell in row)
    assert signed_in(trade.buyer).get(f"/deals/{deal.id}/agreement.exe").status_code == 404


def test_the_mark_leads_to_a_page_that_tells_genuine_from_changed_and_nothing_private(
    app: Flask,
    client: Client,
    trade: Trade,
    signed_in: SignIn,
    signed: Callable[..., Deal],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deal = signed(starts_on=month_of(today()))
    line = queries.get_deal(deal.id).lines[0].id
    with transaction():
        order = ordering.order(
            actor=trade.office,
            deal_id=deal.id,
            draft=OrderDraft(line, 5, today()),
            evidence=evidence(),
        )
    printed: list[str] = []
    monkeypatch.setattr(
        papers, "write_pdf", lambda paper, *, check, url: printed.append(url) or b"%PDF"
    )
    maker = signed_in(trade.maker)
    maker.get(f"/orders/{order.id}/papers/purchase-order.pdf")
    page = client.text(urlsplit(printed[0]).path)
    assert "asli" in page
    assert f"TG-K-{deal.id}/{order.number}" in page
    for private in ("Kemplang Ceria", "Toko Rasa", "21.000", "Ibu Contoh"):
        assert private not in page
    maker.get(f"/deals/{deal.id}/agreement.pdf")
    path = urlsplit(printed[1]).path
    assert "berubah" not in client.text(path)
    with transaction():
        queries.get_deal(deal.id).settlement = "Lain"
    assert "berubah" in client.text(path)
    forged = re.sub(r"\.", "x.", path, count=1)
    assert client.get(forged).status_code == 404


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (DealState.ENDED, "sudah selesai"),
        (DealState.CANCELLED, "sudah dibatalkan"),
        (DealState.DISPUTED, "disengketakan"),
    ],
)
def test_the_code_on_a_paper_says_when_its_deal_no_longer_holds(
    client: Client,
    trade: Trade,
    signed_in: SignIn,
    signed: Callable[..., Deal],
    monkeypatch: pytest.MonkeyPatch,
    then: DealState,
    words: str,
) -> None:
    deal = signed(starts_on=month_of(today()))
    line = queries.get_deal(deal.id).lines[0].id
    with transaction():
        order = ordering.order(
            actor=trade.office,
            deal_id=deal.id,
            draft=OrderDraft(line, 5, today()),
            evidence=evidence(),
        )
    printed: list[str] = []
    monkeypatch.setattr(
        papers, "write_pdf", lambda paper, *, check, url: printed.append(url) or b"%PDF"
    )
    maker = signed_in(trade.maker)
    for url in (f"/deals/{deal.id}/agreement.pdf", f"/orders/{order.id}/papers/purchase-order.pdf"):
        maker.get(url)
    paths = [urlsplit(url).path for url in printed]
    assert not any(words in client.text(path) for path in paths)
    with transaction():
        signing.close(
            actor=trade.office, deal_id=deal.id, then=then, evidence=evidence(note="Gerai tutup")
        )
    assert len(paths) == 2
    for path in paths:
        page = client.text(path)
        assert words in page
        for private in ("Kemplang Ceria", "Toko Rasa", "Gerai tutup"):
            assert private not in page


def test_papers_of_steps_that_did_not_come_yet_are_not_there(
    trade: Trade, signed_in: SignIn, signed: Callable[..., Deal]
) -> None:
    deal = signed(starts_on=month_of(today()))
    line = queries.get_deal(deal.id).lines[0].id
    with transaction():
        order = ordering.order(
            actor=trade.office,
            deal_id=deal.id,
            draft=OrderDraft(line, 5, today()),
            evidence=evidence(),
        )
    browser = signed_in(trade.maker)
    for kind in (DealPaper.DELIVERY_NOTE, DealPaper.STATEMENT, DealPaper.RECEIPT):
        assert browser.get(f"/orders/{order.id}/papers/{kind.value}.pdf").status_code == 404
    with transaction():
        ordering.send(actor=trade.office, order_id=order.id, evidence=evidence())
    note = browser.get(f"/orders/{order.id}/papers/delivery-note.pdf")
    assert note.data.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("outlet_format", "percent", "fee", "outlets", "flags"),
    [
        ("supermarket", 15, 75_000, 100, 0),
        ("supermarket", 16, 75_001, 1, 2),
        ("hypermarket", None, 150_000, 67, 1),
        ("minimarket", None, 50_000, 400, 0),
        ("souvenir", 20, 10**9, 1, 1),
        ("", None, None, 0, 0),
    ],
)
def test_fees_and_trading_terms_above_the_cap_are_flagged_with_their_basis(
    outlet_format: str, percent: int | None, fee: int | None, outlets: int, flags: int
) -> None:
    found = law.flags_of(outlet_format, percent, fee, outlets)
    assert len(found) == flags
    assert {flag.basis for flag in found} <= {"Permendag 23/2021 pasal 11"}


def test_forbidden_terms_stand_on_the_page_and_in_the_agreement(
    app: Flask, trade: Trade, signed_in: SignIn
) -> None:
    deal = record(trade, terms_of(trade, 60, trading_terms_percent=18))
    assert "Permendag 23/2021" in signed_in(trade.officer).text(f"/deals/{deal.id}")
    with app.test_request_context():
        assert "Permendag 23/2021" in said(papers.agreement_of(queries.get_deal(deal.id)))
