"""A question in a real browser: asked on a phone, answered by link, read by all."""

from marketplace.infra.db import session
from marketplace.infra.links import sign
from marketplace.questions.models import Question
from tests import factories
from tests.browser.conftest import Faults, Visit
from tests.support.browser import Weight

LONG = "Apakah kemasan tahan dikirim dengan kapal tiga hari, dan berapa isi satu karton? " * 6


def test_a_question_is_asked_answered_by_link_and_read(visit: Visit) -> None:
    product = factories.make_product(name="Kemplang panggang tenggiri 250 g")
    page = visit(f"/products/{product.id}", factories.make_person("buyer"), javascript=False)
    page.get_by_role("link", name="Ajukan pertanyaan").click()
    page.fill("#text", "Hubungi saya di 0812 3456 7890")
    page.get_by_role("button", name="Kirim pertanyaan").click()
    assert "0812 3456 7890" in page.locator(".error-summary").inner_text()
    page.fill("#text", "Berapa lama tahan setelah dibuka?")
    page.get_by_role("button", name="Kirim pertanyaan").click()
    page.wait_for_url("**/questions")
    session.rollback()
    number = session.query(Question.id).scalar()
    link = "/q/" + sign("question", [number])
    page = visit(link, javascript=False)
    page.fill("#answer", "Dua minggu dalam wadah tertutup.")
    page.get_by_role("button", name="Kirim jawaban").click()
    page = visit(f"/products/{product.id}")
    assert "Dua minggu dalam wadah tertutup." in page.locator("main").inner_text()


def test_pages_of_questions_are_accessible_and_fit_the_screen(faults: Faults) -> None:
    producer = factories.make_producer(name="Dapur Ibu Melati")
    product = factories.make_product(producer, name="Kemplang panggang tenggiri 250 g")
    outlet = factories.make_outlet(name="Toko Oleh-oleh Rembulan")
    need = factories.make_need(outlet, title="Kemplang panggang untuk oleh-oleh")
    factories.make_question(product, asker=outlet, text=LONG[:500], answer="Tahan. " * 30)
    factories.make_question(product, asker=outlet, text="x" * 300, answer="Isi 24 bungkus.")
    question = factories.make_question(product, asker=outlet, text="Ada ukuran 500 g?")
    factories.make_question(need=need, asker=producer, text="Boleh kirim bertahap?")
    maker = factories.make_person("producer", works_for=producer)
    buyer = factories.make_person("buyer", works_for=outlet)
    officer = factories.make_person("province")
    link = "/q/" + sign("question", [question.id])
    pages = (
        (f"/products/{product.id}", None),
        (f"/products/{product.id}", maker),
        (f"/products/{product.id}/questions", buyer),
        (f"/products/{product.id}/questions/new", buyer),
        (f"/needs/{need.id}", buyer),
        (f"/needs/{need.id}/questions", maker),
        (f"/questions/{question.id}", officer),
        (f"/questions/{question.id}", buyer),
        ("/questions", officer),
        ("/", maker),
        ("/to-send", officer),
        (link, None),
    )
    assert faults(pages) == {}


def test_a_product_page_with_questions_stays_light(new_page: Visit) -> None:
    product = factories.make_product()
    outlet = factories.make_outlet()
    for number in range(9):
        text = f"{number} {LONG}"[:500]
        factories.make_question(product, asker=outlet, text=text, answer=text)
    page = new_page()
    weight = Weight(page)
    page.goto(f"/products/{product.id}", wait_until="networkidle")
    assert weight.over_budget() == []
