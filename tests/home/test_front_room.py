"""The front page answers "what should I do now?"; settings and background work."""

from datetime import timedelta

import pytest

from marketplace.businesses.rules import PaperKind
from marketplace.core.clock import today
from marketplace.infra import jobs, options
from marketplace.infra.jobs import JobState
from marketplace.infra.transaction import transaction
from marketplace.programs.rules import ProgramKind
from marketplace.programs.rules.leads import LeadDraft
from marketplace.programs.services import following_up, leads
from tests.conftest import SignIn
from tests.factories import BELITUNG, make_paper, make_person, make_producer, make_product
from tests.programs.fairs import make_fair
from tests.programs.trainings import attend, join, make_course
from tests.support.client import Client


@pytest.mark.parametrize("role", [None, "producer", "buyer", "province", "regency", "admin"])
def test_everybody_has_a_front_page(client: Client, signed_in: SignIn, role: str | None) -> None:
    browser = signed_in(make_person(role)) if role else client
    assert "<h1" in browser.text("/")


def test_the_language_stays_chosen_on_this_device(client: Client) -> None:
    assert 'lang="id"' in client.text("/")
    client.get("/language/en?next=/sign-in")
    assert 'lang="en"' in client.text("/")
    client.get("/language/xx")
    assert 'lang="en"' in client.text("/")


@pytest.mark.parametrize(
    "target", ["//evil.example", "https:evil.example", "/\\evil.example", "https:///evil.example"]
)
def test_choosing_a_language_leads_to_no_foreign_site(client: Client, target: str) -> None:
    answer = client.get("/language/en", query_string={"next": target})
    assert answer.location == "/"


def test_the_province_sets_how_long_an_introduction_waits_and_how_many_questions_may(
    signed_in: SignIn,
) -> None:
    officer = signed_in(make_person("province"))

    def save(days: str, questions: str) -> int:
        data = {"introduction_days": days, "open_questions": questions}
        data |= {"meeting_request_days": "5", "meeting_reminder_days": "2"}
        return officer.post("/settings", data=data).status_code

    assert save("10", "5") == 302
    for wrong in ("0", "-1", "61", "sepuluh", "1e308", "NaN", ""):
        assert save(wrong, "3") == 422
        assert save("7", wrong) == 422
    assert options.get_int("introduction_days", 7) == 10
    assert options.get_int("open_questions", 3) == 5
    assert signed_in(make_person("regency")).get("/settings").status_code == 403


def test_a_failed_job_is_shown_and_can_run_again(signed_in: SignIn) -> None:
    with transaction():
        job = jobs.enqueue("no-such-work")
    assert job is not None
    jobs.run_job(job.id)
    assert jobs.get_job(job.id).state is JobState.FAILED
    officer = signed_in(make_person("province"))
    assert "no-such-work" in officer.text("/jobs")
    assert officer.post(f"/jobs/{job.id}/again").status_code == 302
    assert jobs.get_job(job.id).state is JobState.WAITING
    assert officer.post(f"/jobs/{job.id}/again").status_code == 409
    assert signed_in(make_person("producer")).get("/jobs").status_code == 403


def test_a_producer_with_a_draft_is_told_of_it(signed_in: SignIn) -> None:
    maker = make_person("producer")
    product = make_product()
    assert product.id
    assert "/my-products" in signed_in(maker).text("/")


def test_an_officer_is_led_to_papers_contacts_and_calls_that_wait(signed_in: SignIn) -> None:
    producer = make_producer()
    make_paper(
        producer,
        kind=PaperKind.HALAL,
        covers=[make_product(producer)],
        number="ID19110000012340126",
        valid_from=today() - timedelta(days=900),
        valid_to=today() + timedelta(days=20),
    )
    expo = make_fair(2, kind=ProgramKind.EXPO, title="Pameran Uji")
    yesterday = today() - timedelta(days=1)
    draft = LeadDraft("Toko Cari", "Kemplang", next_step="Kirim contoh", due_on=yesterday)
    with transaction():
        leads.add_lead(actor=expo.actor, holder_id=expo.holders[0], draft=draft)
    course = make_course()
    attend(course, join(course))
    with transaction():
        following_up.open_due(today() + timedelta(days=100))
    page = signed_in(expo.officer).text("/")
    for address in ("/readiness/certificates?days=30", "/contacts", "/training-calls"):
        assert f'href="{address}"' in page
    elsewhere = signed_in(make_person("regency", area=BELITUNG)).text("/")
    for address in ("/contacts", "/training-calls"):
        assert f'href="{address}"' not in elsewhere
