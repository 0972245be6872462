"""What a list match says of one need: a row for each offer, with its reasons in words."""

from collections.abc import Callable, Iterator, Sequence

from marketplace.core.text import N_
from marketplace.matching.explain import fix_of, reason_of, rule_name, strongest
from marketplace.matching.offers import Need
from marketplace.matching.outcome import Pairing, Params, Ranking

COLUMNS = ("need_id", "rank", "offer_id", "score", "confidence", "matched", "reasons")
_REASONS = 4
_NO_CANDIDATE = N_("No offer has a word in common with this need")
_EXCLUDED = N_("%(rule)s excludes %(count)s offers that resemble this need")
_NONE_LEFT = N_("No offer that could be considered is left")

# Sentence and typed parameters to what is read: the edge translates and formats.
Translate = Callable[[str, Params], str]
Row = Sequence[object]


def plain_sentence(msgid: str, params: Params) -> str:
    """A sentence as it stands in the code, for callers without a translation."""
    shown = {
        name: ", ".join(map(str, value)) if isinstance(value, tuple) else value
        for name, value in params.items()
    }
    return msgid % shown


def rows_of(need: Need, ranking: Ranking, explain: bool, translate: Translate) -> Iterator[Row]:
    """The rows of one need, best first; one with the reasons where nothing is eligible."""
    for rank, pairing in enumerate(ranking.pairings, 1):
        yield _row(pairing, rank, _said(pairing, translate))
    if not ranking.pairings:
        yield need.id, "", "", "", "", "no", _why_none(ranking, translate)
    for pairing in ranking.excluded if explain else ():
        yield _row(pairing, "", _removed(pairing, translate))


def _row(pairing: Pairing, rank: int | str, reasons: str) -> Row:
    matched = "yes" if pairing.matched and pairing.eligible else "no"
    return (
        pairing.need_id,
        rank,
        pairing.offer_id,
        pairing.score,
        pairing.confidence,
        matched,
        reasons,
    )


def _said(pairing: Pairing, translate: Translate) -> str:
    """The strongest points, what speaks against it, and what is still to ask."""
    shown = [point for point in strongest(pairing.points, _REASONS) if point.points > 0]
    against = [point for point in pairing.points if point.points < 0]
    open_verdicts = [verdict for verdict in pairing.verdicts if verdict.outcome != "pass"]
    told = [(item.code, *reason_of(item)) for item in (*shown, *against)]
    told += [(verdict.rule, *reason_of(verdict)) for verdict in open_verdicts]
    return "; ".join(_sentence(code, msgid, params, translate) for code, msgid, params in told)


def _removed(pairing: Pairing, translate: Translate) -> str:
    told = []
    for verdict in pairing.blocking:
        told.append(_sentence(verdict.rule, *reason_of(verdict), translate))
        mend = fix_of(verdict)
        if mend is not None:
            told[-1] += f" ({translate(*mend)})"
    return "; ".join(told)


def _why_none(ranking: Ranking, translate: Translate) -> str:
    if not ranking.candidates:
        return _sentence("no_candidate", _NO_CANDIDATE, {}, translate)
    steps = [
        _sentence(
            step.rule,
            _EXCLUDED,
            {"rule": translate(rule_name(step.rule), {}), "count": step.alone + step.among},
            translate,
        )
        for step in ranking.funnel.steps
    ]
    return "; ".join(steps) or _sentence("no_candidate", _NONE_LEFT, {}, translate)


def _sentence(code: str, msgid: str, params: Params, translate: Translate) -> str:
    # A semicolon parts the reasons, so no sentence may hold one.
    return f"{code}: {translate(msgid, params).replace(';', ',')}"
