"""Lists and imports send as many statements for many rows as for few."""

from collections.abc import Sequence

from flask import Flask

from marketplace.core.sheet_kinds import Outcome, Scope
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.programs.models import SignUp, StallHolder
from marketplace.programs.sheets import TURNOVER
from tests import factories
from tests.programs.fairs import Fair, make_fair, report
from tests.programs.trainings import attend, join, make_course
from tests.support.counting import counted


def look_through(fair: Fair, labels: Sequence[str]) -> int:
    """The statements a preview of one figure for each of these stalls takes."""
    said = [
        TURNOVER.parse_row(
            {"program": str(fair.id), "stall": label, "day": fair.days[0], "amount": 1_500_000},
            Scope(),
        ).draft
        for label in labels
    ]
    session.expire_all()
    with counted() as sent:
        answers = TURNOVER.apply_rows(fair.actor, said, Scope(), is_trial=True)
    assert list(answers) == [Outcome.ADDED] * len(labels)
    return len(sent)


def test_a_preview_of_many_figures_reads_a_bazaar_once(app: Flask) -> None:
    fair = make_fair(6)
    few = look_through(fair, ["1", "2"])
    assert look_through(fair, [str(number) for number in range(1, 7)]) == few


def test_ones_stalls_are_read_at_once_however_many(app: Flask, signed_in) -> None:
    business = factories.make_producer()
    browser = signed_in(factories.make_person("producer", works_for=business))

    def seen() -> int:
        with counted() as sent:
            page = browser.get("/my/stalls")
        assert page.status_code == 200
        return len(sent)

    def have_stall() -> None:
        fair = make_fair(1)
        report(fair, fair.holders[0], fair.days[0], 4_000_000)
        with transaction():
            session.get_one(StallHolder, fair.holders[0]).business_id = business.id

    have_stall()
    few = seen()
    for _more in range(3):
        have_stall()
    assert seen() == few


def test_ones_trainings_are_read_at_once_however_many(app: Flask, signed_in) -> None:
    person = factories.make_person("producer")
    browser = signed_in(person)

    def seen() -> tuple[int, str]:
        with counted() as sent:
            page = browser.get("/my-trainings")
        return len(sent), page.text

    def take_part(title: str) -> None:
        course = make_course(title=title)
        attend(course, join(course, "Wati", person.phone))

    take_part("Kursus satu")
    few, _page = seen()
    for title in ("Kursus dua", "Kursus tiga", "Kursus empat"):
        take_part(title)
    many, page = seen()
    assert "Kursus empat" in page
    assert session.query(SignUp).count() == 4
    assert many == few
