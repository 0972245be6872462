"""What came of a meeting, next steps that are chased, samples with their clocks."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from marketplace.audit.models import AuditEntry
from marketplace.core.clock import now, today
from marketplace.core.errors import Conflict, InvalidInput, NotAllowed, RuleBroken
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.meetings import queries
from marketplace.meetings.documents.followup import step_letter
from marketplace.meetings.models import Meeting, NextStep, Sample
from marketplace.meetings.queries import results
from marketplace.meetings.rules import Interest, MeetingState, MeetingWay, NoShow, Owner
from marketplace.meetings.rules.results import NewTime, OutcomeDraft, Scores, StepDraft
from marketplace.meetings.services import outcomes, samples, steps
from marketplace.notifications.models import OutboxMessage
from marketplace.notifications.rules import MessageState
from tests import factories
from tests.meetings.day import Day, actor_of, held, make_day, moved_to, record


@pytest.fixture
def day(app: object) -> Day:
    return make_day()


def texts(kind: str) -> list[OutboxMessage]:
    return session.query(OutboxMessage).filter_by(kind=kind).all()


def step_of(day: Day, **given: object) -> NextStep:
    record(day, day.first, held("Kirim daftar harga", **given))
    return session.query(NextStep).one()


# --- the result


def test_what_was_said_is_kept_with_who_wrote_it(day: Day) -> None:
    draft = held(
        "Kirim contoh", interest=Interest.STRONG, product_text="Kemplang", volume_per_month=400,
        price=18_000, unit="bungkus", sample="Kemplang 250 g",
    )  # fmt: skip
    meeting = record(day, day.first, draft)
    outcome = results.find_outcome(meeting.id)
    assert outcome is not None
    assert meeting.state is MeetingState.HELD
    assert (outcome.price, outcome.volume_per_month) == (18_000, 400)
    assert outcome.recorded_by_name == day.actor.name
    assert [one.what for one in results.steps_of(meeting.id)] == ["Kirim contoh"]
    assert [one.what for one in results.samples_of(meeting.id)] == ["Kemplang 250 g"]
    assert session.query(AuditEntry).filter_by(action="meeting.result").count() == 1


def test_the_second_officer_is_told_who_was_first(day: Day) -> None:
    stale = day.first.version
    record(day, day.first, held("Kirim contoh"))
    other = actor_of(factories.make_person("province"))
    with pytest.raises(Conflict) as refused, transaction():
        outcomes.record_outcome(
            actor=other, meeting=queries.get_meeting(day.first.id),
            draft=OutcomeDraft(state=MeetingState.NO_SHOW, no_show_by=NoShow.BOTH), version=stale,
        )  # fmt: skip
    assert refused.value.params["name"] == day.actor.name
    assert queries.get_meeting(day.first.id).state is MeetingState.HELD


def test_a_slip_of_the_pen_is_put_right(day: Day) -> None:
    record(day, day.first, OutcomeDraft(state=MeetingState.NO_SHOW, no_show_by=NoShow.BUYER))
    kept = record(day, day.first, held("Bertemu lagi"))
    assert kept.state is MeetingState.HELD
    assert kept.no_show_by is None


def test_a_meeting_called_off_has_no_result(day: Day) -> None:
    with transaction():
        meeting = queries.get_meeting(day.first.id)
        meeting.state, meeting.ended_at = MeetingState.CANCELLED, now()
    with pytest.raises(RuleBroken):
        record(day, day.first, held())


def test_nothing_is_held_before_it_began(app: object) -> None:
    ahead = make_day(on=3)
    with pytest.raises(InvalidInput) as refused:
        record(ahead, ahead.first, held())
    assert "state" in refused.value.fields


def test_a_step_is_never_before_the_meeting(day: Day) -> None:
    with pytest.raises(InvalidInput) as refused:
        record(day, day.first, held("Kirim", due=-2))
    assert "step_due" in refused.value.fields
    record(day, day.first, held("Kirim", due=-1))  # typed in later, the day it was due


def test_only_products_of_this_producer_were_talked_of(day: Day) -> None:
    foreign = factories.make_product()
    with pytest.raises(InvalidInput) as refused:
        record(day, day.first, held(product_id=foreign.id))
    assert "product_id" in refused.value.fields


def test_one_put_off_stands_on_both_calendars_at_its_new_time(day: Day) -> None:
    at = now() + timedelta(days=2)
    later = record(
        day,
        day.first,
        OutcomeDraft(state=MeetingState.MOVED, new_time=NewTime(at, MeetingWay.CALL)),
    )
    assert later.moved_from_id == day.first.id
    assert later.starts_at == at
    assert queries.get_meeting(day.first.id).state is MeetingState.MOVED
    assert {one.side for one in texts("meeting_placed")} == {"producer", "buyer"}


MOVED = OutcomeDraft(state=MeetingState.MOVED)


def test_nobody_gives_a_new_time_for_both_before_they_sat_at_the_table(app: object) -> None:
    ahead = make_day(on=3)
    for actor in (ahead.actor, actor_of(factories.make_person("regency"))):
        with pytest.raises(InvalidInput) as refused:
            record(actor, ahead.first, moved_to(now() + timedelta(days=5)))
        assert "state" in refused.value.fields
    assert session.query(Meeting).count() == 2


def test_beforehand_only_who_may_move_a_meeting_puts_it_off(app: object) -> None:
    ahead = make_day(on=3)
    with pytest.raises(InvalidInput):
        record(actor_of(factories.make_person("regency")), ahead.first, MOVED)
    assert record(ahead, ahead.first, MOVED).state is MeetingState.MOVED


def test_a_new_time_lies_within_a_year(day: Day) -> None:
    with pytest.raises(InvalidInput) as refused:
        record(day, day.first, moved_to(now() + timedelta(days=367)))
    assert "new_day" in refused.value.fields


def test_nobody_is_put_off_to_a_time_they_have_something_else(day: Day) -> None:
    at = now() + timedelta(days=2)
    moved = OutcomeDraft(state=MeetingState.MOVED, new_time=NewTime(at, MeetingWay.CALL))
    record(day, day.first, moved)
    with pytest.raises(InvalidInput) as refused:  # the same producer at the same hour
        record(day, day.second, moved)
    assert "new_day" in refused.value.fields
    assert queries.get_meeting(day.second.id).state is MeetingState.PLACED


def test_an_officer_of_another_kabupaten_writes_nothing_down(day: Day) -> None:
    own = actor_of(factories.make_person("regency"))
    stranger = actor_of(factories.make_person("regency", area=factories.BELITUNG))
    with pytest.raises(NotAllowed):
        record(stranger, day.first, held())
    assert record(own, day.first, held()).state is MeetingState.HELD


def test_neither_side_writes_the_result_itself(day: Day) -> None:
    producer = day.maker.person()
    with pytest.raises(NotAllowed):
        record(actor_of(producer), day.first, held())


# --- red until there is a next step


def test_a_held_meeting_without_a_step_is_red_in_its_area(day: Day) -> None:
    record(day, day.first, held())
    assert results.count_without_step() == 1
    assert results.count_without_step(factories.PANGKALPINANG) == 1
    assert results.count_without_step(factories.BELITUNG) == 0
    with transaction():
        steps.add_step(
            actor=day.actor, meeting=queries.get_meeting(day.first.id),
            draft=StepDraft("Telepon", Owner.OFFICE, today()),
        )  # fmt: skip
    assert results.count_without_step() == 0


def test_a_missed_meeting_is_not_red(day: Day) -> None:
    record(day, day.first, OutcomeDraft(state=MeetingState.NO_SHOW, no_show_by=NoShow.BUYER))
    assert results.count_without_step() == 0
    assert results.count_without_result("", now()) == 1  # the second one nobody wrote down


# --- steps are chased once


def chase() -> int:
    with transaction():
        return steps.chase_due()


def test_a_due_step_is_chased_once_at_whoever_does_it(app: Flask, day: Day) -> None:
    step = step_of(day, owner=Owner.BUYER, due=2)
    assert chase() == 0
    with time_machine.travel(now() + timedelta(days=2), tick=False):
        assert chase() == 1
        assert chase() == 0
    (message,) = texts("next_step_due")
    assert message.to_name == day.shop.contact
    assert message.subject_id == step.id
    with app.test_request_context():
        text = step_letter(message)
    assert "Kirim daftar harga" in text
    assert day.maker.name in text


def test_it_is_due_on_the_day_in_western_indonesia_wherever_the_server_stands(day: Day) -> None:
    step_of(day, due=2)
    due = session.query(NextStep).one().due_on
    midnight = datetime(due.year, due.month, due.day, tzinfo=UTC) - timedelta(hours=7)
    with time_machine.travel(midnight - timedelta(seconds=1), tick=False):
        assert chase() == 0
    with time_machine.travel(midnight, tick=False):
        assert chase() == 1


def test_a_meeting_found_not_to_have_been_held_leaves_nothing_to_do(day: Day) -> None:
    step_of(day, due=0)
    record(day, day.first, OutcomeDraft(state=MeetingState.NO_SHOW, no_show_by=NoShow.BUYER))
    assert chase() == 0
    assert results.count_due_steps(today()) == 0


def test_the_office_gets_no_text_from_itself(day: Day) -> None:
    step_of(day, owner=Owner.OFFICE, due=0)
    assert chase() == 0
    assert results.count_due_steps(today()) == 1


def test_a_step_done_takes_its_reminder_out_of_the_tray_and_a_second_press_changes_nothing(
    day: Day,
) -> None:
    step = step_of(day, due=0)
    assert chase() == 1
    producer = actor_of(day.maker.person())
    for _press in range(2):
        with transaction():
            steps.finish_step(actor=producer, step=results.get_step(step.id))
    assert texts("next_step_due")[0].state is MessageState.CANCELLED
    assert session.query(AuditEntry).filter_by(action="next_step.done").count() == 1


def test_only_who_was_to_do_it_says_it_is_done(day: Day) -> None:
    step = step_of(day, owner=Owner.PRODUCER)
    buyer = actor_of(day.shop.person())
    with pytest.raises(NotAllowed), transaction():
        steps.finish_step(actor=buyer, step=results.get_step(step.id))


def test_a_step_put_to_another_day_is_chased_anew(day: Day) -> None:
    step = step_of(day, due=0)
    assert chase() == 1
    with transaction():
        fresh = results.get_step(step.id)
        steps.change_step(
            actor=day.actor, step=fresh, version=fresh.version,
            draft=StepDraft("Kirim daftar harga", Owner.PRODUCER, today() + timedelta(days=1)),
        )  # fmt: skip
    assert chase() == 0
    with time_machine.travel(now() + timedelta(days=1), tick=False):
        assert chase() == 1
    assert [one.state for one in texts("next_step_due")] == [
        MessageState.CANCELLED,
        MessageState.TO_SEND,
    ]


# --- samples


def sample_of(day: Day) -> Sample:
    record(day, day.first, held("Nilai contoh", sample="Kemplang 250 g"))
    return session.query(Sample).one()


def test_a_sample_leaves_within_72_hours_and_is_judged_within_seven_days(day: Day) -> None:
    sample = sample_of(day)
    assert results.count_late_samples("", now() + timedelta(hours=71)) == 0
    assert results.count_late_samples("", now() + timedelta(hours=73)) == 1
    producer = actor_of(day.maker.person())
    buyer = actor_of(day.shop.person())
    with transaction():
        samples.mark_sent(actor=producer, sample=results.get_sample(sample.id))
    assert results.count_late_samples("", now() + timedelta(hours=73)) == 0
    with transaction():
        samples.mark_received(actor=buyer, sample=results.get_sample(sample.id))
    assert results.count_late_samples("", now() + timedelta(days=6)) == 0
    assert results.count_late_samples("", now() + timedelta(days=8)) == 1
    with transaction():
        samples.judge(
            actor=buyer, sample=results.get_sample(sample.id), scores=Scores(5, 3, 4, "Enak")
        )
    assert results.count_late_samples("", now() + timedelta(days=8)) == 0
    kept = results.get_sample(sample.id)
    assert (kept.taste_score, kept.pack_score, kept.price_score) == (5, 3, 4)
    assert [one.side for one in texts("sample_sent")] == ["buyer"]


def test_a_second_press_does_not_start_the_clock_anew(day: Day) -> None:
    sample = sample_of(day)
    with transaction():
        samples.mark_received(actor=day.actor, sample=results.get_sample(sample.id))
    first = results.get_sample(sample.id).judge_by
    with time_machine.travel(now() + timedelta(days=1), tick=False), transaction():
        samples.mark_received(actor=day.actor, sample=results.get_sample(sample.id))
    assert results.get_sample(sample.id).judge_by == first


def test_the_producer_does_not_judge_the_own_sample(day: Day) -> None:
    sample = sample_of(day)
    producer = actor_of(day.maker.person())
    with pytest.raises(NotAllowed), transaction():
        samples.judge(actor=producer, sample=results.get_sample(sample.id), scores=Scores(5, 5, 5))


@pytest.mark.parametrize("mark", [0, 6, -1])
def test_marks_go_from_one_to_five(day: Day, mark: int) -> None:
    sample = sample_of(day)
    with pytest.raises(InvalidInput), transaction():
        samples.judge(
            actor=day.actor, sample=results.get_sample(sample.id), scores=Scores(3, mark, 3)
        )


def test_the_meeting_of_a_sample_is_the_one_it_was_promised_at(day: Day) -> None:
    assert sample_of(day).meeting_id == day.first.id
    assert session.query(Meeting).count() == 2
