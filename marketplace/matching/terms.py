"""Judging all candidates of a need in one pass over the columns, exactly as the rules would.

What the rules say of a word or a set (a category, a list of zones, a unit) is asked of the rules
once for each value and kept in tables; what is left is arithmetic (`kernels/judging.py`). A need
or a rule book too odd for that, and rows marked so, are left to the rules: `certain` is False.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from marketplace.core.quantity import Quantity, units_per_unit
from marketplace.matching import kernels
from marketplace.matching.case import PIRT, Case, Question, binds
from marketplace.matching.checks import (
    LINE_CHECKS,
    PAIR_CHECKS,
    PERMITS,
    Finding,
    check_category,
    check_storage,
    check_terms,
    check_zone,
    tied_days,
)
from marketplace.matching.columns import (
    MAKE,
    MOST,
    ORIGIN,
    TERMS,
    UNIT,
    ZONES,
    Columns,
)
from marketplace.matching.offers import HeldPaper, Need, Offer
from marketplace.matching.rulebook import AppliesTo, Rule
from marketplace.matching.settings import Settings
from marketplace.matching.store import Ints
from marketplace.matching.world import World

if TYPE_CHECKING:
    from marketplace.matching.kernels.judging import Judged
    from marketplace.matching.kernels.shapes import Lent

    Compiled = tuple[Lent, Lent, Lent]

_CHECKS = (
    "category", "required_papers", "one_paper_of", "category_md", "short_life_md", "halal",
    "papers_checked", "storage", "min_order", "terms", "cash", "share",
    "zone", "shelf_life", "landed_price",
)  # fmt: skip
_PERMIT_CHECKS = frozenset({"one_paper_of", "category_md", "short_life_md"})
# Points are given by the code of a rule: a rule of that code must be the usual one.
_EARNING = frozenset({"category", "terms", "storage", "cash", "landed_price", "shelf_life"})
_OUTCOMES = {"pass": 1, "unknown": 2, "fail": 3}
_FAIL, _SOFT = 3, 4
_UNFILLED = 255
_NOT_ASKED, _NO_LEG, _ODD_LEG = -2, -1, -3
_ODD_RATIO = -2
_MOST_CEILING = 2**50
_MOST_RULES = 60
_KEPT_PARTS = 512


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules in force on one day, as the kernel reads them; `codes` tells them apart."""

    codes: tuple[str, ...]
    rules: tuple[Rule, ...]
    speaking: NDArray[np.int64]
    blocking: NDArray[np.int64]
    permits: NDArray[np.int64]
    # There are rules that only the rules themselves can judge: who passes here may fail there.
    more: bool


class _Makes:
    """What category, storage and size decide under one rule book and one need's words."""

    def __init__(self) -> None:
        self.binds = np.full(0, -1, np.int64)
        self.category = np.zeros(0, np.uint8)
        self.storage = np.zeros(0, np.uint8)
        self.md = np.zeros(0, np.uint8)


class _Ratios:
    """Need units in one sales unit, by the number of the sales unit."""

    def __init__(self) -> None:
        self.top = np.full(0, -1, np.int64)
        self.bottom = np.ones(0, np.int64)


class Terms:
    """The tables of one world. Several threads may ask at once."""

    def __init__(self, columns: Columns, world: World, settings: Settings) -> None:
        self._columns = columns
        self._world = world
        self._settings = settings
        self._lock = Lock()
        self._turn = 0
        self._in_force: dict[date, tuple[Rule, ...]] = {}
        self._days: dict[date, _Rules | None] = {}
        self._makes: dict[tuple[tuple[str, ...], str, str], _Makes] = {}
        self._ratios: dict[tuple[str, Quantity | None], _Ratios] = {}
        self._accepted: dict[str, NDArray[np.uint8]] = {}
        self._asked: dict[Hashable, Lent | None] = {}
        self._regions: dict[str, int] = {}
        self._zones = np.full((0, 0), _UNFILLED, np.uint8)
        self._legs = np.full((0, 0, 4), _NOT_ASKED, np.int32)
        fit = settings.fit
        self._fit = np.array(
            [
                fit.price, fit.share, fit.distance, fit.papers, fit.shelf_life,
                fit.category, fit.terms, fit.storage, fit.cash,
            ],
            np.int64,
        )  # fmt: skip

    def judge(self, question: Question, rows: Ints) -> "Judged":
        """Whether each of `rows` may be suggested, what its terms earn, and which rules block it.

        Bit i of `blocked`, `failing` and `unknown` is rule i of `rules_on(question.day)`.
        """
        judge: Any = kernels.judging.judge
        with self._lock:
            compiled = self._compile(question)
        if compiled is None:
            return _unjudged(len(rows), len(self._fit))
        out, wanting = judge(rows, *compiled)
        if wanting:
            with self._lock:
                out, _ = judge(rows, *self._filled(question, rows))
        if self._leaves_more(question):
            # Who is excluded stays so; all that is said of it only the rules know.
            out.certain[:] = False
            out.eligible[:] = False
        found: Judged = out
        return found

    def lent(self, question: Question) -> "Compiled | None":
        """What the kernel judges by, as long as `turn` and the number of rows are the same.

        None where only the rules themselves can judge.
        """
        with self._lock:
            compiled = self._compile(question)
        return None if compiled is None or self._leaves_more(question) else compiled

    @property
    def turn(self) -> int:
        """Another number, once tables that were lent are no longer those that are filled."""
        return self._turn

    def _leaves_more(self, question: Question) -> bool:
        """Are there rules that only the rules themselves can judge? Asked of what was compiled."""
        rules = self._days[question.day]
        return rules is not None and rules.more

    def codes_on(self, day: date) -> tuple[str, ...]:
        """The codes of the rules in force; none where the rules themselves must judge."""
        with self._lock:
            rules = self._rules(day)
        return rules.codes if rules is not None else ()

    def rules_on(self, day: date) -> tuple[Rule, ...]:
        """The rules in force, in the order of the bits of `blocked`."""
        found = self._in_force.get(day)
        if found is None:
            found = tuple(rule for rule in self._world.rules if rule.in_force(day))
            self._in_force[day] = found
        return found

    def _compile(self, question: Question) -> "Compiled | None":
        """Columns, tables and the need in numbers; None where it is too odd for that."""
        rules = self._rules(question.day)
        key = question.day, question.asks
        asked = self._kept(self._asked, key, lambda: self._numbers_of(question, rules))
        if asked is None or rules is None:
            return None
        for region in question.regions:
            self._region(region)  # what the columns hold may be more than there was room for
        makes, ratios = self._makes_of(question, rules), self._ratios_of(question.need)
        accepted = self._accepted_of(question.need)
        tables = kernels.judging.Tables(
            makes.binds, makes.category, makes.storage, makes.md,
            ratios.top, ratios.bottom, accepted, self._zones, self._legs,
        )  # fmt: skip
        columns = self._columns
        held = columns.facts, columns.papers.view, columns.breaks.view
        return held, tuple(tables), asked

    def _numbers_of(self, question: Question, rules: _Rules | None) -> "Lent | None":
        """What `kernels.judging.Asked` holds; None where that is too odd."""
        judging = kernels.judging
        need = question.need
        required = self._columns.bits(need.papers_required)
        if rules is None or required is None or not _is_plain(need, question):
            return None
        earning = self._columns.bits(need.papers_required | {"pirt", "md", "halal"})
        checked = self._columns.bits(need.papers_required | {"pirt", "md", "ml", "halal"})
        halal = self._columns.bits(("halal",))
        if earning is None or checked is None or halal is None:
            return None
        places = {region: place for place, region in enumerate(question.regions)}
        numbers = [self._region(region) for region in question.regions]
        volume = question.volume
        share = need.min_share_percent or 0
        settings = self._settings
        asked = judging.Asked(
            speaking=rules.speaking,
            blocking=rules.blocking,
            permits=rules.permits,
            fit=self._fit,
            regions=np.array(
                [
                    number if region else -1
                    for number, region in zip(numbers, question.regions, strict=True)
                ],
                np.int64,
            ),
            lines=np.array([places[line.region] for line in question.lines], np.int64),
            volumes=np.array([_number(line.volume_per_month) for line in question.lines], np.int64),
            zone_row=np.array(numbers, np.int64),
            day=question.day.toordinal(),
            required=required,
            checked=checked,
            earning=earning,
            halal=halal,
            ceiling=_number(need.max_price),
            life=_number(need.min_shelf_life_days),
            volume=_number(volume),
            least_share=max(1, ceil(Fraction(share * (volume or 0), 100))),
            safety_days=settings.safety_days,
            long_lead_days=_number(settings.long_lead_days),
            long_way_days=_number(settings.long_way_days),
            tied_days=_number(tied_days(need, settings)),
            cost_percent=settings.cost_percent,
            soft_estimates=not settings.estimates_block,
        )
        return tuple(asked)

    def _rules(self, day: date) -> _Rules | None:
        if day not in self._days:
            self._days[day] = self._numbered(self.rules_on(day))
        return self._days[day]

    def _numbered(self, rules: tuple[Rule, ...]) -> _Rules | None:
        """The rules as numbers; None where one of them is not of the usual kind."""
        codes = [rule.code for rule in rules]
        if len(set(codes)) < len(codes) or len(codes) > _MOST_RULES:
            return None
        if any(rule.code in _EARNING and rule.code != rule.check for rule in rules):
            return None
        speaking, blocking = np.zeros(len(_CHECKS), np.int64), np.zeros(len(_CHECKS), np.int64)
        permits, more = [], False
        for place, rule in enumerate(rules):
            if rule.check not in _CHECKS:
                # A limit of the office's own; a check nobody wrote is passed over by the rules too.
                more |= rule.check in PAIR_CHECKS or rule.check in LINE_CHECKS
                continue
            check = _CHECKS.index(rule.check)
            speaking[check] |= 1 << place
            blocking[check] |= (rule.severity == "block") << place
            if rule.check in _PERMIT_CHECKS:
                accepted = tuple(rule.params["any_of"])
                telling = PERMITS if PERMITS.issuperset(accepted) else accepted
                any_of, tells = self._columns.bits(accepted), self._columns.bits(telling)
                if any_of is None or tells is None:
                    return None
                permits.append((check, 1 << place, any_of, tells, rule.params.get("days", 0)))
        table = np.array(permits, np.int64).reshape(-1, 5)
        return _Rules(tuple(codes), rules, speaking, blocking, table, more)

    def _makes_of(self, question: Question, rules: _Rules) -> _Makes:
        need = question.need
        found: _Makes = self._kept(self._makes, (rules.codes, need.category, need.storage), _Makes)
        size = len(self._columns.makes)
        found.binds = _grown(found.binds, size, -1)
        for name in ("category", "storage", "md"):
            setattr(found, name, _grown(getattr(found, name), size, 0))
        return found

    def _ratios_of(self, need: Need) -> _Ratios:
        found: _Ratios = self._kept(self._ratios, (need.unit, need.pack), _Ratios)
        found.top = _grown(found.top, len(self._columns.units), -1)
        found.bottom = _grown(found.bottom, len(self._columns.units), 1)
        return found

    def _accepted_of(self, need: Need) -> NDArray[np.uint8]:
        table = self._kept(self._accepted, need.terms, lambda: np.full(0, _UNFILLED, np.uint8))
        table = self._accepted[need.terms] = _grown(table, len(self._columns.terms), _UNFILLED)
        return table

    def _kept(self, parts: dict[Any, Any], key: Any, made: Callable[[], Any]) -> Any:
        """What is kept under `key`, or made now; the oldest part goes where there are too many."""
        if key not in parts:
            if len(parts) >= _KEPT_PARTS:
                del parts[next(iter(parts))]
                self._turn += 1
            parts[key] = made()
        return parts[key]

    def _region(self, region: str) -> int:
        """The row of a region in the tables of zones and legs."""
        number = self._regions.setdefault(region, len(self._regions))
        tall, zones = len(self._regions), len(self._columns.zones)
        if self._zones.shape[0] < tall or self._zones.shape[1] < zones:
            self._zones = _wider(self._zones, tall, zones, _UNFILLED)
            self._turn += 1
        origins = len(self._columns.origins)
        if self._legs.shape[0] < tall or self._legs.shape[1] < origins:
            self._legs = _wider(self._legs, tall, origins, _NOT_ASKED)
            self._turn += 1
        return number

    def _filled(self, question: Question, rows: Ints) -> "Compiled":
        """Ask the rules about every value of these rows that the tables do not know yet."""
        facts = self._columns.facts[rows]
        self._fill_makes(question, np.unique(facts[:, MAKE]))
        self._fill_units(question.need, np.unique(facts[:, UNIT]))
        self._fill_terms(question, np.unique(facts[:, TERMS]))
        self._fill_zones(question, np.unique(facts[:, ZONES]))
        origins = np.unique(facts[:, ORIGIN])
        for region in question.regions:
            row = self._regions[region]
            for number in origins[self._legs[row, origins, 2] == _NOT_ASKED]:
                self._legs[row, number] = self._leg(self._columns.origins.values[number], region)
        compiled = self._compile(question)
        assert compiled is not None  # it was not before
        return compiled

    def _fill_makes(self, question: Question, numbers: Ints) -> _Makes:
        rules = self._rules(question.day)
        assert rules is not None
        makes = self._makes_of(question, rules)
        for number in numbers[makes.binds[numbers] < 0].tolist():
            self._ask_make(number, question, rules, makes)
        return makes

    def _fill_units(self, need: Need, numbers: Ints) -> _Ratios:
        ratios = self._ratios_of(need)
        for number in numbers[ratios.top[numbers] == -1].tolist():
            self._ask_unit(number, need, ratios)
        return ratios

    def _fill_terms(self, question: Question, numbers: Ints) -> NDArray[np.uint8]:
        accepted = self._accepted_of(question.need)
        for number in numbers[accepted[numbers] == _UNFILLED].tolist():
            offer = Offer("", "", terms=self._columns.terms.values[number])
            accepted[number] = _said(check_terms(Case(offer, question), _ANY_RULE))
        return accepted

    def _fill_zones(self, question: Question, numbers: Ints) -> NDArray[np.uint8]:
        """What the zones say, regions of the question x zone sets."""
        places = [self._region(region) for region in question.regions]
        for place, region in zip(places, question.regions, strict=True):
            for number in numbers[self._zones[place, numbers] == _UNFILLED].tolist():
                offer = Offer("", "", zones=self._columns.zones.values[number])
                found = check_zone(Case(offer, question), _ANY_RULE, region)
                self._zones[place, number] = _said(found)
        return self._zones[places]

    # What no offer can pass, value by value: for masks over a whole catalogue.

    def hopeless_makes(self, question: Question) -> NDArray[np.bool_]:
        """By number of a make: its category or storage alone excludes it."""
        with self._lock:
            rules = self._rules(question.day)
            count = len(self._columns.makes)
            if rules is None:
                return np.zeros(count, np.bool_)
            makes = self._fill_makes(question, np.arange(count))
            binds = makes.binds[:count]
            category = (makes.category[:count] == _FAIL) & (binds & rules.blocking[0] != 0)
            storage = (makes.storage[:count] == _FAIL) & (binds & rules.blocking[7] != 0)
            return np.asarray(category | storage)

    def strangers(self, branch: str) -> NDArray[np.bool_]:
        """By number of a make: its category lies in another branch of the tree."""
        with self._lock:
            tops = [self._world.ancestors(make[0])[-1:] for make in self._columns.makes.values]
        return np.array([top not in ((), (branch,)) for top in tops], np.bool_)

    def hopeless_zones(self, question: Question) -> NDArray[np.bool_]:
        """By number of a zone set: it serves no line of the need."""
        with self._lock:
            said = self._fill_zones(question, np.arange(len(self._columns.zones)))
            return np.asarray((said[:, : len(self._columns.zones)] == _FAIL).all(0))

    def hopeless_terms(self, question: Question) -> NDArray[np.bool_]:
        """By number of a set of payment terms: the outlet's is not among them."""
        with self._lock:
            count = len(self._columns.terms)
            return np.asarray(self._fill_terms(question, np.arange(count))[:count] == _FAIL)

    def highest_prices(self, need: Need, ceiling: int) -> NDArray[np.float64]:
        """By number of a sales unit: rupiah above which the ceiling is passed without freight."""
        with self._lock:
            count = len(self._columns.units)
            ratios = self._fill_units(need, np.arange(count))
            top, bottom = ratios.top[:count].astype(np.float64), ratios.bottom[:count]
            # A rupiah more than the exact bound: nobody is lost to rounding.
            return np.where(top > 0, ceiling * top / bottom + 1, np.inf)

    def everyone_must_pass(self, question: Question, check: str) -> bool:
        """True where a rule with this check is in force, blocks, and binds every offer."""
        return any(
            rule.check == check and rule.severity == "block" and rule.applies_to == _EVERYONE
            for rule in self.rules_on(question.day)
        )

    def _ask_make(self, number: int, question: Question, rules: _Rules, makes: _Makes) -> None:
        category, storage, size_class, is_food = self._columns.makes.values[number]
        papers = (HeldPaper(PIRT),) if is_food else ()
        case = Case(Offer("", "", category=category, storage=storage, papers=papers), question)
        node = case.category
        makes.category[number] = _said(check_category(case, _ANY_RULE))
        makes.storage[number] = _said(check_storage(case, _ANY_RULE))
        told = storage in {"frozen", "chilled"}
        makes.md[number] = node is not None and node.needs_md and not told
        bound = (binds(rule.applies_to, storage, size_class, node) for rule in rules.rules)
        # Last, since this is what says that the number is known.
        makes.binds[number] = sum(1 << place for place, binding in enumerate(bound) if binding)

    def _ask_unit(self, number: int, need: Need, ratios: _Ratios) -> None:
        trade = self._columns.units.values[number]
        ratio = units_per_unit(*trade, need.unit, need.pack)
        top, bottom = (ratio.numerator, ratio.denominator) if ratio is not None else (0, 1)
        ratios.bottom[number] = bottom if bottom < MOST else 1
        ratios.top[number] = top if top < MOST and bottom < MOST else _ODD_RATIO

    def _leg(self, origin: str, region: str) -> tuple[int, int, int, int]:
        leg = self._world.leg(origin, region) if origin and region else None
        if leg is None:
            return 0, 0, _NO_LEG, 0
        numbers = (leg.rupiah_per_kg, leg.days_median, leg.days_p90)
        if not all(0 <= number < MOST for number in numbers):
            return 0, 0, _ODD_LEG, 0
        return *numbers, int(leg.estimated)


_ANY_RULE = Rule("", "", "block")
_EVERYONE = AppliesTo()


def _unjudged(count: int, terms: int) -> "Judged":
    """Nothing is certain of these rows."""
    no, none = np.zeros(count, np.bool_), np.zeros(count, np.int64)
    return kernels.judging.Judged(
        eligible=no.copy(),
        excluded=no.copy(),
        fit=none.copy(),
        parts=np.zeros((count, terms), np.int64),
        blocked=none.copy(),
        failing=none.copy(),
        unknown=none.copy(),
        certain=no,
    )


def _said(found: Finding | None) -> int:
    if found is None:
        return 0
    return _SOFT if found.severity is not None else _OUTCOMES[found.outcome]


def _number(value: int | None) -> int:
    return -1 if value is None else value


def _is_plain(need: Need, question: Question) -> bool:
    """True where the need's numbers are such that nothing computed from them can overflow."""
    numbers = [line.volume_per_month for line in question.lines]
    numbers += [need.min_shelf_life_days, question.volume, need.min_share_percent]
    plain = all(number is None or 0 <= number < MOST for number in numbers)
    return plain and (need.max_price is None or 0 <= need.max_price < _MOST_CEILING)


def _grown(table: NDArray[Any], size: int, empty: int) -> NDArray[Any]:
    if len(table) >= size:
        return table
    grown = np.full(max(size, 2 * len(table)), empty, table.dtype)
    grown[: len(table)] = table
    return grown


def _wider(table: NDArray[Any], tall: int, wide: int, empty: int) -> NDArray[Any]:
    tall = table.shape[0] if tall <= table.shape[0] else max(tall, 2 * table.shape[0])
    wide = table.shape[1] if wide <= table.shape[1] else max(wide, 2 * table.shape[1])
    grown = np.full((tall, wide, *table.shape[2:]), empty, table.dtype)
    grown[: table.shape[0], : table.shape[1]] = table
    return grown
