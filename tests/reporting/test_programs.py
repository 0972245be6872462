"""Bazaars and trainings in the report: coverage beside turnover, the estimate apart, the rows."""

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.core.clock import today
from marketplace.infra.transaction import transaction
from marketplace.programs.rules.training_figures import TrainingFigure
from marketplace.programs.services import turnover
from marketplace.reporting.documents import paper, programs
from marketplace.reporting.rules.letters import Letter
from marketplace.reporting.rules.periods import free_period
from marketplace.reporting.rules.scopes import OUTSIDE, Scope, areas_of
from tests import factories
from tests.factories import BANGKA, PANGKALPINANG
from tests.programs.fairs import Fair, make_fair, report
from tests.programs.trainings import attend, join, make_course

LATELY = free_period(today() - timedelta(days=30), today())
WHOLE = Scope(LATELY, "19")


@pytest.fixture
def fair(app: Flask) -> Fair:
    """Three stalls over three days: seven of nine figures are in."""
    made = make_fair(3)
    for number, holder in enumerate(made.holders):
        for day in made.days[: 3 if number else 1]:
            report(made, holder, day, 1_000_000)
    with transaction():
        turnover.add_estimate(
            actor=made.actor,
            program_id=made.id,
            amount=600_000_000,
            said_by="Panitia",
            said_on=today(),
            note="",
        )
    return made


def test_the_estimate_stands_apart_and_is_never_added(fair: Fair, signed_in) -> None:
    totals = programs.programs_shown(WHOLE).totals
    assert (totals.turnover, totals.reported, totals.due) == (7_000_000, 7, 9)
    assert totals.estimates == 600_000_000
    page = signed_in(fair.officer).get(f"/report?period={LATELY}").text
    assert "Rp7.000.000" in page
    assert "7 dari 9 hari-lapak" in page
    assert "Rp600.000.000" in page
    assert "Rp607.000.000" not in page


def test_the_bazaars_of_the_offices_add_up_to_the_province(fair: Fair) -> None:
    """One of the province's own, one of a kabupaten: nothing is typed twice."""
    other = make_fair(2, officer=factories.make_person("regency", area=BANGKA))
    report(other, other.holders[0], other.days[0], 250_000)
    whole = programs.programs_shown(WHOLE).totals
    parts = {area: programs.programs_shown(WHOLE.within(area)).totals for area in areas_of("19")}
    assert parts[BANGKA].turnover == 250_000
    assert whole.turnover == 7_250_000
    own = whole.turnover - sum(part.turnover for part in parts.values())
    assert own == 7_000_000  # the province's own bazaar is no kabupaten's
    assert parts[OUTSIDE].bazaars == 0


def test_the_rows_behind_trainings_add_up(app: Flask, signed_in) -> None:
    course = make_course()
    there = [join(course) for _number in range(3)]
    for one in there[:2]:
        attend(course, one)
    scope = Scope(free_period(today() - timedelta(days=30), today() + timedelta(days=30)), "19")
    shown = programs.programs_shown(scope)
    for key, count in shown.trainings.counts.items():
        rows = programs.training_rows(scope, key)
        said = sum(row.amount for row in rows) if key is TrainingFigure.SEATS else len(rows)
        assert said == count, key
    for one in shown.trainings.outcomes:
        assert len(programs.outcome_rows(scope, one.outcome, one.months)) == one.count
    assert shown.trainings.counts[TrainingFigure.ATTENDED] == 2
    browser = signed_in(factories.make_person("province"))
    listed = browser.get(f"/report/trainings/attended?period={scope.period}")
    assert listed.status_code == 200
    assert there[0].name in listed.text
    assert browser.get(f"/report/trainings/paper-6?period={scope.period}").status_code == 200
    assert browser.get("/report/trainings/paper-7").status_code == 404
    assert browser.get(f"/report/trainings/held.csv?period={scope.period}").status_code == 200
    # Nobody's three months are over: that is no nought of nought.
    page = browser.get(f"/report?period={scope.period}").text
    assert '<span class="unit">belum</span>' in page
    assert "0 dari 0" not in page


def test_people_count_for_their_own_kabupaten(app: Flask) -> None:
    course = make_course()
    attend(course, join(course, region_code=BANGKA))
    scope = Scope(free_period(today() - timedelta(days=30), today() + timedelta(days=30)), "19")
    for area, count in ((BANGKA, 1), (PANGKALPINANG, 0)):
        counts = programs.programs_shown(scope.within(area)).trainings.counts
        assert counts[TrainingFigure.ATTENDED] == count


def test_they_stand_on_the_paper_and_in_the_workbook(fair: Fair, app: Flask) -> None:
    with app.test_request_context():
        said = repr(paper.report_paper(WHOLE, Letter()))
        assert "hari-lapak" in said
        assert "Rp600.000.000" in said
        assert paper.workbook_of(WHOLE, Letter()).startswith(b"PK")
        assert paper.pdf_of(WHOLE, Letter()).startswith(b"%PDF")
