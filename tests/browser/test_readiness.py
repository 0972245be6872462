"""Readiness in a real browser: from the gap list to the list of a training, on every width."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from marketplace.businesses.models import Business
from marketplace.businesses.rules import PaperKind
from marketplace.core.clock import today
from marketplace.infra.db import session
from marketplace.programs.models.trainings import SignUp
from tests import factories
from tests.browser.conftest import Faults, Visit
from tests.readiness.conftest import Measure, measure  # noqa: F401
from tests.readiness.test_measuring import _product
from tests.readiness.test_plan import _training


def _market(measured: Callable[[], None]) -> Business:
    producer = factories.make_producer(name="Dapur Ibu Melati di Pulau Bangka Selatan")
    _product(producer, PaperKind.PIRT, PaperKind.HALAL, shelf_life_days=20)
    factories.make_product(producer, name="Kemplang panggang cumi 250 g", price=90_000)
    for title in ("Kemplang panggang 250gr", "Kemplang panggang tenggiri oleh-oleh"):
        factories.make_need(title=title, papers_required="gs1")
    measured()
    return producer


def test_from_the_gap_list_to_the_list_of_a_training(visit: Visit, measure: Measure) -> None:  # noqa: F811
    producer = _market(measure)
    _training(today() + timedelta(days=20), today() + timedelta(days=21))
    page = visit("/readiness", factories.make_person("province"), javascript=False)
    page.get_by_role("link", name="Rencana pelatihan").click()
    row = page.locator("tr", has_text="Barcode")
    row.get_by_role("link", name="Usulkan pelatihan").click()
    assert producer.name in page.locator("main").inner_text()
    page.locator("select[name=program]").select_option(index=1)
    page.get_by_role("button", name="Masukkan ke daftar").click()
    assert "1 produsen baru di daftar pelatihan" in page.locator("body").inner_text()
    session.rollback()
    assert session.query(SignUp).one().business_id == producer.id


def test_pages_of_readiness_are_accessible_and_fit_the_screen(
    app: Flask,
    faults: Faults,
    measure: Measure,  # noqa: F811
) -> None:
    producer = _market(measure)
    maker = factories.make_person("producer", works_for=producer)
    officer = factories.make_person("province")
    pages = (
        (f"/readiness/businesses/{producer.id}", maker),
        ("/readiness", officer),
        ("/readiness/pairings?gap=barcode:", officer),
        ("/readiness/certificates", officer),
        ("/readiness/plan", officer),
        ("/readiness/plan/training?gap=barcode:", officer),
        ("/readiness/rules", officer),
        ("/readiness/rules/halal", officer),
        ("/readiness/remedies/barcode:", officer),
    )
    assert faults(pages) == {}
