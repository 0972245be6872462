"""The figures of one run as `RESULTS.md`: who leads in each row, and how far ours is from the best.

Nothing here is written by hand: what was not measured says why, and what was lost is said first.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bench import pace, replan, supply, timetable
from bench.figures import BEST_ORDER, COLLECTED, HAS_PARTNER, IS_RIGHT, ONE_RATER, OURS, Figure
from bench.peers import PEERS

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Row:
    """One line of a table: what is measured where, which way is better, and the aim."""

    where: str
    measure: str
    label: str
    high: bool
    aim: float | None = None


QUALITY = (
    Row("shopee", "MRR@10", "shopee, MRR@10", True, 0.855),
    Row("shopee", "recall@10", "shopee, recall@10", True, 0.875),
    Row("shopee", "mean F1", "shopee, mean F1", True, 0.77),
    Row("abt_buy", "P@1", "abt-buy, P@1", True, 0.92),
    Row("icecat", "nDCG@10", "icecat, nDCG@10", True, 0.83),
    Row("crowdflower", "nDCG@10", "crowdflower, titles, nDCG@10", True, 0.82),
    Row("crowdflower+text", "nDCG@10", "crowdflower with text, nDCG@10", True, 0.88),
    Row("homedepot", "nDCG@10", "homedepot, terms with >= 4 judged, nDCG@10", True, 0.81),
    Row("homedepot all", "nDCG@10", "homedepot, all terms, nDCG@10", True, 0.81),
    Row("shopee", HAS_PARTNER, "shopee, no match told: is there a partner, AUC", True, 0.90),
    Row("abt_buy", HAS_PARTNER, "abt-buy, no match told: is there a partner, AUC", True, 0.90),
    Row("shopee", IS_RIGHT, "shopee, its best answer right or not, AUC", True),
    Row("abt_buy", IS_RIGHT, "abt-buy, its best answer right or not, AUC", True),
    Row("shopee", "calibration error", "shopee, calibration error", False, 0.04),
    Row("abt_buy", "calibration error", "abt-buy, calibration error", False, 0.04),
    Row("prdect", "top-1", "category from a name (29, ten folds), first is right", True, 0.70),
    Row("prdect", "top-3", "the same, one of three", True),
    Row("own names", "top-1", "category from a name, the own list, first is right", True),
    Row("own names", "top-3", "the same, one of three", True),
)
_AIMS = {"plain p50": 1.0, "plain p99": 3.0, "constrained p50": 2.0, "constrained p99": 6.0}
_AIMS |= {"constrained needs/s": 2000.0, "build s": 10.0, "memory MB": 400.0, "new ms": 6.0}
_SPEED = (
    ("plain p50", "one question, p50 ms", False),
    ("plain p99", "one question, p99 ms", False),
    ("constrained p50", "constrained (.7 % pass), p50 ms", False),
    ("constrained p99", "constrained, p99 ms", False),
    ("plain needs/s", "all against all, needs/s, 2 processes", True),
    ("constrained needs/s", "the same, constrained", True),
    ("build s", "build, s", False),
    ("memory MB", "memory kept, MB", False),
    ("new ms", "a new offer is found, ms", False),
    ("changed ms", "a changed one is right, ms", False),
    ("withdrawn ms", "a withdrawn one is gone, ms", False),
)
AIMED_SIZE = 1_000_000
# Of what only ours is measured on, at every size: the list command runs on an office's own machine.
_AIMS_ALONE = (
    ("list: peak_mb", "list: peak_mb", False, 2048.0),
    ("infeasible pairs among them", "infeasible pairs among them", False, 0.0),
)
# Of fewer questions than this the slowest in a hundred is just the slowest.
_FEW = 100


def speed_rows(size: int) -> list[Row]:
    """The speed table of one number of offers; the aims are those for a million."""
    aims = _AIMS if size == AIMED_SIZE else {}
    return [Row(str(size), name, label, high, aims.get(name)) for name, label, high in _SPEED]


class Results:
    """The figures of one run, by who, where and what."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self.figures = list(figures)
        self._by_key: dict[Key, Figure] = {
            (one.who, one.where, one.measure): one for one in self.figures if not one.problem
        }

    def get(self, who: str, row: Row) -> Figure | None:
        return self._by_key.get((who, row.where, row.measure))

    def value(self, who: str, row: Row) -> float | None:
        found = self.get(who, row)
        return found.value if found is not None else None

    def sizes(self) -> list[int]:
        return sorted({int(one.where) for one in self.figures if one.where.isdigit()})

    def best_peer(self, row: Row) -> tuple[str, float] | None:
        """The peer that is best in this row, and its value."""
        found = [(self.value(name, row), name) for name in PEERS]
        known = [(value, name) for value, name in found if value is not None]
        if not known:
            return None
        value, name = (max if row.high else min)(known)
        return name, value

    def leader(self, row: Row) -> str | None:
        """Who has the best value of all; the engine where it shares the first place."""
        ours, best = self.value(OURS, row), self.best_peer(row)
        if best is None:
            return OURS if ours is not None else None
        if ours is None:
            return best[0]
        return OURS if (ours >= best[1] if row.high else ours <= best[1]) else best[0]

    def within_noise(self, row: Row) -> bool:
        """True where the distance to the best peer is less than both intervals together allow."""
        ours, best = self.get(OURS, row), self.best_peer(row)
        theirs = self.get(best[0], row) if best is not None else None
        if ours is None or theirs is None or ours.value is None or theirs.value is None:
            return False
        if not ours.plus_minus or not theirs.plus_minus:
            return False
        return abs(ours.value - theirs.value) < math.hypot(ours.plus_minus, theirs.plus_minus)


def difference(results: Results, row: Row) -> str:
    """`+.021 on BM25`: how far ours is above the best peer."""
    ours, best = results.value(OURS, row), results.best_peer(row)
    if ours is None or best is None:
        return ""
    gap = ours - best[1]
    # A gap that is rounded away is told as none.
    sign = "±" if abs(gap) < 0.0005 else "+" if gap > 0 else "-"
    noise = ", within noise" if results.within_noise(row) else ""
    return f"{sign}{_share(abs(gap))} on {best[0]}{noise}"


def times(results: Results, row: Row) -> str:
    """`2.1 x better than tantivy`, or worse."""
    ours, best = results.value(OURS, row), results.best_peer(row)
    if not ours or best is None or not best[1]:
        return ""
    factor = ours / best[1] if row.high else best[1] / ours
    if factor >= 1:
        return f"{factor:.3g} x better than {best[0]}"
    return f"{1 / factor:.3g} x worse than {best[0]}"


Shown = Callable[[float], str]


def table(
    results: Results, rows: Sequence[Row], shown: Shown, compared: Callable[[Results, Row], str]
) -> list[str]:
    """Markdown lines; the best of a row is bold, and rows nobody has a figure for are left out."""
    rows = [row for row in rows if results.leader(row) is not None]
    whos = [OURS, *(name for name in PEERS if any(results.get(name, row) for row in rows))]
    aimed = any(row.aim is not None for row in rows)
    head = ["", *whos, "ours against the best peer", *(["aim"] if aimed else [])]
    lines = [_line(head), _line(["---", *["---:"] * len(whos), "---", *(["---"] if aimed else [])])]
    for row in rows:
        cells = [_cell(results, row, who, shown) for who in whos]
        aim = [_aim(results, row, shown)] if aimed else []
        lines.append(_line([row.label, *cells, compared(results, row), *aim]))
    return lines


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(results: Results, row: Row, who: str, shown: Shown) -> str:
    found = results.get(who, row)
    if found is None or found.value is None:
        return "-"
    text = shown(found.value)
    if found.plus_minus and not math.isnan(found.plus_minus):
        text += f" ± {_share(found.plus_minus)}"
    if row.measure.endswith("p99") and found.count is not None and found.count < _FEW:
        text += f" (of {found.count})"
    return f"**{text}**" if results.leader(row) == who else text


def _aim(results: Results, row: Row, shown: Shown) -> str:
    if row.aim is None:
        return ""
    ours = results.value(OURS, row)
    text = f"{'>=' if row.high else '<='} {_exactly(row.aim, shown)}"
    if ours is None:
        return text
    reached = ours >= row.aim if row.high else ours <= row.aim
    return f"{text} {'reached' if reached else 'missed'}"


def _share(value: float) -> str:
    """`.842`: no zero before the point, as in the tables of the specification."""
    text = f"{value:.3f}"
    return text[1:] if text.startswith("0.") else text


def _number(value: float) -> str:
    """Three digits that count; large numbers with a comma at thousands."""
    if value == int(value) and value < 1000:
        return str(int(value))
    if value >= 1000:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}"


def _exactly(aim: float, shown: Shown) -> str:
    """An aim is not measured: all its digits count."""
    return f"{aim:,.0f}" if aim >= 1000 else shown(aim)


def _glance(results: Results) -> list[str]:
    """Where ours leads and where it does not, worst first."""
    rows = [*QUALITY]
    for size in results.sizes():
        rows += speed_rows(size)
    compared = [row for row in rows if results.value(OURS, row) is not None]
    compared = [row for row in compared if results.best_peer(row) is not None]
    led = [row for row in compared if results.leader(row) == OURS]
    lines = [
        f"Ours leads in **{len(led)} of {len(compared)}** rows that a peer has too. Each row is"
        " compared with whichever peer is best in it. For speed that is a peer that only collects:"
        " ours also orders by the model, judges every rule and tells confidence and reasons.",
        "",
    ]
    lines[2:2] = [*timetable.glance(results.figures), *supply.glance(results.figures)]
    behind = [row for row in compared if row not in led]
    behind.sort(key=lambda row: -_lost(results, row))
    if behind:
        lines += ["It does not lead in, worst first:", ""]
    for row in behind:
        is_speed = row.where.isdigit()
        size = f" at {int(row.where):,} offers" if is_speed else ""
        told = times(results, row) if is_speed else difference(results, row)
        lines.append(f"- {row.label}{size}: {told}")
    missed = []
    alone = (Row(str(size), *aim) for size in results.sizes() for aim in _AIMS_ALONE)
    for row in [*rows, *alone]:
        ours = results.value(OURS, row)
        if row.aim is not None and ours is not None:
            reached = ours >= row.aim if row.high else ours <= row.aim
            shown = _number if row.where.isdigit() else _share
            if not reached:
                missed.append(f"- {row.label}: {shown(ours)}, aim {_exactly(row.aim, shown)}")
    if missed:
        lines += ["", "Aims missed:", "", *missed]
    return lines


def _lost(results: Results, row: Row) -> float:
    """How many times better the best peer is in a row."""
    ours, best = results.value(OURS, row), results.best_peer(row)
    if not ours or best is None or not best[1]:
        return 0.0
    return best[1] / ours if row.high else ours / best[1]


def _ours_alone(results: Results) -> list[str]:
    """What only the engine has: one process, the peak, the list command."""
    names = list(
        dict.fromkeys(
            one.measure
            for one in results.figures
            if one.who == OURS
            and one.where.isdigit()
            and one.value is not None
            and one.measure not in {name for name, _, _ in _SPEED}
        )
    )
    if not names:
        return []
    sizes = results.sizes()
    lines = [_line(["", *(f"{size:,}" for size in sizes), "aim"])]
    lines.append(_line(["---", *["---:"] * len(sizes), "---"]))
    for name in names:
        values = [results.value(OURS, Row(str(size), name, name, False)) for size in sizes]
        cells = ["-" if one is None else _number(one) for one in values]
        most = next((aim for measure, _, _, aim in _AIMS_ALONE if measure == name), None)
        lines.append(_line([name, *cells, _aim_of_all(most, values)]))
    return ["", "### Ours alone", "", *lines]


def _aim_of_all(most: float | None, values: Sequence[float | None]) -> str:
    """An aim that holds at every size, of what had better be low."""
    if most is None:
        return ""
    missed = any(value is not None and value > most for value in values)
    return f"<= {_exactly(most, _number)} {'missed' if missed else 'reached'}"


_CEILINGS = (
    (COLLECTED, "Collected, of the true answers"),
    (BEST_ORDER, "The best order of what was collected"),
    (ONE_RATER, "The order of one rater, nDCG@10 of the judged by what the others said"),
)


def _ceilings(results: Results) -> list[str]:
    """What no order can go beyond, and beyond what nobody could tell."""
    lines = []
    for begin, label in _CEILINGS:
        found = [
            f"{one.where} {one.measure.removeprefix(begin)} {_share(one.value)}".replace("  ", " ")
            for one in results.figures
            if one.who == OURS and one.measure.startswith(begin) and one.value is not None
        ]
        if found:
            lines.append(f"- {label}: {', '.join(found)}.")
    return ["", "Ceilings:", "", *lines] if lines else []


def _parts(results: Results, how: str, head: str, title: str) -> list[str]:
    """Each part left out (`without`) or put in (`with`), and what that changes."""
    found = [
        (one, *one.measure.removeprefix(f"{how} ").split(": ", 1))
        for one in results.figures
        if one.who == OURS and one.measure.startswith(f"{how} ") and one.value is not None
    ]
    if not found:
        return []
    told = {(one.where, measure) for one, _, measure in found}
    columns = [(row.where, row.measure) for row in QUALITY if (row.where, row.measure) in told]
    lines = [_line([head, *(f"{where}, {measure}" for where, measure in columns)])]
    lines.append(_line(["---", *["---:"] * len(columns)]))
    whole = [results.value(OURS, Row(where, name, "", True)) for where, name in columns]
    lines.append(_line(["nothing", *("-" if one is None else _share(one) for one in whole)]))
    for part in dict.fromkeys(part for _, part, _ in found):
        cells = []
        for place, column in enumerate(columns):
            value = next(
                (o.value for o, p, m in found if p == part and (o.where, m) == column), None
            )
            full = whole[place]
            if value is None:
                cells.append("-")
            elif full is None:
                cells.append(_share(value))
            else:
                cells.append(f"{_share(value)} ({value - full:+.3f})")
        lines.append(_line([part, *cells]))
    return ["", f"## {title}", "", *lines]


def render(figures: Iterable[Figure], about: Sequence[str], notes: Sequence[str]) -> str:
    """The whole file. `about` says when, where and with what it was measured."""
    results = Results(figures)
    lines = ["# Results", "", "Written by `make bench`; not to be edited.", "", *about]
    lines += ["", "## At a glance", "", *_glance(results), "", "## Quality", ""]
    lines += table(results, QUALITY, _share, difference)
    lines += ["", "± is half of the 95 % interval; a row without it has no mean of single needs."]
    lines += _ceilings(results)
    lines += _parts(results, "without", "left out", "What each part adds")
    lines += _parts(results, "with", "put in", "What was tried and would add")
    lines += ["", "## Speed"]
    for size in results.sizes():
        lines += ["", f"### {size:,} offers", ""]
        lines += table(results, speed_rows(size), _number, times)
    lines += pace.section(results.figures, _number)
    lines += _ours_alone(results)
    lines += timetable.section(results.figures)
    lines += supply.section(results.figures)
    lines += replan.section(results.figures)
    problems = [one for one in results.figures if one.problem]
    if problems:
        lines += ["", "## Not measured", ""]
        for one in problems:
            where = f"{int(one.where):,} offers" if one.where.isdigit() else one.where
            told = f", {one.measure}" if one.measure else ""
            lines.append(f"- {one.who}, {where}{told}: {one.problem}")
    return "\n".join([*lines, "", "## Notes", "", *(f"- {note}" for note in notes), ""])
