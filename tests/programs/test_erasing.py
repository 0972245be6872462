"""Who asks to be erased is erased in trainings and at stalls too, with one press."""

from flask import Flask

from marketplace.accounts import services as accounts
from marketplace.accounts.models import DataRequest, Person
from marketplace.accounts.queries import actor_of, get_person
from marketplace.accounts.rules import PersonState, RequestKind
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.programs.models import Certificate, Lead, SignUp, StallHolder
from marketplace.programs.rules import ProgramKind
from marketplace.programs.rules.leads import LeadDraft
from marketplace.programs.services import leads
from tests import factories
from tests.programs.fairs import Fair, make_fair
from tests.programs.trainings import attend, certify, join, make_course


def asks(person: Person, kind: RequestKind = RequestKind.ERASE) -> int:
    actor = actor_of(get_person(person.id))
    with transaction():
        return accounts.ask_request(
            actor=actor, person=get_person(person.id), kind=kind, note=""
        ).id


def contact(fair: Fair, person: Person) -> int:
    said = LeadDraft(
        "Toko Cari",
        "Kemplang",
        consented=True,
        person_name="Wati Kenari",
        phone=person.phone or "",
        note="Wati Kenari datang dua kali",
    )
    with transaction():
        return leads.add_lead(actor=fair.actor, holder_id=fair.holders[0], draft=said).id


def test_an_erasure_reaches_trainings_contacts_and_walk_ins(app: Flask, signed_in) -> None:
    person = factories.make_person("buyer")
    number = person.phone
    course = make_course()
    sign_up = join(course, "Wati Kenari", number)
    attend(course, sign_up)
    certify(course)
    other = join(course, "Wati Lain")
    fair = make_fair(2, kind=ProgramKind.EXPO, title="Pameran Uji")
    lead_id = contact(fair, person)
    with transaction():
        walk_in = session.get_one(StallHolder, fair.holders[1])
        walk_in.business_id, walk_in.contact_name, walk_in.phone = None, "Wati Kenari", number
    request_id = asks(person)
    browser = signed_in(factories.make_person("province"))
    page = browser.get(f"/data-requests/{request_id}").text
    assert "Pameran Uji" in page
    assert "Membuat cokelat Bangka" in page
    assert browser.post(f"/data-requests/{request_id}/programmes").status_code == 302
    gone = session.get_one(SignUp, sign_up.id)
    assert gone.erased_at is not None
    assert (
        "Kenari"
        not in gone.name + session.query(Certificate).filter_by(sign_up_id=sign_up.id).one().name
    )
    lead = session.get_one(Lead, lead_id)
    assert (lead.person_name, lead.phone, lead.note, lead.consented_at) == ("", "", "", None)
    assert lead.outlet_name == "Toko Cari"
    walk_in = session.get_one(StallHolder, fair.holders[1])
    assert (walk_in.contact_name, walk_in.phone) == ("", "")
    assert session.query(SignUp).filter_by(phone=number).count() == 0
    assert session.get_one(SignUp, other.id).name == "Wati Lain"
    assert "Pameran Uji" not in browser.get(f"/data-requests/{request_id}").text


def test_the_account_goes_with_what_is_kept_under_its_number(app: Flask, signed_in) -> None:
    person = factories.make_person("buyer", full_name="Wati Kenari")
    sign_up = join(make_course(), "Wati Kenari", person.phone or "")
    own = signed_in(person)
    assert own.get("/account").status_code == 200
    request_id = asks(person)
    regency = signed_in(factories.make_person("regency"))
    assert regency.post(f"/data-requests/{request_id}/erase").status_code == 404
    browser = signed_in(factories.make_person("province"))
    assert f"/data-requests/{request_id}/erase" in browser.get(f"/data-requests/{request_id}").text
    assert browser.post(f"/data-requests/{request_id}/erase").status_code == 302
    gone = session.get_one(Person, person.id)
    assert (gone.full_name, gone.phone, gone.password_hash) == ("–", None, None)
    assert gone.state is PersonState.DISABLED
    assert session.get_one(SignUp, sign_up.id).erased_at is not None
    assert own.get("/account").status_code == 302
    assert "Wati Kenari" not in browser.get(f"/data-requests/{request_id}").text
    assert browser.post(f"/data-requests/{request_id}", data={"answer": "Sudah"}).status_code == 302


def test_an_officer_is_not_erased_while_working_for_an_office(app: Flask, signed_in) -> None:
    officer = factories.make_person("regency")
    request_id = asks(officer)
    browser = signed_in(factories.make_person("province"))
    assert browser.post(f"/data-requests/{request_id}/erase").status_code == 409
    assert session.get_one(Person, officer.id).state is PersonState.ACTIVE


def test_nothing_is_erased_without_an_open_request_to_erase(app: Flask, signed_in) -> None:
    person = factories.make_person("buyer")
    sign_up = join(make_course(), "Wati Kenari", person.phone or "")
    browser = signed_in(factories.make_person("province"))
    only_withdrawn = asks(person, RequestKind.WITHDRAW)
    assert browser.post(f"/data-requests/{only_withdrawn}/programmes").status_code == 409
    answered = asks(person)
    browser.post(f"/data-requests/{answered}", data={"answer": "Sudah"})
    assert session.get_one(DataRequest, answered).done_at is not None
    assert browser.post(f"/data-requests/{answered}/programmes").status_code == 409
    regency = signed_in(factories.make_person("regency"))
    assert regency.post(f"/data-requests/{answered}/programmes").status_code == 404
    assert session.get_one(SignUp, sign_up.id).name == "Wati Kenari"


def test_what_an_office_of_another_province_keeps_goes_too_and_is_not_shown(
    app: Flask, signed_in
) -> None:
    person = factories.make_person("buyer", full_name="Wati Kenari")
    far = factories.make_person("province", area="16")
    fair = make_fair(2, officer=far, kind=ProgramKind.EXPO, title="Pameran Jauh")
    lead_id = contact(fair, person)
    request_id = asks(person)
    browser = signed_in(factories.make_person("province"))
    page = browser.get(f"/data-requests/{request_id}").text
    assert "Pameran Jauh" not in page
    assert "1 catatan di dinas provinsi lain" in page
    assert browser.post(f"/data-requests/{request_id}/erase").status_code == 302
    lead = session.get_one(Lead, lead_id)
    assert (lead.person_name, lead.phone, lead.note) == ("", "", "")
