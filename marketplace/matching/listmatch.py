"""List matching: two files in, one file out. Touches no database and needs no server."""

import json
import resource
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.matching.batch import Batch
from marketplace.matching.crew import Crew, cores
from marketplace.matching.engine import Engine
from marketplace.matching.listfiles import check_ending, is_large, write_table
from marketplace.matching.listmeaning import Meanings
from marketplace.matching.listrows import CONTRACT, Problem, read_needs, read_offers
from marketplace.matching.listsaid import COLUMNS, Row, Teller
from marketplace.matching.offers import Need
from marketplace.matching.rulebook import Rule
from marketplace.matching.sentences import Translate, plain_sentence
from marketplace.matching.settings import DEFAULT_SETTINGS, Settings
from marketplace.matching.world import World

# Freight is not in the files: an estimate of it may warn, never exclude.
SETTINGS = replace(DEFAULT_SETTINGS, estimates_block=False)
READING, MATCHING = N_("Reading the offers"), N_("Matching")
# Fewer needs are answered before a second process has begun.
_MANY = 256
# Needs answered together (`Teller.answers`): worth a message between processes, steady progress.
_PIECE = 64

# What is being done (a msgid), how far it is, and of how much.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Timing:
    """How a run went.

    `build_s`: seconds from the start until the first need can be answered, reading included.
    `p50_ms`, `p99_ms`: milliseconds one need took in its process, from the question to the written
    reasons. `needs_per_s`: needs by the time all of them took together, in all processes.
    `peak_mb`: megabytes of the main process at its peak, and what the others held beside the memory
    they share with it: those that read or those that match, whichever was more.
    """

    offers: int
    needs: int
    build_s: float
    p50_ms: float
    p99_ms: float
    needs_per_s: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a run, in numbers of needs: with a match, with offers but none sure, with none.

    `left_out` are rows that could not be used; `has_papers` where any offer tells of papers.
    """

    timing: Timing
    matched: int
    unsure: int
    without: int
    left_out: int
    has_papers: bool


class _Watch:
    """What each of some needs took, in seconds, through all steps."""

    def __init__(self, count: int) -> None:
        self.took = [0.0] * count

    def each(self, work: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
        done = []
        for place, item in enumerate(items):
            began = perf_counter()
            done.append(work(item))
            self.took[place] += perf_counter() - began
        return done


class _Tally:
    """Counts what passes by while it is read and written."""

    def __init__(self, report: Callable[[Problem], None]) -> None:
        self._report = report
        self.left_out = self.matched = self.unsure = self.without = 0
        self.has_papers = False

    def problem(self, problem: Problem) -> None:
        self.left_out += problem.row > 0
        self._report(problem)

    def offers(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        for batch in batches:
            self.has_papers = self.has_papers or any(batch.columns.get("papers", ()))
            yield batch

    def answered(self, rows: Sequence[Row]) -> None:
        """The rows of one need; with near misses there are some without a rank."""
        if not rows[0][2] or not rows[0][1]:
            self.without += 1
        elif any(row[5] == "yes" for row in rows):
            self.matched += 1
        else:
            self.unsure += 1


def match_list(
    offers_path: Path,
    needs_path: Path,
    output: Path,
    *,
    world: World,
    top: int = 10,
    timing: Path | None = None,
    explain: bool = False,
    jobs: int | None = None,
    translate: Translate = plain_sentence,
    progress: Progress = lambda doing, done, total: None,
    report: Callable[[Problem], None] = lambda problem: None,
    settings: Settings = SETTINGS,
    meanings: Meanings = CONTRACT,
) -> Done:
    """Match every need of one file against the offers of the other and write the result.

    Bad rows go to `report` and are left out; unusable input raises InvalidInput with one sentence.
    `jobs` processes read the offers and answer the needs; None means one for each core where there
    is much to do. The result is the same, whatever their number. `translate` says a msgid with its
    parameters; `meanings` are the words of a list that does not name its columns as the contract
    does.
    """
    if top < 1:
        raise InvalidInput(N_("The number of offers for each need must be above zero"))
    check_ending(output)  # before the work, not after it
    started = perf_counter()
    tally = _Tally(report)
    engine = Engine(replace(world, rules=tuple(filter(_is_told_of, world.rules))), settings)
    watch = _share_of(READING, progress)
    readers = Crew(jobs or (cores() if is_large(offers_path) else 1))
    engine.load_batches(
        tally.offers(read_offers(offers_path, world, tally.problem, watch, readers, meanings))
    )
    if not len(engine):
        raise InvalidInput(N_("The file %(name)s holds no usable row"), name=offers_path.name)
    needs = list(read_needs(needs_path, world, tally.problem, meanings))
    if not needs:
        raise InvalidInput(N_("The file %(name)s holds no usable row"), name=needs_path.name)

    teller = Teller(translate)

    def answer(asked: Sequence[Need]) -> list[tuple[float, list[Row]]]:
        watch = _Watch(len(asked))
        rows = teller.answers(engine, asked, top, explain, watch.each)
        return list(zip(watch.took, rows, strict=True))

    answer(needs[:1])  # loads what is compiled and fills what is shared, before there are processes
    built = perf_counter() - started
    crew = Crew(jobs or (cores() if len(needs) >= _MANY else 1))
    took: list[float] = []
    began = perf_counter()
    together = needs_together(top, settings)
    answers = _rows(crew, answer, needs, together, took, tally, _share_of(MATCHING, progress))
    write_table(output, COLUMNS, answers)
    own_kb = max(readers.own_kb, crew.own_kb)
    result = _timing(len(engine), built, took, perf_counter() - began, own_kb)
    if timing is not None:
        _write_timing(timing, result)
    return Done(
        result, tally.matched, tally.unsure, tally.without, tally.left_out, tally.has_papers
    )


def _is_told_of(rule: Rule) -> bool:
    """A file cannot say who checked a paper: that nobody did is no news of any one offer."""
    return rule.check != "papers_checked"


def _write_timing(path: Path, timing: Timing) -> None:
    try:
        path.write_text(json.dumps(asdict(timing), indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise InvalidInput(N_("The file %(name)s cannot be written"), name=path.name) from error


def _share_of(doing: str, progress: Progress) -> Callable[[int, int], None]:
    return lambda done, total: progress(doing, done, total)


def needs_together(top: int, settings: Settings) -> int:
    """How many needs are answered together; of long lists fewer, for all of them are held at once.

    Of every need no less is held than of the candidates that are ordered.
    """
    return max(1, _PIECE * settings.collect // max(top, settings.collect))


def _rows(
    crew: Crew,
    answer: Callable[[Sequence[Need]], list[tuple[float, list[Row]]]],
    needs: Sequence[Need],
    together: int,
    took: list[float],
    tally: _Tally,
    watch: Callable[[int, int], None],
) -> Iterator[Row]:
    def pieces(share: int) -> Iterator[list[tuple[float, list[Row]]]]:
        for start in range(share * together, len(needs), crew.jobs * together):
            yield answer(needs[start : start + together])

    for piece in crew.run(pieces):
        for seconds, rows in piece:
            took.append(seconds)
            tally.answered(rows)
            yield from rows
        watch(len(took), len(needs))


def _timing(
    offers: int, built: float, took: Sequence[float], seconds: float, own_kb: int
) -> Timing:
    milliseconds = np.array(took) * 1000
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + own_kb
    return Timing(
        offers=offers,
        needs=len(took),
        build_s=round(built, 3),
        p50_ms=round(float(np.percentile(milliseconds, 50)), 3),
        p99_ms=round(float(np.percentile(milliseconds, 99)), 3),
        needs_per_s=round(len(took) / max(seconds, 1e-9), 1),
        peak_mb=round(peak_kb / 1024, 1),
    )
