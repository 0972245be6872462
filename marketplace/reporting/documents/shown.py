"""Figures, the funnel and the trend in the reader's language, with the addresses of their rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.core.text import N_
from marketplace.deals.rules import orders as deal_words
from marketplace.deals.rules import states as deal_states
from marketplace.deals.rules.orders import RejectReason as GoodsReason
from marketplace.deals.rules.states import DealState
from marketplace.infra.i18n import say, show_date, show_money, show_number
from marketplace.meetings.rules import DeclineReason as MeetingReason
from marketplace.meetings.rules import NoShow
from marketplace.meetings.rules import names as meeting_words
from marketplace.regions.rules import region_name
from marketplace.reporting.queries import funnel
from marketplace.reporting.queries.counting import Counted, Totals, counted
from marketplace.reporting.queries.figures import FigureRow
from marketplace.reporting.queries.funnel import LossCount
from marketplace.reporting.rules.figures import (
    OUTLET_FIGURES,
    RULES,
    TREND,
    Amount,
    FigureKey,
    Total,
)
from marketplace.reporting.rules.funnel import LOSS_NAMES, LOST_BEFORE, STEP_NAMES, Loss, Step
from marketplace.reporting.rules.periods import Period, PeriodKind, last_periods
from marketplace.reporting.rules.scopes import OUTSIDE, Scope
from marketplace.suggestions.rules import (
    DECLINE_REASON_NAMES,
    REJECT_REASON_NAMES,
    DeclineReason,
    RejectReason,
)

NUMBER, MONEY, DATE = ColumnKind.NUMBER, ColumnKind.MONEY, ColumnKind.DATE
TREND_LENGTH = 6
# In the table of areas: what fits the width of a sheet of paper.
AREA_FIGURES = (
    FigureKey.HELPED,
    FigureKey.PUBLISHED,
    FigureKey.MATCHED,
    FigureKey.MET,
    FigureKey.DEALT,
    FigureKey.DELIVERED,
    FigureKey.RECEIVED,
)
ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class FigureShown:
    """`value` is what stands large: rupiah where the amounts are money, else the number."""

    key: FigureKey
    name: str
    total: Total
    value: str
    note: str
    counts: str
    on: str
    adds_up: bool
    leads: bool
    is_money: bool


@dataclass(frozen=True, slots=True)
class LossShown:
    name: str
    reason: str
    count: int
    url_args: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StepShown:
    """`lost` came this far and no farther; `losses` are cases that ended before this step."""

    step: Step
    name: str
    reached: int
    lost: int
    percent: int
    losses: Sequence[LossShown] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class TrendShown:
    """One figure over some periods; `values` as numbers to draw, `texts` as they are read."""

    name: str
    values: Sequence[int]
    texts: Sequence[str]


def period_name(period: Period) -> str:
    if period.kind is PeriodKind.MONTH:
        return show_date(period.first, "MMMM y")
    if period.kind is PeriodKind.QUARTER:
        number = ROMAN[(period.first.month - 1) // 3]
        return str(_("quarter %(number)s of %(year)s", number=number, year=str(period.first.year)))
    if period.kind is PeriodKind.YEAR:
        return str(_("the year %(year)s", year=str(period.first.year)))
    return str(
        _(
            "%(first)s to %(last)s",
            first=show_date(period.first),
            last=show_date(period.last),
        )
    )


def area_name(area: str, home: str) -> str:
    if area == OUTSIDE:
        return str(_("Outside the province"))
    return region_name(area or home)


def value_of(key: FigureKey, total: Total) -> str:
    return (
        show_money(total.amount) if RULES[key].amount is Amount.MONEY else show_number(total.count)
    )


def figure_shown(key: FigureKey, total: Total) -> FigureShown:
    rule = RULES[key]
    note = ""
    if rule.amount is Amount.MONEY:
        unit = _("payments") if key is FigureKey.RECEIVED else _("deliveries")
        note = f"{show_number(total.count)} {unit}"
    elif rule.amount is Amount.STORES and total.count:
        note = str(_("%(count)s stores", count=show_number(total.amount)))
    return FigureShown(
        key,
        say(rule.name),
        total,
        value_of(key, total),
        note,
        say(rule.counts),
        say(rule.on),
        rule.adds_up,
        rule.leads,
        rule.amount is Amount.MONEY,
    )


def figures_shown(totals: Totals) -> list[FigureShown]:
    return [figure_shown(key, total) for key, total in totals.items()]


def count_all(scope: Scope) -> Counted:
    """What a report says in figures: of its period, of the trend up to it, and by area."""
    return counted(scope, last_periods(scope.period, TREND_LENGTH))


def areas_shown(scope: Scope, counts: Counted) -> list[tuple[str, str, Totals]]:
    """(area, its name, its figures) of each kabupaten/kota; of one area alone, nothing."""
    return [(area, area_name(area, scope.home), totals) for area, totals in counts.areas.items()]


def trend_shown(scope: Scope, counts: Counted) -> tuple[list[str], list[TrendShown]]:
    """The last periods of this kind and what was counted in each."""
    periods = last_periods(scope.period, TREND_LENGTH)
    return [_short(period) for period in periods], [
        TrendShown(
            say(RULES[key].name),
            [
                one[key].amount if RULES[key].amount is Amount.MONEY else one[key].count
                for one in counts.periods
            ],
            [value_of(key, one[key]) for one in counts.periods],
        )
        for key in TREND
    ]


def _short(period: Period) -> str:
    if period.kind is PeriodKind.MONTH:
        return show_date(period.first, "MMM y")
    if period.kind is PeriodKind.QUARTER:
        return f"{ROMAN[(period.first.month - 1) // 3]}/{period.first.year}"
    if period.kind is PeriodKind.YEAR:
        return str(period.first.year)
    return show_date(period.first, "d/M/yy")


def funnel_shown(scope: Scope) -> list[StepShown]:
    reached = funnel.count_steps(scope)
    losses = funnel.count_losses(scope)
    most = max(reached.values(), default=0)
    return [
        StepShown(
            step,
            say(STEP_NAMES[step]),
            reached[step],
            reached[step] - (reached[Step(step + 1)] if step < Step.PAID else 0),
            round(100 * reached[step] / most) if most else 0,
            [_loss(one) for one in losses if LOST_BEFORE[one.loss] is step],
        )
        for step in Step
    ]


def _loss(one: LossCount) -> LossShown:
    return LossShown(
        say(LOSS_NAMES[one.loss]),
        reason_name(one.loss, one.reason),
        one.count,
        {"key": one.loss.value, "reason": one.reason},
    )


def reason_name(loss: Loss, code: str) -> str:
    """The reason in the words of the room that keeps it."""
    if not code:
        return ""
    words = {
        Loss.REJECTED: lambda: REJECT_REASON_NAMES[RejectReason(code)],
        Loss.DECLINED: lambda: DECLINE_REASON_NAMES[DeclineReason(code)],
        Loss.MEETING_DECLINED: lambda: meeting_words.DECLINE_REASON_NAMES[MeetingReason(code)],
        Loss.MISSED: lambda: meeting_words.NO_SHOW_NAMES[NoShow(code)],
        Loss.DEAL_CLOSED: lambda: deal_states.STATE_NAMES[DealState(code)],
        Loss.GOODS_REJECTED: lambda: deal_words.REJECT_NAMES[GoodsReason(code)],
    }
    return say(words[loss]()) if loss in words else code


# --- rows


_PAGES: Mapping[FigureKey, tuple[str, str]] = {
    FigureKey.HELPED: ("businesses.show_business", "business_id"),
    FigureKey.REGISTERED: ("businesses.show_business", "business_id"),
    FigureKey.PUBLISHED: ("catalog.show_product", "product_id"),
    FigureKey.MATCHED: ("suggestions.show_suggestion", "suggestion_id"),
    FigureKey.INTRODUCED: ("suggestions.show_introduction", "introduction_id"),
    FigureKey.MET: ("meetings.show_result", "meeting_id"),
    FigureKey.DEALT: ("deals.show_deal", "deal_id"),
    FigureKey.DELIVERED: ("deals.show_order", "order_id"),
    FigureKey.RECEIVED: ("deals.show_order", "order_id"),
    **dict.fromkeys(OUTLET_FIGURES, ("deals.show_deal", "deal_id")),
}
_LOSS_PAGES: Mapping[Loss, tuple[str, str]] = {
    Loss.REJECTED: ("suggestions.show_suggestion", "suggestion_id"),
    Loss.DECLINED: ("suggestions.show_introduction", "introduction_id"),
    Loss.UNANSWERED: ("suggestions.show_introduction", "introduction_id"),
    Loss.MEETING_DECLINED: ("meetings.show_request", "meeting_request_id"),
    Loss.MISSED: ("meetings.show_result", "meeting_id"),
    Loss.CALLED_OFF: ("meetings.show_result", "meeting_id"),
    Loss.DEAL_CLOSED: ("deals.show_deal", "deal_id"),
    Loss.GOODS_REJECTED: ("deals.show_order", "order_id"),
}
BUSINESS_PAGE = ("businesses.show_business", "business_id")


def page_of_row(row: FigureRow, page: tuple[str, str]) -> str:
    endpoint, name = page
    values: dict[str, Any] = {name: row.link}
    return url_for(endpoint, **values)


def figure_page(key: FigureKey) -> tuple[str, str]:
    return _PAGES[key]


def loss_page(loss: Loss) -> tuple[str, str]:
    return _LOSS_PAGES[loss]


def rows_table(
    rows: Sequence[FigureRow], amount: Amount = Amount.NONE
) -> tuple[list[Column], list[list[Cell]]]:
    """The rows as a file: what a page shows, with the amounts as numbers that add up."""
    columns = [
        Column("number", _("Number"), kind=NUMBER),
        Column("on", _("Day"), kind=DATE),
        Column("who", _("Who"), width=30),
        Column("what", _("What"), width=50),
        Column("code", _("Region code")),
        Column("area", _("Area"), width=30),
    ]
    if amount is not Amount.NONE:
        kind = MONEY if amount is Amount.MONEY else NUMBER
        columns.append(Column("amount", amount_name(amount), kind=kind))
    table: list[list[Cell]] = []
    for row in rows:
        cells: list[Cell] = [row.id, row.on, row.who, row.what, row.area, region_name(row.area)]
        if amount is not Amount.NONE:
            cells.append(row.amount)
        table.append(cells)
    return columns, table


def amount_name(amount: Amount) -> str:
    names = {
        Amount.MONEY: N_("Rupiah"),
        Amount.STORES: N_("Stores"),
        Amount.EVENTS: N_("Events"),
    }
    return say(names[amount]) if amount in names else ""
