"""Who asked to be erased is erased everywhere: no row of any table says their name or number."""

import json

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.accounts import services as accounts
from marketplace.accounts.guards import signatures
from marketplace.accounts.models import Person
from marketplace.accounts.queries import actor_of, get_person
from marketplace.accounts.rules import RequestKind
from marketplace.audit.models import AuditEntry
from marketplace.businesses import services as businesses
from marketplace.businesses.models import Business, Membership
from marketplace.businesses.rules import BusinessDraft
from marketplace.infra.db import Model, session
from marketplace.infra.transaction import transaction
from marketplace.notifications.models import OutboxMessage
from marketplace.notifications.rules import MessageState
from marketplace.notifications.services import enqueue
from marketplace.programs.models import StallHolder
from marketplace.register.models import BusinessMerge
from tests import factories
from tests.programs.fairs import actor_of as acting
from tests.programs.fairs import make_fair
from tests.register.conftest import join

NAME, NUMBER = "Wati Kenari Canary", "+6281277788899"


def erase(signed_in, person: Person) -> None:
    with transaction():
        number = accounts.ask_request(
            actor=actor_of(get_person(person.id)),
            person=get_person(person.id),
            kind=RequestKind.ERASE,
            note=f"Hapus {NAME}",
        ).id
    browser = signed_in(factories.make_person("province"))
    assert browser.post(f"/data-requests/{number}/erase").status_code == 302
    session.expire_all()


def rows_saying(*texts: str) -> list[str]:
    """`table.column` of every stored value that holds one of these texts."""
    found = []
    for table in Model.metadata.sorted_tables:
        for row in session.execute(sa.select(table)).mappings():
            for column, value in row.items():
                said = value if isinstance(value, str) else json.dumps(value, default=str)
                found += [f"{table.name}.{column}" for text in texts if text in said]
    return found


@pytest.fixture
def wati(app: Flask) -> Person:
    business = factories.make_producer(name="Kemplang Asal", contact_name=NAME, phone=NUMBER)
    return factories.make_person("producer", works_for=business, full_name=NAME, phone=NUMBER)


def own_business(person: Person) -> Business:
    held = session.query(Membership).filter_by(person_id=person.id).one()
    return session.get_one(Business, held.business_id)


def test_no_table_says_the_name_or_the_number_of_who_was_erased(wati: Person, signed_in) -> None:
    business = own_business(wati)
    officer = actor_of(get_person(factories.make_person("province").id))
    with transaction():  # what they did themselves, and a letter to them that waits
        draft = BusinessDraft(
            business.kind, business.name, business.region_code, contact_name=NAME, phone=NUMBER
        )
        businesses.change_business(
            actor=acting(wati), business=business, draft=draft, version=business.version
        )
        enqueue(
            kind="x", params={"name": NAME, "goods": "Kemplang"}, to_name=NAME, to_phone=NUMBER,
            subject_type="businesses", subject_id=business.id,
        )  # fmt: skip
        session.add(
            AuditEntry(
                actor_kind="system", action="x", subject_type="people", subject_id=str(wati.id),
                details={"who": NAME, "numbers": [NUMBER]},
            )
        )  # fmt: skip
    double = factories.make_producer(name="UD Kemplang Asal", contact_name=NAME, phone=NUMBER)
    join(officer, session.get_one(Business, business.id), double)
    fair = make_fair(2)
    with transaction():
        stall = session.get_one(StallHolder, fair.holders[0])
        stall.contact_name, stall.phone = NAME, NUMBER
    assert len(rows_saying(NAME, NUMBER)) > 9
    erase(signed_in, wati)
    assert rows_saying(NAME, NUMBER) == []
    message = session.query(OutboxMessage).filter_by(subject_type="businesses").one()
    assert message.state is MessageState.CANCELLED
    assert message.params["goods"] == "Kemplang"


def test_what_was_done_stays_under_the_number_of_the_account(wati: Person, signed_in) -> None:
    business = own_business(wati)
    with transaction():
        draft = BusinessDraft(business.kind, "Kemplang Baru", business.region_code)
        businesses.change_business(
            actor=acting(wati), business=business, draft=draft, version=business.version
        )
    erase(signed_in, wati)
    entry = session.query(AuditEntry).filter_by(action="business.changed").one()
    assert (entry.actor_id, entry.actor_name) == (wati.id, "–")
    business = session.get_one(Business, business.id)
    assert (business.name, business.contact_name, business.phone) == ("Kemplang Baru", "", "")


def test_a_colleagues_name_and_number_stay(wati: Person, signed_in) -> None:
    business = own_business(wati)
    factories.make_person("producer", works_for=business, full_name="Siti", phone="+6281333000111")
    with transaction():
        kept = session.get_one(Business, business.id)
        kept.contact_name, kept.phone = "Siti", "+6281333000111"
    with transaction():  # the shop's own line under their name goes, a colleague's number stays
        other = Business(
            kind=kept.kind, name="Kedua", folded_name="kedua", region_code=kept.region_code,
            contact_name="Siti", phone=NUMBER,
        )  # fmt: skip
        session.add(other)
    erase(signed_in, wati)
    business = session.get_one(Business, business.id)
    assert (business.contact_name, business.phone) == ("Siti", "+6281333000111")
    assert (other.contact_name, other.phone) == ("Siti", "")
    members = session.query(Membership).filter_by(business_id=business.id).all()
    assert [session.get_one(Person, each.person_id).full_name for each in members] == ["Siti"]


def test_a_signature_without_a_number_stays_while_somebody_else_has_the_name(
    wati: Person, signed_in
) -> None:
    namesake = factories.make_person("province", full_name=NAME)
    business = own_business(wati)
    merge = join(actor_of(get_person(namesake.id)), business, factories.make_producer())
    with transaction():
        session.get_one(BusinessMerge, merge.id).undone_by_name = NAME
    erase(signed_in, wati)
    merge = session.get_one(BusinessMerge, merge.id)
    assert (merge.merged_by_name, merge.undone_by_name) == (NAME, NAME)
    assert session.get_one(Person, namesake.id).full_name == NAME


def test_every_column_that_names_who_did_a_thing_is_known(app: Flask) -> None:
    known = {f"{table.name}.{name.name}" for table, name, _number in signatures()}
    named = {
        f"{table.name}.{column.name}"
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_name")
    }
    # Of goods, places and files; or of people, and erased by the room that keeps them.
    assert named - known == {
        "businesses.contact_name",
        "businesses.folded_name",
        "event_participants.person_name",
        "imports.file_name",
        "leads.outlet_name",
        "leads.person_name",
        "outbox_messages.to_name",
        "people.full_name",
        "products.folded_name",
        "remarks.office_name",
        "stall_holders.contact_name",
        "stored_files.original_name",
        "training_sign_ups.business_name",
        "training_sign_ups.folded_name",
    }
