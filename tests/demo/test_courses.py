"""Trainings of the demonstration: one over with its outcomes, one under way, one to sign up for."""

from flask import Flask

from marketplace.core.clock import today
from marketplace.demo.rules import dataset
from marketplace.demo.services import courses, filling
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.notifications.models import OutboxMessage
from marketplace.programs.documents import training_figures as figures
from marketplace.programs.models import FollowUp, Program, SignUp
from marketplace.programs.queries import trainings as queries
from marketplace.programs.rules.outcomes import Outcome


def test_the_three_trainings_tell_their_story_and_are_marked(app: Flask) -> None:
    with transaction():
        filling.seed(dataset(today()), with_accounts=True)
    with transaction():
        courses.play()
    session.rollback()
    chocolate, barber, sewing = session.query(Program).order_by(Program.id)
    with app.test_request_context():
        people = figures.people_of_training(chocolate.id)
    assert sum(one.is_certified for one in people) == 9
    had = [one for one in people if one.had(Outcome.STARTED, 6)]
    assert len(had) == 3
    assert sum(one.had(Outcome.PAPER, 6) for one in people) == 1
    assert sum(one.had(Outcome.PUBLISHED, 6) for one in people) == 2
    assert session.query(FollowUp).filter(FollowUp.done_at.is_(None)).count() > 0
    assert queries.get_training(barber.id).free == 0
    assert sum(queries.count_present(barber.id).values()) == 5
    assert queries.get_training(sewing.id).free == 10
    assert all(one.is_example for one in session.query(Program))
    assert all(one.is_example and "(contoh)" in one.name for one in session.query(SignUp))
    assert session.query(OutboxMessage).filter_by(state="to_send").count() == 0
