"""A kabupaten/kota sends the letters of its own trainings and producers; the province all."""

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.businesses.events import ProducerMoved
from marketplace.businesses.models import Business
from marketplace.businesses.rules import PaperKind
from marketplace.core.clock import today
from marketplace.infra import events
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.notifications.models import OutboxMessage
from marketplace.notifications.rules import MessageState
from marketplace.programs.rules import ProgramLevel
from marketplace.readiness.services import telling
from tests import factories
from tests.programs.trainings import join, make_course

pytestmark = pytest.mark.both_databases


def message() -> OutboxMessage:
    return session.query(OutboxMessage).one()


def test_a_kabupaten_sends_the_letters_of_its_own_training(app: Flask, signed_in) -> None:
    officer = factories.make_person("regency")
    join(make_course(officer, level=ProgramLevel.REGENCY), "Siti Contoh")
    address = f"/to-send/{message().id}/sent"
    elsewhere = signed_in(factories.make_person("regency", area=factories.BELITUNG))
    assert "Siti Contoh" not in elsewhere.get("/to-send").text
    assert elsewhere.post(address).status_code == 404
    province = signed_in(factories.make_person("province")).get("/to-send").text
    assert "Siti Contoh" in province
    assert "juga di kotak kirim Kota Pangkal Pinang" in province  # so that nobody sends it twice
    own = signed_in(officer)
    assert "Siti Contoh" in own.get("/to-send").text
    assert own.post(address).status_code == 302
    assert message().state is MessageState.SENT


def test_what_the_province_says_stays_in_its_own_tray(app: Flask, signed_in) -> None:
    join(make_course(), "Budi Contoh")
    browser = signed_in(factories.make_person("regency"))
    assert "Budi Contoh" not in browser.get("/to-send").text
    assert browser.post(f"/to-send/{message().id}/sent").status_code == 404


def test_a_letter_about_a_paper_follows_the_producer_to_its_new_kabupaten(
    app: Flask, signed_in
) -> None:
    product = factories.make_product(factories.make_producer(name="Dapur Pindah"))
    until = today() + timedelta(days=29)
    factories.make_paper(
        session.get_one(Business, product.business_id),
        kind=PaperKind.HALAL,
        covers=[product],
        number="ID19110000012340126",
        valid_from=until - timedelta(days=900),
        valid_to=until,
    )
    with transaction():
        assert telling.tell_of_new_steps() == 1
    here = factories.make_person("regency")
    there = factories.make_person("regency", area=factories.BELITUNG)
    assert f"message-{message().id}" in signed_in(here).get("/to-send").text
    with transaction():
        events.publish(
            ProducerMoved(product.business_id, factories.PANGKALPINANG, factories.BELITUNG)
        )
    assert f"message-{message().id}" not in signed_in(here).get("/to-send").text
    assert f"message-{message().id}" in signed_in(there).get("/to-send").text
