"""Judging all candidates of one need: in one pass over the columns, the odd ones by the rules."""

from collections.abc import Container, Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import kernels
from marketplace.matching.candidates import Candidates
from marketplace.matching.case import Case, Question
from marketplace.matching.catalogue import Catalogue
from marketplace.matching.checks import LINE_CHECKS
from marketplace.matching.counterfactual import true_verdicts
from marketplace.matching.eligibility import EVERY, Assessment, assess
from marketplace.matching.features import FEATURES
from marketplace.matching.fitness import PARTS, fit_points
from marketplace.matching.funnel import funnel_of
from marketplace.matching.outcome import Funnel, Pairing, Point
from marketplace.matching.rulebook import Rule
from marketplace.matching.scoring import NUMBERS, point_of
from marketplace.matching.terms import Terms

# By the number of a comparison, of words first and then of terms.
CODES = (*FEATURES, *PARTS)
_BY_CODE = np.argsort(np.argsort(np.array(CODES)))
_NUMBERS = np.concatenate((NUMBERS, np.zeros(len(PARTS), np.int64)))
# Comparisons: their number in CODES, their points, and what is shown of them as a whole number.
Told = list[list[int]]
# Rules that are not met, and whether they fail or just do not know.
Opened = tuple[tuple[Rule, bool], ...]


class Judgement:
    """Entry i of `eligible` and `scores` is candidate i; what is shown of one is worked out late.

    A score is the text points plus the points for terms.
    """

    def __init__(
        self, catalogue: Catalogue, terms: Terms, found: Candidates, question: Question
    ) -> None:
        self._catalogue = catalogue
        self._found = found
        self._question = question
        self._assessed: dict[int, Assessment] = {}
        self._ids: dict[int, str] = {}
        judged = terms.judge(question, found.rows)
        self._blocked = judged.blocked
        self._failing = judged.failing
        self._unknown = judged.unknown
        self._parts = judged.parts
        self._rules = terms.rules_on(question.day)
        self.terms = terms
        self.need = question.need
        self.certain: NDArray[np.bool_] = judged.certain
        self.eligible: NDArray[np.bool_] = judged.eligible
        fit = judged.fit
        if not judged.certain.all():
            for index in np.flatnonzero(~judged.certain & ~judged.excluded).tolist():
                assessment = self.assessment(index)
                self.eligible[index] = assessment.eligible
                fit[index] = sum(point.points for point in fit_points(assessment))
        self.scores: NDArray[np.int64] = found.text_scores + fit

    @property
    def candidates(self) -> int:
        """How many compete for the best places."""
        return self._found.ranked

    def assessment(self, index: int) -> Assessment:
        """All rules over one candidate, with their reasons."""
        if index not in self._assessed:
            self._assessed[index] = self._assess(index, EVERY)
        return self._assessed[index]

    def blocking(self, index: int) -> list[str]:
        """The rules that exclude one candidate."""
        if not self.certain[index]:
            return self.assessment(index).blocking
        return [rule.code for rule in self._spelt_out(self._blocked[index])]

    def best(self, top: int) -> list[int]:
        """The eligible candidates by score, ties by id; then those beyond, as found."""
        ranked = self._found.ranked
        best: list[int] = kernels.scoring.best(self.eligible, self.scores, ranked, top).tolist()
        scores = self.scores[best].tolist()
        # Ids are asked for where scores are equal.
        if len(set(scores)) < len(scores):
            order = zip(scores, self.ids(best), best, strict=True)
            best = [index for *_, index in sorted(order, key=lambda one: (-one[0], one[1]))]
        best = best[:top]
        if len(best) < top and ranked < len(self.eligible):
            beyond = ranked + np.flatnonzero(self.eligible[ranked:])
            best += beyond[: top - len(best)].tolist()
        return best

    def funnel(self) -> Funnel:
        """Of the relevant candidates, how many stay and which rule removes the others."""
        return funnel_of(
            (self.producer(index), ()) if self.eligible[index] else ("", self.blocking(index))
            for index in self._relevant()
        )

    def nearest_misses(self, count: int) -> list[int]:
        """Those of the relevant that fail the fewest rules, then the likest in words."""
        missed = [
            (len(self.blocking(index)), -int(self._found.text_scores[index]), index)
            for index in self._relevant()
            if not self.eligible[index]
        ]
        missed.sort(key=lambda one: (*one[:2], self.id(one[2])))
        return [index for _, _, index in missed[:count]]

    def producer(self, index: int) -> str:
        """Who makes it; an offer without a producer stands for itself."""
        offer = self._catalogue.offer_at(int(self._found.rows[index]))
        return offer.producer or offer.id

    def id(self, index: int) -> str:
        found = self._ids.get(index)
        if found is None:
            found = self._ids[index] = self._found.id(index)
        return found

    def ids(self, indices: Sequence[int]) -> list[str]:
        return self._catalogue.ids_at(self._found.rows[indices])

    def confidences(self, indices: Sequence[int]) -> list[float]:
        return [round(sure, 4) for sure in self._found.sure[indices].tolist()]

    @property
    def surest(self) -> float:
        return self._found.surest

    def pairing(self, index: int) -> Pairing:
        """All that is known of one candidate."""
        return pairing_of(self._found, index, self.assessment(index))

    # Only what a list shows of an eligible candidate that is `certain`.

    def strongest(self, indices: Sequence[int], count: int) -> list[tuple[Told, Told]]:
        """For each: up to `count` comparisons that earn most, and all that cost points.

        Comparisons are numbers of CODES, with their points and the whole number that is shown of
        them; what earns most comes first, ties by code, and what costs points in the order of
        CODES.
        """
        told, lost = kernels.scoring.shown(
            self._found.points, self._parts, self._found.compared.matrix,
            np.array(indices, np.int64), _BY_CODE, _NUMBERS, count,
        )  # fmt: skip
        cost: list[Told] = [[] for _ in indices]
        for place, *one in lost.tolist():
            cost[place].append(one)
        earned = [[one for one in ones if one[0] >= 0 and one[1] > 0] for ones in told.tolist()]
        return list(zip(earned, cost, strict=True))

    def opened(self, indices: Sequence[int]) -> list[Opened]:
        """For each: the rules that let it pass without being met, in the order they are told.

        True with those that fail and only warn, False with those that do not know.
        """
        known: dict[tuple[int, int], Opened] = {(0, 0): ()}
        failing, unknown = self._failing[indices].tolist(), self._unknown[indices].tolist()
        found = []
        for bits in zip(failing, unknown, strict=True):
            if bits not in known:
                known[bits] = self._spelt_in_order(*bits)
            found.append(known[bits])
        return found

    def _spelt_in_order(self, failing: int, unknown: int) -> Opened:
        bits = failing | unknown
        found = [
            (rule, failing >> place & 1 > 0)
            for place, rule in enumerate(self._rules)
            if bits >> place & 1
        ]
        return tuple(sorted(found, key=_is_of_lines))

    def terms_read(self, index: int, columns: Sequence[int]) -> tuple[Hashable, ...]:
        """What an offer says in some columns: whoever reads only these finds the same."""
        return self._catalogue.columns.said(int(self._found.rows[index]), columns)

    @property
    def is_of_one_place(self) -> bool:
        """Do all lines of the need lie in one region?"""
        return len(self._question.regions) == 1

    def has(self, index: int) -> bytes:
        """Which words of the need a title has: alike for those of whom the same words are shown."""
        there: NDArray[np.bool_] = self._found.compared.found[index] > 0
        return there.tobytes()

    def text_point(self, index: int, place: int, earned: int) -> Point:
        """One comparison of words."""
        compared = self._found.compared
        value = float(compared.matrix[index, place])
        return point_of(place, earned, value, compared.found[index], self._found.query)

    def told_by(self, index: int, codes: Container[str]) -> Assessment:
        """What these rules say of an eligible candidate, and the points for terms they earn."""
        if index in self._assessed or not self.is_of_one_place:
            return self.assessment(index)
        return self._assess(index, codes)

    def _relevant(self) -> list[int]:
        least = self._question.settings.relevant_threshold
        found: list[int] = np.flatnonzero(self._found.sure[: self._found.ranked] >= least).tolist()
        return found

    def _assess(self, index: int, only: Container[str]) -> Assessment:
        offer = self._catalogue.offer_at(int(self._found.rows[index]))
        return assess(Case(offer, self._question), only)

    def _spelt_out(self, bits: np.int64) -> list[Rule]:
        number = int(bits)
        return [rule for place, rule in enumerate(self._rules) if number >> place & 1]


def _is_of_lines(found: tuple[Rule, bool]) -> bool:
    return found[0].check in LINE_CHECKS


def pairing_of(found: Candidates, index: int, assessment: Assessment) -> Pairing:
    """The pairing of one candidate and what the rules say of it."""
    case = assessment.case
    points = (*found.text_points(index), *fit_points(assessment))
    sure = round(float(found.sure[index]), 4)
    lines = assessment.line_verdicts() if case.need.lines else ()
    covered = assessment.covered if assessment.eligible else None
    at_stake = assessment.at_stake
    return Pairing(
        offer_id=case.offer.id,
        need_id=case.need.id,
        eligible=assessment.eligible,
        score=sum(point.points for point in points),
        confidence=sure,
        matched=sure >= case.settings.least_to_match(found.surest),
        points=points,
        verdicts=assessment.verdicts if assessment.eligible else true_verdicts(assessment),
        lines=lines,
        lines_passing=sum(line.eligible for line in lines),
        volume_per_month=at_stake,
        money_per_month=assessment.money(at_stake),
        share_percent=assessment.share_percent(covered),
        engine_version=case.settings.full_version,
        measured=found.measured(index),
    )
