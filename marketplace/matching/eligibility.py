"""Every rule over one pair: all of them evaluated, each with its reason and what would mend it.

A pair is excluded only if no line passes. What a line rule says of the pair is what it says of the
*nearest line*: the first of those that fail the fewest rules. So an excluded pair always shows at
least one blocking verdict, and mending that verdict on that line is never in vain.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import Any

from marketplace.matching.case import Case
from marketplace.matching.checks import LINE_CHECKS, PAIR_CHECKS, Finding, check_share
from marketplace.matching.lazy import lazy
from marketplace.matching.outcome import LineVerdict, Params, Verdict
from marketplace.matching.rulebook import Rule

EVERY: Container[str] = ()


@dataclass(frozen=True, slots=True)
class RegionFindings:
    """What the line rules say of one region, by rule code, and which of them block there."""

    findings: dict[str, Finding]
    failed: tuple[str, ...]


@dataclass
class Assessment:
    """All rules over one case."""

    case: Case
    pair: list[tuple[Rule, Finding]]
    regions: dict[str, RegionFindings]
    line_rules: list[Rule]

    @lazy
    def open_lines(self) -> int:
        """Lines that no line rule excludes."""
        return sum(not self.regions[line.region].failed for line in self.case.lines)

    @lazy
    def eligible(self) -> bool:
        return self.open_lines > 0 and not any(_blocks(rule, found) for rule, found in self.pair)

    @property
    def blocking(self) -> list[str]:
        """The rules that exclude this pair."""
        return [verdict.rule for verdict in self.verdicts if verdict.blocks]

    @lazy
    def verdicts(self) -> tuple[Verdict, ...]:
        """One verdict for each rule that had something to say, in the order of the rules."""
        found = [_verdict(rule, finding, finding.params) for rule, finding in self.pair]
        nearest = min(self.case.lines, key=lambda line: len(self.regions[line.region].failed))
        here = self.regions[nearest.region]
        total = len(self.case.lines)
        for rule in self.line_rules:
            finding = here.findings.get(rule.code)
            if finding is None:
                continue
            passing = sum(
                rule.code not in self.regions[line.region].failed for line in self.case.lines
            )
            counted = {**finding.params, "lines_passing": passing, "lines_total": total}
            verdict = _verdict(rule, finding, counted)
            if verdict.blocks and verdict.fix is None:
                verdict = replace(verdict, fix=self._fix_elsewhere(rule))
            found.append(verdict)
        return tuple(found)

    def _fix_elsewhere(self, rule: Rule) -> Mapping[str, Any] | None:
        """What would mend a rule in the first region where anything would."""
        found = (here.findings.get(rule.code) for here in self.regions.values())
        fixes = (finding.fix for finding in found if finding and finding.outcome == "fail")
        return next((fix for fix in fixes if fix is not None), None)

    @lazy
    def reachable(self) -> int | None:
        """Need units a month of the lines no line rule excludes; of all where none is left."""
        return _reachable(self.case, self.regions)

    @lazy
    def covered(self) -> int | None:
        """Need units a month the producer could supply; None where that is unknown."""
        if self.reachable is None or self.case.capacity is None:
            return None
        return min(self.reachable, self.case.capacity)

    @lazy
    def at_stake(self) -> int | None:
        """Need units a month this is about; all of the open lines where capacity is unknown.

        Nobody knows yet how much of it the producer can make: that is asked, the need is not less.
        """
        return self.reachable if self.covered is None else self.covered

    def money(self, volume: int | None) -> int | None:
        """Rupiah a month for `volume` need units at the price asked, without freight."""
        case = self.case
        if volume is None or case.unit_price is None or case.ratio is None:
            return None
        return int(volume / case.ratio * case.unit_price)

    def share_percent(self, covered: int | None) -> int | None:
        """Whole per cent of the whole need that `covered` need units are."""
        volume = self.case.volume
        return covered * 100 // volume if covered is not None and volume else None

    def line_verdicts(self) -> tuple[LineVerdict, ...]:
        """Line by line; capacity is handed out in the order of the lines (the plan does better)."""
        pair_failed = tuple(rule.code for rule, finding in self.pair if _blocks(rule, finding))
        left = self.case.capacity
        result = []
        for line in self.case.lines:
            failed = pair_failed + self.regions[line.region].failed
            volume = line.volume_per_month
            if failed:
                volume = 0 if volume is not None else None
            elif volume is not None and left is not None:
                volume = min(volume, left)
                left -= volume
            elif left is None:
                volume = None
            landed, leg = self.case.landed(line.region), self.case.leg(line.region)
            price = landed.price if landed is not None and landed.exact else None
            days = leg.days_p90 if leg is not None else None
            result.append(LineVerdict(line.id, not failed, volume, failed, price, days))
        return tuple(result)


def assess(case: Case, only: Container[str] = EVERY) -> Assessment:
    """Evaluate every rule in force on the day of delivery that binds this pair.

    With codes given, `only` these: for a pair that is known to be eligible and of which only some
    is told. What is told of them is the same where all lines lie in one region.
    """
    line_rules: list[Rule] = []
    pair_rules: list[Rule] = []
    for rule in case.rules:
        if only is not EVERY and rule.code not in only:
            continue
        (line_rules if rule.check in LINE_CHECKS else pair_rules).append(rule)
    regions = {region: _in_region(case, line_rules, region) for region in case.question.regions}
    pair = []
    for rule in pair_rules:
        check = PAIR_CHECKS.get(rule.check)
        if check is not None:
            finding = check(case, rule)
        elif rule.check == "share":
            finding = check_share(case, rule, _reachable(case, regions))
        else:
            continue
        if finding is not None:
            pair.append((rule, finding))
    return Assessment(case, pair, regions, line_rules)


def _in_region(case: Case, rules: list[Rule], region: str) -> RegionFindings:
    findings = {}
    failed = []
    for rule in rules:
        finding = LINE_CHECKS[rule.check](case, rule, region)
        if finding is None:
            continue
        findings[rule.code] = finding
        if _blocks(rule, finding):
            failed.append(rule.code)
    return RegionFindings(findings, tuple(failed))


def _reachable(case: Case, regions: dict[str, RegionFindings]) -> int | None:
    if case.volume is None:
        return None
    open_lines = [line for line in case.lines if not regions[line.region].failed] or case.lines
    stated = [line.volume_per_month for line in open_lines if line.volume_per_month is not None]
    return sum(stated) if stated else None


def _blocks(rule: Rule, finding: Finding) -> bool:
    return finding.outcome == "fail" and (finding.severity or rule.severity) == "block"


def _verdict(rule: Rule, finding: Finding, params: Params) -> Verdict:
    severity = finding.severity or rule.severity
    return Verdict(
        rule.code,
        finding.outcome,
        severity,
        params,
        rule.basis,
        finding.fix if finding.outcome == "fail" else None,
        rule.legal and severity == "block",
    )
