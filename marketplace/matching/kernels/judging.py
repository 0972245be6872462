"""The blocking rules and the points for terms over the numbers of many offers at once.

What each rule means stands in `checks.py` and what a term earns in `fitness.py`; this is the same
arithmetic without objects, and a property test holds the two together. Offers whose numbers do not
fit, and comparisons too close for it, are left to the rules themselves.
"""

from typing import Any, NamedTuple

import numpy as np

from marketplace.matching.kernels.jit import kernel
from marketplace.matching.kernels.shapes import Array, Lent

# Columns are 32 bits wide; what is computed from them is not.
_wide: Any = np.int64

# The columns of `columns.py`, once more: what is compiled is kept until this very file changes.
MAKE, UNIT, ZONES, ORIGIN, TERMS = 0, 1, 2, 3, 4
PRICE, WEIGHT, CAPACITY, MIN_ORDER, LIFE, LEAD = 5, 6, 7, 8, 9, 10
CAPITAL_HIGH, CAPITAL_LOW, PAPERS, BREAKS, FLAGS = 11, 12, 13, 14, 15
PAPERS_KNOWN, NOT_HALAL, ODD = 1, 2, 4
PAPERS_SHIFT, BREAKS_SHIFT, COUNT_MASK = 8, 16, 63
KIND_MASK, VERIFIED, VALID_SHIFT = 63, 64, 7
MOST = 2**30

# What a check found; SOFT is a failure that only warns.
SILENT, PASS, UNKNOWN, FAIL, SOFT = 0, 1, 2, 3, 4
# A place of a table that nobody has asked for yet; of legs also one that does not fit in here.
UNFILLED, UNASKED_RATIO, NOT_ASKED, ODD_LEG = 255, -1, -2, -3

# The checks by number.
CATEGORY, REQUIRED_PAPERS, ONE_PAPER_OF, CATEGORY_MD, SHORT_LIFE_MD, HALAL = 0, 1, 2, 3, 4, 5
PAPERS_CHECKED, STORAGE, MIN_ORDER_MET, TERMS_ACCEPTED, CASH, SHARE = 6, 7, 8, 9, 10, 11
ZONE, SHELF_LIFE, LANDED_PRICE = 12, 13, 14
# The columns of a rule that asks for one of several papers, and of the points.
R_CHECK, R_BIT, R_ANY, R_TELLING, R_DAYS = 0, 1, 2, 3, 4
P_PRICE, P_SHARE, P_DISTANCE, P_PAPERS, P_LIFE, P_CATEGORY, P_TERMS, P_STORAGE, P_CASH = range(9)
# What lies nearer together is not told apart here: the rules themselves decide it exactly.
_CLOSE = 1e-9


class Rows(NamedTuple):
    """What `Columns` holds: rows x FACTS, the papers, and pairs of quantity and price."""

    facts: Array
    papers: Array
    breaks: Array


class Tables(NamedTuple):
    """By the number of a value: which rules bind it (bits), what the checks on words say of it.

    `unit_top / unit_bottom` are need units in a sales unit, 0 where they cannot be compared.
    `zones` is regions x zone sets, `legs` is regions x origins x (rupiah per kg, median days,
    days p90, estimated).
    """

    make_binds: Array
    make_category: Array
    make_storage: Array
    make_md: Array
    unit_top: Array
    unit_bottom: Array
    terms: Array
    zones: Array
    legs: Array


class Asked(NamedTuple):
    """One need in numbers; -1 is "not asked" or "not stated".

    Rules are bits: `speaking` and `blocking` hold, for each check, the rules that make it and those
    of them that block; `permits` are the rules that ask for one of several papers.
    `regions` are the distinct regions by their row in the tables, -1 where a line names none;
    `lines` says which of them each line is in. `required` and the like are bits of papers.
    """

    speaking: Array
    blocking: Array
    permits: Array
    fit: Array
    regions: Array
    lines: Array
    volumes: Array
    zone_row: Array
    day: int
    required: int
    checked: int
    earning: int
    halal: int
    ceiling: int
    life: int
    volume: int
    least_share: int
    safety_days: int
    long_lead_days: int
    long_way_days: int
    tied_days: int
    cost_percent: int
    soft_estimates: bool


class Judged(NamedTuple):
    """Entry i of each is one candidate: may it be suggested, points for terms, blocking rules.

    `parts` are the points by term, in the order of P_PRICE and the others. `failing` are all rules
    that fail, whether they block or not, and `unknown` those that cannot tell. `certain` is False
    where the rules themselves must judge; of the rest then only `excluded` says something: some
    rule is sure to exclude it.
    """

    eligible: Array
    excluded: Array
    fit: Array
    parts: Array
    blocked: Array
    failing: Array
    unknown: Array
    certain: Array


@kernel
def _graded(most: int, goodness: float) -> int:
    base = most // 3
    return base + int(np.rint((most - base) * min(1.0, max(0.0, goodness))))


@kernel
def _if(said: int, one: int, other: int, rules: int) -> int:
    """The rules, where a check said one or the other."""
    return rules if said in (one, other) else _wide(0)


@kernel
def _bits(number: int) -> int:
    count = 0
    while number:
        number &= number - 1
        count += 1
    return count


@kernel
def _unit_price(facts: Array, row: int, breaks: Array, volume: int, top: int, bottom: int) -> int:
    """Rupiah per sales unit at the quantity that would be bought a month."""
    price: int = _wide(facts[row, PRICE])
    capacity = _wide(facts[row, CAPACITY])
    count = (facts[row, FLAGS] >> BREAKS_SHIFT) & COUNT_MASK
    if price < 0 or count == 0 or volume < 0 or top == 0:
        return price
    bought, per = volume * bottom, top
    if capacity >= 0 and capacity * top < bought:
        bought, per = capacity, _wide(1)
    first = facts[row, BREAKS]
    for at in range(first, first + 2 * count, 2):
        if breaks[at] * per <= bought:
            price = min(price, _wide(breaks[at + 1]))
    return price


@kernel
def _papers(facts: Array, row: int, papers: Array, day: int) -> tuple[int, int, int]:
    """Bits of the papers held on the day, of the verified ones, and of those spoken of."""
    one = _wide(1)
    held, verified, told = _wide(0), _wide(0), _wide(0)
    first = facts[row, PAPERS]
    for at in range(first, first + ((facts[row, FLAGS] >> PAPERS_SHIFT) & COUNT_MASK)):
        paper = papers[at]
        bit = one << (paper & KIND_MASK)
        told |= bit
        ends = paper >> VALID_SHIFT
        if ends == 0 or ends >= day:
            held |= bit
            if paper & VERIFIED:
                verified |= bit
    if facts[row, FLAGS] & PAPERS_KNOWN:
        told = _wide(-1)
    return held, verified, told


@kernel
def _one_of(held: int, told: int, accepted: int, telling: int) -> int:
    if held & accepted:
        return PASS
    return FAIL if told & telling else UNKNOWN


@kernel
def _life(
    life: int,
    lead: int,
    p90: int,
    estimated: bool,
    asked: int,
    safety: int,
    long_lead: int,
    long_way: int,
    soft: bool,
) -> tuple[int, int]:
    """Shelf life at receipt: (outcome, days left); `p90` is -1 where the way is unknown.

    What is not told takes at most `long_lead` and `long_way` days, -1 where nobody can say.
    """
    if asked < 0:
        return SILENT, 0
    if life < 0:
        return UNKNOWN, 0
    way = max(p90, 0)
    left = life - (max(lead, 0) + way + safety)
    if left < asked:
        by_estimate = soft and p90 >= 0 and estimated and left + way >= asked
        return (SOFT if by_estimate else FAIL), left
    if (lead < 0 and long_lead < 0) or (p90 < 0 and long_way < 0):
        return UNKNOWN, left
    sure = left - (long_lead if lead < 0 else 0) - (long_way if p90 < 0 else 0)
    return (PASS, sure) if sure >= asked else (UNKNOWN, left)


@kernel
def _landed(
    price: int,
    weight: int,
    top: int,
    bottom: int,
    per_kg: int,
    estimated: bool,
    ceiling: int,
    soft: bool,
) -> tuple[int, int]:
    """Price at the door: (outcome, rupiah per need unit); `per_kg` is -1 where it is unknown.

    An outcome of -1 is a freight too large for this arithmetic.
    """
    if ceiling < 0:
        return SILENT, 0
    if price < 0 or top == 0:
        return UNKNOWN, 0
    exact = per_kg == 0 or (per_kg > 0 and weight > 0)
    freight = -((-per_kg * weight) // 1000) if exact and per_kg > 0 else _wide(0)
    if freight > MOST:
        return -1, 0
    landed = -((-(price + freight) * bottom) // top)
    if landed > ceiling:
        goods_alone = -((-price * bottom) // top)
        by_estimate = soft and estimated and goods_alone <= ceiling
        return (SOFT if by_estimate else FAIL), landed
    return (PASS if exact else UNKNOWN), landed


@kernel
def _tied(price: int, monthly: float, percent: int, days: int) -> float:
    """Rupiah of cost tied up until the outlet pays."""
    return float(price) * percent / 100 * monthly * 12 / 365 * days


@kernel
def _missing(facts: Array, row: int, tables: Tables, regions: Array, zone_row: Array) -> int:
    """1 where a table lacks what this offer needs, 2 where a number is too odd, else 0."""
    top = tables.unit_top[facts[row, UNIT]]
    if tables.make_binds[facts[row, MAKE]] < 0 or top == UNASKED_RATIO:
        return 1
    if tables.terms[facts[row, TERMS]] == UNFILLED:
        return 1
    odd = 2 if top < 0 else 0
    for place in range(len(regions)):
        if tables.zones[zone_row[place], facts[row, ZONES]] == UNFILLED:
            return 1
        if regions[place] >= 0 and facts[row, ORIGIN] > 0:
            p90 = tables.legs[regions[place], facts[row, ORIGIN], 2]
            if p90 == NOT_ASKED:
                return 1
            if p90 == ODD_LEG:
                odd = 2
    return odd


@kernel
def _approach(facts: Array, papers: Array, chosen: Array, read: Array) -> None:
    """Read a little of rows that lie far apart, so that memory fetches them all at once.

    What is read does not matter: `read` is written anew for every row.
    """
    for k in range(len(chosen)):
        read[k] = facts[chosen[k], PAPERS] | facts[chosen[k], FLAGS]
    for k in range(len(chosen)):
        at = facts[chosen[k], PAPERS]
        if 0 <= at < len(papers):
            read[k] |= papers[at]


@kernel
def judge_rows(chosen: Array, rows: Rows, tables: Tables, asked: Asked, out: Judged) -> int:
    """Judge the rows `chosen`; returns how many could not be, for want of a filled table."""
    facts, papers, breaks = rows.facts, rows.papers, rows.breaks
    zones, legs = tables.zones, tables.legs
    regions, zone_row, fit = asked.regions, asked.zone_row, asked.fit
    speaking, blocking, permits = asked.speaking, asked.blocking, asked.permits
    wide = len(regions)
    failed = np.zeros(wide, np.int64)
    price_said, landed = np.zeros(wide, np.int64), np.zeros(wide, np.int64)
    life_said, left = np.zeros(wide, np.int64), np.zeros(wide, np.int64)
    volume, soft = asked.volume, asked.soft_estimates
    wanting = 0
    _approach(facts, papers, chosen, out.blocked)
    for k in range(len(chosen)):
        row = chosen[k]
        out.certain[k], out.eligible[k], out.excluded[k] = False, False, False
        out.blocked[k] = 0
        if facts[row, FLAGS] & ODD:
            continue
        missing = _missing(facts, row, tables, regions, zone_row)
        if missing:
            wanting += missing == 1
            continue
        make, unit, origin = facts[row, MAKE], facts[row, UNIT], facts[row, ORIGIN]
        binds = tables.make_binds[make]
        top, bottom = tables.unit_top[unit], tables.unit_bottom[unit]
        capacity, least = _wide(facts[row, CAPACITY]), _wide(facts[row, MIN_ORDER])
        price = _unit_price(facts, row, breaks, volume, top, bottom)
        odd = False

        # The rules of lines, once for each region; and the way to the nearest region that passes.
        way, way_estimated, way_known = _wide(0), False, False
        for place in range(wide):
            per_kg, p90, estimated = _wide(-1), _wide(-1), False
            region = regions[place]
            if region >= 0 and origin > 0 and legs[region, origin, 2] >= 0:
                per_kg, p90 = _wide(legs[region, origin, 0]), _wide(legs[region, origin, 2])
                estimated = legs[region, origin, 3] > 0
            life_said[place], left[place] = _life(
                _wide(facts[row, LIFE]),
                _wide(facts[row, LEAD]),
                p90,
                estimated,
                asked.life,
                asked.safety_days,
                asked.long_lead_days,
                asked.long_way_days,
                soft,
            )
            price_said[place], landed[place] = _landed(
                price,
                _wide(facts[row, WEIGHT]),
                top,
                bottom,
                per_kg,
                estimated,
                asked.ceiling,
                soft,
            )
            odd |= price_said[place] < 0
            here = _wide(0)
            if zones[zone_row[place], facts[row, ZONES]] == FAIL:
                here |= blocking[ZONE]
            if life_said[place] == FAIL:
                here |= blocking[SHELF_LIFE]
            if price_said[place] == FAIL:
                here |= blocking[LANDED_PRICE]
            failed[place] = here & binds
            if failed[place] == 0 and p90 >= 0:
                days = _wide(legs[region, origin, 1])
                nearer = days < way or (days == way and way_estimated and not estimated)
                if nearer or not way_known:
                    way, way_estimated, way_known = days, estimated, True

        # The nearest line is the first that fails the fewest rules.
        open_lines, fewest, nearest = 0, 64, 0
        open_volume, all_volume = _wide(-1), _wide(-1)
        for line in range(len(asked.lines)):
            place, stated = asked.lines[line], asked.volumes[line]
            count = _bits(failed[place])
            if count < fewest:
                fewest, nearest = count, place
            if stated >= 0:
                all_volume = max(all_volume, 0) + stated
            if count == 0:
                open_lines += 1
                if stated >= 0:
                    open_volume = max(open_volume, 0) + stated
        reachable = open_volume if open_lines else all_volume
        covered = _wide(-1)
        if capacity >= 0 and top > 0 and reachable >= 0:
            covered = min(capacity * top // bottom, reachable)

        # The rules of the pair.
        held, verified, told = _papers(facts, row, papers, asked.day)
        blocked = failed[nearest]
        zone = zones[zone_row[nearest], facts[row, ZONES]]
        failing = (
            _if(zone, FAIL, SOFT, speaking[ZONE])
            | _if(life_said[nearest], FAIL, SOFT, speaking[SHELF_LIFE])
            | _if(price_said[nearest], FAIL, SOFT, speaking[LANDED_PRICE])
        )
        unknown = (
            _if(zone, UNKNOWN, UNKNOWN, speaking[ZONE])
            | _if(life_said[nearest], UNKNOWN, UNKNOWN, speaking[SHELF_LIFE])
            | _if(price_said[nearest], UNKNOWN, UNKNOWN, speaking[LANDED_PRICE])
        )
        parts = out.parts[k]
        parts[:] = 0
        category, storage = tables.make_category[make], tables.make_storage[make]
        accepted = tables.terms[facts[row, TERMS]]
        if category == FAIL:
            blocked |= blocking[CATEGORY] & binds
        elif category == PASS and speaking[CATEGORY] & binds:
            parts[P_CATEGORY] = fit[P_CATEGORY]
        failing |= _if(category, FAIL, SOFT, speaking[CATEGORY])
        unknown |= _if(category, UNKNOWN, UNKNOWN, speaking[CATEGORY])
        if storage == FAIL:
            blocked |= blocking[STORAGE] & binds
        elif storage == PASS and speaking[STORAGE] & binds:
            parts[P_STORAGE] = fit[P_STORAGE]
        failing |= _if(storage, FAIL, SOFT, speaking[STORAGE])
        unknown |= _if(storage, UNKNOWN, UNKNOWN, speaking[STORAGE])
        if accepted == FAIL:
            blocked |= blocking[TERMS_ACCEPTED] & binds
        elif accepted == PASS and speaking[TERMS_ACCEPTED] & binds:
            parts[P_TERMS] = fit[P_TERMS]
        failing |= _if(accepted, FAIL, SOFT, speaking[TERMS_ACCEPTED])
        unknown |= _if(accepted, UNKNOWN, UNKNOWN, speaking[TERMS_ACCEPTED])
        lacking = asked.required & ~held
        if lacking and told & lacking:
            blocked |= blocking[REQUIRED_PAPERS] & binds
            failing |= speaking[REQUIRED_PAPERS]
        elif lacking:
            unknown |= speaking[REQUIRED_PAPERS]
        for number in range(len(permits)):
            if not permits[number, R_BIT] & binds:
                continue
            check = permits[number, R_CHECK]
            if check == CATEGORY_MD and not tables.make_md[make]:
                continue
            short = 0 <= facts[row, LIFE] < permits[number, R_DAYS]
            if check == SHORT_LIFE_MD and not short:
                continue
            said = _one_of(held, told, permits[number, R_ANY], permits[number, R_TELLING])
            if said == FAIL:
                blocked |= permits[number, R_BIT] & blocking[check]
            failing |= _if(said, FAIL, FAIL, permits[number, R_BIT])
            unknown |= _if(said, UNKNOWN, UNKNOWN, permits[number, R_BIT])
        if not facts[row, FLAGS] & NOT_HALAL:
            said = _one_of(held, told, asked.halal, asked.halal)
            if said == FAIL:
                blocked |= blocking[HALAL] & binds
            failing |= _if(said, FAIL, FAIL, speaking[HALAL])
            unknown |= _if(said, UNKNOWN, UNKNOWN, speaking[HALAL])
        if held & asked.checked & ~verified:
            blocked |= blocking[PAPERS_CHECKED] & binds
            failing |= speaking[PAPERS_CHECKED]
        if volume >= 0 and least >= 0:
            if top > 0 and volume * bottom < least * top:
                blocked |= blocking[MIN_ORDER_MET] & binds
                failing |= speaking[MIN_ORDER_MET]
            elif top == 0:
                unknown |= speaking[MIN_ORDER_MET]
        if asked.tied_days >= 0:
            known = volume >= 0 and top > 0 and price >= 0 and facts[row, CAPITAL_HIGH] >= 0
            if not known:
                unknown |= speaking[CASH]
            elif speaking[CASH] & binds:
                capital = _wide(facts[row, CAPITAL_HIGH]) * MOST + facts[row, CAPITAL_LOW]
                monthly = float(volume) * bottom / top
                if capacity >= 0:
                    monthly = min(monthly, float(capacity))
                tied = _tied(price, monthly, asked.cost_percent, asked.tied_days)
                odd |= abs(tied - capital) <= _CLOSE * max(tied, 1.0)
                if tied > capital:
                    blocked |= blocking[CASH] & binds
                    failing |= speaking[CASH]
                else:
                    parts[P_CASH] = fit[P_CASH]
        too_few = 0 <= capacity < max(least, 1)
        short_of = covered >= 0 and volume > 0 and covered < asked.least_share
        if too_few or short_of:
            blocked |= blocking[SHARE] & binds
            failing |= speaking[SHARE]
        elif volume > 0 and reachable >= 0 and covered < 0:
            unknown |= speaking[SHARE]

        # What is known and passes earns points by how good it is.
        if price_said[nearest] == PASS and speaking[LANDED_PRICE] & binds:
            headroom = 1 - landed[nearest] / asked.ceiling if asked.ceiling > 0 else 0.0
            parts[P_PRICE] = _graded(fit[P_PRICE], headroom / 0.30)
        if life_said[nearest] == PASS and speaking[SHELF_LIFE] & binds:
            goodness = (max(left[nearest], 0) - asked.life) / max(asked.life, 1)
            parts[P_LIFE] = _graded(fit[P_LIFE], goodness)
        if covered >= 0 and volume > 0:
            parts[P_SHARE] = int(np.rint(fit[P_SHARE] * (covered / volume)))
        if way_known:
            near = fit[P_DISTANCE] * max(0.0, 1 - way / 14)
            parts[P_DISTANCE] = int(np.rint(near * 0.75 if way_estimated else near))
        counted = _bits(held & asked.earning)
        if counted:
            sure = _bits(held & verified & asked.earning)
            each = fit[P_PAPERS] / 4
            earned = each * sure + 0.4 * each * (counted - sure)
            parts[P_PAPERS] = min(fit[P_PAPERS], int(np.rint(earned)))
        out.eligible[k] = blocked == 0 and not odd
        out.excluded[k] = blocked != 0 and not odd
        out.fit[k] = parts.sum()
        out.blocked[k] = blocked
        out.failing[k] = failing & binds
        out.unknown[k] = unknown & binds
        out.certain[k] = not odd
    return wanting


@kernel
def cheapest(facts: Array, breaks: Array, first: int, out: Array) -> None:
    """The least anybody pays for a sales unit, for the rows from `first` on; -1 is unknown."""
    for row in range(first, first + len(out)):
        price = facts[row, PRICE]
        at = facts[row, BREAKS]
        if price >= 0:
            for step in range((facts[row, FLAGS] >> BREAKS_SHIFT) & COUNT_MASK):
                price = min(price, breaks[at + 2 * step + 1])
        out[row - first] = price


@kernel
def spoken_of(facts: Array, papers: Array, first: int, out: Array) -> None:
    """Bits of all papers ever entered for the rows from `first` on, all where more may exist."""
    for row in range(first, first + len(out)):
        kinds = _wide(-1)
        if facts[row, FLAGS] & PAPERS_KNOWN and not facts[row, FLAGS] & ODD:
            kinds = _wide(0)
            at = facts[row, PAPERS]
            for paper in papers[at : at + ((facts[row, FLAGS] >> PAPERS_SHIFT) & COUNT_MASK)]:
                kinds |= _wide(1) << (paper & KIND_MASK)
        out[row - first] = kinds


@kernel
def affordable(prices: Array, units: Array, highest: Array, out: Array) -> None:
    """True where the price is not above what its sales unit may cost."""
    for row in range(len(out)):
        out[row] = prices[row] <= highest[units[row]]


@kernel
def judge(chosen: Array, rows: Lent, tables: Lent, asked: Lent) -> tuple[Judged, int]:
    """`judged_rows`, of the same in plain tuples."""
    return judged_rows(chosen, Rows(*rows), Tables(*tables), Asked(*asked))


@kernel
def judged_rows(chosen: Array, rows: Rows, tables: Tables, asked: Asked) -> tuple[Judged, int]:
    """Judge the rows `chosen`; says also how many could not be, for want of a filled table."""
    count = len(chosen)
    out = Judged(
        np.zeros(count, np.bool_),
        np.zeros(count, np.bool_),
        np.zeros(count, np.int64),
        np.zeros((count, len(asked.fit)), np.int64),
        np.zeros(count, np.int64),
        np.zeros(count, np.int64),
        np.zeros(count, np.int64),
        np.zeros(count, np.bool_),
    )
    return out, judge_rows(chosen, rows, tables, asked, out)
