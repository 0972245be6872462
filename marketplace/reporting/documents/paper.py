"""The report as a paper for the governor or the ministry, and as a workbook."""

from collections.abc import Sequence
from dataclasses import replace

from flask import current_app, url_for
from flask_babel import gettext as _

from marketplace.core.clock import today
from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.core.text import N_
from marketplace.deals.documents.papers import digest_of
from marketplace.infra.i18n import in_language, say, show_date, show_money, show_number
from marketplace.infra.links import public_url, sign
from marketplace.infra.pdf import Paper, Part, Picture, Ruled, write_pdf
from marketplace.infra.workbooks import Leaf, write_book
from marketplace.programs.rules.training_figures import TrainingFigure
from marketplace.regions.forms import place_name
from marketplace.regions.rules import regencies
from marketplace.reporting.documents import flows, programs, shown
from marketplace.reporting.documents.drawing import map_svg
from marketplace.reporting.documents.shown import FigureShown
from marketplace.reporting.queries.counting import Counted, Totals, totals_of
from marketplace.reporting.rules.figures import (
    GENERAL,
    NOT_ADDITIVE,
    RULES,
    Amount,
    FigureKey,
)
from marketplace.reporting.rules.funnel import MEANING
from marketplace.reporting.rules.letters import ADDRESSEE_NAMES, Letter
from marketplace.reporting.rules.scopes import Scope

PURPOSE = "report-paper"
TREND_ON_PAPER = 4
AREAS_ON_PAPER = (
    FigureKey.HELPED,
    FigureKey.PUBLISHED,
    FigureKey.DEALT,
    FigureKey.DELIVERED,
    FigureKey.RECEIVED,
)
BLANK = "……………………"


def report_paper(scope: Scope, letter: Letter) -> Paper:
    with in_language(letter.lang):
        return _paper(scope, letter, shown.count_all(scope))


def pdf_of(scope: Scope, letter: Letter) -> bytes:
    counts = shown.count_all(scope)
    with in_language(letter.lang):
        paper = _paper(scope, letter, counts)
    digest = _digest_of(counts.present)
    token = sign(
        PURPOSE, [str(scope.period), scope.home, scope.area, *sorted(scope.others), digest]
    )
    with in_language(letter.lang):
        check = say(N_("Scan this code to see whether this report is genuine."))
    address = public_url(url_for("reporting.check_report", token=token))
    return write_pdf(paper, check=check, url=address)


def digest_of_scope(scope: Scope) -> str:
    """A short print of the figures alone: letter number and signer do not change it."""
    return _digest_of(totals_of(scope))


def _digest_of(totals: Totals) -> str:
    with in_language("id"):
        rows = tuple((one.name, *_cells(one)) for one in shown.figures_shown(totals))
    return digest_of(Paper("", "", "", (Part(rows=rows),)))


def _cells(one: FigureShown) -> tuple[str, str]:
    amount = RULES[one.key].amount
    if amount is Amount.MONEY:
        return show_number(one.total.count), show_money(one.total.amount)
    if amount is Amount.STORES:
        stores = _("%(count)s stores", count=show_number(one.total.amount))
        return show_number(one.total.count), str(stores) if one.total.count else "–"
    return show_number(one.total.count), "–"


def _opening(scope: Scope, letter: Letter) -> Paper:
    """The head of the letter and its signers, still without a figure."""
    area, period = shown.area_name(scope.area, scope.home), shown.period_name(scope.period)
    return Paper(
        title=_("Report on the market of small producers, %(period)s", period=period),
        number=letter.number or BLANK,
        office=current_app.config["OFFICE_NAME"],
        blocks=(
            Part(
                facts=(
                    (_("Letter number"), letter.number or BLANK),
                    (_("Subject"), _("Report of %(area)s, %(period)s", area=area, period=period)),
                    (_("To"), say(ADDRESSEE_NAMES[letter.to])),
                    (
                        _("Days covered"),
                        _(
                            "%(first)s to %(last)s",
                            first=show_date(scope.period.first),
                            last=show_date(scope.period.last),
                        ),
                    ),
                    (_("Counted on"), show_date(today())),
                )
            ),
        ),
        signers=(
            (_("Prepared by"), ""),
            (letter.post or _("Head of the office"), letter.signer),
        ),
        lang=letter.lang,
    )


def _paper(scope: Scope, letter: Letter, counts: Counted) -> Paper:
    lines = shown.figures_shown(counts.present)
    area, period = shown.area_name(scope.area, scope.home), shown.period_name(scope.period)
    opening = _opening(scope, letter)
    return replace(
        opening,
        blocks=(
            *opening.blocks,
            Part(_("In short"), lines=(_summary(area, period, lines),)),
            Part(
                _("The figures"),
                heads=(_("Figure"), _("How many"), _("Amount")),
                rows=tuple((one.name, *_cells(one)) for one in lines),
            ),
            *_programs(scope),
            *_areas(scope, counts),
            *_flows(scope),
            *_funnel(scope),
            *_trend(scope, counts),
            Ruled(
                _("What is counted"),
                lines=tuple(say(text) for text in GENERAL),
                heads=(_("Figure"), _("What it counts"), _("Which day decides")),
                rows=tuple((one.name, one.counts, one.on) for one in lines),
                shares=(3, 6, 4),
                is_text=True,
            ),
        ),
    )


def _summary(area: str, period: str, lines: Sequence[FigureShown]) -> str:
    by_key = {one.key: one for one in lines}
    return str(
        _(
            "In %(period)s producers of %(area)s received %(money)s in %(payments)s payments. "
            "%(helped)s producers were helped, %(deals)s deals were signed. New outlets: "
            "%(jabodetabek)s in Jabodetabek and %(sumatera)s in the rest of Sumatra; %(own)s in "
            "the own province are counted apart.",
            period=period,
            area=area,
            money=by_key[FigureKey.RECEIVED].value,
            payments=show_number(by_key[FigureKey.RECEIVED].total.count),
            helped=by_key[FigureKey.HELPED].value,
            deals=by_key[FigureKey.DEALT].value,
            jabodetabek=by_key[FigureKey.OUTLETS_JABODETABEK].value,
            sumatera=by_key[FigureKey.OUTLETS_SUMATERA].value,
            own=by_key[FigureKey.OUTLETS_OWN].value,
        )
    )


def _programs(scope: Scope) -> list[Part]:
    """Bazaars with their coverage, the estimate apart, and trainings with what they opened."""
    found = programs.programs_shown(scope)
    parts: list[Part] = []
    if found.bazaars:
        parts.append(
            Ruled(
                _("Bazaars"),
                lines=(programs.apart(),),
                heads=(
                    _("Bazaar"),
                    _("Reported turnover"),
                    _("Coverage"),
                    _("Estimate of the organiser, apart"),
                ),
                rows=(
                    *(
                        (
                            one.program.title,
                            show_money(one.turnover),
                            programs.coverage_of(one),
                            show_money(one.estimate.amount) if one.estimate else "–",
                        )
                        for one in found.bazaars
                    ),
                    (
                        _("Together"),
                        show_money(found.totals.turnover),
                        programs.coverage(found.totals.reported, found.totals.due),
                        show_money(found.totals.estimates) if found.totals.estimated else "–",
                    ),
                ),
                shares=(4, 3, 4, 3),
            )
        )
    if found.trainings.counts[TrainingFigure.HELD]:
        parts += [
            Part(
                _("Trainings"),
                heads=(_("Figure"), _("How many")),
                rows=tuple(
                    (found.names[key], show_number(count))
                    for key, count in found.trainings.counts.items()
                ),
            ),
            Part(
                _("What the trainings opened"),
                heads=(
                    _("Of those who were there"),
                    *(_("after %(num)s months", num=months) for months in found.months),
                ),
                rows=tuple(
                    (
                        one.name.capitalize(),
                        *(
                            _(
                                "%(num)s of %(of)s",
                                num=show_number(cell.count),
                                of=show_number(cell.of),
                            )
                            if cell.of
                            else _("not yet")
                            for cell in one.cells
                        ),
                    )
                    for one in found.outcomes
                ),
            ),
        ]
    return parts


def _areas(scope: Scope, counts: Counted) -> list[Part]:
    rows = shown.areas_shown(scope, counts)
    if not rows:
        return []
    heads = [say(RULES[key].name) + ("" if RULES[key].adds_up else " *") for key in AREAS_ON_PAPER]
    return [
        Ruled(
            _("By kabupaten/kota"),
            lines=(f"* {say(NOT_ADDITIVE)}",),
            heads=(_("Area"), *heads),
            rows=tuple(
                (name, *(shown.value_of(key, totals[key]) for key in AREAS_ON_PAPER))
                for _area, name, totals in rows
            ),
            shares=(5, 4, 3, 5, 6, 6),
        )
    ]


def _flows(scope: Scope) -> list[Part]:
    found = flows.flows_shown(scope)
    if not found.rows:
        return []
    parts: list[Part] = []
    if found.map.lines:
        said = _(
            "Lines from the producers to where goods were accepted; the table has the figures."
        )
        parts.append(Picture(_("Where the goods go"), drawing=map_svg(found.map), alt=said))
    rows: list[tuple[str, ...]] = []
    for zone, inside in found.zones:
        rows.append(
            (
                zone.upper(),
                show_number(sum(row.counted for row in inside)),
                show_money(sum(row.worth for row in inside)),
            )
        )
        by_province: dict[str, tuple[int, int]] = {}
        for row in inside:
            where = row.to[:2] if row.to in regencies() else row.to
            deliveries, worth = by_province.get(where, (0, 0))
            by_province[where] = (deliveries + row.counted, worth + row.worth)
        rows += [
            (place_name(where), show_number(deliveries), show_money(worth))
            for where, (deliveries, worth) in by_province.items()
        ]
    rows.append((_("Together"), show_number(found.deliveries), show_money(found.worth)))
    heads = (_("To"), _("Deliveries"), _("Worth"))
    parts.append(Part(_("Deliveries by zone"), heads=heads, rows=tuple(rows)))
    return parts


def _funnel(scope: Scope) -> list[Part]:
    steps = shown.funnel_shown(scope)
    losses = tuple(
        (f"{loss.name}: {loss.reason}" if loss.reason else loss.name, show_number(loss.count))
        for step in steps
        for loss in step.losses
    )
    return [
        Part(
            _("From the register to the money"),
            lines=(say(MEANING),),
            heads=(_("Step"), _("Reached"), _("Came no farther")),
            rows=tuple(
                (one.name.capitalize(), show_number(one.reached), show_number(one.lost))
                for one in steps
            ),
        ),
        *(
            [Part(_("Why cases ended"), heads=(_("Reason"), _("Cases")), rows=losses)]
            if losses
            else []
        ),
    ]


def _trend(scope: Scope, counts: Counted) -> list[Part]:
    labels, lines = shown.trend_shown(scope, counts)
    return [
        Part(
            _("The trend"),
            heads=(_("Figure"), *labels[-TREND_ON_PAPER:]),
            rows=tuple((one.name, *one.texts[-TREND_ON_PAPER:]) for one in lines),
        )
    ]


# --- the same as a workbook


def workbook_of(scope: Scope, letter: Letter) -> bytes:
    with in_language(letter.lang):
        return write_book(_leaves(scope, letter))


def _number(key: str, label: str) -> Column:
    return Column(key, label, kind=ColumnKind.NUMBER)


def _leaves(scope: Scope, letter: Letter) -> list[Leaf]:
    counts = shown.count_all(scope)
    paper = _opening(scope, letter)
    steps = shown.funnel_shown(scope)
    labels, lines = shown.trend_shown(scope, counts)
    held = programs.programs_shown(scope)
    area_heads = [
        _number(f"a{n}", say(RULES[key].name)) for n, key in enumerate(shown.AREA_FIGURES)
    ]
    figure_rows: list[list[Cell]] = [
        [
            one.name,
            one.total.count,
            None if RULES[one.key].amount is Amount.NONE else one.total.amount,
            shown.amount_name(RULES[one.key].amount),
            one.counts,
            one.on,
            _("yes") if one.adds_up else _("no"),
        ]
        for one in shown.figures_shown(counts.present)
    ]
    area_rows: list[list[Cell]] = [
        [
            area,
            name,
            *(
                totals[key].amount if RULES[key].amount is Amount.MONEY else totals[key].count
                for key in shown.AREA_FIGURES
            ),
        ]
        for area, name, totals in shown.areas_shown(scope, counts)
    ]
    step_rows: list[list[Cell]] = [[one.name, one.reached, one.lost] for one in steps]
    loss_rows: list[list[Cell]] = [
        [loss.name, loss.reason, loss.count] for one in steps for loss in one.losses
    ]
    trend_rows: list[list[Cell]] = [[one.name, *one.values] for one in lines]
    signed = [[role, name] for role, name in paper.signers]
    return [
        Leaf(
            _("The figures"),
            [
                Column("figure", _("Figure"), width=34),
                _number("count", _("How many")),
                Column("amount", _("Amount"), kind=ColumnKind.MONEY, width=20),
                Column("unit", _("Unit")),
                Column("counts", _("What it counts"), width=60),
                Column("on", _("Which day decides"), width=34),
                Column("adds_up", _("Areas add up")),
            ],
            figure_rows,
            lines=[[paper.office], [paper.title], *map(list, paper.blocks[0].facts), *signed],
        ),
        Leaf(
            _("By kabupaten/kota"),
            [Column("code", _("Region code")), Column("area", _("Area"), width=30), *area_heads],
            area_rows,
        ),
        Leaf(_("Where the goods go"), *flows.flows_table(flows.flows_shown(scope))),
        Leaf(_("Bazaars"), *programs.bazaar_table(held)),
        Leaf(_("Trainings"), *programs.training_table(held)),
        Leaf(
            _("Steps"),
            [
                Column("step", _("Step"), width=34),
                _number("reached", _("Reached")),
                _number("lost", _("Came no farther")),
            ],
            step_rows,
        ),
        Leaf(
            _("Why cases ended"),
            [
                Column("loss", _("How it ended"), width=40),
                Column("reason", _("Reason"), width=34),
                _number("count", _("Cases")),
            ],
            loss_rows,
        ),
        Leaf(
            _("The trend"),
            [
                Column("figure", _("Figure"), width=34),
                *(_number(f"p{n}", label) for n, label in enumerate(labels)),
            ],
            trend_rows,
        ),
    ]
