"""Papers: handed in, checked, decided on; what counts and who sees it."""

import io
from datetime import date, timedelta

import pytest
from PIL import Image

from marketplace.businesses import queries, rules
from marketplace.businesses.events import PaperChanged
from marketplace.businesses.models import Business, Paper
from marketplace.businesses.rules import PaperKind, PaperState
from marketplace.core.clock import now, today
from marketplace.core.errors import RuleBroken
from marketplace.infra import events, storage
from marketplace.infra.db import session
from marketplace.infra.storage import StoredFile
from marketplace.infra.transaction import transaction
from tests.factories import (
    BANGKA,
    BELITUNG,
    PANGKALPINANG,
    in_days,
    make_outlet,
    make_paper,
    make_person,
    make_producer,
)

NEXT_YEARS = f"{(today().year + 2) % 100:02}"
PIRT = {"kind": "pirt", "number": f"P-IRT 2061971010004-{NEXT_YEARS}"}


def photo(size: tuple[int, int] = (60, 40)) -> io.BytesIO:
    held = io.BytesIO()
    Image.new("RGB", size, "#c0ffee").save(held, "JPEG")
    held.seek(0)
    return held


@pytest.fixture
def own(app) -> Business:
    return make_producer(name="Kemplang Bu Ani", region_code=PANGKALPINANG)


@pytest.fixture
def owner(own, signed_in):
    return signed_in(make_person(works_for=own))


@pytest.fixture
def published(app, monkeypatch):
    told: list[object] = []
    monkeypatch.setattr(events, "_subscribers", {PaperChanged: (told.append,)})
    return told


# --- rules


def test_only_the_listed_steps_of_a_paper_are_allowed() -> None:
    allowed = {
        (PaperState.ENTERED, PaperState.VERIFIED),
        (PaperState.ENTERED, PaperState.REJECTED),
        (PaperState.VERIFIED, PaperState.REVOKED),
    }
    for present in PaperState:
        for then in PaperState:
            if (present, then) in allowed:
                rules.check_paper_transition(present, then)
            else:
                with pytest.raises(RuleBroken):
                    rules.check_paper_transition(present, then)


@pytest.mark.parametrize("state", list(PaperState))
@pytest.mark.parametrize("days", [-1, 0, 1, None])
def test_a_paper_counts_until_its_last_day_has_passed_unless_decided_against(state, days) -> None:
    day = date(2026, 11, 24)
    valid_to = None if days is None else day + timedelta(days=days)
    live = state in {PaperState.ENTERED, PaperState.VERIFIED}
    assert rules.counts(state, valid_to, day) is (live and days != -1)
    shown = rules.shown_state(state, valid_to, day)
    assert shown == ("expired" if live and days == -1 else state.value)


def test_a_pirt_holds_no_longer_than_its_number_says() -> None:
    number = rules.read_number(PaperKind.PIRT, "2061971010004-28", date(2026, 11, 24))
    assert rules.last_day(number, None) == date(2028, 12, 31)
    assert rules.last_day(number, date(2030, 1, 1)) == date(2028, 12, 31)
    assert rules.last_day(number, date(2027, 6, 30)) == date(2027, 6, 30)


def test_numbers_that_name_somebody_are_masked_and_those_on_packages_are_not() -> None:
    assert rules.mask_number(PaperKind.NIB, "0220201234567") == "0220*******67"
    assert "12345" not in rules.mask_number(PaperKind.NPWP, "1971014107812345")[4:14]
    assert rules.mask_number(PaperKind.PIRT, "206197101000431") == "206197101000431"


# --- handing in


def test_a_paper_is_handed_in_with_its_expiry_read_from_the_number(owner, own, published) -> None:
    own_id = own.id
    assert owner.post(f"/businesses/{own_id}/papers/new", data=PIRT).status_code == 302
    paper = session.query(Paper).one()
    assert paper.state is PaperState.ENTERED
    assert paper.valid_to == date(today().year + 2, 12, 31)
    assert published == [PaperChanged(own_id, paper.id)]


def test_a_warning_does_not_block_and_is_shown_until_the_office_has_looked(owner, own) -> None:
    data = {"kind": "gs1", "number": "4006381333931"}  # issued by GS1 Germany
    response = owner.post(f"/businesses/{own.id}/papers/new", data=data, follow_redirects=True)
    assert response.status_code == 200
    assert "899" in response.text


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("nib", "123"),
        ("nib", "022020123456"),
        ("pirt", "12345"),
        ("md", "123456789012"),
        ("halal", "KH 123456"),
        ("gs1", "8991234567890"),
        ("npwp", "abc"),
        ("halal", "x" * 10_000),
        ("pirt", ""),
        ("nib", "<b>1</b>"),
        ("nib", "1e308"),
        ("passport", "0220201234567"),
    ],
)
def test_a_number_that_cannot_be_is_refused_beside_the_field(owner, own, kind, number) -> None:
    response = owner.post(f"/businesses/{own.id}/papers/new", data={"kind": kind, "number": number})
    assert response.status_code == 422
    assert session.query(Paper).count() == 0


@pytest.mark.parametrize(
    "days", [{"valid_from": "kemarin"}, {"valid_to": "2026-02-31"}, {"valid_to": "0001-01-01"},
             {"valid_from": "2026-06-01", "valid_to": "2026-05-31"}, {"valid_to": "9" * 5_000}]
)  # fmt: skip
def test_days_that_cannot_be_are_refused(owner, own, days) -> None:
    data = {"kind": "halal", "number": "ID19110000123450321", **days}
    assert owner.post(f"/businesses/{own.id}/papers/new", data=data).status_code == 422
    assert session.query(Paper).count() == 0


def test_an_imported_food_licence_is_known_by_its_letters(owner, own) -> None:
    owner.post(f"/businesses/{own.id}/papers/new", data={"kind": "md", "number": "ML 123456789012"})
    assert session.query(Paper).one().kind is PaperKind.ML


@pytest.mark.both_databases
def test_the_same_paper_is_handed_in_once_but_a_rejected_one_may_come_again(owner, own) -> None:
    own_id = own.id
    url = f"/businesses/{own_id}/papers/new"
    assert owner.post(url, data=PIRT).status_code == 302
    assert owner.post(url, data=PIRT).status_code == 409
    paper_id = session.query(Paper).one().id
    with transaction():
        paper = session.get(Paper, paper_id)
        paper.state, paper.decided_by_id, paper.decided_by_name = PaperState.REJECTED, 1, "Rina"
        paper.decided_at = now()
    assert owner.post(url, data=PIRT).status_code == 302
    assert session.query(Paper).count() == 2


def test_a_nib_paper_fills_the_register_and_cannot_be_another_businesss(owner, own, app) -> None:
    own_id = own.id
    make_producer(nib="9120001234567")
    url = f"/businesses/{own_id}/papers/new"
    assert owner.post(url, data={"kind": "nib", "number": "9120001234567"}).status_code == 409
    assert owner.post(url, data={"kind": "nib", "number": "0220201234567"}).status_code == 302
    assert session.get(Business, own_id).nib == "0220201234567"


# --- scans


def test_a_scan_survives_an_error_in_another_field(owner, own) -> None:
    url = f"/businesses/{own.id}/papers/new"
    first = owner.post(url, data={**PIRT, "number": "123", "scan": (photo(), "izin.jpg")})
    assert first.status_code == 422
    assert "izin.jpg" in first.text
    token = session.query(StoredFile).one().token
    assert token in first.text
    assert owner.post(url, data={**PIRT, "scan_token": token}).status_code == 302
    paper = queries.get_paper(session.query(Paper).one().id)
    assert paper.scan is not None
    assert paper.scan.token == token


def test_a_scan_in_use_is_not_swept_away(owner, own) -> None:
    owner.post(f"/businesses/{own.id}/papers/new", data={**PIRT, "scan": (photo(), "izin.jpg")})
    assert session.query(StoredFile).one().kept


def test_nobody_takes_the_scan_of_somebody_else(owner, own, signed_in) -> None:
    other = make_producer()
    other_id, url = other.id, f"/businesses/{own.id}/papers/new"
    owner.post(url, data={**PIRT, "number": "123", "scan": (photo(), "izin.jpg")})
    token = session.query(StoredFile).one().token
    thief = signed_in(make_person(works_for=other))
    thief.post(f"/businesses/{other_id}/papers/new", data={**PIRT, "scan_token": token})
    assert session.query(Paper).filter_by(business_id=other_id).one().scan_id is None


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"", "kosong.jpg"), (b"MZ\x90\x00" * 50, "virus.jpg"), (b"<svg onload=alert(1)>", "a.svg"),
     (b"\xff\xd8\xff\xe0" + b"\x00" * 100, "rusak.jpg")],
)  # fmt: skip
def test_a_file_that_is_no_scan_is_refused_with_a_reason(owner, own, data, name) -> None:
    url = f"/businesses/{own.id}/papers/new"
    response = owner.post(url, data={**PIRT, "scan": (io.BytesIO(data), name)})
    assert response.status_code == 422
    assert 'id="scan-error"' in response.text
    assert "2061971010004" in response.text  # what was typed stays
    assert session.query(Paper).count() == 0


def test_a_file_of_fifty_megabytes_is_refused(owner, own) -> None:
    url = f"/businesses/{own.id}/papers/new"
    kind = "multipart/form-data; boundary=a"
    response = owner.post(url, data=b"x" * 50_000_000, content_type=kind)
    assert response.status_code == 413
    assert session.query(Paper).count() == 0


def test_a_pdf_is_only_ever_saved_and_a_photo_is_sandboxed(owner, own) -> None:
    url = f"/businesses/{own.id}/papers/new"
    owner.post(url, data={**PIRT, "scan": (io.BytesIO(b"%PDF-1.7 <script>"), 'x"\r\n.pdf')})
    paper_id = session.query(Paper).one().id
    response = owner.get(f"/papers/{paper_id}/scan")
    assert response.headers["Content-Disposition"] == f'attachment; filename="scan-{paper_id}.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    halal = {"kind": "halal", "number": "ID19110000123450321", "scan": (photo(), "halal.jpg")}
    owner.post(url, data=halal)
    second = session.query(Paper).filter_by(kind=PaperKind.HALAL).one().id
    response = owner.get(f"/papers/{second}/scan")
    assert response.mimetype.startswith("image/")
    assert "sandbox" in response.headers["Content-Security-Policy"]


# --- checking


@pytest.fixture
def waiting(own) -> int:
    return make_paper(own, state=PaperState.ENTERED, number=f"2061971010004{NEXT_YEARS}").id


def decide(browser, paper_id: int, decision: str, **more: str) -> int:
    data = {"decision": decision, "version": "1", **more}
    return browser.post(f"/papers/{paper_id}/decision", data=data).status_code


@pytest.mark.both_databases
def test_the_office_of_the_area_checks_a_paper_and_its_name_stays(
    own, waiting, signed_in, published
) -> None:
    own_id = own.id
    browser = signed_in(make_person("regency", area=PANGKALPINANG, full_name="Rina Wati"))
    assert "Kemplang Bu Ani" in browser.text("/papers/to-check")
    assert decide(browser, waiting, "verified") == 302
    paper = session.get(Paper, waiting)
    assert (paper.state, paper.decided_by_name) == (PaperState.VERIFIED, "Rina Wati")
    assert paper.decided_at is not None
    assert published == [PaperChanged(own_id, waiting)]
    assert "Kemplang Bu Ani" not in browser.text("/papers/to-check")
    assert "Rina Wati" in browser.text(f"/businesses/{own_id}/papers")


def test_an_officer_of_another_kabupaten_may_not_check_it(waiting, signed_in) -> None:
    browser = signed_in(make_person("regency", area=BANGKA))
    assert "Kemplang Bu Ani" not in browser.text("/papers/to-check")
    assert browser.get(f"/papers/{waiting}").status_code == 404
    assert decide(browser, waiting, "verified") == 404
    assert session.get(Paper, waiting).state is PaperState.ENTERED


def test_a_producer_does_not_check_their_own_paper(owner, waiting) -> None:
    assert decide(owner, waiting, "verified") == 404
    assert owner.get("/papers/to-check").status_code == 403
    assert session.get(Paper, waiting).state is PaperState.ENTERED


def test_outlets_papers_are_for_the_province_to_check(signed_in) -> None:
    outlet = make_outlet(name="Toko Oleh Nusantara", branches=(BELITUNG,))
    paper_id = make_paper(
        outlet, kind=PaperKind.NIB, number="0220201234567", state=PaperState.ENTERED
    ).id
    regency = signed_in(make_person("regency", area=BELITUNG))
    assert decide(regency, paper_id, "verified") == 404
    province = signed_in(make_person("province"))
    assert "Toko Oleh Nusantara" in province.text("/papers/to-check")
    assert decide(province, paper_id, "verified") == 302


@pytest.mark.parametrize("decision", ["rejected", "revoked"])
def test_against_a_paper_only_with_a_reason(own, waiting, signed_in, decision) -> None:
    browser = signed_in(make_person("province"))
    paper_id, version = waiting, "1"
    if decision == "revoked":
        decide(browser, paper_id, "verified")
        version = "2"
    before = session.get(Paper, paper_id).state
    session.rollback()
    assert decide(browser, paper_id, decision, version=version) == 422
    assert session.get(Paper, paper_id).state is before
    assert decide(browser, paper_id, decision, note="Nomor tidak terdaftar", version=version) == 302
    paper = session.get(Paper, paper_id)
    assert (paper.state.value, paper.note) == (decision, "Nomor tidak terdaftar")


def test_the_business_reads_why_its_paper_was_rejected(owner, own, waiting, signed_in) -> None:
    own_id = own.id
    browser = signed_in(make_person("province"))
    decide(browser, waiting, "rejected", note="Foto buram")
    assert "Foto buram" in owner.text(f"/businesses/{own_id}/papers")
    assert "Foto buram" in owner.text(f"/businesses/{own_id}/history")


@pytest.mark.both_databases
def test_two_officers_deciding_the_same_paper_the_second_is_told(waiting, signed_in) -> None:
    first, second = (signed_in(make_person("province")) for _officer in range(2))
    assert decide(first, waiting, "verified") == 302
    assert decide(second, waiting, "rejected", note="Tidak cocok") == 409
    assert session.get(Paper, waiting).state is PaperState.VERIFIED


@pytest.mark.parametrize("decision", ["", "entered", "expired", "x" * 1000])
def test_no_other_decision_is_taken(waiting, signed_in, decision) -> None:
    assert decide(signed_in(make_person("province")), waiting, decision) == 422


def test_a_paper_is_corrected_until_it_is_decided_on(owner, own, waiting, signed_in) -> None:
    data = {"kind": "halal", "number": "ID19110000123450321", "version": "1"}
    assert owner.post(f"/papers/{waiting}/edit", data=data).status_code == 302
    assert session.get(Paper, waiting).kind is PaperKind.HALAL
    session.rollback()
    decide(signed_in(make_person("province")), waiting, "verified", version="2")
    assert owner.get(f"/papers/{waiting}/edit").status_code == 404


def test_what_was_corrected_after_the_officer_looked_is_not_verified_unseen(
    owner, waiting, signed_in
) -> None:
    data = {"kind": "halal", "number": "ID19110000123450321", "version": "1"}
    owner.post(f"/papers/{waiting}/edit", data=data)
    assert decide(signed_in(make_person("province")), waiting, "verified") == 409


def test_an_expired_paper_says_so_by_itself(owner, own) -> None:
    own_id = own.id
    make_paper(own, kind=PaperKind.HALAL, number="ID19110000123450321", valid_to=in_days(-1))
    page = owner.text(f"/businesses/{own_id}/papers")
    assert "kedaluwarsa" in page or "expired" in page


def test_a_nik_is_never_shown_whole_not_even_to_the_office(own, signed_in) -> None:
    make_paper(own, kind=PaperKind.NPWP, number="1971014107812345")
    own_id = own.id
    page = signed_in(make_person("province")).text(f"/businesses/{own_id}/papers")
    assert "1971014107812345" not in page
    assert "1971" in page


@pytest.mark.parametrize("role", ["producer", "buyer"])
def test_scans_are_missing_for_strangers(own, signed_in, role) -> None:
    paper_id = make_paper(own).id
    browser = signed_in(make_person(role))
    assert browser.get(f"/papers/{paper_id}/scan").status_code == 404
    assert browser.get(f"/papers/{paper_id}").status_code == 404


def test_a_scan_that_is_not_there_is_a_missing_page(owner, own) -> None:
    paper_id = make_paper(own).id
    assert owner.get(f"/papers/{paper_id}/scan").status_code == 404
    assert storage.find_file("../../etc/passwd") is None
