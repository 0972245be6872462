"""Reports, coverage and estimate stay apart; the public sees no stall's own turnover."""

import re
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.clock import today
from marketplace.infra.transaction import transaction
from marketplace.programs.queries import figures
from marketplace.programs.queries import turnover as reads
from marketplace.programs.rules import ProgramState
from marketplace.programs.rules.bazaars import DayDraft
from marketplace.programs.rules.disclosure import LEAST, shown
from marketplace.programs.rules.figures import Line, best_sellers
from marketplace.programs.services import bazaars, holders, turnover
from tests import factories
from tests.programs.fairs import Fair, add_walk_in, make_fair, report

DAY = date(2026, 11, 20)
WAYS = {
    "day": lambda line: line.day_on.isoformat(),
    "category": lambda line: line.category,
    "region": lambda line: line.region,
}


def lines(*kinds: tuple[str, str, int]) -> list[Line]:
    """(category, region, how many stalls), each stall with an amount nobody else has."""
    found = []
    for category, region, count in kinds:
        for _ in range(count):
            number = len(found) + 1
            found.append(Line(number, DAY, 10**6 + 7**number % 10**6, category, region))
    return found


def test_fewer_than_five_stalls_tell_nothing() -> None:
    told = shown(lines(("kerupuk", "19.01", 4)), WAYS)
    assert told.total is None
    assert not told.breakdowns


def test_a_small_category_goes_into_the_rest_with_enough_others() -> None:
    told = shown(lines(("kerupuk", "a", 9), ("minuman", "a", 6), ("busana", "a", 2)), WAYS)
    groups = told.breakdowns["category"]
    assert {group.key: group.stalls for group in groups} == {"kerupuk": 9, "": 8}


def test_two_breakdowns_that_give_a_stall_away_are_not_both_shown() -> None:
    """All drinks are from Bangka, where one cracker stall is too: the difference is its own."""
    told = shown(
        lines(("minuman", "19.01", 5), ("kerupuk", "19.01", 1), ("kerupuk", "19.71", 8)), WAYS
    )
    assert "category" in told.breakdowns
    assert "region" not in told.breakdowns


def test_breakdowns_that_tell_nothing_together_are_both_shown() -> None:
    told = shown(lines(*((c, r, 5) for c, r in product("ab", "xy"))), WAYS)
    assert set(told.breakdowns) == {"category", "region"}


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz"), st.integers(1, 7)),
        min_size=1,
        max_size=7,
    )
)
def test_no_sum_of_fewer_than_five_stalls_follows_from_what_is_shown(
    kinds: list[tuple[str, str, int]],
) -> None:
    """Every difference of unions of shown groups that is a sum of stalls is one of five or more."""
    said = lines(*kinds)
    told = shown(said, WAYS)
    for groups in told.breakdowns.values():
        assert all(group.stalls >= LEAST for group in groups)
        assert told.total is not None
        assert sum(group.amount for group in groups) == told.total.amount
    if not {"category", "region"} <= set(told.breakdowns):
        return
    sets = {
        way: [
            {
                line.holder_id
                for line in said
                if (WAYS[way](line) if WAYS[way](line) in named else "") == group.key
            }
            for group in told.breakdowns[way]
        ]
        for way in ("category", "region")
        if (named := {group.key for group in told.breakdowns[way]})
    }
    for one, other in (("category", "region"), ("region", "category")):
        for first in unions(sets[one]):
            for second in unions(sets[other]):
                if second < first:
                    assert len(first - second) >= LEAST


def unions(groups: list[set[int]]) -> list[set[int]]:
    return [
        set().union(*(group for group, taken in zip(groups, chosen, strict=True) if taken))
        for chosen in product((False, True), repeat=len(groups))
    ]


def test_best_sellers_are_counted_by_stall_and_spellings_together() -> None:
    said = [
        Line(1, DAY, 1, best_sellers=("Bakso Urat",)),
        Line(1, DAY + timedelta(days=1), 1, best_sellers=("bakso urat",)),
        Line(2, DAY, 1, best_sellers=("bakso urat", "es kacang")),
    ]
    assert best_sellers(said) == [("Bakso Urat", 2), ("es kacang", 1)]


@pytest.mark.usefixtures("app")
class TestOfABazaar:
    def test_reports_coverage_and_estimate_are_three_figures(self) -> None:
        fair = make_fair(3)
        report(fair, fair.holders[0], fair.days[0], 20_000_000)
        report(fair, fair.holders[1], fair.days[0], 0)
        with transaction():
            turnover.add_estimate(
                actor=fair.actor,
                program_id=fair.id,
                amount=600_000_000,
                said_by="Kepala Dinas",
                said_on=today(),
            )
        found = figures.totals(fair.days[0], today())
        assert (found.turnover, found.estimates) == (20_000_000, 600_000_000)
        assert (found.reported, found.due, found.coverage) == (2, 9, 22)
        assert (found.bazaars, found.participants, found.businesses) == (1, 3, 3)

    def test_days_shut_or_to_come_owe_nothing(self) -> None:
        days = (
            DayDraft(today() - timedelta(days=1)),
            DayDraft(today(), is_shut=True),
            DayDraft(today() + timedelta(days=1)),
        )
        fair = make_fair(2, days=days)
        assert figures.list_figures(days[0].on, days[2].on)[0].due == 2
        assert fair.days

    def test_who_gave_up_owes_no_more_than_was_given(self) -> None:
        fair = make_fair(2)
        report(fair, fair.holders[0], fair.days[0], 500_000)
        with transaction():
            holders.withdraw(actor=fair.actor, holder_id=fair.holders[0])
        (found,) = figures.list_figures(fair.days[0], today())
        assert (found.participants, found.due, found.reported) == (1, 4, 1)

    def test_a_period_takes_only_its_days_and_its_rows_add_up(self) -> None:
        fair = make_fair(2)
        for day, amount in zip(fair.days, (1_000_000, 2_000_000, 4_000_000), strict=True):
            report(fair, fair.holders[0], day, amount)
        first, last = fair.days[1], fair.days[2]
        (found,) = figures.list_figures(first, last)
        assert (found.turnover, found.due, found.reported) == (6_000_000, 4, 2)
        rows = figures.list_reports(first, last)
        assert sum(row.amount for row in rows) == found.turnover
        assert len(figures.list_participants(first, last)) == found.participants

    def test_what_a_kabupaten_records_adds_up_in_the_provinces_view(self) -> None:
        own = make_fair(1, officer=factories.make_person("regency"))
        make_fair(1)
        report(own, own.holders[0], own.days[0], 3_000_000)
        inside = figures.totals(own.days[0], today(), factories.PANGKALPINANG)
        whole = figures.totals(own.days[0], today(), "19")
        assert (inside.bazaars, inside.turnover) == (1, 3_000_000)
        assert (whole.bazaars, whole.turnover) == (2, 3_000_000)
        assert figures.totals(own.days[0], today(), factories.BELITUNG).bazaars == 0

    def test_what_was_called_off_or_not_opened_counts_nowhere(self) -> None:
        fair = make_fair(1, opened=False)
        assert figures.list_figures(fair.days[0], today()) == []

    def test_the_office_sees_each_stall_the_public_only_sums_once_it_is_over(
        self, signed_in, client
    ) -> None:
        fair = whole_fair()
        office = signed_in(fair.officer).get(f"/bazaars/{fair.id}/figures").text
        assert "Rp1.234.567" in office
        running = client.get(f"/bazaars/{fair.id}/public").text
        assert "Rp" not in running
        with transaction():
            bazaars.close_bazaar(actor=fair.actor, bazaar_id=fair.id)
        over = client.get(f"/bazaars/{fair.id}/public").text
        assert "Rp7.200.000" in over
        assert "Rp1.234.567" not in over
        assert fair.program.state is ProgramState.CLOSED

    def test_a_figure_corrected_after_reopening_is_not_the_difference_of_two_public_sums(
        self, client
    ) -> None:
        fair = whole_fair()
        looks = []
        for amount in (None, 1_234_999):
            if amount is not None:
                with transaction():
                    bazaars.open_bazaar(actor=fair.actor, bazaar_id=fair.id)
                report(fair, fair.holders[0], fair.days[0], amount, replaces=1)
            with transaction():
                bazaars.close_bazaar(actor=fair.actor, bazaar_id=fair.id)
            page = client.get(f"/bazaars/{fair.id}/public").text
            looks.append(re.findall(r"Rp[\d.]+", page))
        assert looks[0] == looks[1]
        assert all(told.endswith("00.000") for told in looks[0])

    def test_the_public_page_of_four_stalls_tells_no_sum(self, client) -> None:
        fair = make_fair(4)
        for holder in fair.holders:
            report(fair, holder, fair.days[0], 1_234_567)
        with transaction():
            bazaars.close_bazaar(actor=fair.actor, bazaar_id=fair.id)
        assert "Rp" not in client.get(f"/bazaars/{fair.id}/public").text

    def test_a_draft_is_no_page_for_the_public(self, client) -> None:
        fair = make_fair(1, opened=False)
        assert client.get(f"/bazaars/{fair.id}/public").status_code == 404

    def test_the_office_of_a_producers_area_sees_its_turnover_and_another_does_not(
        self, signed_in
    ) -> None:
        fair = make_fair(1)
        report(fair, fair.holders[0], fair.days[0], 3_210_000)
        path = f"/businesses/{fair.businesses[0].id}/turnover"
        own = signed_in(factories.make_person("regency"))
        assert "Rp3.210.000" in own.get(path).text
        for person in (
            factories.make_person("regency", area=factories.BELITUNG),
            factories.make_person("buyer"),
            factories.make_person("producer"),
        ):
            assert signed_in(person).get(path).status_code == 404

    def test_an_estimate_from_tomorrow_is_refused(self, signed_in) -> None:
        fair = make_fair(1)
        data = {
            "amount": "600 juta",
            "said_by": "Panitia",
            "said_on": (today() + timedelta(days=1)).isoformat(),
        }
        browser = signed_in(fair.officer)
        assert browser.post(f"/bazaars/{fair.id}/estimate", data=data).status_code == 422
        data["said_on"] = today().isoformat()
        data["form_token"] = "satu"
        for _press in range(2):
            assert browser.post(f"/bazaars/{fair.id}/estimate", data=data).status_code == 302
        assert len(reads.estimates_of(fair.id)) == 1


def whole_fair() -> Fair:
    """Six producers and a walk-in, each with one figure."""
    fair = make_fair(5)
    extra = add_walk_in(fair)
    for holder in (*fair.holders[:5], extra):
        amount = 1_234_567 if holder == fair.holders[0] else 1_200_000
        report(fair, holder, fair.days[0], amount)
    return fair
