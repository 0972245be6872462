"""Results typed at a desk: one by one and a whole day, and what is still missing."""

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.businesses.rules import PaperKind
from marketplace.core.clock import now, today
from marketplace.infra import search
from marketplace.infra.db import session
from marketplace.infra.links import sign
from marketplace.infra.transaction import transaction
from marketplace.meetings import queries
from marketplace.meetings.documents.followup import SAMPLE_LINK
from marketplace.meetings.documents.own_data import personal_data
from marketplace.meetings.models import MeetingOutcome, NextStep, Sample
from marketplace.meetings.queries import results
from marketplace.meetings.rules import DeclineReason, MeetingState, NoShow, RequestState, Side
from marketplace.meetings.rules.figures import PerMeeting
from marketplace.meetings.rules.results import OutcomeDraft
from marketplace.meetings.services import steps
from marketplace.suggestions import queries as suggestions
from marketplace.suggestions.services import computing
from tests import factories
from tests.meetings.day import Day, held, make_day, record

WEEK = (today() + timedelta(days=7)).isoformat()


@pytest.fixture
def day(app: object) -> Day:
    return make_day()


def outcome_path(day: Day) -> str:
    return f"/meetings/{day.first.id}/result"


def typed(day: Day, **given: str) -> dict[str, str]:
    return {
        "state": "held", "step_what": "Kirim daftar harga", "step_owner": "producer",
        "step_due": WEEK, "price": "18rb", "volume_per_month": "1.200",
        "version": str(day.first.version), "form_token": "satu", **given,
    }  # fmt: skip


# --- one meeting


def test_an_officer_writes_a_result_down(day: Day, signed_in) -> None:
    browser = signed_in(day.officer)
    page = browser.post(outcome_path(day), data=typed(day), follow_redirects=True)
    assert page.status_code == 200
    outcome = results.find_outcome(day.first.id)
    assert outcome is not None
    assert (outcome.price, outcome.volume_per_month) == (18_000, 1_200)
    assert "Rp18.000" in page.text
    assert "Kirim daftar harga" in page.text


def test_the_next_step_that_is_still_missing_is_asked_in_one_place(day: Day, signed_in) -> None:
    """Two forms with the same fields: typed in the one, sent by the other, it was lost."""
    browser = signed_in(day.officer)
    browser.post(outcome_path(day), data=typed(day, step_what="", step_due=""))
    page = browser.text(outcome_path(day))
    assert "belum ada langkah berikutnya" in page
    assert page.count('name="step_what"') == 1
    assert page.index('name="step_what"') < page.index("Perbaiki hasil")


def test_sent_twice_it_is_written_once(day: Day, signed_in) -> None:
    browser = signed_in(day.officer)
    for _press in range(2):
        answer = browser.post(outcome_path(day), data=typed(day))
        assert answer.status_code == 302
    assert session.query(NextStep).count() == 1
    assert session.query(MeetingOutcome).count() == 1


def test_the_second_officer_sees_both_and_loses_nothing_typed(day: Day, signed_in) -> None:
    record(day, day.first, held("Langkah yang pertama", note="Catatan yang pertama"))
    other = signed_in(factories.make_person("province"))
    mine = typed(day, note="Catatan saya", product_text="Getas", state="no_show-buyer")
    answer = other.post(outcome_path(day), data=mine)
    assert answer.status_code == 409
    for words in ("Catatan saya", "Getas", "Catatan yang pertama", day.actor.name):
        assert words in answer.text
    assert queries.get_meeting(day.first.id).state is MeetingState.HELD
    fresh = str(queries.get_meeting(day.first.id).version)
    assert f'name="version" type="hidden" value="{fresh}"' in answer.text
    again = other.post(outcome_path(day), data={**mine, "version": fresh, "form_token": "dua"})
    assert again.status_code == 302
    assert queries.get_meeting(day.first.id).no_show_by is NoShow.BUYER


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("state", ""),
        ("state", "nonsense"),
        ("step_due", ""),
        ("step_due", "31/02"),
        ("step_what", ""),
        ("price", "1E+999999"),
        ("price", "-5"),
        ("price", "0"),
        ("volume_per_month", "sNaN"),
        ("late_minutes", "10"),
        ("product_id", "999999"),
    ],
)
def test_what_cannot_be_used_is_said_and_everything_typed_stays(
    day: Day, signed_in, field: str, value: str
) -> None:
    data = typed(day, note="Catatan panjang", **{field: value})
    answer = signed_in(day.officer).post(outcome_path(day), data=data)
    assert answer.status_code == 422
    assert "Catatan panjang" in answer.text
    assert session.query(MeetingOutcome).count() == 0


def test_both_sides_see_what_was_agreed_and_not_what_the_office_thinks(day: Day, signed_in) -> None:
    draft = held("Kirim contoh", note="Rahasia dinas", price=18_000, product_text="Kemplang")
    record(day, day.first, draft)
    for chair in (day.maker, day.shop):
        page = signed_in(chair.person()).text(outcome_path(day))
        assert "Rp18.000" in page
        assert "Kirim contoh" in page
        assert "Rahasia dinas" not in page
        assert f'action="{outcome_path(day)}"' not in page
    assert signed_in(day.other_shop.person()).get(outcome_path(day)).status_code == 404


def test_a_step_changed_by_two_is_shown_to_the_second(day: Day, signed_in) -> None:
    record(day, day.first, held("Kirim daftar"))
    step = session.query(NextStep).one()
    data = {"step_what": "Telepon", "step_owner": "buyer", "step_due": WEEK}
    browser = signed_in(day.officer)
    old = str(step.version)
    assert browser.post(f"/steps/{step.id}", data={**data, "version": old}).status_code == 302
    late = {**data, "step_what": "Surat saya", "version": old}
    answer = browser.post(f"/steps/{step.id}", data=late)
    assert answer.status_code == 409
    assert "Surat saya" in answer.text
    assert "Telepon" in answer.text


# --- a whole day from paper


def rows(day: Day, **given: str) -> dict[str, object]:
    first, second = day.first, day.second
    return {
        "meeting": [str(first.id), str(second.id)],
        f"m{first.id}-version": str(first.version),
        f"m{second.id}-version": str(second.version),
        f"m{first.id}-state": "held",
        f"m{first.id}-step_what": "Kirim contoh",
        f"m{first.id}-step_owner": "producer",
        f"m{first.id}-step_due": WEEK,
        f"m{second.id}-state": "no_show-buyer",
        **given,
    }


def entry(day: Day) -> str:
    return f"/events/{day.event_id}/results"


@pytest.mark.both_databases
def test_a_day_is_typed_in_at_once(day: Day, signed_in) -> None:
    browser = signed_in(day.officer)
    assert "Dapur Amang" in browser.text(entry(day))
    assert browser.post(entry(day), data=rows(day)).status_code == 302
    assert queries.get_meeting(day.first.id).state is MeetingState.HELD
    assert queries.get_meeting(day.second.id).no_show_by is NoShow.BUYER
    assert "Dapur Amang" not in browser.get(entry(day)).text.split("</header>")[-1]


def test_good_rows_are_kept_and_a_bad_one_comes_back_as_it_was_typed(day: Day, signed_in) -> None:
    number = day.second.id
    bad = {f"m{number}-state": "held", f"m{number}-step_what": "Tanpa hari",
           f"m{number}-price": "sekian"}  # fmt: skip
    answer = signed_in(day.officer).post(entry(day), data=rows(day, **bad))
    assert answer.status_code == 422
    assert "Tanpa hari" in answer.text
    assert "sekian" in answer.text
    assert f"m{number}-price-error" in answer.text
    assert f"m{day.first.id}-state" not in answer.text
    assert queries.get_meeting(day.first.id).state is MeetingState.HELD
    assert queries.get_meeting(number).state is MeetingState.PLACED


def test_a_row_left_alone_is_left_alone(day: Day, signed_in) -> None:
    number = day.second.id
    assert (
        signed_in(day.officer)
        .post(entry(day), data=rows(day, **{f"m{number}-state": ""}))
        .status_code
        == 302
    )
    assert queries.get_meeting(number).state is MeetingState.PLACED


def test_a_row_someone_else_wrote_meanwhile_says_so_and_keeps_the_words(
    day: Day, signed_in
) -> None:
    record(day, day.first, OutcomeDraft(state=MeetingState.NO_SHOW, no_show_by=NoShow.BOTH))
    answer = signed_in(factories.make_person("province")).post(entry(day), data=rows(day))
    assert answer.status_code == 422
    assert "Kirim contoh" in answer.text
    assert day.actor.name in answer.text
    assert queries.get_meeting(day.second.id).no_show_by is NoShow.BUYER  # its row was fine


def test_nobody_types_results_of_another_area(day: Day, signed_in) -> None:
    stranger = signed_in(factories.make_person("regency", area=factories.BELITUNG))
    assert "Dapur Amang" not in stranger.text(entry(day))
    stranger.post(entry(day), data=rows(day))
    assert queries.get_meeting(day.first.id).state is MeetingState.PLACED
    assert signed_in(day.maker.person()).get(entry(day)).status_code == 404


# --- what stays red


@pytest.mark.both_databases
def test_the_first_page_of_the_office_is_red_until_a_step_is_noted(day: Day, signed_in) -> None:
    browser = signed_in(day.officer)
    assert "list=no-step" not in browser.text("/")
    record(day, day.first, held())
    page = browser.text("/")
    assert 'class="stat red"' in page
    assert "list=no-step" in page
    assert "Dapur Amang" in browser.text("/follow-up?list=no-step")
    data = {"step_what": "Telepon", "step_owner": "office", "step_due": WEEK, "form_token": "x"}
    for _press in range(2):
        browser.post(f"/meetings/{day.first.id}/steps", data=data)
    assert session.query(NextStep).count() == 1
    assert 'class="stat red"' not in browser.text("/")


@pytest.mark.both_databases
def test_what_is_missing_shows_only_the_own_area(day: Day, signed_in) -> None:
    record(day, day.first, held())
    stranger = signed_in(factories.make_person("regency", area=factories.BELITUNG))
    for name in ("no-step", "no-result", "steps", "samples"):
        assert "Dapur Amang" not in stranger.text(f"/follow-up?list={name}")
    assert stranger.get("/follow-up?list=nonsense").status_code == 404


def test_a_producer_finds_the_own_step_and_ends_it(day: Day, signed_in) -> None:
    record(day, day.first, held("Kirim daftar", due=0))
    browser = signed_in(day.maker.person())
    assert "/my-steps" in browser.text("/")
    assert "Kirim daftar" in browser.text("/my-steps")
    browser.post(f"/steps/{session.query(NextStep).one().id}/done")
    assert session.query(NextStep).one().done_at is not None
    assert "Kirim daftar" not in signed_in(day.shop.person()).text("/my-steps")


def test_the_reminder_of_a_step_waits_in_the_tray(day: Day, signed_in) -> None:
    record(day, day.first, held("Kirim daftar harga", due=0))
    with transaction():
        steps.chase_due()
    page = signed_in(day.officer).text("/to-send")
    assert "Kirim daftar harga" in page
    assert "Toko Rasa" in page


# --- samples by link


def test_a_buyer_judges_a_sample_by_link_and_opening_it_changes_nothing(
    app: Flask, day: Day, client
) -> None:
    record(day, day.first, held("Nilai", sample="Kemplang 250 g"))
    sample = session.query(Sample).one()
    with app.test_request_context():
        path = f"/s/{sign(SAMPLE_LINK, [sample.id])}"
    assert "Kemplang 250 g" in client.text(path)
    assert session.query(Sample).one().received_at is None
    client.post(path, data={"received": "1"})
    assert session.query(Sample).one().received_at is not None
    half = client.post(path, data={"taste": "5", "pack": "9", "note": "Enak sekali"})
    assert half.status_code == 422
    assert "Enak sekali" in half.text
    client.post(path, data={"taste": "5", "pack": "3", "price": "4", "note": "Enak sekali"})
    kept = session.query(Sample).one()
    assert (kept.taste_score, kept.pack_score, kept.price_score) == (5, 3, 4)


# --- figures


@pytest.mark.both_databases
def test_figures_open_their_rows_and_can_be_taken_along(day: Day, signed_in) -> None:
    record(day, day.first, held("Kirim"))
    browser = signed_in(day.officer)
    base = f"/events/{day.event_id}/figures"
    assert f"{base}/kept" in browser.text(base)
    for key in ("accepted", "first_reply", "kept", "next_step", "second"):
        assert "Dapur Amang" in browser.text(f"{base}/{key}")
        assert "Dapur Amang" in browser.get(f"{base}/{key}.csv").text
    assert browser.get(f"{base}.csv").text.count("\n") == 6
    assert browser.get(f"{base}.xlsx").data[:2] == b"PK"
    assert browser.get(f"{base}/nonsense").status_code == 404
    assert browser.get("/meeting-figures").status_code == 200
    assert browser.get("/meeting-figures?quarter=x").status_code == 404
    assert browser.get("/meeting-figures/kept.xlsx").data[:2] == b"PK"


def test_figures_of_a_quarter_without_meetings_say_so(day: Day, signed_in) -> None:
    page = signed_in(day.officer).text("/meeting-figures?quarter=2020-Q1")
    assert "Triwulan I 2020: dihitung" in page
    assert "triwulan IV tahun 2019" in page
    assert "–" in page
    assert "Dapur Amang" not in signed_in(day.officer).text("/meeting-figures/kept?quarter=2020-Q1")


def test_producers_see_no_figures(day: Day, signed_in) -> None:
    browser = signed_in(day.maker.person())
    assert browser.get("/meeting-figures").status_code == 403
    assert browser.get(f"/events/{day.event_id}/figures").status_code == 404


def test_a_room_above_adds_what_came_of_held_meetings(
    app: Flask, day: Day, signed_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = record(day, day.first, held("Kirim"))
    asked: list[list[int]] = []

    def deals(held_ids: list[int]) -> list[PerMeeting]:
        asked.append(list(held_ids))
        return [PerMeeting("Rupiah", 5_000_000, len(held_ids), is_money=True, rows_url="/deals")]

    browser = signed_in(day.officer)
    path = f"/events/{day.event_id}/figures"
    assert "Rp5.000.000" not in browser.text(path)
    monkeypatch.setitem(app.extensions, "per_meeting", (deals,))
    assert "Rp5.000.000" in browser.text(path)
    assert asked == [[kept.id]]


# --- nobody's standing is lowered


def test_declines_and_missed_meetings_lower_no_score(day: Day, run_jobs) -> None:
    """A pairing computed after a no-show of its own producer and buyer is what it was before."""
    product = factories.make_product(day.maker.business, name="Kemplang panggang 250 g")
    factories.make_paper(day.maker.business, kind=PaperKind.PIRT, covers=[product])
    factories.make_paper(
        day.maker.business, kind=PaperKind.HALAL, number="ID19110000012340126", covers=[product]
    )
    need = factories.make_need(day.shop.business, title="Kemplang panggang 250gr")
    product_id, need_id = product.id, need.id

    def computed() -> tuple[int, object, bool]:
        search.forget()
        with transaction():
            computing.schedule_for_need(need_id)
        run_jobs()
        found = suggestions.find_pair(product_id, need_id)
        assert found is not None
        return found.score, found.evidence, found.is_eligible

    before = computed()
    factories.make_meeting_request(
        day.maker, day.other_shop, agreed=False, state=RequestState.DECLINED,
        declined_by=Side.PRODUCER, declined_at=now(), decline_reason=DeclineReason.NO_TIME,
    )  # fmt: skip
    for meeting, who in ((day.first, NoShow.PRODUCER), (day.second, NoShow.BOTH)):
        record(day, meeting, OutcomeDraft(state=MeetingState.NO_SHOW, no_show_by=who))
    assert computed() == before


def test_what_was_promised_is_part_of_all_my_data(day: Day) -> None:
    record(day, day.first, held("Kirim daftar harga"))
    (step,) = personal_data(day.maker.person().id)["next_steps"]
    assert step["what"] == "Kirim daftar harga"
    assert personal_data(day.other_shop.person().id)["next_steps"] == []


@pytest.mark.parametrize("new_day", ["9999-12-31", "0001-01-01"])
def test_a_day_no_calendar_has_is_refused_beside_its_field(
    day: Day, signed_in, new_day: str
) -> None:
    sent = typed(day, state="moved", new_day=new_day, new_at="24.00", reason="Hujan deras")
    answer = signed_in(day.officer).post(outcome_path(day), data=sent)
    assert answer.status_code == 422
    assert "kalender" in answer.text
    assert "Hujan deras" in answer.text
    assert signed_in(day.officer).post(outcome_path(day), data=typed(day)).status_code == 302
