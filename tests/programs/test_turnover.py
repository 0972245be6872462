"""Turnover of a stall on a day: asked back, never doubled, never on a day that was not."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from marketplace.audit.models import AuditEntry
from marketplace.core.clock import today
from marketplace.core.errors import Conflict, DomainError, NotAllowed, RuleBroken
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.programs.documents.stall_links import stall_token
from marketplace.programs.models import TurnoverReport
from marketplace.programs.queries import bazaars as queries
from marketplace.programs.queries import turnover as reads
from marketplace.programs.rules.bazaars import DayDraft
from marketplace.programs.rules.turnover import (
    AlreadyReported,
    AskedBack,
    ReportSource,
    TurnoverDraft,
    doubt_about,
)
from marketplace.programs.services import bazaars, holders, turnover
from tests import factories
from tests.programs.fairs import Fair, actor_of, make_fair, report
from tests.support.processes import in_processes

TWENTY_MILLION, TWENTY_BILLION = 20_000_000, 20_000_000_000


@pytest.mark.parametrize(
    ("amount", "own", "peers"),
    [
        (TWENTY_BILLION, [18_000_000], []),
        (TWENTY_BILLION, [], [6_000_000, 8_000_000, 900_000]),
        (TWENTY_BILLION, [], []),
        (65, [650_000], []),
        (650, [], []),
        (20_000, [TWENTY_MILLION], []),
    ],
)
def test_an_amount_far_from_the_usual_is_asked_back(
    amount: int, own: list[int], peers: list[int]
) -> None:
    assert doubt_about(amount, own, peers) is not None


@pytest.mark.parametrize(
    ("amount", "own", "peers"),
    [
        (0, [5_000_000], []),
        (TWENTY_MILLION, [], []),
        (TWENTY_MILLION, [], [1_000_000, 2_000_000, 7_000_000]),
        (1_900_000, [150_000], []),
        (8_000_000, [6_000_000, 7_000_000], [300_000] * 5),
    ],
)
def test_an_ordinary_amount_is_not(amount: int, own: list[int], peers: list[int]) -> None:
    assert doubt_about(amount, own, peers) is None


def test_the_amount_that_was_probably_meant_is_named() -> None:
    doubt = doubt_about(TWENTY_BILLION, [18_000_000], [])
    assert doubt is not None
    assert doubt.meant == TWENTY_MILLION


@given(st.integers(1_000_000, 9_999_999), st.integers(0, 10**9))
def test_no_number_of_tries_tells_more_of_the_neighbours_than_how_many_digits(
    usual: int, tried: int
) -> None:
    """What is asked back is the same whatever three neighbours of seven digits sold."""
    asked = doubt_about(tried, [], [usual] * 3)
    assert asked == doubt_about(tried, [], [1_000_000, 5_000_000, 9_999_999])


@pytest.mark.parametrize("amount", [1_000_000_000, 300_000_000, 15_000])
def test_an_odd_amount_does_not_tell_what_a_neighbour_sold(amount: int) -> None:
    """Three days of one neighbour: the usual would be that stall's own turnover."""
    doubt = doubt_about(amount, [], [2_345_678, 2_345_678, 2_345_678])
    assert doubt is not None
    assert (doubt.usual, doubt.times, doubt.meant) == (None, None, None)


@pytest.mark.usefixtures("app")
class TestService:
    def test_a_second_press_takes_the_odd_amount(self) -> None:
        fair = make_fair(1)
        report(fair, fair.holders[0], fair.days[0], TWENTY_MILLION)
        with pytest.raises(AskedBack) as asked:
            report(fair, fair.holders[0], fair.days[1], TWENTY_BILLION)
        assert asked.value.doubt.usual == TWENTY_MILLION
        kept = report(fair, fair.holders[0], fair.days[1], TWENTY_BILLION, sure=True)
        assert kept.is_confirmed

    def test_a_yes_to_one_amount_is_no_yes_to_another(self) -> None:
        fair = make_fair(1)
        with pytest.raises(AskedBack), transaction():
            turnover.enter_turnover(
                actor=fair.actor,
                holder_id=fair.holders[0],
                day_on=fair.days[0],
                draft=TurnoverDraft(TWENTY_BILLION),
                source=ReportSource.PHONE,
                sure_of=TWENTY_MILLION,
            )

    def test_another_figure_for_the_same_stall_day_asks_who_sees_the_first(self) -> None:
        fair = make_fair(1)
        first = report(fair, fair.holders[0], fair.days[0], 4_000_000)
        with pytest.raises(AlreadyReported) as told:
            report(fair, fair.holders[0], fair.days[0], 5_000_000)
        assert told.value.report.amount == 4_000_000
        assert told.value.report.by == fair.officer.full_name
        report(fair, fair.holders[0], fair.days[0], 5_000_000, replaces=first.version)
        entry = session.query(AuditEntry).filter_by(action="turnover.replaced").one()
        assert entry.details["was"]["amount"] == 4_000_000

    def test_who_replaces_a_figure_that_was_replaced_meanwhile_is_told(self) -> None:
        fair = make_fair(1)
        seen = report(fair, fair.holders[0], fair.days[0], 4_000_000).version
        report(fair, fair.holders[0], fair.days[0], 5_000_000, replaces=seen)
        with pytest.raises(AlreadyReported):
            report(fair, fair.holders[0], fair.days[0], 6_000_000, replaces=seen)

    def test_the_same_figure_again_is_no_second_one(self) -> None:
        fair = make_fair(1)
        first = report(fair, fair.holders[0], fair.days[0], 4_000_000)
        assert report(fair, fair.holders[0], fair.days[0], 4_000_000).id == first.id
        assert session.query(TurnoverReport).count() == 1

    def test_zero_is_a_report_and_nothing_is_none(self) -> None:
        fair = make_fair(2)
        report(fair, fair.holders[0], fair.days[0], 0)
        assert set(reads.reports_of_day(fair.id, fair.days[0])) == {fair.holders[0]}

    def test_a_day_it_was_shut_outside_or_to_come_takes_no_turnover(self) -> None:
        first = today() - timedelta(days=2)
        days = (
            DayDraft(first),
            DayDraft(first + timedelta(days=1), is_shut=True),
            DayDraft(today() + timedelta(days=1)),
        )
        fair = make_fair(1, days=days)
        for day in (days[1].on, days[2].on, first - timedelta(days=1)):
            with pytest.raises(RuleBroken):
                report(fair, fair.holders[0], day, 100_000)
        assert session.query(TurnoverReport).count() == 0

    def test_one_that_is_over_or_not_open_yet_takes_none(self) -> None:
        fair = make_fair(1, opened=False)
        with pytest.raises(RuleBroken):
            report(fair, fair.holders[0], fair.days[0], 100_000)

    def test_another_producer_cannot_enter_for_this_stall(self) -> None:
        fair = make_fair(2)
        stranger = factories.make_person("producer", works_for=fair.businesses[1])
        with pytest.raises(NotAllowed):
            report(fair, fair.holders[0], fair.days[0], 100_000, actor=actor_of(stranger))

    def test_a_figure_that_belongs_elsewhere_is_taken_away_and_stays_in_the_trail(self) -> None:
        fair = make_fair(1)
        kept = report(fair, fair.holders[0], fair.days[0], 4_000_000)
        with transaction():
            turnover.remove_turnover(actor=fair.actor, report_id=kept.id, version=kept.version)
        assert session.query(TurnoverReport).count() == 0
        entry = session.query(AuditEntry).filter_by(action="turnover.removed").one()
        assert entry.details["amount"] == 4_000_000


class TestPages:
    @pytest.fixture
    def fair(self, app: Flask) -> Fair:
        return make_fair(3)

    def test_a_stall_enters_its_figure_by_its_link_without_signing_in(self, fair, client) -> None:
        holder = queries.get_holder(fair.holders[0])
        path = f"/st/{stall_token(holder)}"
        assert holder.name in client.get(path).text
        day = fair.days[0].isoformat()
        answer = client.post(
            f"{path}?day={day}", data={"amount": "6,5 juta", "best_sellers": "es kacang"}
        )
        assert answer.status_code == 302
        kept = reads.find_report(holder.id, fair.days[0])
        assert kept is not None
        assert kept.amount == 6_500_000
        assert (kept.source, kept.entered_by_name) == (ReportSource.PHONE, holder.name)

    @pytest.mark.parametrize("day", ["2026-13-45", "kemarin", "\x00"])
    def test_a_day_that_is_none_is_not_taken_for_another(self, fair, client, day: str) -> None:
        path = f"/st/{stall_token(queries.get_holder(fair.holders[0]))}"
        answer = client.post(path, query_string={"day": day}, data={"amount": "6,5 juta"})
        assert answer.status_code == 409
        assert reads.reports_of_holder(fair.holders[0]) == []

    def test_a_link_made_anew_silences_the_old_one(self, fair, client) -> None:
        token = stall_token(queries.get_holder(fair.holders[0]))
        with transaction():
            holders.renew_link(actor=fair.actor, holder_id=fair.holders[0])
        assert client.get(f"/st/{token}").status_code == 404
        assert client.post(f"/st/{token}", data={"amount": "1000000"}).status_code == 404

    @pytest.mark.parametrize(("ago", "status"), [(60, 200), (120, 404)])
    def test_a_paper_found_long_after_tells_nobody_what_the_stall_sold(
        self, client, ago: int, status: int
    ) -> None:
        fair = make_fair(1)
        token = stall_token(queries.get_holder(fair.holders[0]))
        with transaction():
            program = queries.get_bazaar(fair.id)
            program.starts_on = program.ends_on = today() - timedelta(days=ago)
        assert client.get(f"/st/{token}").status_code == status

    def test_the_office_sends_a_stall_its_link_by_whatsapp(self, fair, signed_in) -> None:
        holder = queries.get_holder(fair.holders[0])
        page = signed_in(fair.officer).get(f"/stalls/{holder.id}/edit").text
        assert f"https://wa.me/{holder.phone.lstrip('+')}" in page
        assert f"/st/{stall_token(holder)}" in page

    def test_twenty_million_typed_as_twenty_billion_is_said_back_and_not_lost(
        self, fair, client
    ) -> None:
        report(fair, fair.holders[0], fair.days[0], TWENTY_MILLION)
        path = f"/st/{stall_token(queries.get_holder(fair.holders[0]))}?day={fair.days[1]}"
        answer = client.post(path, data={"amount": "20.000.000.000", "best_sellers": "bakso"})
        assert answer.status_code == 422
        assert "Rp20.000.000.000" in answer.text
        assert "1.000" in answer.text
        assert 'value="20.000.000.000"' in answer.text
        assert 'value="bakso"' in answer.text
        assert 'name="sure" type="hidden" value="20000000000"' in answer.text
        assert reads.find_report(fair.holders[0], fair.days[1]) is None
        data = {"amount": "20.000.000.000", "sure": "20000000000"}
        assert client.post(path, data=data).status_code == 302

    def test_the_second_figure_of_a_day_is_shown_the_first_and_asked_to_replace_it(
        self, fair, signed_in
    ) -> None:
        first = report(fair, fair.holders[0], fair.days[0], 4_000_000)
        browser = signed_in(factories.make_person("province", full_name="Petugas Kedua"))
        path = f"/stalls/{fair.holders[0]}/turnover?day={fair.days[0]}"
        answer = browser.post(path, data={"amount": "4.500.000"})
        assert answer.status_code == 409
        assert fair.officer.full_name in answer.text
        assert "Rp4.000.000" in answer.text
        data = {"amount": "4.500.000", "seen": str(first.version), "sure": "4500000"}
        assert browser.post(path, data=data).status_code == 302
        kept = reads.find_report(fair.holders[0], fair.days[0])
        assert kept is not None
        assert kept.amount == 4_500_000

    def test_a_day_from_paper_keeps_the_good_rows_and_says_what_is_odd(
        self, fair, signed_in
    ) -> None:
        one, two, three = fair.holders
        browser = signed_in(fair.officer)
        path = f"/bazaars/{fair.id}/turnover?day={fair.days[0]}"
        answer = browser.post(
            path,
            data={
                f"amount-{one}": "1,2 juta",
                f"count-{one}": "40",
                f"amount-{two}": "20.000.000.000",
                f"amount-{three}": "seratus",
            },
        )
        assert answer.status_code == 422
        assert set(reads.reports_of_day(fair.id, fair.days[0])) == {one}
        assert 'value="20.000.000.000"' in answer.text
        assert 'value="seratus"' in answer.text
        again = {
            f"amount-{two}": "20.000.000.000",
            f"sure-{two}": "20000000000",
            f"amount-{three}": "0",
        }
        assert browser.post(path, data=again).status_code == 302
        assert len(reads.reports_of_day(fair.id, fair.days[0])) == 3

    def test_mending_one_row_does_not_pass_the_odd_amount_of_another(self, fair, signed_in) -> None:
        one, two, _ = fair.holders
        browser = signed_in(fair.officer)
        path = f"/bazaars/{fair.id}/turnover?day={fair.days[0]}"
        typed = {f"amount-{one}": "20.000.000.000", f"amount-{two}": "seratus"}
        page = browser.post(path, data=typed).text
        box = page.split(f'name="sure-{one}"')
        assert len(box) == 2
        assert 'type="checkbox"' in box[0][-40:]
        assert "checked" not in box[1].split(">")[0]
        again = browser.post(path, data=typed | {f"amount-{two}": "750rb"})
        assert again.status_code == 422
        assert set(reads.reports_of_day(fair.id, fair.days[0])) == {two}

    def test_a_day_that_was_shut_is_refused_in_words(self, app, signed_in) -> None:
        first = today() - timedelta(days=1)
        fair = make_fair(1, days=(DayDraft(first, is_shut=True), DayDraft(today())))
        browser = signed_in(fair.officer)
        path = f"/bazaars/{fair.id}/turnover?day={first}"
        assert "tutup" in browser.get(path).text
        answer = browser.post(path, data={f"amount-{fair.holders[0]}": "500000"})
        assert answer.status_code == 409
        assert session.query(TurnoverReport).count() == 0

    def test_an_officers_look_at_single_figures_is_kept(self, fair, signed_in) -> None:
        signed_in(fair.officer).get(f"/bazaars/{fair.id}/figures")
        entry = session.query(AuditEntry).filter_by(action="turnover.seen").one()
        assert (entry.subject_type, entry.actor_id) == ("programs", fair.officer.id)

    def test_the_history_shows_what_stood_before(self, fair, signed_in) -> None:
        first = report(fair, fair.holders[0], fair.days[0], 4_000_000)
        report(fair, fair.holders[0], fair.days[0], 5_000_000, replaces=first.version)
        page = signed_in(fair.officer).get(f"/stalls/{fair.holders[0]}/history").text
        assert "Rp4.000.000" in page
        assert "Rp5.000.000" in page

    def test_the_sheet_and_the_codes_print_every_stall(self, fair, signed_in) -> None:
        browser = signed_in(fair.officer)
        for path in ("sheet", "codes"):
            page = browser.get(f"/bazaars/{fair.id}/{path}").text
            assert all(business.name in page for business in fair.businesses)

    def test_a_producer_sees_and_enters_its_own_and_nobody_elses(self, fair, signed_in) -> None:
        browser = signed_in(factories.make_person("producer", works_for=fair.businesses[0]))
        assert "Bazar Uji" in browser.get("/my/stalls").text
        own = next(
            number
            for number in fair.holders
            if queries.get_holder(number).business_id == fair.businesses[0].id
        )
        path = f"/stalls/{own}/turnover"
        assert browser.post(path, data={"amount": "650rb"}).status_code == 302
        other = next(number for number in fair.holders if number != own)
        assert browser.get(f"/stalls/{other}/turnover").status_code == 404
        assert browser.get(f"/stalls/{own}/edit").status_code == 404


def enter(holder_id: int, day: str, amount: int, person_id: int) -> str:
    from marketplace.accounts import queries as accounts

    actor = accounts.actor_of(accounts.get_person(person_id))
    try:
        with transaction():
            turnover.enter_turnover(
                actor=actor,
                holder_id=holder_id,
                day_on=date.fromisoformat(day),
                draft=TurnoverDraft(amount),
                source=ReportSource.PAPER,
            )
        return "kept"
    except Conflict:
        return "told"
    except DomainError as error:
        return type(error).__name__


@pytest.mark.both_databases
def test_of_two_who_enter_the_same_stall_day_at_once_one_wins_and_the_other_is_told(
    app: Flask,
) -> None:
    fair = make_fair(1)
    calls = [
        (fair.holders[0], fair.days[0].isoformat(), amount, fair.officer.id)
        for amount in (4_000_000, 5_000_000, 6_000_000, 7_000_000)
    ]
    answers = in_processes(app, enter, calls)
    assert sorted(answers) == ["kept", "told", "told", "told"]
    kept = session.query(TurnoverReport).one()
    assert kept.amount == calls[answers.index("kept")][2]
    assert json.dumps(answers)


def shut_day(bazaar_id: int, day: str, person_id: int) -> str:
    from marketplace.accounts import queries as accounts

    actor = accounts.actor_of(accounts.get_person(person_id))
    program = queries.get_bazaar(bazaar_id)
    said, version = bazaars.draft_of(program), program.version
    days = tuple(
        replace(each, is_shut=each.is_shut or each.on == date.fromisoformat(day))
        for each in said.days
    )
    try:
        with transaction():
            bazaars.change_bazaar(
                actor=actor, bazaar_id=bazaar_id, draft=replace(said, days=days), version=version
            )
        return "shut"
    except DomainError as error:
        return type(error).__name__


def either(work: str, *args: object) -> str:
    return {"enter": enter, "shut": shut_day}[work](*args)  # type: ignore[operator]


@pytest.mark.both_databases
def test_a_day_never_is_shut_and_has_a_figure_both(app: Flask) -> None:
    fair = make_fair(1)
    day = fair.days[0].isoformat()
    answers = in_processes(
        app,
        either,
        [
            ("enter", fair.holders[0], day, 4_000_000, fair.officer.id),
            ("shut", fair.id, day, fair.officer.id),
        ],
    )
    found = queries.find_day(fair.id, fair.days[0])
    assert found is not None
    assert (session.query(TurnoverReport).count() == 1) != found.is_shut, answers
