"""List matching: two files in, one file out. Touches no database and needs no server."""

import json
import resource
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter

import numpy as np

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.matching.engine import Engine
from marketplace.matching.explain import fix_of, reason_of, rule_name, strongest
from marketplace.matching.listfiles import write_table
from marketplace.matching.listrows import Problem, read_needs, read_offers
from marketplace.matching.offers import Need
from marketplace.matching.outcome import Pairing, Params, Ranking
from marketplace.matching.settings import DEFAULT_SETTINGS, Settings
from marketplace.matching.world import World

COLUMNS = ("need_id", "rank", "offer_id", "score", "confidence", "matched", "reasons")
# Freight is not in the files: an estimate of it may warn, never exclude.
SETTINGS = replace(DEFAULT_SETTINGS, estimates_block=False)
_REASONS = 4
_NO_CANDIDATE = N_("No offer has a word in common with this need")
_EXCLUDED = N_("%(rule)s excludes %(count)s offers that resemble this need")
_NONE_LEFT = N_("No offer that could be considered is left")

# Sentence and typed parameters to what is read: the edge translates and formats.
Translate = Callable[[str, Params], str]
Progress = Callable[[int, int], None]


def plain_sentence(msgid: str, params: Params) -> str:
    """A sentence as it stands in the code, for callers without a translation."""
    shown = {
        name: ", ".join(map(str, value)) if isinstance(value, tuple) else value
        for name, value in params.items()
    }
    return msgid % shown


@dataclass(frozen=True, slots=True)
class Timing:
    """How a run went; times of one need in milliseconds, memory at its peak in megabytes."""

    offers: int
    needs: int
    build_s: float
    p50_ms: float
    p99_ms: float
    needs_per_s: float
    peak_mb: float


def match_list(
    offers_path: Path,
    needs_path: Path,
    output: Path,
    *,
    world: World,
    top: int = 10,
    timing: Path | None = None,
    explain: bool = False,
    translate: Translate = plain_sentence,
    progress: Progress | None = None,
    report: Callable[[Problem], None] = lambda problem: None,
    settings: Settings = SETTINGS,
) -> Timing:
    """Match every need of one file against the offers of the other and write the result.

    Bad rows go to `report` and are left out; unusable input raises InvalidInput with one sentence.
    `translate` says a msgid with its parameters; `progress` is told (done, of how many).
    """
    if top < 1:
        raise InvalidInput(N_("The number of offers for each need must be above zero"))
    started = perf_counter()
    engine = Engine(world, settings)
    engine.load_batches(read_offers(offers_path, world, report))
    if not len(engine):
        raise InvalidInput(N_("The file %(name)s holds no usable row"), name=offers_path.name)
    built = perf_counter() - started
    needs = list(read_needs(needs_path, world, report))
    if not needs:
        raise InvalidInput(N_("The file %(name)s holds no usable row"), name=needs_path.name)
    took: list[float] = []
    rows = _rows(engine, needs, top, explain, translate, progress, took)
    write_table(output, COLUMNS, rows)
    result = _timing(len(engine), built, took)
    if timing is not None:
        timing.write_text(json.dumps(asdict(result), indent=1) + "\n", encoding="utf-8")
    return result


def _rows(
    engine: Engine,
    needs: Sequence[Need],
    top: int,
    explain: bool,
    translate: Translate,
    progress: Progress | None,
    took: list[float],
) -> Iterator[Sequence[object]]:
    for done, need in enumerate(needs, 1):
        started = perf_counter()
        ranking = engine.rank(need, top=top, explain=explain, explain_none=True)
        rows = list(_rows_of(need, ranking, explain, translate))
        took.append(perf_counter() - started)
        yield from rows
        if progress is not None:
            progress(done, len(needs))


def _rows_of(
    need: Need, ranking: Ranking, explain: bool, translate: Translate
) -> Iterator[Sequence[object]]:
    for rank, pairing in enumerate(ranking.pairings, 1):
        yield _row(pairing, rank, _said(pairing, translate))
    if not ranking.pairings:
        yield need.id, "", "", "", "", "no", _why_none(ranking, translate)
    for pairing in ranking.excluded if explain else ():
        yield _row(pairing, "", _removed(pairing, translate))


def _row(pairing: Pairing, rank: int | str, reasons: str) -> Sequence[object]:
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


def _timing(offers: int, built: float, took: Sequence[float]) -> Timing:
    milliseconds = np.array(took) * 1000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Timing(
        offers=offers,
        needs=len(took),
        build_s=round(built, 3),
        p50_ms=round(float(np.percentile(milliseconds, 50)), 3),
        p99_ms=round(float(np.percentile(milliseconds, 99)), 3),
        needs_per_s=round(len(took) / max(sum(took), 1e-9), 1),
        peak_mb=round(peak, 1),
    )
