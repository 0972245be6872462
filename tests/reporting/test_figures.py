"""Every figure is the sum of its rows, the areas add up, and what happened stays where it was."""

from datetime import date, datetime, timedelta

import pytest

from marketplace.accounts import queries as accounts
from marketplace.businesses import queries as businesses
from marketplace.businesses import services
from marketplace.businesses.models import Business, BusinessMove
from marketplace.businesses.rules import BusinessDraft
from marketplace.core.clock import WIB
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.infra.workbooks import read_sheet
from marketplace.meetings.rules import MeetingState, NoShow
from marketplace.reporting.queries import figures, funnel
from marketplace.reporting.queries.counting import counted, total_of, totals_of
from marketplace.reporting.rules.figures import OUTLET_FIGURES, RULES, Amount, FigureKey, Total
from marketplace.reporting.rules.funnel import Loss, Step
from marketplace.reporting.rules.periods import last_periods, read_period
from marketplace.reporting.rules.scopes import OUTSIDE, Scope, areas_of
from marketplace.suggestions.rules import RejectReason, SuggestionState
from tests import factories
from tests.factories import BANGKA, BELITUNG, PALEMBANG, PANGKALPINANG
from tests.reporting.conftest import AUGUST, Q3, MeetingMaker, at, by_area, make_deal, make_order
from tests.support.statements import statements_of

Market = dict[str, Business]


def scope(area: str = "", period: str = Q3) -> Scope:
    return Scope(read_period(period), "19", area)


def test_the_figures_of_a_quarter_are_what_happened_in_it(
    market: Market, held: MeetingMaker
) -> None:
    held(market["pangkal"], market["chain"])
    totals = totals_of(scope())
    assert totals == {
        FigureKey.HELPED: Total(3, 3 * 3 + 1 + 3 + 2 * 4),
        FigureKey.REGISTERED: Total(3, 0),
        FigureKey.PUBLISHED: Total(3, 0),
        FigureKey.MATCHED: Total(3, 0),
        FigureKey.INTRODUCED: Total(3, 0),
        FigureKey.MET: Total(1, 0),
        FigureKey.DEALT: Total(3, 0),
        FigureKey.DELIVERED: Total(4, 800_000),
        FigureKey.RECEIVED: Total(4, 480_000),
        # Jakarta took goods in June already: it is not new.
        FigureKey.OUTLETS_JABODETABEK: Total(0, 0),
        FigureKey.OUTLETS_SUMATERA: Total(1, 1),
        FigureKey.OUTLETS_OWN: Total(1, 1),
        FigureKey.OUTLETS_OTHER: Total(0, 0),
    }


@pytest.mark.both_databases
@pytest.mark.parametrize("area", ["", PANGKALPINANG, OUTSIDE])
def test_the_rows_of_every_figure_add_up_to_it(
    market: Market, held: MeetingMaker, area: str
) -> None:
    held(market["pangkal"], market["chain"])
    for key in FigureKey:
        total, rows = total_of(key, scope(area)), figures.list_of_rows(key, scope(area))
        assert len(rows) == total.count, key
        assert sum(row.amount for row in rows) == total.amount, key


def test_the_file_behind_a_figure_adds_up_to_it_too(market: Market, signed_in) -> None:
    browser = signed_in(factories.make_person("province"))
    for key in FigureKey:
        total = total_of(key, scope())
        answer = browser.get(f"/report/figures/{key}.xlsx?period={Q3}")
        rows = read_sheet(answer.data, is_known=lambda _header: True).rows if total.count else []
        assert len(rows) == total.count, key
        if RULES[key].amount is not Amount.NONE:
            assert sum(row[-1] for row in rows) == total.amount, key


def test_pages_of_rows_hold_every_row_once(market: Market) -> None:
    deal = make_deal(market["pangkal"], market["local"])
    for day in range(30):
        make_order(deal, AUGUST + timedelta(days=day), paid=1_000)
    first, second = (figures.page_of_rows(FigureKey.RECEIVED, scope(), page) for page in (1, 2))
    assert first.total == 34 == len({row.id for row in [*first.items, *second.items]})


@pytest.mark.parametrize("area", ["", BANGKA, OUTSIDE])
def test_each_period_of_a_trend_says_what_its_own_report_says(market: Market, area: str) -> None:
    deal = make_deal(market["pangkal"], market["local"], signed_on=date(2026, 5, 2))
    # The last day of one quarter and the first of the next.
    for day in (date(2026, 3, 31), date(2026, 4, 1), date(2026, 6, 30), date(2026, 10, 1)):
        make_order(deal, day, paid=7_000)
    for text in (Q3, "2026-07", "2026", "2026-07-01_2026-09-20"):
        periods = last_periods(read_period(text), 4)
        asked = scope(area, text)
        counts = counted(asked, periods)
        for period, totals in zip(periods, counts.periods, strict=True):
            alone = totals_of(asked.during(period))
            # Outlets are told of the last alone: no trend draws them.
            drawn = [key for key in FigureKey if key not in OUTLET_FIGURES]
            assert [totals[key] for key in drawn] == [alone[key] for key in drawn], period
        assert counts.present == totals_of(asked)


def test_the_trend_and_the_areas_cost_no_further_statement(market: Market) -> None:
    periods = last_periods(read_period(Q3), 6)
    alone = totals_of(scope())  # and the transaction has begun

    assert statements_of(lambda: counted(scope(), periods)) == statements_of(
        lambda: totals_of(scope())
    )
    assert counted(scope(), periods).present == alone


def test_the_areas_add_up_to_the_province_where_the_rule_says_so(
    market: Market, held: MeetingMaker
) -> None:
    held(market["bangka"], market["chain"])
    for key in FigureKey:
        whole, parts = total_of(key, scope()), by_area(key, scope())
        assert set(parts) == set(areas_of("19"))
        if RULES[key].adds_up:
            assert sum(parts.values(), Total()) == whole, key
            for area, part in parts.items():
                assert part == total_of(key, scope(area)), (key, area)


def test_distinct_figures_count_in_both_areas_and_once_in_the_whole(market: Market) -> None:
    """Two areas deliver to the same new shop: new for both, one new shop of the province."""
    branch = factories.make_outlet(name="Toko Medan", branches=("12.71",))
    for name in ("pangkal", "bangka"):
        make_order(make_deal(market[name], branch), AUGUST)
    parts = by_area(FigureKey.OUTLETS_SUMATERA, scope())
    assert (parts[PANGKALPINANG].count, parts[BANGKA].count) == (2, 1)
    assert total_of(FigureKey.OUTLETS_SUMATERA, scope()).count == 2
    assert not RULES[FigureKey.OUTLETS_SUMATERA].adds_up


def _move(business: Business, to: str) -> None:
    officer = accounts.actor_of(accounts.get_person(factories.make_person("province").id))
    with transaction():
        current = businesses.get_business(business.id)
        services.change_business(
            actor=officer,
            business=current,
            draft=BusinessDraft(kind=current.kind, name=current.name, region_code=to),
            version=current.version,
        )


def test_what_happened_before_a_move_stays_with_the_old_area(market: Market) -> None:
    """Moved in mid August (set by hand, for the service writes today): each event where it was."""
    _move(market["pangkal"], BELITUNG)
    with transaction():
        move = session.query(BusinessMove).one()
        move.at, move.moved_on = at(date(2026, 8, 15)), date(2026, 8, 15)
    parts = by_area(FigureKey.RECEIVED, scope())
    assert parts[PANGKALPINANG] == Total(1, 150_000)
    assert parts[BELITUNG] == Total(1, 200_000)
    assert by_area(FigureKey.PUBLISHED, scope())[PANGKALPINANG] == Total(1, 0)
    assert by_area(FigureKey.DEALT, scope())[PANGKALPINANG] == Total(1, 0)
    assert by_area(FigureKey.MATCHED, scope())[PANGKALPINANG] == Total(1, 0)


def test_on_the_day_of_a_move_the_new_area_counts(market: Market) -> None:
    _move(market["pangkal"], BELITUNG)
    with transaction():
        move = session.query(BusinessMove).one()
        move.at, move.moved_on = at(AUGUST, 0), AUGUST
    parts = by_area(FigureKey.RECEIVED, scope())
    assert (parts[PANGKALPINANG].count, parts[BELITUNG].count) == (0, 2)


def test_a_province_with_an_office_of_its_own_is_not_in_the_whole(market: Market) -> None:
    ours = Scope(read_period(Q3), "19", "", frozenset({"16"}))
    assert total_of(FigureKey.RECEIVED, ours) == Total(3, 440_000)
    theirs = Scope(read_period(Q3), "16", "", frozenset({"19"}))
    assert total_of(FigureKey.RECEIVED, theirs) == Total(1, 40_000)
    assert total_of(FigureKey.RECEIVED, scope(OUTSIDE)) == Total(1, 40_000)


def test_the_last_evening_of_a_quarter_belongs_to_it(market: Market) -> None:
    """In Western Indonesian Time: half past eleven at night is still that day, in UTC the same."""
    late = datetime(2026, 9, 30, 23, 30, tzinfo=WIB)
    early = datetime(2026, 10, 1, 0, 30, tzinfo=WIB)
    for moment in (late, early):
        factories.make_product(market["pangkal"], published_at=moment)
    assert total_of(FigureKey.PUBLISHED, scope()).count == 4
    assert total_of(FigureKey.PUBLISHED, scope(period="2026-Q4")).count == 1


def test_a_producer_stands_at_the_farthest_step_it_reached(market: Market) -> None:
    factories.make_producer(name="Baru", created_at=at(AUGUST))
    steps = funnel.count_steps(scope())
    assert steps[Step.REGISTERED] == 4
    assert {step: n for step, n in steps.items() if step > Step.REGISTERED} == {
        step: 3 for step in Step if step > Step.REGISTERED
    }
    stopped = funnel.list_of_step(scope(), Step.REGISTERED, stopped=True)
    assert [row.who for row in stopped] == ["Baru"]


def test_the_rows_of_every_step_add_up_to_it_in_every_area(market: Market) -> None:
    for area in ["", *areas_of("19")]:
        counts = funnel.count_steps(scope(area))
        for step in Step:
            assert len(funnel.list_of_step(scope(area), step, stopped=False)) == counts[step]
    whole = funnel.count_steps(scope())
    parts = [funnel.count_steps(scope(area)) for area in areas_of("19")]
    assert whole == {step: sum(part[step] for part in parts) for step in Step}


def test_losses_are_counted_by_reason_and_open_their_cases(
    market: Market, held: MeetingMaker
) -> None:
    for reason in (RejectReason.PRICE, RejectReason.PRICE, RejectReason.TOO_FAR):
        factories.make_suggestion(
            factories.make_product(market["bangka"], published_at=at(AUGUST)),
            state=SuggestionState.REJECTED,
            reject_reason=reason,
            decided_at=at(AUGUST),
        )
    held(market["pangkal"], market["chain"], state=MeetingState.NO_SHOW, no_show_by=NoShow.BUYER)
    found = {(one.loss, one.reason): one.count for one in funnel.count_losses(scope())}
    assert found == {
        (Loss.REJECTED, "price"): 2,
        (Loss.REJECTED, "too_far"): 1,
        (Loss.MISSED, "buyer"): 1,
    }
    for (loss, reason), count in found.items():
        assert len(funnel.list_of_losses(scope(), loss, reason)) == count
    assert funnel.count_losses(scope(BELITUNG)) == []
    assert len(funnel.count_losses(scope(BANGKA))) == 2
    assert funnel.count_losses(scope(PALEMBANG)) == []


def test_the_flows_are_the_deliveries_by_where_they_went(market: Market) -> None:
    for area in ["", *areas_of("19")]:
        flows = figures.flows(scope(area))
        total = total_of(FigureKey.DELIVERED, scope(area))
        assert Total(sum(one.counted for one in flows), sum(one.worth for one in flows)) == total
    assert {(one.origin, one.to) for one in figures.flows(scope())} == {
        (PANGKALPINANG, "31.74"),
        (PANGKALPINANG, PALEMBANG),
        (BANGKA, BELITUNG),
        (PALEMBANG, "31.74"),
    }
