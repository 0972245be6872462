"""Administrators hand out the accounts of officers and their roles."""

import pytest

from marketplace.accounts import queries
from marketplace.accounts.models import OfficeMembership, Person
from marketplace.infra.db import session
from tests.factories import make_office, make_person

OFFICER = {"full_name": "Rina Wati", "phone": "0812 3456 7890", "locale": "id", "role": "officer"}


def test_an_administrator_adds_an_officer_and_sees_the_code_once(signed_in) -> None:
    office_id = make_office("19.01").id
    browser = signed_in(make_person("admin"))
    data = {**OFFICER, "office_id": str(office_id), "form_token": "once"}
    response = browser.post("/people/officers/new", data=data)
    assert response.status_code == 200
    assert "<svg" in response.text
    assert "wa.me/6281234567890" in response.text
    assert 'style="' not in response.text
    again = browser.post("/people/officers/new", data=data)
    assert again.status_code == 302  # pressed twice: one officer
    assert session.query(Person).filter_by(full_name="Rina Wati").count() == 1


@pytest.mark.parametrize("role", ["province", "regency", "producer", "buyer"])
def test_nobody_else_makes_officers(signed_in, role: str) -> None:
    office_id = make_office("19.01").id
    browser = signed_in(make_person(role))
    data = {**OFFICER, "office_id": str(office_id)}
    assert browser.post("/people/officers/new", data=data).status_code == 403
    assert session.query(Person).filter_by(full_name="Rina Wati").count() == 0


def test_nobody_gives_themselves_a_role(signed_in) -> None:
    admin = make_person("admin")
    office_id, admin_id = make_office("19.01").id, admin.id
    browser = signed_in(admin)
    data = {"office_id": str(office_id), "role": "officer"}
    assert browser.post(f"/people/{admin_id}/roles", data=data).status_code == 403
    assert session.query(OfficeMembership).filter_by(person_id=admin_id).count() == 1


def test_a_role_is_given_and_ended(signed_in) -> None:
    office_id = make_office("19.01").id
    person_id = make_person("producer").id
    browser = signed_in(make_person("admin"))
    data = {"office_id": str(office_id), "role": "officer"}
    assert browser.post(f"/people/{person_id}/roles", data=data).status_code == 302
    held = queries.get_person(person_id).office_roles[0]
    assert held.office_id == office_id
    assert browser.post(f"/people/{person_id}/roles", data=data).status_code == 409
    assert browser.post(f"/people/{person_id}/roles/{held.id}/end").status_code == 302
    assert queries.get_person(person_id).office_roles == []


def test_an_unknown_office_is_refused(signed_in) -> None:
    browser = signed_in(make_person("admin"))
    for office_id in ("999999", "-1", "abc", "1e308"):
        data = {**OFFICER, "office_id": office_id}
        assert browser.post("/people/officers/new", data=data).status_code == 422
