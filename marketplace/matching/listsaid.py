"""What a list match says of one need: a row for each offer, with its reasons in words."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from marketplace.core.text import N_
from marketplace.matching.brief import Alike, Brief
from marketplace.matching.engine import Engine
from marketplace.matching.explain import fix_of, rule_name, strongest
from marketplace.matching.judging import Judgement, Put
from marketplace.matching.offers import Need
from marketplace.matching.outcome import Funnel, Pairing, Point, Ranking, Verdict
from marketplace.matching.sentences import Sentences, Translate, plain_sentence

COLUMNS = ("need_id", "rank", "offer_id", "score", "confidence", "matched", "reasons")
_REASONS = 4
_NO_CANDIDATE = N_("No offer has a word in common with this need")
_EXCLUDED = N_("%(rule)s excludes %(count)s offers that resemble this need")
_NONE_LEFT = N_("No offer that could be considered is left")

Row = Sequence[object]
# Does the same work for each of some things, one after the other.
Each = Callable[[Callable[[Any], Any], Sequence[Any]], list[Any]]


def _each(work: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
    return list(map(work, items))


class Teller:
    """Answers needs with rows. Only what a row shows is made of what is known."""

    def __init__(self, translate: Translate = plain_sentence) -> None:
        self._sentences = Sentences(translate)
        self._alike = Alike()

    def answer(self, engine: Engine, need: Need, top: int = 10, explain: bool = False) -> list[Row]:
        """The rows of one need, best first; one with the reasons where nothing is eligible.

        With `explain` also the near misses.
        """
        put = engine.put(need, top, wide=explain, told=_REASONS)
        return self._tell(engine, need, put.judged(), explain)

    def answers(
        self,
        engine: Engine,
        needs: Sequence[Need],
        top: int = 10,
        explain: bool = False,
        each: Each = _each,
    ) -> list[list[Row]]:
        """`answer` for some needs, each step for all of them before the next.

        What a step works with is then at hand in the processor when the next need comes: that saves
        a tenth of the time. `each` does one step.
        """
        put = each(lambda need: engine.put(need, top, wide=explain, told=_REASONS), needs)
        judged = each(Put.judged, put)
        return each(
            lambda one: self._tell(engine, one[0], one[1], explain),
            list(zip(needs, judged, strict=True)),
        )

    def _tell(
        self, engine: Engine, need: Need, judged: Judgement | None, explain: bool
    ) -> list[Row]:
        if judged is None:
            return [self._without(engine, need)]
        most_of_share = engine.settings.fit.share
        if explain:
            return list(self._whole(need, engine.ranking(judged, explain), most_of_share))
        listed = judged.listed()
        if not listed:
            return [self._without(engine, need)]
        brief = Brief(judged, self._sentences, self._alike.of(judged))
        return [
            _row(
                need.id, rank, one.id, one.score, one.confidence, one.matched,
                brief.reasons(one) if one.certain
                else self._said(judged.pairing(one.place), most_of_share),
            )
            for rank, one in enumerate(listed, 1)
        ]  # fmt: skip

    def _without(self, engine: Engine, need: Need) -> Row:
        """The row of a need that nothing is eligible for: who was excluded, of any branch."""
        judged = engine.judged(need, wide=True)
        if judged is None:
            return self._none(need, 0, Funnel())
        return self._none(need, judged.candidates, judged.funnel())

    def _whole(self, need: Need, ranking: Ranking, most_of_share: int) -> Iterator[Row]:
        for rank, pairing in enumerate(ranking.pairings, 1):
            yield _row_of(pairing, rank, self._said(pairing, most_of_share))
        if not ranking.pairings:
            yield self._none(need, ranking.candidates, ranking.funnel)
        for pairing in ranking.excluded:
            yield _row_of(pairing, "", self._removed(pairing))

    def _said(self, pairing: Pairing, most_of_share: int) -> Iterator[str]:
        """The strongest points, what speaks against it, and what is still to ask."""
        shown = [point for point in strongest(pairing.points, _REASONS) if point.points > 0]
        # That only a part can be supplied is told whatever it earns.
        shown += [
            point
            for point in pairing.points
            if point.code == "fit_share" and point.points < most_of_share and point not in shown
        ]
        against = [point for point in pairing.points if point.points < 0]
        open_verdicts = [verdict for verdict in pairing.verdicts if verdict.outcome != "pass"]
        told: list[Point | Verdict] = [*shown, *against, *open_verdicts]
        return map(self._sentences.of, told)

    def _removed(self, pairing: Pairing) -> Iterator[str]:
        for verdict in pairing.blocking:
            told, mend = self._sentences.of(verdict), fix_of(verdict)
            yield told if mend is None else f"{told} ({self._sentences.plain(*mend)})"

    def _none(self, need: Need, candidates: int, funnel: Funnel) -> Row:
        return need.id, "", "", "", "", "no", self._why_none(candidates, funnel)

    def _why_none(self, candidates: int, funnel: Funnel) -> str:
        coded = self._sentences.coded
        if not candidates:
            return coded("no_candidate", _NO_CANDIDATE, {})
        steps = []
        for step in funnel.steps:
            rule = self._sentences.translate(rule_name(step.rule), {})
            steps.append(
                coded(step.rule, _EXCLUDED, {"rule": rule, "count": step.alone + step.among})
            )
        return "; ".join(steps) or coded("no_candidate", _NONE_LEFT, {})


def _row_of(pairing: Pairing, rank: int | str, reasons: Iterable[str]) -> Row:
    matched = pairing.matched and pairing.eligible
    return _row(
        pairing.need_id, rank, pairing.offer_id, pairing.score, pairing.confidence, matched, reasons
    )


def _row(
    need: str,
    rank: int | str,
    offer: str,
    score: int,
    sure: float,
    matched: bool,
    reasons: Iterable[str],
) -> Row:
    return need, rank, offer, score, sure, "yes" if matched else "no", "; ".join(reasons)
