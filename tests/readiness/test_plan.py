"""The training plan writes itself: cells, a proposed training, invitations, and the match rate."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from marketplace.accounts import queries as accounts
from marketplace.accounts.models import Office
from marketplace.businesses.models import Business
from marketplace.businesses.rules import PaperKind
from marketplace.core.clock import now, today
from marketplace.core.errors import InvalidInput
from marketplace.infra import search
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.programs.models import Program
from marketplace.programs.models.trainings import Attendance, SignUp, Training, TrainingSession
from marketplace.programs.rules import ProgramKind, ProgramLevel, ProgramState
from marketplace.programs.rules.trainings import SignUpState, SignUpWay
from marketplace.readiness.documents import plan
from marketplace.readiness.models import UnsaidPaper
from marketplace.readiness.queries import Scope, Total, unsaid
from marketplace.readiness.rules import GapKind
from marketplace.readiness.rules.matchrate import Share, match_rate, windows_of
from marketplace.readiness.services import inviting
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import SuggestionState
from marketplace.suggestions.services import computing
from tests.factories import (
    BELITUNG,
    PANGKALPINANG,
    make_need,
    make_office,
    make_person,
    make_producer,
    make_product,
    make_suggestion,
)
from tests.readiness.conftest import Measure
from tests.readiness.test_measuring import _product
from tests.support.statements import statements_of

pytestmark = pytest.mark.both_databases

BARCODE = Scope(kind=GapKind.BARCODE)


def _training(starts_on: date, ends_on: date, state: ProgramState = ProgramState.OPEN) -> int:
    office: Office = make_office()
    with transaction():
        program = Program(
            kind=ProgramKind.TRAINING,
            title="Pelatihan barcode",
            level=ProgramLevel.PROVINCE,
            organiser="Dinas",
            office_id=office.id,
            region_code=PANGKALPINANG,
            starts_on=starts_on,
            ends_on=ends_on,
            state=state,
        )
        session.add(program)
        session.flush()
        session.add(
            Training(program_id=program.id, subject="Barcode", seats=30, sign_up_until=starts_on)
        )
        session.flush()
        session.add(TrainingSession(program_id=program.id, held_on=starts_on, starts=540, ends=720))
    return program.id


def _market(measure: Measure) -> list[Business]:
    """Two makers in Pangkalpinang and one on Belitung, all without a barcode; two needs."""
    makers = [make_producer(), make_producer(), make_producer(region_code=BELITUNG)]
    for maker in makers:
        _product(maker, PaperKind.PIRT, PaperKind.HALAL, capacity_per_month=80)
    for title in ("Kemplang panggang 250gr", "Kemplang panggang tenggiri"):
        make_need(title=title, papers_required="gs1")
    measure()
    return makers


def test_cells_by_category_and_kabupaten_with_each_need_once(measure: Measure) -> None:
    _market(measure)
    cells = {line.key: line for line in plan.plan_lines(Scope())}
    assert set(cells) == {("kemplang", PANGKALPINANG), ("kemplang", BELITUNG)}
    here = cells["kemplang", PANGKALPINANG]
    assert here.producers == 2
    # Two makers of 80 packs each, 100 asked for: two needs of 100 packs.
    assert here.alone == Total(needs=2, outlets=2, money=2 * 100 * 20_000)
    assert cells["kemplang", BELITUNG].alone == Total(needs=2, outlets=2, money=2 * 80 * 20_000)


def test_a_proposed_training_says_for_whom_which_needs_and_worth_how_much(
    measure: Measure,
) -> None:
    makers = _market(measure)
    found = plan.proposal(BARCODE)
    assert found is not None
    assert found.unlock == "paper:gs1"
    assert found.line.producers == 3
    assert found.line.alone == Total(needs=2, outlets=2, money=2 * 100 * 20_000)
    assert len(found.needs) == 2
    assert {each.business.id for each in found.invitees.items} == {maker.id for maker in makers}
    assert plan.proposal(Scope(kind=GapKind.CAPITAL)) is None


def test_only_who_has_the_gap_is_invited_and_told_why(measure: Measure) -> None:
    makers = _market(measure)
    stranger = make_producer()
    number = _training(today() + timedelta(days=20), today() + timedelta(days=21))
    officer = accounts.actor_of(accounts.get_person(make_person("province").id))
    wanted = [makers[0].id, makers[2].id, stranger.id]
    with transaction():
        added = inviting.invite_to_training(
            actor=officer, program_id=number, business_ids=wanted, scope=BARCODE, why="Barcode"
        )
    assert added == 2
    rows = session.query(SignUp).all()
    assert {row.business_id for row in rows} == {makers[0].id, makers[2].id}
    assert {row.why for row in rows} == {"Barcode"}
    with pytest.raises(InvalidInput), transaction():
        inviting.invite_to_training(
            actor=officer, program_id=number, business_ids=[], scope=BARCODE, why=""
        )


def test_without_a_training_or_a_tick_the_page_asks_for_them(measure: Measure, signed_in) -> None:
    makers = _market(measure)
    number = _training(today() + timedelta(days=20), today() + timedelta(days=21))
    browser = signed_in(make_person("province"))
    for sent in ({"program": "", "business": [str(makers[0].id)]}, {"program": str(number)}):
        answer = browser.post("/readiness/plan/invite?gap=barcode:", data=sent)
        assert answer.status_code == 302
        assert "centang paling sedikit satu produsen" in browser.get(answer.location).text
    assert not session.query(SignUp).all()


def test_a_kabupaten_invites_its_own_from_the_page(measure: Measure, signed_in) -> None:
    makers = _market(measure)
    number = _training(today() + timedelta(days=20), today() + timedelta(days=21))
    browser = signed_in(make_person("regency"))
    page = browser.get("/readiness/plan/training?gap=barcode:&area=19.02")
    assert makers[0].name in page.text
    assert makers[2].name not in page.text
    everybody = [str(maker.id) for maker in makers]
    answer = browser.post(
        "/readiness/plan/invite?gap=barcode:", data={"program": str(number), "business": everybody}
    )
    assert answer.status_code == 302
    assert {row.business_id for row in session.query(SignUp)} == {makers[0].id, makers[1].id}


def test_the_plan_opens_the_rows_of_a_cell_and_the_file(measure: Measure, signed_in) -> None:
    makers = _market(measure)
    browser = signed_in(make_person("province"))
    page = browser.get("/readiness/plan")
    assert "gap=barcode:" in page.text
    rows = browser.get(f"/readiness/pairings?gap=barcode:&category=kemplang&area={BELITUNG}")
    assert makers[2].name in rows.text
    assert makers[0].name not in rows.text
    assert "Belitung" in browser.get("/readiness/plan.csv").text


def _attended(number: int, count: int) -> list[Business]:
    makers = [make_producer() for _ in range(count)]
    held = session.query(TrainingSession).filter_by(program_id=number).one()
    with transaction():
        for maker in makers:
            sign_up = SignUp(
                program_id=number,
                name="Ibu",
                folded_name="ibu",
                business_id=maker.id,
                state=SignUpState.SEATED,
                way=SignUpWay.INVITED,
            )
            session.add(sign_up)
            session.flush()
            session.add(Attendance(session_id=held.id, sign_up_id=sign_up.id, way="press"))
    return makers


def _accepted(maker: Business, days_ago: int) -> None:
    make_suggestion(
        make_product(maker),
        state=SuggestionState.ACCEPTED,
        decided_at=now() - timedelta(days=days_ago),
        decided_by_name="Petugas",
    )


def test_the_match_rate_before_and_after_with_its_sample(app: object) -> None:
    day = today() - timedelta(days=120)
    makers = _attended(_training(day, day, ProgramState.CLOSED), 5)
    _accepted(makers[0], 130)  # before
    _accepted(makers[0], 100)  # and after
    _accepted(makers[1], 60)  # after
    _accepted(makers[2], 10)  # more than three months after
    _accepted(makers[3], 300)  # long before
    ((_program, rate),) = plan.match_rates()
    assert rate.attended == Share(5, 1, 2)
    assert (rate.attended.before_percent, rate.attended.after_percent) == (20, 40)
    assert rate.attended.is_shown


def _on_offer(days_ago: int, **given: object) -> Business:
    maker = make_producer(**given)
    make_product(maker, published_at=now() - timedelta(days=days_ago))
    return maker


def test_beside_those_who_attended_stand_others_like_them(app: object, signed_in) -> None:
    day = today() - timedelta(days=120)
    number = _training(day, day, ProgramState.CLOSED)
    for maker in _attended(number, 5):
        make_product(maker, published_at=now() - timedelta(days=400))
    others = [_on_offer(300) for _ in range(5)]
    _accepted(others[0], 130)
    _accepted(others[1], 60)
    _accepted(others[2], 60)
    _accepted(others[2], 61)
    _accepted(_on_offer(300, region_code=BELITUNG), 60)  # nobody from there attended
    _accepted(_on_offer(100), 60)  # had nothing on offer yet
    invited = _on_offer(300)
    _accepted(invited, 60)
    with transaction():
        session.add(
            SignUp(
                program_id=number,
                name="Ibu",
                folded_name="ibu",
                business_id=invited.id,
                state=SignUpState.INVITED,
                way=SignUpWay.INVITED,
            )
        )
    ((_program, rate),) = plan.match_rates()
    assert rate.others == Share(5, 1, 2)
    page = signed_in(make_person("province")).get("/readiness/plan").text
    assert "2 dari 5" in page


def test_fewer_than_five_others_are_no_comparison(app: object, signed_in) -> None:
    day = today() - timedelta(days=120)
    for maker in _attended(_training(day, day, ProgramState.CLOSED), 5):
        make_product(maker, published_at=now() - timedelta(days=400))
    _accepted(_on_offer(300), 60)
    ((_program, rate),) = plan.match_rates()
    assert not rate.others.is_shown
    assert "100%" not in signed_in(make_person("province")).get("/readiness/plan").text


def test_more_trainings_take_no_more_statements(app: object) -> None:
    day = today() - timedelta(days=120)
    _attended(_training(day, day, ProgramState.CLOSED), 5)
    one = statements_of(plan.match_rates)
    for _ in range(3):
        _attended(_training(day, day, ProgramState.CLOSED), 5)
    assert statements_of(plan.match_rates) == one


def test_below_five_no_share_is_told(app: object, signed_in) -> None:
    day = today() - timedelta(days=120)
    makers = _attended(_training(day, day, ProgramState.CLOSED), 4)
    _accepted(makers[0], 60)
    ((_program, rate),) = plan.match_rates()
    assert not rate.attended.is_shown
    assert "25%" not in signed_in(make_person("province")).get("/readiness/plan").text


def test_what_came_after_is_told_once_three_months_are_over() -> None:
    windows = windows_of(date(2026, 3, 2), date(2026, 3, 4))
    assert windows.before == (date(2025, 12, 1), date(2026, 3, 1))
    assert windows.after == (date(2026, 3, 5), date(2026, 6, 3))
    five = frozenset(range(5))
    matches = [(1, date(2026, 1, 1)), (1, date(2026, 4, 1)), (2, date(2026, 6, 3))]
    soon = match_rate(five, frozenset(), matches, windows, date(2026, 6, 3))
    late = match_rate(five, frozenset(), matches, windows, date(2026, 6, 4))
    assert (soon.attended.after, soon.due_on) == (None, date(2026, 6, 4))
    assert (late.attended.before, late.attended.after) == (1, 2)


def _suggested(run_jobs: Callable[[], int]) -> None:
    """As at night: everything is suggested, then measured."""
    search.forget()
    with transaction():
        computing.schedule_for_all()
    run_jobs()


def test_a_paper_nobody_has_spoken_of_is_not_known_and_asked_for(
    app: object, run_jobs, signed_in
) -> None:
    silent, told = make_producer(contact_name="Ibu"), make_producer()
    make_product(silent, name="Kemplang panggang tenggiri 250 g")
    _product(told, PaperKind.PIRT, PaperKind.HALAL)
    make_need(title="Kemplang panggang 250gr", papers_required="gs1")
    _suggested(run_jobs)
    cells = {(line.kind, line.producers) for line in plan.plan_lines(Scope())}
    assert cells == {(GapKind.BARCODE, 1)}
    (line,) = unsaid.unsaid_lines(Scope(), PaperKind.GS1, 10)
    assert (line.producers, line.needs, line.area_code) == (1, 1, PANGKALPINANG)
    browser = signed_in(make_person("province"))
    assert "paper=gs1" in browser.get("/readiness/plan").text
    page = browser.get("/readiness/plan/ask?paper=gs1").text
    assert silent.name in page
    assert told.name not in page
    assert "https://wa.me/62" in page
    assert browser.get("/readiness/plan/ask?paper=x").status_code == 404


def test_an_officer_asks_producers_of_the_own_kabupaten_only(
    app: object, run_jobs, signed_in
) -> None:
    here, there = make_producer(), make_producer(region_code=BELITUNG)
    for maker in (here, there):
        make_product(maker, name="Kemplang panggang tenggiri 250 g")
    make_need(title="Kemplang panggang 250gr", papers_required="gs1")
    _suggested(run_jobs)
    page = (
        signed_in(make_person("regency")).get(f"/readiness/plan/ask?paper=gs1&area={BELITUNG}").text
    )
    assert here.name in page
    assert there.name not in page


def test_what_waits_for_a_decision_is_asked_about_too(app: object, run_jobs) -> None:
    product = make_product(name="Kemplang panggang tenggiri 250 g")
    need = make_need(title="Kemplang panggang 250gr")
    _suggested(run_jobs)
    assert session.query(Suggestion).one().product_id == product.id
    rows = session.query(UnsaidPaper).all()
    assert {(row.product_id, row.need_id) for row in rows} == {(product.id, need.id)}
    assert {row.paper for row in rows} == {PaperKind.PIRT, PaperKind.HALAL}
