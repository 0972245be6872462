"""Papers that run out, and the deals that stop with them: added up by hand."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from flask import Flask

from marketplace.accounts import queries as accounts
from marketplace.businesses.models import Branch, Business, Paper
from marketplace.businesses.rules import PaperKind
from marketplace.catalog.models import Product
from marketplace.core.actor import Actor
from marketplace.core.clock import now, today
from marketplace.deals.rules.lines import LineDraft
from marketplace.deals.rules.months import add_months, last_day_of, month_of
from marketplace.deals.rules.states import Origin
from marketplace.deals.rules.terms import Commitment, DealDraft, ItemDraft
from marketplace.deals.services import recording, signing
from marketplace.deals.services.steps import Evidence
from marketplace.infra import options, storage
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.notifications.models import OutboxMessage
from marketplace.notifications.rules import MessageState
from marketplace.readiness import jobs
from marketplace.readiness.documents.radar import after_expiry, letter_of, radar_rows
from marketplace.readiness.models import PaperNotice
from marketplace.readiness.queries import radar as queries
from marketplace.readiness.rules import Horizon, horizon_of
from marketplace.readiness.rules.radar import is_fresh
from marketplace.readiness.services import telling
from tests.factories import (
    BELITUNG,
    make_introduction,
    make_need,
    make_outlet,
    make_paper,
    make_person,
    make_producer,
    make_product,
    make_suggestion,
)

pytestmark = pytest.mark.both_databases

HALAL = "ID19110000012340126"


@pytest.fixture
def officer(app: Flask) -> Actor:
    return accounts.actor_of(accounts.get_person(make_person("province").id))


def _paper(product: Product, days: int, kind: PaperKind = PaperKind.HALAL, **given) -> Paper:
    business = session.get_one(Business, product.business_id)
    long_ago = today() - timedelta(days=900)
    until = today() + timedelta(days=days)
    values = {"number": HALAL, "valid_from": long_ago, "valid_to": until, **given}
    return make_paper(business, kind=kind, covers=[product], **values)


def _shown(area: str = "", horizon: Horizon | None = None) -> list[int]:
    return [paper.id for paper in queries.list_running_out(area, horizon, today())]


def _papers() -> Sequence[Paper]:
    return queries.list_running_out("", None, today())


def _signed(officer: Actor, product: Product, outlet: Business) -> int:
    """Three months from this one on, 50 packs a month at Rp21.000."""
    branch = session.query(Branch).filter_by(business_id=outlet.id).one()
    draft = DealDraft(
        "Kemplang untuk Jakarta",
        items=(ItemDraft(product.id, 21_000, 50),),
        lines=(LineDraft(branch.region_code, 50, branch.id),),
        terms="outright",
        starts_on=today(),
        months=3,
    )
    with transaction():
        scan = storage.put_file(
            b"%PDF-1.4", kind="evidence", media_type="application/pdf", owner_id=officer.person_id
        )
        deal = recording.record_commitment(
            actor=officer,
            producer_id=product.business_id,
            buyer_id=outlet.id,
            origin=Origin.DIRECT,
            commitment=Commitment("Kemplang untuk Jakarta"),
        )
        recording.change_deal(actor=officer, deal=deal, draft=draft)
        signing.sign(actor=officer, deal_id=deal.id, evidence=Evidence(today(), file=scan))
        return deal.id


def test_the_bands_do_not_overlap_and_the_last_day_still_counts() -> None:
    day = date(2026, 11, 26)
    found = {
        left: horizon_of(day + timedelta(days=left), day)
        for left in (-1, 0, 30, 31, 60, 61, 90, 91)
    }
    assert found == {-1: 0, 0: 30, 30: 30, 31: 60, 60: 60, 61: 90, 90: 90, 91: None}


def test_each_paper_lies_in_one_band(app: Flask) -> None:
    papers = {
        days: _paper(make_product(), days, number=f"ID1911000001{days + 5000}0126")
        for days in (-400, -1, 0, 30, 31, 60, 61, 90, 91)
    }
    assert _shown() == [papers[days].id for days in (-1, 0, 30, 31, 60, 61, 90)]
    counts = queries.count_running_out("", today())
    assert counts == {
        Horizon.EXPIRED: 1,
        Horizon.DAYS_30: 2,
        Horizon.DAYS_60: 2,
        Horizon.DAYS_90: 2,
    }
    assert _shown(horizon=Horizon.DAYS_60) == [papers[31].id, papers[60].id]


def test_what_was_renewed_is_not_shown(app: Flask) -> None:
    product = make_product()
    _paper(product, 20)
    _paper(product, 800, number="ID19110000012350126")
    assert _shown() == []


def test_a_renewal_that_does_not_cover_a_product_leaves_it_in_the_radar(app: Flask) -> None:
    producer = make_producer()
    covered, forgotten = make_product(producer), make_product(producer)
    until = today() + timedelta(days=20)
    old = make_paper(
        producer, kind=PaperKind.HALAL, number=HALAL, valid_to=until, covers=[covered, forgotten]
    )
    make_paper(
        producer,
        kind=PaperKind.HALAL,
        number="ID19110000012350126",
        valid_to=until + timedelta(days=700),
        covers=[covered],
    )
    assert _shown() == [old.id]
    assert [each.id for each in radar_rows([old])[0].products] == [forgotten.id]


def test_a_deal_stops_with_what_is_left_after_the_expiry(officer: Actor) -> None:
    product = make_product()
    paper = _paper(product, 1, valid_to=last_day_of(add_months(month_of(today()), 1)))
    deal_id = _signed(officer, product, make_outlet())
    row = radar_rows([paper])[0]
    assert [(deal.deal_id, deal.units, deal.money) for deal in row.deals] == [
        (deal_id, {"bungkus": 50}, 50 * 21_000)
    ]


def test_a_paper_that_ran_out_stops_what_is_left_from_today_on(officer: Actor) -> None:
    product = make_product()
    deal_id = _signed(officer, product, make_outlet())
    paper = _paper(product, -40)
    day = today()
    whole = 2 * 50
    this_month = after_expiry(50, month_of(day), day)
    assert radar_rows([paper])[0].deals[0].deal_id == deal_id
    assert radar_rows([paper])[0].money == (whole + this_month) * 21_000


@pytest.mark.parametrize(
    ("promised", "month", "first", "left"),
    [
        (30, date(2026, 6, 1), date(2026, 6, 16), 15),
        (30, date(2026, 6, 1), date(2026, 6, 1), 30),
        (30, date(2026, 6, 1), date(2026, 6, 30), 1),
        (30, date(2026, 7, 1), date(2026, 6, 16), 30),
        (30, date(2026, 5, 1), date(2026, 6, 16), 0),
    ],
)
def test_of_the_month_of_expiry_the_days_after_it_count(promised, month, first, left) -> None:
    assert after_expiry(promised, month, first) == left


def test_a_barcode_stops_only_what_asks_for_it(app: Flask) -> None:
    product = make_product()
    barcode = _paper(product, 20, PaperKind.GS1, number="8991234567891")
    halal = _paper(product, 20)
    make_suggestion(product, make_need(papers_required="gs1|halal"))
    make_suggestion(product, make_need())
    make_introduction(make_suggestion(product, make_need(), state="accepted"))
    rows = {row.paper.id: row for row in radar_rows([barcode, halal])}
    assert (rows[barcode.id].suggestions, rows[barcode.id].introductions) == (1, 0)
    assert (rows[halal.id].suggestions, rows[halal.id].introductions) == (2, 1)


def test_a_letter_is_written_once_for_each_paper_and_step(officer: Actor, app: Flask) -> None:
    paper = _paper(make_product(name="Kemplang Kanari"), 25)
    with transaction():
        assert telling.tell_of_expiry(actor=officer, papers=_papers()) == 1
    with transaction():
        assert telling.tell_of_expiry(actor=officer, papers=_papers()) == 0
    with app.test_request_context():
        text = letter_of(session.query(OutboxMessage).filter_by(kind="paper_expires").one())
    assert "Kemplang Kanari" in text
    with transaction():
        session.get_one(Paper, paper.id).valid_to = today() - timedelta(days=1)
    with transaction():
        assert telling.tell_of_expiry(actor=officer, papers=_papers()) == 1
    assert session.query(PaperNotice).count() == 2
    # The first one was never sent: nobody gets both.
    states = [each.state for each in session.query(OutboxMessage).order_by(OutboxMessage.id)]
    assert states == [MessageState.CANCELLED, MessageState.TO_SEND]


@pytest.mark.parametrize(
    ("left", "fresh"),
    [
        (91, False), (90, True), (84, True), (83, False), (60, True), (54, True), (53, False),
        (30, True), (23, False), (0, False), (-1, True), (-7, True), (-8, False),
    ],
)  # fmt: skip
def test_a_step_is_fresh_for_a_week(left: int, fresh: bool) -> None:
    assert is_fresh(today() + timedelta(days=left), today()) is fresh


def test_what_reaches_a_step_is_told_of_by_itself_once_a_day(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = _paper(make_product(), 29)
    _paper(make_product(), 12, number="ID19110000012350126")  # 30 days were reached long ago
    for _sweep in range(2):
        monkeypatch.setattr(jobs, "_last_letters", [now() - timedelta(days=1)])
        jobs.tell_daily()
    assert [each.paper_id for each in session.query(PaperNotice)] == [fresh.id]
    assert session.query(OutboxMessage).filter_by(kind="paper_expires").count() == 1
    # On another day nothing is told twice.
    with transaction():
        options.put(jobs.LETTERS_DAY, "2000-01-01")
    monkeypatch.setattr(jobs, "_last_letters", [now() - timedelta(days=1)])
    jobs.tell_daily()
    assert session.query(PaperNotice).count() == 1


def test_the_letter_names_no_buyer(officer: Actor, app: Flask) -> None:
    product = make_product()
    _paper(product, 5)
    _signed(officer, product, make_outlet(name="Gerai Rahasia"))
    with transaction():
        telling.tell_of_expiry(actor=officer, papers=_papers())
    with app.test_request_context():
        text = letter_of(session.query(OutboxMessage).filter_by(kind="paper_expires").one())
    assert "Rahasia" not in text
    assert "1 kesepakatan" in text


def test_a_kabupaten_sees_and_writes_of_its_own_area(app: Flask, signed_in) -> None:
    here = _paper(make_product(make_producer(name="Dapur Sini")), 20)
    there = _paper(
        make_product(make_producer(name="Dapur Sana", region_code=BELITUNG)),
        20,
        number="ID19110000012350126",
    )
    browser = signed_in(make_person("regency"))
    for address in (
        "/readiness/certificates",
        "/readiness/certificates/print",
        "/readiness/certificates.csv",
    ):
        page = browser.get(address)
        assert "Dapur Sini" in page.text
        assert "Dapur Sana" not in page.text
    assert browser.post("/readiness/certificates/tell", data={}).status_code == 302
    assert [each.paper_id for each in session.query(PaperNotice)] == [here.id]
    assert there.id not in _shown(area="19.71")
    assert "Dapur Sana" in signed_in(make_person("province")).get("/readiness/certificates").text
