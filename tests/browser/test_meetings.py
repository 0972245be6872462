"""Temu bisnis in a real browser: from the request to the timetable, and somebody who is late."""

import pytest
from playwright.sync_api import Page, expect

from marketplace.infra.db import session
from marketplace.meetings import queries
from marketplace.meetings.models import Meeting, MeetingRequest
from marketplace.meetings.rules import MeetingState
from tests import factories
from tests.browser.conftest import Faults, Visit
from tests.meetings.conftest import Gathering, gathering
from tests.support.browser import DESK

__all__ = ["gathering"]


def look_again() -> None:
    """End the test's own snapshot: the server has written since."""
    session.rollback()
    session.expire_all()


def links_of(page: Page) -> list[str]:
    """The signed links in the prepared texts of the tray, as paths."""
    texts = page.locator(".letter-text").all_inner_texts()
    return ["/t/" + text.split("/t/")[1].split()[0] for text in texts]


@pytest.mark.parametrize("javascript", [True, False])
def test_from_a_request_over_both_yeses_to_the_timetable(
    visit: Visit, gathering: Gathering, javascript: bool
) -> None:
    at = f"/events/{gathering.event.id}"
    page = visit(f"{at}/requests", gathering.officer, width=DESK, javascript=javascript)
    page.get_by_text("Pertemukan dua usaha").click()
    page.select_option("[name=producer_id]", str(gathering.producers[0].id))
    page.select_option("[name=buyer_id]", str(gathering.buyers[0].id))
    page.get_by_role("button", name="Tanya keduanya").click()
    expect(page.locator(".flash.good")).to_be_visible()
    page.goto("/to-send")
    links = links_of(page)
    assert len(links) == 2
    for link in links:
        answer = visit(link, javascript=javascript)
        answer.get_by_role("button", name="Ya, kami bersedia bertemu").click()
        expect(answer.locator(".flash.good")).to_be_visible()
    page.goto(f"{at}/timetable")
    page.get_by_role("button", name="Susun jadwal").click()
    expect(page.locator(".flash.good")).to_contain_text("1 pertemuan")
    look_again()
    (meeting,) = session.query(Meeting).all()
    page.locator("table.table tbody a").first.click()
    page.locator("input[name=place][value='5']").check()
    page.get_by_role("button", name="Pindahkan ke situ").click()
    expect(page.locator(".flash.good")).to_be_visible()
    look_again()
    assert queries.get_meeting(meeting.id).slot == 5


def test_somebody_late_is_planned_around_on_a_phone(visit: Visit, gathering: Gathering) -> None:
    for slot, buyer in enumerate(gathering.buyers):
        request = factories.make_meeting_request(gathering.producers[0], buyer)
        factories.make_meeting(request, slot=slot)
    page = visit(f"/participants/{gathering.producers[0].id}", gathering.officer)
    page.select_option("[name=from_slot]", "4")
    page.get_by_role("button", name="Catat terlambat").click()
    expect(page.locator(".flash.good")).to_contain_text("2 pertemuan ditunda")
    look_again()
    live = session.query(Meeting).filter_by(state=MeetingState.PLACED).all()
    assert all((one.slot or 0) >= 4 for one in live)
    assert len(live) == 2


def test_the_pages_fit_the_screen_and_can_be_read_by_everybody(
    faults: Faults, gathering: Gathering
) -> None:
    requests = [
        factories.make_meeting_request(producer, gathering.buyers[0])
        for producer in gathering.producers
    ]
    factories.make_meeting_request(gathering.producers[0], gathering.buyers[1], agreed=False)
    meeting = factories.make_meeting(requests[0])
    at = f"/events/{gathering.event.id}"
    pages = [
        "/events",
        "/events/new",
        "/meetings/single",
        at,
        *(f"{at}/{page}" for page in ("edit", "participants", "invite", "walk-in?q=a", "pairs")),
        *(f"{at}/{page}" for page in ("requests", "timetable")),
        f"/participants/{gathering.producers[0].id}",
        f"/meetings/{meeting.id}",
        f"/meeting-requests/{requests[1].id}/place",
        f"/meeting-requests/{requests[0].id}",
    ]
    assert faults((path, gathering.officer) for path in pages) == {}
    assert session.query(MeetingRequest).count() == 3
