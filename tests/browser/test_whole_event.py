"""The demonstration's temu bisnis, 40 producers and 20 buyers, from the press to its figures."""

from collections import Counter
from datetime import timedelta

from playwright.sync_api import Page, expect

from marketplace.accounts import queries as accounts
from marketplace.core.clock import today
from marketplace.demo.rules import dataset
from marketplace.demo.services import filling, gathering
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.meetings import queries
from marketplace.meetings.models import Meeting
from marketplace.meetings.rules import LIVE_MEETINGS, MeetingState
from tests.browser.conftest import Visit
from tests.support.browser import DESK
from tests.support.pairings import suggest

# From the sheets: every seventh buyer did not come, all others agreed on a next step.
FILL = """due => document.querySelectorAll('fieldset.row-group').forEach((row, number) => {
    const put = (name, value) => { row.querySelector(`[name$=-${name}]`).value = value }
    put('state', number % 7 === 3 ? 'no_show-buyer' : 'held')
    if (number % 7 === 3) return
    put('step_what', 'Kirim daftar harga')
    put('step_due', due)
    put('price', '18.500')
})"""


def look_again() -> None:
    """End the test's own snapshot: the server has written since."""
    session.rollback()
    session.expire_all()


def prepared() -> int:
    with transaction():
        filling.seed(dataset(today()), with_accounts=True)
    suggest(220)
    with transaction():
        gathering.play()
    return queries.page_of_events(1).items[0].id


def meetings(*states: MeetingState) -> list[Meeting]:
    look_again()
    return session.query(Meeting).filter(Meeting.state.in_(states)).order_by(Meeting.id).all()


def is_without_clash() -> bool:
    """Nobody sits at two tables at once, and no table has two meetings."""
    seats: Counter[tuple[str, int, int | None]] = Counter()
    for one in meetings(*LIVE_MEETINGS):
        seats.update(
            [("business", one.producer_id, one.slot), ("business", one.buyer_id, one.slot)]
        )
        seats.update([("table", one.table_number or 0, one.slot)])
    return max(seats.values()) == 1


def note_absent(page: Page, participant_id: int) -> None:
    page.goto(f"/participants/{participant_id}")
    form = page.locator("form[action$='/absent']")
    page.locator("details", has=form).locator("summary").click()
    form.locator("button").click()
    expect(page.locator(".flash.good")).to_be_visible()


def let_the_day_pass(event_id: int) -> None:
    """It was yesterday: a fortnight and a day go by."""
    gone = timedelta(days=15)
    with transaction():
        for day in queries.get_event(event_id).days:
            day.day_on -= gone
        for meeting in session.query(Meeting).filter_by(event_id=event_id):
            meeting.starts_at -= gone


def type_all_results(page: Page, event_id: int) -> None:
    page.goto(f"/events/{event_id}/results")
    save = page.locator(".bottom-bar button")
    while save.count():
        page.evaluate(FILL, today().isoformat())
        # The whole page must be there before it is asked whether there is one more to fill in.
        with page.expect_navigation():
            save.click()
        expect(page.locator(".flash.good")).to_be_visible()
        expect(page.get_by_role("alert")).to_have_count(0)


def test_a_whole_event_from_the_press_to_its_figures(visit: Visit) -> None:
    event_id = prepared()
    officer = accounts.find_person_by_login("petugas@contoh.id")
    page = visit(f"/events/{event_id}/timetable", officer, width=DESK)
    page.get_by_role("button", name="Susun jadwal").click()
    expect(page.locator(".flash.good")).to_be_visible()
    placed = meetings(MeetingState.PLACED)
    assert len(placed) > 40
    assert is_without_clash()

    missing = {placed[0].producer_id, placed[-1].buyer_id}
    chairs = [queries.find_participant(event_id, one) for one in missing]
    for number in [one.id for one in chairs if one is not None]:
        note_absent(page, number)
    assert is_without_clash()
    left = meetings(MeetingState.PLACED)
    assert not missing & {one.producer_id for one in left} | missing & {
        one.buyer_id for one in left
    }

    let_the_day_pass(event_id)
    type_all_results(page, event_id)
    assert meetings(MeetingState.PLACED) == []
    held, missed = len(meetings(MeetingState.HELD)), len(meetings(MeetingState.NO_SHOW))
    assert held > missed > 2
    assert held + missed >= len(placed)

    page.goto(f"/events/{event_id}/figures")
    expect(page.get_by_text(f"{held} dari {held + missed}")).to_be_visible()
    page.goto(f"/events/{event_id}/print/day")
    page.emulate_media(media="print")
    rows = page.locator("tbody.paper-group tr")
    expect(rows).to_have_count(held + missed)
    expect(rows.get_by_text("tidak dihadiri")).to_have_count(missed)
