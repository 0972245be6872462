"""A training in a real browser: signed up from a link on a phone, and run by an officer."""

import pytest
from flask import current_app
from playwright.sync_api import expect

from marketplace.core.clock import now
from marketplace.programs.documents.attendance import code_of
from marketplace.programs.queries import sign_ups as reads
from tests.browser.conftest import Faults, Visit
from tests.programs.trainings import Course, attend, certify, join, make_course
from tests.support.browser import Weight, sideways_scroll

PAGES = [
    "/trainings",
    "/trainings/{course}",
    "/trainings/{course}/participants",
    "/trainings/{course}/certificates",
    "/trainings/{course}/outcomes",
    "/training-sessions/{session}",
    "/training-sessions/{session}/list",
    "/training-sessions/{session}/wall?still=1",
    "/training-figures",
]


def course_with_people() -> Course:
    course = make_course(seats=1)
    first = join(course, "Siti Aminah", "+6281270001111")
    join(course, "Rudi Hartono")
    attend(course, first)
    certify(course)
    return course


def test_pages_of_a_training_are_accessible_and_fit_the_screen(faults: Faults) -> None:
    course = course_with_people()
    places = [path.format(course=course.id, session=course.sessions[-1]) for path in PAGES]
    assert faults((place, course.officer) for place in places) == {}


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_signs_up_from_the_link_and_is_there_by_the_code_on_the_wall(
    visit: Visit, javascript: bool
) -> None:
    course = make_course()
    page = visit(f"/training/{course.id}", javascript=javascript)
    assert sideways_scroll(page) <= 0 if javascript else True
    page.get_by_label("Nama lengkap").fill("Siti Aminah")
    page.get_by_label("Nomor WhatsApp").fill("0812 7000 1111")
    page.get_by_label("Kabupaten atau kota").fill("Bangka Tengah")
    page.get_by_label("Dinas boleh memakai").check()
    page.get_by_role("button", name="Daftar", exact=True).click()
    page.wait_for_url("**/seat/*")
    expect(page.locator("main")).to_contain_text("Anda dapat kursi")
    (sign_up,) = reads.list_sign_ups(course.id)
    one = course.training.sessions[-1]
    base = page.url.split("/seat/")[0]
    with current_app.test_request_context(base_url=base):
        link = code_of(one, now()).link
    page.goto(link)
    page.get_by_label("Nomor WhatsApp Anda").fill("081270001111")
    page.get_by_role("button", name="Saya hadir").click()
    expect(page.locator("main")).to_contain_text("Tercatat")
    assert reads.attendance_of(course.id) == {sign_up.id: frozenset({one.id})}


def test_the_page_that_goes_round_is_light(new_page: Visit) -> None:
    course = make_course()
    page = new_page()
    weight = Weight(page)
    page.goto(f"/training/{course.id}", wait_until="networkidle")
    assert weight.over_budget() == []
