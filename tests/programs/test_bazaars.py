"""A bazaar is set up: days, stalls, who takes part, and who may touch it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput, NotAllowed, RuleBroken
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.programs.models import StallHolder
from marketplace.programs.queries import bazaars as queries
from marketplace.programs.queries.choosing import Order, page_of_candidates
from marketplace.programs.rules import ProgramState
from marketplace.programs.rules.bazaars import DayDraft, check_bazaar, numbered
from marketplace.programs.services import bazaars, holders
from tests import factories
from tests.programs.fairs import actor_of, add_walk_in, draft, make_fair, report
from tests.support.pages import Page

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"days": ()}, "days"),
        ({"days": (DayDraft(today()), DayDraft(today()))}, "days"),
        ({"days": (DayDraft(today(), is_shut=True),)}, "days"),
        ({"days": (DayDraft(today(), 600, 540),)}, "days"),
        ({"stalls": ()}, "stalls"),
        ({"stalls": ("A", "A")}, "names"),
        ({"stalls": ("x" * 21,)}, "names"),
    ],
)
def test_a_set_up_that_cannot_be_is_refused(given: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_bazaar(draft(**given))
    assert field in refused.value.fields


def test_an_officer_plans_one_on_the_page_and_comes_to_the_stalls(signed_in) -> None:
    browser = signed_in(factories.make_person("province"))
    form = {
        "title": "Bazar Ramadan",
        "level": "province",
        "organiser": "Dinas Koperasi",
        "region": "Kota Pangkalpinang",
        "place": "Alun-alun Taman Merdeka",
        "days-0-day_on": "2026-11-20",
        "days-0-opens": "09:00",
        "days-0-closes": "21.30",
        "days-1-day_on": "2026-11-21",
        "days-1-is_shut": "y",
        "days-1-note": "Hujan lebat",
        "stalls": "30",
        "save": "1",
    }
    answer = browser.post("/bazaars/new", data=form)
    assert answer.status_code == 302, answer.text
    program = queries.earlier_bazaars(None)[0]
    assert answer.location.endswith(f"/bazaars/{program.id}/stalls")
    assert len(queries.stalls_of(program.id)) == 30
    first, second = queries.days_of(program.id)
    assert (first.opens, first.closes, second.is_shut) == (540, 1290, True)
    assert (program.starts_on, program.ends_on) == (first.day_on, second.day_on)


@pytest.mark.parametrize("day", ["0202-11-20", "9999-12-31", "2026-02-30"])
def test_a_year_mistyped_is_no_day_of_a_bazaar(signed_in, day: str) -> None:
    browser = signed_in(factories.make_person("province"))
    form = {
        "title": "Bazar Ramadan",
        "level": "province",
        "organiser": "Dinas Koperasi",
        "region": "Kota Pangkalpinang",
        "place": "Alun-alun",
        "days-0-day_on": day,
        "stalls": "30",
        "save": "1",
    }
    assert browser.post("/bazaars/new", data=form).status_code == 422


def test_a_row_button_adds_a_day_and_keeps_what_was_typed(signed_in) -> None:
    browser = signed_in(factories.make_person("province"))
    answer = browser.post(
        "/bazaars/new", data={"title": "Bazar", "days-0-day_on": "2026-11-20", "add_days": "1"}
    )
    assert 'name="days-1-day_on"' in answer.text
    assert 'value="Bazar"' in answer.text
    assert "days-1-is_shut" in answer.text
    assert "checked" not in answer.text.split("days-1-is")[1][:80]


def test_an_added_day_follows_the_last_one_at_the_same_hours(signed_in) -> None:
    browser = signed_in(factories.make_person("province"))
    typed = {"days-0-day_on": "2026-11-30", "days-0-opens": "09:00", "days-0-closes": "21:00"}
    page = browser.post("/bazaars/new", data=typed | {"add_days": "1"}).text
    added = page.split('name="days-1-day_on"')[1].split('name="days-1-note"')[0]
    assert 'value="2026-12-01"' in added
    assert 'value="09:00"' in added
    assert 'value="21:00"' in added


def test_choosing_nobody_asks_for_a_tick_and_stays_on_the_list(signed_in) -> None:
    fair = make_fair(1)
    browser = signed_in(fair.officer)
    answer = browser.post(f"/bazaars/{fair.id}/choose", data={})
    assert answer.location.endswith(f"/bazaars/{fair.id}/choose")
    assert "Tidak ada yang dicentang" in browser.get(answer.location).text


def test_an_earlier_one_gives_its_set_up_and_participants_but_not_its_days(signed_in) -> None:
    fair = make_fair(2)
    browser = signed_in(fair.officer)
    page = Page(browser.get(f"/bazaars/new?like={fair.id}").text)
    form = next(each for each in page.forms if "title" in each.fields)
    assert form.fields["organiser"] == "Dinas Uji"
    assert form.fields["stalls"] == "6"
    assert form.fields["days-0-day_on"] == ""
    typed = {
        name: said for name, said in form.fields.items() if not name.endswith(("_days", "is_shut"))
    }
    sent = {**typed, "days-0-day_on": "2027-01-05", "with_participants": "1", "save": "1"}
    assert browser.post(f"/bazaars/new?like={fair.id}", data=sent).status_code == 302
    copy = queries.earlier_bazaars(None)[0]
    assert copy.id != fair.id
    assert queries.count_holders(copy.id) == 2


def test_a_stall_that_is_held_is_not_taken_away_by_fewer_stalls() -> None:
    fair = make_fair(3)
    fewer = replace(bazaars.draft_of(fair.program), stalls=numbered(2))
    with pytest.raises(InvalidInput), transaction():
        bazaars.change_bazaar(
            actor=fair.actor, bazaar_id=fair.id, draft=fewer, version=fair.program.version
        )
    assert len(queries.stalls_of(fair.id)) == 6


def test_a_day_with_a_figure_can_neither_be_shut_nor_dropped() -> None:
    fair = make_fair(1)
    report(fair, fair.holders[0], fair.days[1], 500_000)
    said = bazaars.draft_of(fair.program)
    shut = tuple(replace(day, is_shut=day.on == fair.days[1]) for day in said.days)
    for days in (shut, said.days[:1]):
        with pytest.raises(InvalidInput), transaction():
            bazaars.change_bazaar(
                actor=fair.actor,
                bazaar_id=fair.id,
                draft=replace(said, days=days),
                version=fair.program.version,
            )


def test_one_that_took_place_is_closed_and_not_called_off() -> None:
    fair = make_fair(1)
    report(fair, fair.holders[0], fair.days[0], 500_000)
    with pytest.raises(RuleBroken), transaction():
        bazaars.call_off(actor=fair.actor, bazaar_id=fair.id)
    assert fair.program.state is ProgramState.OPEN


def test_the_same_producer_is_on_the_list_once() -> None:
    fair = make_fair(2)
    ids = [business.id for business in fair.businesses]
    with transaction():
        assert bazaars.add_participants(actor=fair.actor, program_id=fair.id, business_ids=ids) == 0
    assert queries.count_holders(fair.id) == 2


def test_two_participants_never_share_a_stall_and_can_exchange_theirs() -> None:
    fair = make_fair(2)
    one, two = queries.holders_of(fair.id)
    first, second = one.stall_id, two.stall_id
    with pytest.raises(InvalidInput), transaction():
        holders.assign_stalls(actor=fair.actor, program_id=fair.id, wanted={one.id: second})
    with transaction():
        holders.assign_stalls(
            actor=fair.actor, program_id=fair.id, wanted={one.id: second, two.id: first}
        )
    assert [h.stall_id for h in (queries.get_holder(one.id), queries.get_holder(two.id))] == [
        second,
        first,
    ]


def test_whose_turn_it_is_stands_first() -> None:
    been = make_fair(1).businesses[0]
    never = factories.make_producer(name="Aaa belum pernah")
    ready = factories.make_producer(name="Zzz siap")
    factories.make_product(ready)
    fair = make_fair(0, opened=False)
    found = page_of_candidates(fair.id, 1, area="", text="", order=Order.TURN, today=today()).items
    names = [one.id for one in found]
    assert names.index(ready.id) < names.index(never.id) < names.index(been.id)
    assert next(one for one in found if one.id == been.id).times == 1


def test_a_walk_in_becomes_an_entry_of_the_register_and_keeps_its_figures(signed_in) -> None:
    fair = make_fair(1)
    holder_id = add_walk_in(fair, "Bakso Pak Uji")
    report(fair, holder_id, fair.days[0], 2_000_000)
    answer = signed_in(fair.officer).post(f"/stalls/{holder_id}/register")
    assert answer.status_code == 302
    holder = queries.get_holder(holder_id)
    assert holder.business is not None
    assert holder.business.name == "Bakso Pak Uji"
    page = signed_in(fair.officer).get(f"/businesses/{holder.business_id}/turnover").text
    assert "Rp2.000.000" in page


def test_a_walk_in_is_linked_to_who_stands_in_the_register_already() -> None:
    fair = make_fair(1)
    known = factories.make_producer(name="Bakso Lama")
    holder_id = add_walk_in(fair)
    with transaction():
        holders.link_to(actor=fair.actor, holder_id=holder_id, business_id=known.id)
    assert queries.get_holder(holder_id).business_id == known.id


def test_who_gives_up_frees_the_stall_and_keeps_the_figures() -> None:
    fair = make_fair(2)
    report(fair, fair.holders[0], fair.days[0], 700_000)
    with transaction():
        holders.withdraw(actor=fair.actor, holder_id=fair.holders[0])
    assert queries.get_holder(fair.holders[0]).stall_id is None
    assert len(queries.days_with_reports(fair.id)) == 1


def test_a_kabupaten_sees_and_runs_only_its_own(signed_in) -> None:
    fair = make_fair(1)
    own = make_fair(1, officer=factories.make_person("regency"))
    other = signed_in(factories.make_person("regency", area=factories.BELITUNG))
    for path in ("", "/stalls", "/turnover", "/figures", "/contacts", "/edit", "/form.xlsx"):
        assert other.get(f"/bazaars/{own.id}{path}").status_code == 404, path
        assert other.get(f"/bazaars/{fair.id}{path}").status_code == 404, path
        assert signed_in(own.officer).get(f"/bazaars/{own.id}{path}").status_code == 200, path
        assert signed_in(fair.officer).get(f"/bazaars/{own.id}{path}").status_code == 200, path
    assert "Bazar Uji" not in other.get("/programs").text


def test_a_kabupaten_takes_only_producers_of_its_own_area_from_the_register() -> None:
    fair = make_fair(0, officer=factories.make_person("regency"), opened=False)
    far = factories.make_producer(region_code=factories.BELITUNG)
    with transaction():
        added = holders.add_participants(
            actor=fair.actor, program_id=fair.id, business_ids=[far.id]
        )
    assert added == 0
    assert session.query(StallHolder).filter_by(business_id=far.id).count() == 0


def test_a_producer_cannot_plan_or_run_anything(signed_in) -> None:
    fair = make_fair(1)
    person = factories.make_person("producer", works_for=fair.businesses[0])
    with pytest.raises(NotAllowed), transaction():
        bazaars.close_bazaar(actor=actor_of(person), bazaar_id=fair.id)
    assert signed_in(person).get(f"/bazaars/{fair.id}/figures").status_code == 404
    assert signed_in(person).get("/bazaars/new").status_code == 403


def test_a_page_of_one_that_runs_names_who_has_not_reported_today(signed_in) -> None:
    fair = make_fair(3)
    report(fair, fair.holders[0], today(), 900_000)
    page = signed_in(fair.officer).get(f"/bazaars/{fair.id}").text
    assert fair.businesses[1].name in page
    assert fair.businesses[2].name in page
    assert f">{fair.businesses[0].name}<" not in page


def test_nobody_walks_through_a_closed_door(app: Flask, client) -> None:
    fair = make_fair(1)
    assert client.get(f"/bazaars/{fair.id}").status_code == 302
    assert today() - timedelta(days=2) in fair.days


def test_the_office_opens_an_ended_bazaar_again_where_it_wants_to_enter_figures(signed_in) -> None:
    fair = make_fair()
    browser = signed_in(fair.officer)
    browser.post(f"/bazaars/{fair.id}/close")
    page = browser.text(f"/bazaars/{fair.id}/turnover")
    assert "Minta dinas" not in page
    assert f'action="/bazaars/{fair.id}/open"' in page
