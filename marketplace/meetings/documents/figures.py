"""Figures in words, and their rows as tables to show and to take along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.infra.i18n import say, show_instant, show_number
from marketplace.meetings.queries.figures import Scope, ask_rows, meeting_rows
from marketplace.meetings.rules.figures import (
    AIMS,
    FIGURE_MEANINGS,
    FIGURE_NAMES,
    OF_REQUESTS,
    REPLY_WITHIN,
    VERDICT_NAMES,
    AskRow,
    Figure,
    FigureKey,
    Row,
    Verdict,
    counted,
    figure,
)
from marketplace.meetings.rules.names import MEETING_STATE_NAMES, REQUEST_STATE_NAMES

NUMBER = ColumnKind.NUMBER
TONES = {
    Verdict.REACHED: "good",
    Verdict.LIKELY: "good",
    Verdict.BELOW: "warn",
    Verdict.MISSED: "bad",
}


@dataclass(frozen=True, slots=True)
class FigureShown:
    """A figure as a page says it; percents are whole, an interval of nothing is empty."""

    figure: Figure
    name: str
    meaning: str
    value: str
    of: str
    between: str
    aim: str
    verdict: str
    tone: str
    median: str


@dataclass(frozen=True, slots=True)
class RowShown:
    id: int
    producer: str
    buyer: str
    at: str
    state: str
    said: str  # yes, no, or not counted
    detail: str


def figures_of(scope: Scope, moment: datetime) -> list[Figure]:
    """All figures of a scope, each from its rows."""
    asks, meetings = ask_rows(scope), meeting_rows(scope)
    return [figure(key, asks if key in OF_REQUESTS else meetings, moment) for key in FigureKey]


def rows_of(key: FigureKey, scope: Scope, moment: datetime) -> list[tuple[Row, bool | None]]:
    rows: Sequence[Row] = ask_rows(scope) if key in OF_REQUESTS else meeting_rows(scope)
    return counted(key, rows, moment)


def percent(part: float | None) -> str:
    return "–" if part is None else f"{show_number(round(part * 100))} %"


def show_figure(one: Figure) -> FigureShown:
    between = one.share.interval
    return FigureShown(
        figure=one,
        name=say(FIGURE_NAMES[one.key]),
        meaning=say(FIGURE_MEANINGS[one.key]),
        value=percent(one.share.value),
        of=_(
            "%(part)s of %(all)s",
            part=show_number(one.share.numerator),
            all=show_number(one.share.denominator),
        ),
        between=_("between %(low)s and %(high)s", low=percent(between[0]), high=percent(between[1]))
        if between
        else "",
        aim=aim_of(one.key),
        verdict=say(VERDICT_NAMES[one.verdict]) if one.verdict is not None else "",
        tone=TONES.get(one.verdict, "") if one.verdict is not None else "",
        median=_median(one),
    )


def aim_of(key: FigureKey) -> str:
    if key is FigureKey.FIRST_REPLY:
        hours = int(REPLY_WITHIN.total_seconds() // 3600)
        return str(_("aim: median of at most %(hours)s hours", hours=hours))
    if key in AIMS:
        return str(_("aim: at least %(percent)s", percent=percent(AIMS[key])))
    return ""


def _median(one: Figure) -> str:
    if one.median_hours is None:
        return ""
    if one.median_hours == float("inf"):
        return str(_("median: more than half were never answered"))
    return str(_("median: %(hours)s hours", hours=show_number(round(one.median_hours, 1))))


def said(verdict: bool | None) -> str:
    return str(_("not counted") if verdict is None else _("yes") if verdict else _("no"))


def show_row(row: Row, verdict: bool | None) -> RowShown:
    if isinstance(row, AskRow):
        answered = row.first_answer_at
        hours = (answered - row.asked_at).total_seconds() / 3600 if answered else None
        return RowShown(
            row.id, row.producer, row.buyer, show_instant(row.asked_at),
            say(REQUEST_STATE_NAMES[row.state]), said(verdict),
            _("first answer after %(hours)s hours", hours=show_number(round(hours, 1)))
            if hours is not None else _("no answer yet"),
        )  # fmt: skip
    again = row.met_again_at
    detail = _("next steps: %(num)s", num=show_number(row.steps))
    if again is not None:
        detail = _("%(detail)s; met again %(at)s", detail=detail, at=show_instant(again))
    return RowShown(
        row.id, row.producer, row.buyer, show_instant(row.starts_at),
        say(MEETING_STATE_NAMES[row.state]), said(verdict), detail,
    )  # fmt: skip


def figures_table(shown: Sequence[FigureShown]) -> tuple[list[Column], list[list[Cell]]]:
    columns = [
        Column("figure", _("Figure"), width=30),
        Column("numerator", _("Numerator"), kind=NUMBER),
        Column("denominator", _("Denominator"), kind=NUMBER),
        Column("share", _("Share in percent"), kind=NUMBER),
        Column("low", _("Lower bound, 95 percent"), kind=NUMBER),
        Column("high", _("Upper bound, 95 percent"), kind=NUMBER),
        Column("not_counted", _("Not counted"), kind=NUMBER),
        Column("aim", _("Aim"), width=34),
        Column("verdict", _("How it stands"), width=34),
        Column("meaning", _("What it counts"), width=60),
    ]
    rows: list[list[Cell]] = []
    for one in shown:
        share, between = one.figure.share, one.figure.share.interval
        rows.append(
            [
                one.name,
                share.numerator,
                share.denominator,
                round(100 * share.value, 1) if share.value is not None else None,
                round(100 * between[0], 1) if between else None,
                round(100 * between[1], 1) if between else None,
                one.figure.not_counted,
                one.aim,
                " – ".join(part for part in (one.verdict, one.median) if part),
                one.meaning,
            ]
        )
    return columns, rows


def rows_table(shown: Sequence[RowShown]) -> tuple[list[Column], list[list[Cell]]]:
    columns = [
        Column("number", _("Number"), kind=NUMBER),
        Column("producer", _("Producer"), width=30),
        Column("buyer", _("Buyer"), width=30),
        Column("at", _("When"), width=24),
        Column("state", _("State"), width=24),
        Column("counts", _("Counts as")),
        Column("detail", _("Details"), width=40),
    ]
    return columns, [
        [one.id, one.producer, one.buyer, one.at, one.state, one.said, one.detail] for one in shown
    ]
