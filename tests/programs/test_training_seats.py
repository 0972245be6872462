"""Seats of a training: never more people than chairs, and the waiting list in its order."""

import pytest
from flask import Flask

from marketplace.accounts import queries as accounts
from marketplace.core.actor import ANONYMOUS, Actor, ActorKind
from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput, NotAllowed, RuleBroken
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.notifications.models import OutboxMessage
from marketplace.programs.models import SignUp
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.rules.trainings import SignUpDraft, SignUpState, SignUpWay
from marketplace.programs.services import signing_up, trainings
from tests import factories
from tests.programs.trainings import draft_of, join, make_course
from tests.support.processes import in_processes


def own(sign_up: SignUp) -> Actor:
    return Actor(ActorKind.LINK, name=sign_up.name, link_subject=f"sign-up:{sign_up.id}")


def sign_up_some(program_id: int, first: int, count: int) -> list[str]:
    states = []
    for number in range(first, first + count):
        draft = SignUpDraft(f"Peserta {number}", f"+62816{number:08}")
        with transaction():
            done = signing_up.sign_up_by_link(actor=ANONYMOUS, program_id=program_id, draft=draft)
            states.append(done.sign_up.state.value)
    return states


def sign_up_same(program_id: int, name: str) -> int:
    with transaction():
        done = signing_up.sign_up_by_link(
            actor=ANONYMOUS, program_id=program_id, draft=SignUpDraft(name, "+6281611112222")
        )
    return done.sign_up.id


@pytest.mark.both_databases
def test_thirty_sign_ups_for_twenty_seats_fill_twenty_and_ten_wait_in_order(app: Flask) -> None:
    course = make_course(seats=20)
    calls = [(course.id, number * 10, 10) for number in (1, 2, 3)]
    answers = [state for part in in_processes(app, sign_up_some, calls) for state in part]
    assert (answers.count("seated"), answers.count("waiting")) == (20, 10)
    session.rollback()
    people = reads.list_sign_ups(course.id)
    assert [one.turn for one in people] == list(range(1, 31))
    assert course.states() == ["seated"] * 20 + ["waiting"] * 10
    assert course.training.taken == 20


@pytest.mark.both_databases
def test_the_same_number_sent_by_four_at_once_is_one_sign_up(app: Flask) -> None:
    course = make_course()
    answers = in_processes(app, sign_up_same, [(course.id, f"Siti {n}") for n in range(4)])
    assert len(set(answers)) == 1
    session.rollback()
    assert len(reads.list_sign_ups(course.id)) == 1
    assert course.training.taken == 1


def withdraw_one(sign_up_id: int) -> str:
    actor = Actor(ActorKind.LINK, link_subject=f"sign-up:{sign_up_id}")
    with transaction():
        return signing_up.withdraw(actor=actor, sign_up_id=sign_up_id).state.value


@pytest.mark.both_databases
def test_of_three_who_withdraw_at_once_each_makes_room_for_one(app: Flask) -> None:
    course = make_course(seats=4)
    people = [join(course) for _ in range(9)]
    in_processes(app, withdraw_one, [(one.id,) for one in people[:3]])
    session.rollback()
    assert course.states() == ["withdrawn"] * 3 + ["seated"] * 4 + ["waiting"] * 2
    assert course.training.taken == 4
    moved = session.query(OutboxMessage).filter_by(kind="training_moved_up")
    assert [one.to_phone for one in moved.order_by(OutboxMessage.id)] == [
        one.phone for one in people[4:7]
    ]


def test_a_press_sent_twice_withdraws_once(app: Flask) -> None:
    course = make_course(seats=1)
    first, _second, third = (join(course) for _ in range(3))
    for _ in range(2):
        with transaction():
            signing_up.withdraw(actor=own(first), sign_up_id=first.id)
    assert course.states() == ["withdrawn", "seated", "waiting"]
    assert reads.place_in_line(reads.get_sign_up(third.id)) == 1


def test_who_withdrew_and_comes_back_stands_at_the_end_of_the_line(app: Flask) -> None:
    course = make_course(seats=1)
    first, _second, third = (join(course) for _ in range(3))
    with transaction():
        signing_up.withdraw(actor=own(first), sign_up_id=first.id)
    join(course, "Peserta lagi", first.phone or "")
    waiting = reads.list_sign_ups(course.id, {SignUpState.WAITING})
    assert [one.id for one in waiting] == [third.id, first.id]


def test_more_seats_let_the_line_move_up_and_fewer_than_taken_are_refused(app: Flask) -> None:
    course = make_course(seats=2)
    for _ in range(4):
        join(course)
    version = course.training.program.version
    with transaction():
        trainings.change_training(
            actor=course.actor, program_id=course.id, draft=draft_of(seats=3), version=version
        )
    assert course.states() == ["seated"] * 3 + ["waiting"]
    version = course.training.program.version
    with pytest.raises(InvalidInput) as refused, transaction():
        trainings.change_training(
            actor=course.actor, program_id=course.id, draft=draft_of(seats=2), version=version
        )
    assert "seats" in refused.value.fields
    assert course.training.seats == 3


def test_nobody_signs_up_after_the_deadline_but_the_office_may_still_add_somebody(
    app: Flask,
) -> None:
    course = make_course(sign_up_until=today().replace(year=today().year - 1))
    with pytest.raises(RuleBroken):
        join(course)
    with transaction():
        signing_up.sign_up_many(
            actor=course.actor,
            program_id=course.id,
            drafts=[SignUpDraft("Ibu Rina")],
            way=SignUpWay.OFFICER,
        )
    assert course.states() == ["seated"]


def test_somebody_elses_link_gives_up_nothing(app: Flask) -> None:
    course = make_course()
    mine, theirs = join(course), join(course)
    with pytest.raises(NotAllowed), transaction():
        signing_up.withdraw(actor=own(mine), sign_up_id=theirs.id)


def test_a_business_is_found_by_its_number_and_a_like_name_never_by_one_of_them(
    app: Flask,
) -> None:
    course = make_course()
    business = factories.make_producer(name="Dapur Cokelat Amoi")
    same = join(course, phone=business.phone, business_name="dapur coklat amoi")
    assert same.business_id == business.id
    other = factories.make_producer(name="Warung Kopi Tung Tau")
    assert join(course, phone=other.phone, business_name="Jahit Melati").business_id is None
    assert join(course, business_name="Warung Kopi Tung Tau").business_id is None


def test_invited_producers_get_one_letter_with_the_reason_when_the_training_opens(
    app: Flask,
) -> None:
    course = make_course(is_open=False)
    some = [factories.make_producer() for _ in range(3)]
    ids = [one.id for one in some]
    with transaction():
        added = trainings.invite(
            actor=course.actor, program_id=course.id, business_ids=ids, why="Belum ada P-IRT"
        )
        again = trainings.invite(
            actor=course.actor, program_id=course.id, business_ids=ids, why="Belum ada P-IRT"
        )
    assert (added, again) == (3, 0)
    assert session.query(OutboxMessage).count() == 0
    with transaction():
        told = trainings.open_training(actor=course.actor, program_id=course.id)
    assert told == session.query(OutboxMessage).count() == 3


def test_a_kabupaten_invites_its_own_producers_to_a_training_of_the_province_and_no_others(
    app: Flask,
) -> None:
    course = make_course()
    regency = factories.make_person("regency", area=factories.BELITUNG)
    actor = accounts.actor_of(accounts.get_person(regency.id))
    ours = factories.make_producer(region_code=factories.BELITUNG)
    with transaction():
        added = trainings.invite(
            actor=actor, program_id=course.id, business_ids=[ours.id], why="Belum halal"
        )
    assert added == 1
    theirs = factories.make_producer()
    own = make_course(regency)
    for training in (course, own):  # its own training opens no numbers of other areas either
        with pytest.raises(NotAllowed), transaction():
            trainings.invite(actor=actor, program_id=training.id, business_ids=[theirs.id], why="x")
    assert list(reads.list_sign_ups(own.id)) == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"seats": 0}, "seats"),
        ({"pass_percent": 101}, "pass_percent"),
        ({"sessions": ()}, "sessions"),
        ({"unlocks": ("paper:nothing",)}, "unlocks"),
        ({"sessions": draft_of(starts=9).sessions}, "sessions"),
        ({"ends_on": draft_of(starts=-9).ends_on}, "ends_on"),
    ],
)
def test_a_training_that_cannot_be_is_refused_at_the_field(
    app: Flask, given: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        make_course(**given)
    assert field in refused.value.fields
