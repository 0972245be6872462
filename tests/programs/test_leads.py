"""A contact made at a stall is written down with consent, followed, and becomes something."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from marketplace.audit.models import AuditEntry
from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.deals.models import Deal
from marketplace.deals.rules.states import DealState, Origin
from marketplace.deals.rules.terms import Commitment
from marketplace.deals.services.recording import record_commitment
from marketplace.deals.services.signing import close
from marketplace.deals.services.steps import Evidence
from marketplace.demand.models import Need
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.meetings.models import MeetingRequest
from marketplace.programs.documents.stall_links import stall_token
from marketplace.programs.models import Lead
from marketplace.programs.queries import bazaars as queries
from marketplace.programs.queries import leads as reads
from marketplace.programs.rules import ProgramKind
from marketplace.programs.rules.leads import (
    NEXT_LEAD_STATES,
    LeadDraft,
    LeadState,
    check_lead_step,
    is_overdue,
)
from marketplace.programs.services import leads
from tests import factories
from tests.programs.fairs import Fair, actor_of, make_fair


@pytest.mark.parametrize("old", LeadState)
@pytest.mark.parametrize("new", LeadState)
def test_only_the_steps_of_the_table_are_taken(old: LeadState, new: LeadState) -> None:
    if new in NEXT_LEAD_STATES[old]:
        check_lead_step(old, new)
    else:
        with pytest.raises(RuleBroken):
            check_lead_step(old, new)


def test_a_next_step_is_overdue_the_day_after_and_never_once_it_is_settled() -> None:
    due = today()
    assert not is_overdue(LeadState.TALKING, due, due)
    assert is_overdue(LeadState.TALKING, due, due + timedelta(days=1))
    assert not is_overdue(LeadState.COMMITMENT, due, due + timedelta(days=1))


@pytest.fixture
def expo(app: Flask) -> Fair:
    return make_fair(2, kind=ProgramKind.EXPO, title="Pameran Uji")


def add(expo: Fair, **given: object) -> Lead:
    values: dict[str, object] = {
        "outlet_name": "Toko Cari", "wants": "Kemplang untuk 20 gerai", **given
    }  # fmt: skip
    with transaction():
        return leads.add_lead(
            actor=expo.actor,
            holder_id=expo.holders[0],
            draft=LeadDraft(**values),  # type: ignore[arg-type]
        )


def test_the_stall_notes_a_contact_by_its_link(expo: Fair, client) -> None:
    token = stall_token(queries.get_holder(expo.holders[0]))
    path = client.get(f"/st/{token}").location
    assert path.endswith("/contact")
    answer = client.post(
        path,
        data={
            "outlet_name": "Jaringan Oleh-Oleh",
            "wants": "Kemplang",
            "consented": "y",
            "person_name": "Budi",
            "phone": "0812 3456 7890",
            "next_step": "Kirim daftar harga",
            "due_on": today().isoformat(),
        },
    )
    assert answer.status_code == 302
    lead = session.query(Lead).one()
    assert (lead.person_name, lead.phone) == ("Budi", "+6281234567890")
    assert lead.consented_at is not None


def test_a_name_is_not_kept_of_who_did_not_agree(expo: Fair, client) -> None:
    token = stall_token(queries.get_holder(expo.holders[0]))
    data = {"outlet_name": "Toko", "wants": "Kopi", "person_name": "Budi"}
    answer = client.post(f"/st/{token}/contact", data=data)
    assert answer.status_code == 422
    assert 'value="Budi"' in answer.text
    assert session.query(Lead).count() == 0


def test_a_product_number_no_product_has_is_not_settled_yet(expo: Fair, client) -> None:
    path = client.get(f"/st/{stall_token(queries.get_holder(expo.holders[0]))}").location
    data = {"outlet_name": "Toko", "wants": "Kopi", "product": "9" * 5_000}
    assert client.post(path, data=data).status_code == 302
    assert session.query(Lead).one().product_id is None


def test_a_next_step_has_a_day(expo: Fair) -> None:
    with pytest.raises(InvalidInput):
        add(expo, next_step="Kirim contoh")


def test_what_led_to_nothing_says_why(expo: Fair) -> None:
    lead = add(expo)
    with pytest.raises(InvalidInput), transaction():
        leads.move_lead(actor=expo.actor, lead_id=lead.id, state=LeadState.DROPPED)
    with transaction():
        leads.move_lead(
            actor=expo.actor, lead_id=lead.id, state=LeadState.DROPPED, reason="Terlalu mahal"
        )
    assert reads.get_lead(lead.id).reason == "Terlalu mahal"


def test_overdue_ones_stand_on_top_and_are_marked(expo: Fair, signed_in) -> None:
    add(expo, outlet_name="Tanpa Langkah")
    add(expo, outlet_name="Lewat", next_step="Telepon", due_on=today() - timedelta(days=1))
    page = signed_in(expo.officer).get(f"/bazaars/{expo.id}/contacts").text
    assert page.index("Lewat") < page.index("Tanpa Langkah")
    assert page.count("lewat tenggat") >= 1
    assert reads.count_of_program(expo.id, today()).overdue == 1


def test_who_may_see_a_contact(expo: Fair, signed_in) -> None:
    lead = add(expo, outlet_name="Rahasia")
    holder = queries.get_holder(expo.holders[0])
    own = next(each for each in expo.businesses if each.id == holder.business_id)
    other = next(each for each in expo.businesses if each.id != holder.business_id)
    allowed = (
        expo.officer,
        factories.make_person("producer", works_for=own),
        factories.make_person("regency"),
    )
    refused = (
        factories.make_person("producer", works_for=other),
        factories.make_person("regency", area=factories.BELITUNG),
        factories.make_person("buyer"),
    )
    for person in allowed:
        assert signed_in(person).get(f"/contacts/{lead.id}").status_code == 200
    for person in refused:
        assert signed_in(person).get(f"/contacts/{lead.id}").status_code == 404


def test_a_commitment_points_back_to_the_expo_and_the_expo_to_it(expo: Fair, signed_in) -> None:
    lead = add(expo)
    holder = queries.get_holder(expo.holders[0])
    outlet = factories.make_outlet(name="Toko Cari")
    browser = signed_in(expo.officer)
    page = browser.get(f"/contacts/{lead.id}").text
    assert f"/deals/new?producer={holder.business_id}&amp;program={expo.id}" in page
    form = browser.get(f"/deals/new?producer={holder.business_id}&program={expo.id}").text
    assert f'<option selected value="{expo.id}">Pameran Uji' in form
    answer = browser.post(
        "/deals/new",
        data={
            "producer": holder.name,
            "buyer": outlet.name,
            "origin": "expo",
            "program": str(expo.id),
            "title": "Akan memenuhi 20 gerai",
        },
    )
    assert answer.status_code == 302
    deal = session.query(Deal).one()
    assert deal.program_id == expo.id
    assert "Pameran Uji" in browser.get(f"/deals/{deal.id}").text
    assert "Akan memenuhi 20 gerai" in browser.get(f"/bazaars/{expo.id}").text


def test_a_commitment_recorded_from_a_contact_moves_it_and_both_name_each_other(
    expo: Fair, signed_in
) -> None:
    lead = add(expo)
    holder = queries.get_holder(expo.holders[0])
    outlet = factories.make_outlet(name="Toko Cari")
    browser = signed_in(expo.officer)
    path = f"/deals/new?producer={holder.business_id}&program={expo.id}&lead={lead.id}"
    assert path.replace("&", "&amp;") in browser.get(f"/contacts/{lead.id}").text
    form = browser.get(f"{path}&buyer=Toko+Cari").text
    assert 'value="Toko Cari"' in form
    data = {
        "producer": holder.name,
        "buyer": outlet.name,
        "origin": "expo",
        "title": "Kemplang untuk 20 gerai",
        "lead": str(lead.id),
    }
    assert browser.post("/deals/new", data=data).status_code == 302
    deal = session.query(Deal).one()
    assert (deal.lead_id, deal.program_id) == (lead.id, expo.id)
    assert reads.get_lead(lead.id).state is LeadState.COMMITMENT
    assert f"/contacts/{lead.id}" in browser.get(f"/deals/{deal.id}").text
    assert f"/deals/{deal.id}" in browser.get(f"/contacts/{lead.id}").text
    buyer = factories.make_person("buyer", works_for=outlet)
    assert "/contacts/" not in signed_in(buyer).get(f"/deals/{deal.id}").text


def test_a_commitment_of_another_producer_does_not_take_the_contact(expo: Fair, signed_in) -> None:
    lead = add(expo)
    other = next(
        each
        for each in expo.businesses
        if each.id != queries.get_holder(expo.holders[0]).business_id
    )
    outlet = factories.make_outlet(name="Toko Cari")
    data = {
        "producer": other.name,
        "buyer": outlet.name,
        "origin": "expo",
        "title": "Kemplang",
        "lead": str(lead.id),
    }
    assert signed_in(expo.officer).post("/deals/new", data=data).status_code == 422
    assert session.query(Deal).count() == 0
    assert reads.get_lead(lead.id).state is LeadState.OPEN


def test_a_meeting_arranged_from_a_contact_moves_it_and_never_back(expo: Fair, signed_in) -> None:
    lead = add(expo)
    holder = queries.get_holder(expo.holders[0])
    outlet = factories.make_outlet(name="Toko Cari")
    browser = signed_in(expo.officer)
    path = f"/meetings/single?producer={holder.business_id}&buyer={outlet.id}&lead={lead.id}"
    assert f'name="lead" type="hidden" value="{lead.id}"' in browser.get(path).text
    data = {
        "producer_id": str(holder.business_id),
        "buyer_id": str(outlet.id),
        "day": (today() + timedelta(days=3)).isoformat(),
        "at": "09:00",
        "minutes": "30",
        "way": "call",
        "lead": str(lead.id),
        "save": "1",
    }
    answer = browser.post("/meetings/single", data=data)
    assert answer.status_code == 302
    assert reads.get_lead(lead.id).state is LeadState.MEETING
    wanted = session.query(MeetingRequest).one()
    assert wanted.lead_id == lead.id
    assert f"/meeting-requests/{wanted.id}" in browser.get(f"/contacts/{lead.id}").text
    assert f"/contacts/{lead.id}" in browser.get(f"/meeting-requests/{wanted.id}").text
    with transaction():
        session.get_one(Lead, lead.id).state = LeadState.COMMITMENT
    later = {**data, "day": (today() + timedelta(days=4)).isoformat()}
    assert browser.post("/meetings/single", data=later).status_code == 302
    assert reads.get_lead(lead.id).state is LeadState.COMMITMENT


def test_contacts_go_along_as_a_file_to_whom_the_list_shows_them(expo: Fair, signed_in) -> None:
    add(expo, next_step="Kirim contoh", due_on=today() - timedelta(days=1))
    browser = signed_in(expo.officer)
    for address in ("/contacts.csv", f"/bazaars/{expo.id}/contacts.csv"):
        table = browser.get(address).text
        assert "Toko Cari" in table
        assert "terlambat" in table.lower()
    assert browser.get("/contacts.xlsx").status_code == 200
    assert browser.get("/contacts.pdf").status_code == 404
    elsewhere = signed_in(factories.make_person("regency", area=factories.BELITUNG))
    assert "Toko Cari" not in elsewhere.get("/contacts.csv").text
    assert elsewhere.get(f"/bazaars/{expo.id}/contacts.csv").status_code == 404
    other = factories.make_person("producer")
    assert "Toko Cari" not in signed_in(other).get("/contacts.csv").text


def test_an_expo_asks_no_turnover_of_a_stall(expo: Fair, client) -> None:
    page = client.get(f"/bazaars/{expo.id}/public").text
    assert "Pameran Uji" in page
    assert "Rp" not in page


def test_a_producer_follows_its_own_contacts(expo: Fair, signed_in) -> None:
    lead = add(expo, next_step="Kirim contoh", due_on=today())
    holder = queries.get_holder(expo.holders[0])
    own = next(each for each in expo.businesses if each.id == holder.business_id)
    person = factories.make_person("producer", works_for=own)
    assert "Toko Cari" in signed_in(person).get("/contacts").text
    with transaction():
        leads.move_lead(actor=actor_of(person), lead_id=lead.id, state=LeadState.TALKING)
    assert reads.get_lead(lead.id).state is LeadState.TALKING


def test_a_contact_becomes_a_need_of_its_outlet(expo: Fair, signed_in) -> None:
    lead = add(expo)
    browser = signed_in(expo.officer)
    assert "/businesses/new?kind=outlet" in browser.get(f"/contacts/{lead.id}").text
    outlet = factories.make_outlet(name="Toko Cari")
    page = browser.get(f"/contacts/{lead.id}").text
    assert f"/needs/new?business={outlet.id}&amp;title=Kemplang" in page
    assert browser.get(f"/needs/new?business={outlet.id}&title=Kemplang").status_code == 200
    need, foreign = factories.make_need(outlet), factories.make_need()
    path = f"/contacts/{lead.id}/step"
    browser.post(path, data={"state": "talking"})
    browser.post(path, data={"state": "need", "need": str(foreign.id)})
    assert reads.get_lead(lead.id).need_id is None
    with transaction():
        session.get_one(Lead, lead.id).state = LeadState.TALKING
    browser.post(path, data={"state": "need", "need": str(need.id)})
    assert reads.get_lead(lead.id).need_id == need.id
    assert f"/needs/{need.id}" in browser.get(f"/contacts/{lead.id}").text


def test_a_step_that_is_refused_says_why_on_the_page(expo: Fair, signed_in) -> None:
    lead = add(expo)
    answer = signed_in(expo.officer).post(
        f"/contacts/{lead.id}/step", data={"state": "dropped"}, follow_redirects=True
    )
    assert "Tulis mengapa tidak berlanjut" in answer.text
    assert reads.get_lead(lead.id).state is LeadState.OPEN


def test_a_need_written_from_a_contact_is_linked_by_itself(expo: Fair, signed_in) -> None:
    outlet = factories.make_outlet(name="Toko Cari")
    lead = add(expo, volume="100 bungkus sebulan")
    browser = signed_in(expo.officer)
    page = browser.get(f"/contacts/{lead.id}")
    (address,) = {unescape(found) for found in re.findall(r'href="(/needs/new[^"]*)"', page.text)}
    form = browser.get(address).text
    assert "100 bungkus sebulan" in form
    assert lead.wants in form
    data = {"title": lead.wants, "draft": "1", "period": "month"}
    assert browser.post(address, data=data).status_code == 302
    need = session.query(Need).filter_by(business_id=outlet.id).one()
    found = reads.get_lead(lead.id)
    assert (found.state, found.need_id) == (LeadState.NEED, need.id)
    assert f"/needs/{need.id}" in browser.get(f"/contacts/{lead.id}").text
    back = browser.get(f"/needs/{need.id}").text
    assert f"/contacts/{lead.id}" in back
    assert "Pameran Uji" in back


@pytest.mark.parametrize(
    "origin", ["lead-", "lead-x", "lead-²", "lead-" + "9" * 30, "deal-1", "%00"]
)
def test_an_origin_that_names_nothing_stops_no_need(expo: Fair, signed_in, origin: str) -> None:
    outlet = factories.make_outlet()
    data = {"title": "Kemplang", "draft": "1", "period": "month"}
    answer = signed_in(expo.officer).post(
        f"/needs/new?business={outlet.id}&origin={origin}", data=data
    )
    assert answer.status_code == 302
    assert session.query(Need).count() == 1


def test_a_withdrawn_commitment_takes_its_contact_back_and_says_why(expo: Fair) -> None:
    outlet, lead = factories.make_outlet(), add(expo)
    producer = reads.get_lead(lead.id).business
    assert producer is not None
    deals = []
    for _ in range(2):
        with transaction():
            deals.append(
                record_commitment(
                    actor=expo.actor,
                    producer_id=producer.id,
                    buyer_id=outlet.id,
                    origin=Origin.EXPO,
                    commitment=Commitment("Kemplang"),
                    lead_id=lead.id,
                )
            )
    for deal, state in zip(deals, (LeadState.COMMITMENT, LeadState.TALKING), strict=True):
        with transaction():
            close(
                actor=expo.actor,
                deal_id=deal.id,
                then=DealState.WITHDRAWN,
                evidence=Evidence(today(), "Gerai tutup"),
            )
        assert reads.get_lead(lead.id).state is state
    assert reads.get_lead(lead.id).reason == "Gerai tutup"
    told = session.query(AuditEntry).filter_by(action="lead.taken_back").one()
    assert told.details["why"] == "Gerai tutup"


def test_a_link_does_not_fill_the_list_with_contacts(expo: Fair, client, signed_in) -> None:
    path = client.get(f"/st/{stall_token(queries.get_holder(expo.holders[0]))}").location
    data = {"outlet_name": "Toko", "wants": "Kopi"}
    answers = [client.post(path, data=data).status_code for _ in range(32)]
    assert answers == [302] * 30 + [429] * 2
    assert session.query(Lead).count() == 30
    # Another stall in the same hall, and the office, go on.
    other = client.get(f"/st/{stall_token(queries.get_holder(expo.holders[1]))}").location
    assert client.post(other, data=data).status_code == 302
    own = signed_in(expo.officer).post(f"/stalls/{expo.holders[0]}/contact", data=data)
    assert own.status_code == 302
