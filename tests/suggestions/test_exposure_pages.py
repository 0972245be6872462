"""The page of cap and floor: what is shown, set, tried out and taken along."""

from collections.abc import Callable

import pytest

from marketplace.accounts.models import Person
from marketplace.infra import search
from marketplace.infra.db import session
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.queries import exposure as reads
from marketplace.suggestions.rules import SuggestionState
from tests import factories
from tests.conftest import SignIn
from tests.suggestions.test_exposure import make_goods, make_wish, suggest

Jobs = Callable[[], int]


@pytest.fixture
def officer(app: object) -> Person:
    search.forget()
    return factories.make_person("province")


def test_an_officer_sets_a_cap_sees_who_waits_and_lets_one_pass(
    officer: Person, signed_in: SignIn, run_jobs: Jobs
) -> None:
    browser = signed_in(officer)
    sent = browser.post("/exposure", data={"period": "month", "cap": "1", "set": "1"})
    assert sent.status_code == 302
    producer = factories.make_producer(name="Dapur Bintang")
    make_goods(producer)
    suggest(run_jobs, make_wish(), make_wish())
    page = browser.text("/exposure")
    assert "Dapur Bintang" in page
    held = session.query(Suggestion).filter_by(state=SuggestionState.HELD).one()
    assert f"/suggestions/{held.id}" in browser.text("/queue?state=held")
    assert f"/suggestions/{held.id}/lift" in browser.text(f"/suggestions/{held.id}")
    browser.post(f"/suggestions/{held.id}/lift")
    session.expire_all()
    assert held.state is SuggestionState.PROPOSED
    again = browser.post(f"/suggestions/{held.id}/lift")
    assert again.status_code == 302


def test_a_cap_below_the_floor_is_explained(officer: Person, signed_in: SignIn) -> None:
    answer = signed_in(officer).post(
        "/exposure", data={"period": "month", "cap": "1", "floor": "3", "set": "1"}
    )
    assert answer.status_code == 422
    assert reads.rule_in_force() is None


def test_trying_sets_nothing_and_shows_before_and_after(
    officer: Person, signed_in: SignIn, run_jobs: Jobs
) -> None:
    star = factories.make_producer(name="Dapur Bintang")
    make_goods(star)
    make_wish()
    make_wish()
    browser = signed_in(officer)
    sent = browser.post("/exposure", data={"period": "month", "cap": "1", "try": "1"})
    assert sent.status_code == 302
    run_jobs()
    page = browser.text(sent.location)
    assert "Dapur Bintang" in page
    assert reads.rule_in_force() is None
    assert session.query(Suggestion).count() == 0
    lines = browser.get(sent.location + ".csv").data.decode("utf-8-sig").splitlines()
    assert lines[1].endswith(";2;1;1;0")
    other = signed_in(factories.make_person("province"))
    assert other.get(sent.location).status_code == 404


def test_cap_and_floor_are_taken_away(officer: Person, signed_in: SignIn) -> None:
    browser = signed_in(officer)
    browser.post("/exposure", data={"period": "quarter", "cap": "2", "floor": "1", "set": "1"})
    assert reads.rule_in_force() is not None
    browser.post("/exposure", data={"end": "1"})
    assert reads.rule_in_force() is None


def test_a_kabupaten_sees_its_own_producers_and_sets_nothing(
    officer: Person, signed_in: SignIn
) -> None:
    near = factories.make_producer(name="Dapur Dekat")
    far = factories.make_producer(name="Dapur Jauh", region_code=factories.BELITUNG)
    make_goods(near)
    make_goods(far)
    browser = signed_in(factories.make_person("regency"))
    page = browser.text("/exposure")
    assert "Dapur Dekat" in page
    assert "Dapur Jauh" not in page
    assert "Dapur Jauh" not in browser.get("/exposure.csv").data.decode()
    assert browser.post("/exposure", data={"cap": "1", "period": "month"}).status_code == 403
    assert signed_in(factories.make_person("producer")).get("/exposure").status_code == 403
