"""Attendance, certificates, what became of people, and what happens to their data."""

from datetime import date, timedelta

import pytest
from flask import Flask

from marketplace.accounts.documents import PersonalData
from marketplace.core.clock import now, today
from marketplace.core.errors import DomainError, InvalidInput, RuleBroken
from marketplace.deals.documents import signed_deals
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.notifications.models import OutboxMessage
from marketplace.programs.documents import personal_data
from marketplace.programs.documents import training_figures as figures
from marketplace.programs.models import Certificate, FollowUp, SignUp
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.queries import trainings
from marketplace.programs.queries.training_figures import person_rows_of_training
from marketplace.programs.rules.outcomes import (
    Answer,
    Fact,
    Outcome,
    Said,
    firsts,
    months_after,
    reached,
)
from marketplace.programs.rules.training_figures import TrainingFigure, due_people
from marketplace.programs.rules.trainings import has_passed, needed_sessions
from marketplace.programs.services import attending, certifying, following_up, signing_up
from tests import factories
from tests.conftest import SignIn
from tests.programs.trainings import Course, attend, certify, join, make_course
from tests.support.processes import in_processes


@pytest.mark.parametrize(
    ("attended", "sessions", "percent", "passes"),
    [(4, 5, 80, True), (3, 5, 80, False), (2, 3, 80, False), (0, 0, 80, False), (1, 3, 33, True)],
)
def test_a_share_of_the_sessions_is_counted_whole(
    attended: int, sessions: int, percent: int, passes: bool
) -> None:
    assert has_passed(attended, sessions, percent) is passes
    if sessions:
        assert passes == (attended >= needed_sessions(sessions, percent))


def test_only_who_was_there_often_enough_gets_one_and_only_once(app: Flask) -> None:
    course = make_course()
    for sessions in (3, 2, 0):
        attend(course, join(course), sessions)
    assert certify(course) == 1
    assert certify(course) == 0
    assert session.query(Certificate).one().attended == 3


def certify_in_process(person_id: int, program_id: int) -> int:
    from marketplace.accounts import queries as accounts

    actor = accounts.actor_of(accounts.get_person(person_id))
    with transaction():
        return certifying.issue(actor=actor, program_id=program_id)


@pytest.mark.both_databases
def test_two_officers_who_issue_at_once_number_each_certificate_once(app: Flask) -> None:
    course = make_course()
    for _ in range(5):
        attend(course, join(course))
    answers = in_processes(app, certify_in_process, [(course.officer.id, course.id)] * 3)
    assert sorted(answers) == [0, 0, 5]
    session.rollback()
    assert [one.serial for one in reads.certificates_of(course.id)] == [1, 2, 3, 4, 5]


def test_a_revoked_one_stays_and_a_new_one_gets_a_new_number(app: Flask) -> None:
    course = make_course()
    sign_up = join(course)
    attend(course, sign_up)
    certify(course)
    first = session.query(Certificate).one()
    with pytest.raises(RuleBroken), transaction():
        attending.take_back(
            actor=course.actor, session_id=course.sessions[0], sign_up_id=sign_up.id
        )
    with transaction():
        certifying.revoke(actor=course.actor, certificate_id=first.id, reason="Salah nama")
    assert certify(course) == 1
    assert [one.number[-3:] for one in reads.certificates_of(course.id)] == ["001", "002"]


def test_nobody_is_noted_at_a_session_to_come_or_of_another_training(app: Flask) -> None:
    course, other = make_course(starts=0), make_course()
    sign_up = join(course)
    with pytest.raises(RuleBroken):
        attend(course, sign_up, 3)
    with pytest.raises(InvalidInput):
        attend(other, sign_up, 1)


# --- what became of them


def test_what_was_so_before_the_training_came_not_of_it() -> None:
    start = date(2026, 3, 1)
    facts = [
        Fact(1, Outcome.STARTED, date(2026, 1, 1)),
        Fact(1, Outcome.PAPER, date(2026, 1, 2)),
        Fact(1, Outcome.PAPER, date(2026, 5, 2)),
        Fact(1, Outcome.DEAL, date(2026, 2, 1)),
        Fact(1, Outcome.DEAL, date(2026, 6, 1)),
        Fact(2, Outcome.PUBLISHED, date(2026, 9, 9)),
    ]
    first = firsts(facts, start)
    assert {kind: fact.on for kind, fact in first.items()} == {
        Outcome.PAPER: date(2026, 5, 2),
        Outcome.PUBLISHED: date(2026, 9, 9),
    }
    assert reached(first, date(2026, 6, 1)) == {Outcome.PAPER}


def test_months_end_where_the_month_ends() -> None:
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2026, 3, 31), -1) == date(2026, 2, 28)


def past_course(days_ago: int, **given: object) -> Course:
    """Ended so many days ago."""
    return make_course(starts=-days_ago - 2, **given)


def seat_then(course: Course, phone: str, **given: object) -> SignUp:
    """As the row stands from then: nobody signs up for what is over."""
    from marketplace.programs.guards import trainings as guards
    from marketplace.programs.rules.trainings import SignUpState, SignUpWay

    with transaction():
        guards.take_seat(course.id)
        sign_up = SignUp(
            program_id=course.id,
            name=f"Peserta {phone[-2:]}",
            folded_name=f"peserta {phone[-2:]}",
            phone=phone,
            state=SignUpState.SEATED,
            way=SignUpWay.LINK,
            turn=guards.next_turn(course.id),
            **given,
        )
        session.add(sign_up)
    return sign_up


def test_outcomes_are_read_from_the_records_by_number_and_by_date(app: Flask) -> None:
    course = past_course(200)
    started = seat_then(course, "+6281533330001")
    later = seat_then(course, "+6281533330002")
    for one in (started, later):
        attend(course, one)
    for phone, days in (("+6281533330001", 60), ("+6281533330002", 199)):
        at = now() - timedelta(days=200 - days)
        business = factories.make_producer(phone=phone, created_at=at)
        factories.make_product(business, published_at=at + timedelta(days=1))
    rows = {one.sign_up_id: one for one in person_rows_of_training(course.id)}
    assert rows[started.id].had(Outcome.STARTED, 3)
    assert not rows[later.id].had(Outcome.STARTED, 6)
    assert rows[later.id].had(Outcome.STARTED, 12)
    assert rows[started.id].had(Outcome.PUBLISHED, 3)
    assert len(due_people(6, list(rows.values()), today())) == 2
    assert due_people(12, list(rows.values()), today()) == []


def test_a_signed_deal_counts_through_the_table_of_the_wiring(app: Flask) -> None:
    assert signed_deals in app.extensions["training_outcomes"]
    course = past_course(100)
    sign_up = seat_then(course, "+6281533330003")
    attend(course, sign_up)
    business = factories.make_producer(
        phone="+6281533330003", created_at=now() - timedelta(days=400)
    )

    def deals(ids: object) -> list[Fact]:
        return [Fact(business.id, Outcome.DEAL, today() - timedelta(days=50), "Toko Rasa")]

    (row,) = person_rows_of_training(course.id, [deals])
    assert row.first[Outcome.DEAL].detail == "Toko Rasa"
    assert Outcome.STARTED not in row.first


def test_calls_come_due_by_themselves_once_and_what_was_said_counts_from_its_day(
    app: Flask,
) -> None:
    course = past_course(200)
    sign_up = seat_then(course, "+6281533330004")
    attend(course, sign_up)
    seat_then(course, "+6281533330005")  # was never there: nobody asks
    for _ in range(2):
        with transaction():
            following_up.open_due(today())
    calls = reads.page_of_follow_ups(1).items
    assert [(one.sign_up_id, one.months) for one in calls] == [(sign_up.id, 3), (sign_up.id, 6)]
    first = calls[0].id
    with pytest.raises(InvalidInput), transaction():
        following_up.answer(actor=course.actor, follow_up_id=first, said=Said(Answer.STARTED))
    since = today() - timedelta(days=150)
    with transaction():
        following_up.answer(
            actor=course.actor, follow_up_id=first, said=Said(Answer.STARTED, since)
        )
    with pytest.raises(RuleBroken), transaction():
        following_up.answer(actor=course.actor, follow_up_id=first, said=Said(Answer.NOT_STARTED))
    (row, _other) = person_rows_of_training(course.id)
    assert [one.months for one in reads.page_of_follow_ups(1).items] == [6]
    assert row.first[Outcome.STARTED].by_phone
    assert row.had(Outcome.STARTED, 3)


def test_one_call_answers_the_earlier_ones_that_were_never_made(app: Flask) -> None:
    course = past_course(400)
    attend(course, seat_then(course, "+6281533330009"))
    with transaction():
        following_up.open_due(today())
    last = reads.page_of_follow_ups(1).items[-1]
    assert last.months == 12
    with transaction():
        following_up.answer(actor=course.actor, follow_up_id=last.id, said=Said(Answer.NOT_STARTED))
    assert reads.page_of_follow_ups(1).items == []


def test_a_training_that_invites_a_gap_is_found_by_what_it_unlocks(app: Flask) -> None:
    course = make_course()
    assert [one.program_id for one in trainings.planned_to_unlock({"paper:pirt"})] == [course.id]
    assert trainings.planned_to_unlock({"paper:halal"}) == []


def test_every_figure_opens_the_rows_it_is_made_of_and_a_kabupaten_its_own(
    app: Flask, signed_in: SignIn
) -> None:
    course = past_course(100)
    for phone, region in (("+6281533330010", "19.71"), ("+6281533330011", "19.02")):
        attend(course, seat_then(course, phone, region_code=region))
    year = (today() - timedelta(days=100)).year
    province = signed_in(course.officer)
    for key in ("signed_up", "attended", "certified", "started-3", "deal-3"):
        assert province.get(f"/training-figures/{key}?year={year}").status_code == 200
    shown = province.text(f"/training-figures/attended?year={year}")
    assert "Peserta 10" in shown
    assert "Peserta 11" in shown
    csv = province.text(f"/training-figures/attended.csv?year={year}")
    assert len(csv.strip().splitlines()) == 3
    ours = signed_in(factories.make_person("regency", area=factories.BELITUNG))
    shown = ours.text(f"/training-figures/attended?year={year}")
    assert "Peserta 10" not in shown
    assert "Peserta 11" in shown
    for wrong in ("seats", "started-4", "x"):
        assert province.get(f"/training-figures/{wrong}").status_code == 404


def test_a_training_to_come_is_not_held_yet(app: Flask) -> None:
    make_course(starts=1)
    with app.test_request_context():
        counts = figures.figures(today(), today() + timedelta(days=30)).counts
    assert counts[TrainingFigure.HELD] == 0


def test_the_areas_of_a_province_add_up_to_its_figures(app: Flask) -> None:
    course = past_course(20)
    for phone, region in (("+6281533330006", "19.01"), ("+6281533330007", "19.02")):
        attend(course, seat_then(course, phone, region_code=region))
    attend(course, seat_then(course, "+6281533330008"))
    certify(course)
    first, last = today() - timedelta(days=30), today()
    with app.test_request_context():
        whole = figures.figures(first, last, "19").counts
        parts = [
            figures.figures(first, last, area).counts
            for area in ("19.01", "19.02", "19.03", "19.04", "19.05", "19.06", "19.71")
        ]
        rows = figures.people(first, last, "19.02")
    assert whole[TrainingFigure.ATTENDED] == whole[TrainingFigure.CERTIFIED] == 3
    for figure in TrainingFigure:
        assert whole[figure] == sum(part[figure] for part in parts), figure
    assert [one.area for one in rows] == ["19.02"]
    with app.test_request_context():
        earlier = figures.figures(first - timedelta(days=300), first).counts
    assert earlier[TrainingFigure.HELD] == 0


# --- whose data it is


def test_all_my_data_holds_sign_ups_of_ones_own_number_and_business(app: Flask) -> None:
    course = make_course()
    person = factories.make_person("producer")
    sign_up = join(course, "Saya", person.phone or "")
    join(course, "Orang lain")
    attend(course, sign_up)
    certify(course)
    give: PersonalData = personal_data
    mine = give(person.id)
    assert [one["name"] for one in mine["training_sign_ups"]] == ["Saya"]
    assert mine["training_sign_ups"][0]["sessions_attended"] == 3
    assert len(mine["training_certificates"]) == 1


def test_an_erased_participant_leaves_no_name_and_no_number_but_the_count_stays(
    app: Flask,
) -> None:
    course = make_course(seats=2)
    sign_up, waits = join(course, "Siti Kanari", "+6281270001111"), join(course)
    attend(course, sign_up)
    certify(course)
    with transaction():
        signing_up.erase(actor=course.actor, sign_up_id=sign_up.id)
    session.rollback()
    left = " ".join(
        str([getattr(row, column.name) for column in row.__table__.columns])
        for table in (SignUp, Certificate, OutboxMessage, FollowUp)
        for row in session.query(table)
    )
    assert "Kanari" not in left
    assert "70001111" not in left
    (row, _other) = person_rows_of_training(course.id)
    assert row.attended
    assert reads.get_sign_up(waits.id).state.value == "seated"


def test_an_erased_participant_who_had_a_seat_makes_room(app: Flask) -> None:
    course = make_course(seats=1)
    first, second = join(course), join(course)
    with transaction():
        signing_up.erase(actor=course.actor, sign_up_id=first.id)
    assert reads.get_sign_up(second.id).state.value == "seated"


def test_a_number_of_somebody_else_on_the_list_is_refused_in_words(app: Flask) -> None:
    from marketplace.programs.rules.trainings import SignUpDraft

    course = make_course()
    first, second = join(course), join(course)
    with pytest.raises(DomainError) as refused, transaction():
        signing_up.correct_sign_up(
            actor=course.actor,
            sign_up_id=second.id,
            draft=SignUpDraft(second.name, first.phone or ""),
            version=second.version,
        )
    assert "number" in str(refused.value)
