"""Judging all candidates of one need: in one pass over the columns, the odd ones by the rules."""

from collections.abc import Container, Hashable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import kernels
from marketplace.matching.candidates import Asking, Candidates, Reach, candidates_of, lent_of
from marketplace.matching.case import Case, Question
from marketplace.matching.catalogue import Catalogue
from marketplace.matching.checks import LINE_CHECKS
from marketplace.matching.counterfactual import true_verdicts
from marketplace.matching.eligibility import EVERY, Assessment, assess
from marketplace.matching.features import CONFLICTS, FEATURES, Query
from marketplace.matching.fitness import PARTS, fit_points
from marketplace.matching.funnel import funnel_of
from marketplace.matching.outcome import Funnel, Pairing, Point
from marketplace.matching.rulebook import Rule
from marketplace.matching.scoring import NUMBERS, point_of
from marketplace.matching.settings import Settings
from marketplace.matching.terms import Terms

if TYPE_CHECKING:
    from marketplace.matching.kernels.judging import Judged
    from marketplace.matching.kernels.picking import Picked

# By the number of a comparison, of words first and then of terms.
CODES = (*FEATURES, *PARTS)
_BY_CODE = np.argsort(np.argsort(np.array(CODES)))
_NUMBERS = np.concatenate((NUMBERS, np.zeros(len(PARTS), np.int64)))
_SHARE = CODES.index("fit_share")
# Rules that are not met, and whether they fail or just do not know.
Opened = tuple[tuple[Rule, bool], ...]


class Wanted(NamedTuple):
    """How many of the best are wanted, and how many comparisons a list tells of each of them."""

    top: int = 10
    told: int = 0

    def lent(self, settings: Settings) -> tuple[Any, ...]:
        """As `kernels.picking` takes it."""
        return *self, _BY_CODE, _NUMBERS, _SHARE, settings.fit.share, CONFLICTS


class Entry(NamedTuple):
    """What a list shows of one of the best, which is number `place` of the candidates.

    Of a `certain` one also the codes of what earns most and of what costs points
    (`kernels.picking`), bits of the words its title has, and bits of the rules that let it pass
    though it fails them, or though they do not know.
    """

    place: int
    id: str
    score: int
    confidence: float
    matched: bool
    certain: bool
    codes: list[int]
    has: int
    failing: int
    unknown: int


class Put(NamedTuple):
    """A need as it is put to a catalogue: its words looked up, its terms worked out."""

    catalogue: Catalogue
    terms: Terms
    question: Question
    query: Query
    rules: tuple[Any, ...] | None
    asked: tuple[Any, ...]
    wanted: Wanted

    def judged(self) -> "Judgement | None":
        """Gather the candidates and judge them; None where no word of the need occurs."""
        names, settings = self.catalogue.names(), self.question.settings
        shown = self.wanted.lent(settings)
        picked = None
        if self.rules is None:
            gathered = _kernel(kernels.gathering.gather)(*self.asked)
        else:
            gathered, judged, is_sure, picked = _kernel(kernels.answering.answer)(
                *self.asked, *self.rules, names, shown
            )
            picked = picked if is_sure else None
        found = candidates_of(self.catalogue, self.query, settings, gathered)
        if found is None:
            return None
        if picked is None:
            judged = self.terms.judge(self.question, found.rows)
        made = Judgement(self.catalogue, self.terms, found, self.question, judged)
        if picked is None:
            made.judge_odd_ones()
            picked = _kernel(kernels.picking.pick_again)(
                tuple(gathered), tuple(judged), names, shown
            )
        made.picked = picked
        return made


def put_to(
    catalogue: Catalogue,
    terms: Terms,
    question: Question,
    asking: Asking,
    reach: Reach,
    wanted: Wanted,
) -> Put:
    """Put a need to a catalogue."""
    query = catalogue.query(question.need)
    asked = lent_of(catalogue, query, question.need, question.settings, asking, reach)
    return Put(catalogue, terms, question, query, asking.rules, asked, wanted)


def _kernel(asked: Any) -> Any:
    """A kernel, of whose plain tuples no type is known."""
    return asked


class Judgement:
    """Entry i of `eligible` is candidate i; what is shown of one is worked out late."""

    def __init__(
        self,
        catalogue: Catalogue,
        terms: Terms,
        found: Candidates,
        question: Question,
        judged: "Judged",
    ) -> None:
        self._catalogue = catalogue
        self._found = found
        self._question = question
        self._judged = judged
        self._assessed: dict[int, Assessment] = {}
        self._rules = terms.rules_on(question.day)
        self.terms = terms
        self.asks = question.asks
        self.eligible: NDArray[np.bool_] = judged.eligible
        self.picked: Picked

    def judge_odd_ones(self) -> None:
        """Ask the rules themselves about those of whom the numbers say nothing for certain."""
        judged = self._judged
        for index in np.flatnonzero(~judged.certain & ~judged.excluded).tolist():
            assessment = self.assessment(index)
            judged.eligible[index] = assessment.eligible
            judged.fit[index] = sum(point.points for point in fit_points(assessment))

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
        if not self._judged.certain[index]:
            return self.assessment(index).blocking
        return [rule.code for rule in self._spelt_out(self._judged.blocked[index])]

    @property
    def best(self) -> list[int]:
        """As many of the best eligible candidates as were wanted, by score, ties by id.

        Those beyond that are ranked follow as found.
        """
        best: list[int] = self.picked.said[:, kernels.picking.INDEX].tolist()
        return best

    def listed(self) -> list[Entry]:
        """`best`, with all that a list shows of them."""
        picked, settings, surest = self.picked, self._question.settings, self._found.surest
        least = [settings.least_to_match(surest, conflicts=one) for one in (False, True)]
        ids, codes = picked.ids.tobytes(), picked.codes.tolist()
        listed = []
        begins = told = 0
        for sure, (place, score, certain, conflict, failing, unknown, has, ends, last) in zip(
            picked.sure.tolist(), picked.said.tolist(), strict=True
        ):
            confidence = round(sure, 4)
            listed.append(
                Entry(
                    place,
                    ids[begins:ends].decode("utf-8", "surrogatepass"),
                    score,
                    confidence,
                    confidence >= least[conflict],
                    certain > 0,
                    codes[told:last],
                    has,
                    failing,
                    unknown,
                )
            )
            begins, told = ends, last
        return listed

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
        missed.sort(key=lambda one: (*one[:2], self._found.id(one[2])))
        return [index for _, _, index in missed[:count]]

    def producer(self, index: int) -> str:
        """Who makes it; an offer without a producer stands for itself."""
        offer = self._catalogue.offer_at(int(self._found.rows[index]))
        return offer.producer or offer.id

    def pairing(self, index: int) -> Pairing:
        """All that is known of one candidate."""
        return pairing_of(self._found, index, self.assessment(index))

    # Only what a list shows of an eligible candidate that is certain.

    def opened(self, one: Entry) -> Opened:
        """The rules that let one pass without being met, in the order they are told.

        True with those that fail and only warn, False with those that do not know.
        """
        bits = one.failing | one.unknown
        found = [
            (rule, one.failing >> place & 1 > 0)
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

    def text_point(self, index: int, place: int) -> Point:
        """One comparison of words."""
        compared, earned = self._found.compared, int(self._found.points[index, place])
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
    conflicts = bool(found.compared.conflicts(index))
    lines = assessment.line_verdicts() if case.need.lines else ()
    covered = assessment.covered if assessment.eligible else None
    at_stake = assessment.at_stake
    return Pairing(
        offer_id=case.offer.id,
        need_id=case.need.id,
        eligible=assessment.eligible,
        score=sum(point.points for point in points),
        confidence=sure,
        matched=sure >= case.settings.least_to_match(found.surest, conflicts=conflicts),
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
