"""Judging all candidates of one need: in one pass over the columns, the odd ones by the rules."""

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.candidates import Candidates
from marketplace.matching.case import Case, Question
from marketplace.matching.catalogue import Catalogue
from marketplace.matching.eligibility import Assessment, assess
from marketplace.matching.fitness import fit_points
from marketplace.matching.terms import Terms


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
        judged = terms.judge(question, found.rows)
        self._blocked = judged.blocked
        self._certain = judged.certain
        self._codes = [rule.code for rule in terms.rules_on(question.day)]
        self.eligible: NDArray[np.bool_] = judged.eligible
        fit = judged.fit
        for index in np.flatnonzero(~judged.certain & ~judged.excluded).tolist():
            assessment = self.assessment(index)
            self.eligible[index] = assessment.eligible
            fit[index] = sum(point.points for point in fit_points(assessment))
        self.scores: NDArray[np.int64] = found.text_scores + fit

    def assessment(self, index: int) -> Assessment:
        """All rules over one candidate, with their reasons."""
        if index not in self._assessed:
            offer = self._catalogue.offer_at(int(self._found.rows[index]))
            self._assessed[index] = assess(Case(offer, self._question))
        return self._assessed[index]

    def blocking(self, index: int) -> list[str]:
        """The rules that exclude one candidate."""
        if not self._certain[index]:
            return self.assessment(index).blocking
        bits = int(self._blocked[index])
        return [code for place, code in enumerate(self._codes) if bits >> place & 1]

    def best(self, top: int) -> list[int]:
        """The eligible candidates by score, ties by id; then those beyond, as found."""
        ranked = self._found.ranked
        chosen = np.flatnonzero(self.eligible[:ranked])
        if len(chosen) > top:
            least = np.partition(self.scores[chosen], -top)[-top]
            chosen = chosen[self.scores[chosen] >= least]
        best: list[int] = sorted(chosen.tolist(), key=lambda i: (-self.scores[i], self._id(i)))
        beyond: list[int] = (ranked + np.flatnonzero(self.eligible[ranked:])).tolist()
        return [*best[:top], *beyond][:top]

    def relevant(self, least: float) -> list[int]:
        """The candidates that are at least so surely what is meant."""
        found: list[int] = np.flatnonzero(self._found.sure[: self._found.ranked] >= least).tolist()
        return found

    def nearest_misses(self, among: list[int], count: int) -> list[int]:
        """Those of the excluded that fail the fewest rules, then the likest in words."""
        missed = [
            (len(self.blocking(index)), -int(self._found.text_scores[index]), index)
            for index in among
            if not self.eligible[index]
        ]
        missed.sort(key=lambda one: (*one[:2], self._id(one[2])))
        return [index for _, _, index in missed[:count]]

    def producer(self, index: int) -> str:
        """Who makes it; an offer without a producer stands for itself."""
        offer = self._catalogue.offer_at(int(self._found.rows[index]))
        return offer.producer or offer.id

    def _id(self, index: int) -> str:
        return self._catalogue.offer_at(int(self._found.rows[index])).id
