"""Figures against small cases counted by hand."""

from datetime import UTC, date, datetime, timedelta
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.clock import now, today
from marketplace.core.errors import NotFound
from marketplace.infra.transaction import transaction
from marketplace.meetings import queries
from marketplace.meetings.documents.figures import figures_of, rows_of
from marketplace.meetings.models import MeetingRequest
from marketplace.meetings.queries.figures import Scope
from marketplace.meetings.rules import (
    DeclineReason,
    MeetingState,
    MeetingWay,
    NoShow,
    RequestState,
    Side,
)
from marketplace.meetings.rules.figures import (
    AskRow,
    Figure,
    FigureKey,
    Quarter,
    Share,
    Verdict,
    figure,
    quarter_of,
    read_quarter,
    wilson,
)
from marketplace.meetings.rules.results import NewTime, OutcomeDraft
from tests import factories
from tests.meetings.day import Day, Placed, actor_of, held, make_chair, make_day, place, record

NOW = datetime(2026, 11, 26, 5, 0, tzinfo=UTC)


# --- the interval


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [
        # Newcombe 1998, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_wilsons_as_published(
    hits: int, trials: int, low: float, high: float
) -> None:
    found = wilson(hits, trials)
    assert isclose(found[0], low, abs_tol=0.00006)
    assert isclose(found[1], high, abs_tol=0.00006)


@given(st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_between_none_and_all(pair: tuple[int, int]) -> None:
    hits, trials = pair
    low, high = wilson(hits, trials)
    assert 0 <= low <= hits / trials <= high <= 1
    mirrored = wilson(trials - hits, trials)
    assert isclose(low, 1 - mirrored[1], abs_tol=1e-9)


def test_a_share_of_nothing_has_no_interval() -> None:
    assert Share(0, 0).interval is None
    assert Share(0, 0).value is None
    with pytest.raises(ValueError, match="share"):
        wilson(0, 0)


# --- the aim


@pytest.mark.parametrize(
    ("hits", "trials", "verdict"),
    [
        (0, 0, Verdict.NOTHING),
        (9, 9, Verdict.FEW),
        (60, 60, Verdict.REACHED),
        (19, 20, Verdict.LIKELY),
        (17, 20, Verdict.BELOW),
        (10, 20, Verdict.MISSED),
    ],
)
def test_how_a_figure_stands_to_its_aim_minds_chance(
    hits: int, trials: int, verdict: Verdict
) -> None:
    assert Figure(FigureKey.KEPT, Share(hits, trials), 0).verdict is verdict


def ask(hours: float | None, age: float = 100, state: RequestState = RequestState.AGREED) -> AskRow:
    asked = NOW - timedelta(hours=age)
    answered = None if hours is None else asked + timedelta(hours=hours)
    return AskRow(1, "a", "b", state, asked, NOW + timedelta(days=1), answered)


def test_the_first_reply_counts_the_silent_once_a_day_has_passed() -> None:
    rows = [
        ask(2),
        ask(24),
        ask(30),
        ask(None, age=25, state=RequestState.ASKED),
        ask(None, age=3, state=RequestState.ASKED),
    ]
    found = figure(FigureKey.FIRST_REPLY, rows, NOW)
    assert (found.share.numerator, found.share.denominator, found.not_counted) == (2, 4, 1)
    assert found.median_hours == 27  # between 24 and 30: silence is the longest reply of all


def test_where_most_never_answer_the_median_is_endless() -> None:
    rows = [ask(1), *[ask(None, state=RequestState.EXPIRED)] * 3]
    assert figure(FigureKey.FIRST_REPLY, rows, NOW).median_hours == float("inf")


def test_a_request_whose_time_is_over_is_not_accepted_even_if_no_worker_marked_it() -> None:
    waiting = ask(None, state=RequestState.ASKED)
    assert figure(FigureKey.ACCEPTED, [waiting], NOW).share == Share(0, 0)
    assert figure(FigureKey.ACCEPTED, [waiting], NOW + timedelta(days=2)).share == Share(0, 1)


# --- quarters


def test_a_quarter_begins_and_ends_at_midnight_in_western_indonesia() -> None:
    first, last = Quarter(2026, 4).span()
    assert first == datetime(2026, 9, 30, 17, tzinfo=UTC)
    assert last == datetime(2026, 12, 31, 17, tzinfo=UTC)
    assert quarter_of(date(2026, 12, 31)) == Quarter(2026, 4)
    assert Quarter(2026, 4).after == Quarter(2027, 1)
    assert Quarter(2026, 1).before == Quarter(2025, 4)


@pytest.mark.parametrize("text", ["", "2026", "2026-Q5", "x-Q1", "٢٠٢٦-Q1", "9999-Q1", "2026-Q1x"])
def test_nonsense_is_no_quarter(text: str) -> None:
    with pytest.raises(NotFound):
        read_quarter(text)


# --- from rows


@pytest.fixture
def day(app: object) -> Day:
    return make_day()


def shares(scope: Scope) -> dict[FigureKey, Share]:
    return {one.key: one.share for one in figures_of(scope, now())}


@pytest.mark.both_databases
def test_the_figures_of_a_small_event_are_those_counted_by_hand(day: Day) -> None:
    event, shop = day.event, day.shop
    makers = [make_chair(event) for _ in range(3)]
    # Four requests more: one accepted and not yet written down, two declined, one waiting.
    place(makers[0], shop, 2, 1)
    for maker in makers[1:]:
        factories.make_meeting_request(
            maker, shop, agreed=False, state=RequestState.DECLINED, declined_by=Side.BUYER,
            declined_at=now(), decline_reason=DeclineReason.NO_TIME, first_answer_at=now(),
        )  # fmt: skip
    factories.make_meeting_request(makers[1], day.other_shop, agreed=False)
    record(day, day.first, held("Kirim daftar harga"))
    record(day, day.second, OutcomeDraft(state=MeetingState.NO_SHOW, no_show_by=NoShow.BUYER))

    found = shares(Scope(event_id=event.id))
    assert found[FigureKey.ACCEPTED] == Share(3, 5)
    assert found[FigureKey.KEPT] == Share(1, 2)
    assert found[FigureKey.NEXT_STEP] == Share(1, 1)
    assert found[FigureKey.SECOND] == Share(0, 1)
    # Only the two declines were first answers of somebody asked; the others are younger than a day.
    assert found[FigureKey.FIRST_REPLY] == Share(2, 2)
    quarter = Scope(quarter=quarter_of(today()))
    if quarter_of(today()) == quarter_of(today() - timedelta(days=1)):
        assert shares(quarter) == found


def test_every_figure_is_the_count_of_the_rows_it_opens(day: Day) -> None:
    record(day, day.first, held())
    record(day, day.second, held("Kirim contoh"))
    scope = Scope(event_id=day.event_id)
    for key, share in shares(scope).items():
        rows = rows_of(key, scope, now())
        assert share.numerator == sum(said is True for _row, said in rows)
        assert share.denominator == sum(said is not None for _row, said in rows)


@pytest.mark.both_databases
def test_who_meets_again_elsewhere_has_met_a_second_time(day: Day) -> None:
    record(day, day.first, held("Bertemu lagi"))
    later = single(day, days_ago=0)
    assert shares(Scope(event_id=day.event_id))[FigureKey.SECOND] == Share(0, 1)
    record(day, later, held("Kontrak"))
    assert shares(Scope(event_id=day.event_id))[FigureKey.SECOND] == Share(1, 1)


def single(day: Day, days_ago: int) -> Placed:
    """A meeting outside events of the first pair, an hour ago."""
    at = now() - timedelta(hours=1, days=days_ago)
    values = {"event_id": None, "starts_at": at, "minutes": 30, "way": MeetingWay.CALL}
    request = factories.make_meeting_request(day.maker, day.shop, **values)
    meeting = factories.Meeting(
        request_id=request.id, producer_id=request.producer_id, buyer_id=request.buyer_id,
        area_code=request.area_code, starts_at=at, minutes=30, way=MeetingWay.CALL,
    )  # fmt: skip
    with transaction():
        factories.session.add(meeting)
        factories.session.flush()
    return Placed(meeting.id, meeting.version, at)


def test_a_meeting_put_off_neither_counts_as_kept_nor_as_a_request_more(day: Day) -> None:
    before = shares(Scope(quarter=quarter_of(today())))
    new_time = NewTime(now() + timedelta(days=3), MeetingWay.CALL)
    later = record(day, day.first, OutcomeDraft(state=MeetingState.MOVED, new_time=new_time))
    assert later.moved_from_id == day.first.id
    assert factories.session.query(MeetingRequest).count() == 3
    after = shares(Scope(quarter=quarter_of(today())))
    assert after[FigureKey.ACCEPTED] == before[FigureKey.ACCEPTED] == Share(2, 2)
    assert after[FigureKey.KEPT] == Share(0, 0)


def test_an_officer_of_a_kabupaten_counts_the_own_producers_only(day: Day) -> None:
    record(day, day.first, held("Kirim contoh"))
    own = Scope(event_id=day.event_id, area=factories.PANGKALPINANG)
    other = Scope(event_id=day.event_id, area=factories.BELITUNG)
    assert shares(own)[FigureKey.KEPT] == Share(1, 1)
    assert shares(other)[FigureKey.KEPT] == Share(0, 0)
    assert shares(other)[FigureKey.ACCEPTED] == Share(0, 0)
    assert actor_of(factories.make_person("regency")).area == factories.PANGKALPINANG
    assert queries.get_event(day.event_id).office_id
