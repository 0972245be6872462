"""The engine on one market: questions, changes, building and memory, and the list command.

A question is asked whole: collected, ordered, judged by every rule, with points, confidence and
the reasons as sentences for every pairing shown.

    python -m bench.speed OUT --market FOLDER
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bench import clock
from bench.figures import OURS, Sheet
from bench.scale import Market, make_market, world
from marketplace.matching import Engine, Need, Offer
from marketplace.matching.crew import Crew, cores
from marketplace.matching.listmatch import SETTINGS, needs_together
from marketplace.matching.listsaid import Row, Teller
from marketplace.matching.reading import read_by

TOP = 10
CHANGES = 50
CHECKED = 200
_TELLER = Teller()


def answered(engine: Engine, need: Need) -> list[Row]:
    """One question to its end: the rows of `match-list`, with the reasons as a reader gets them."""
    return _TELLER.answer(engine, need, TOP)


def measure(folder: Path, sheet: Sheet, seconds: float, most: int) -> None:
    """Write the figures of the engine; `seconds` for every single measure, `most` questions."""
    market = Market.open(folder)
    where = str(len(market))
    _warm()
    engine = Engine(world(), SETTINGS)
    before = clock.memory_mb()
    clock.forget_peak()
    started = time.perf_counter()
    engine.load_batches(read_by(Crew(cores()), market.batches, engine.world, market.texts))
    engine.rank(market.need(0, constrained=False))
    sheet.write(where, "build s", time.perf_counter() - started)
    sheet.write(where, "memory MB", max(clock.memory_mb() - before, 0.0))
    sheet.write(where, "peak MB", max(clock.peak_mb() - before, 0.0))
    count = len(market.questions)
    needs = {
        kind: [market.need(number, constrained=kind == "constrained") for number in range(count)]
        for kind in ("plain", "constrained")
    }
    for kind, asked in needs.items():
        took = clock.one_by_one(
            lambda number, asked=asked: answered(engine, asked[number]),
            min(most, count),
            seconds,
        )
        sheet.write(where, f"{kind} p50", clock.percentile(took, 50), count=len(took))
        sheet.write(where, f"{kind} p99", clock.percentile(took, 99), count=len(took))
    _feasible(engine, market, sheet, where)
    _changes(engine, sheet, where)
    for kind, asked in needs.items():
        for workers in (2, 1):
            rate, done = clock.answered_per_second(
                lambda numbers, asked=asked: _TELLER.answers(
                    engine, [asked[number] for number in numbers], TOP
                ),
                count,
                seconds,
                workers,
                together=needs_together(TOP, SETTINGS),
            )
            name = f"{kind} needs/s" + ("" if workers == 2 else ", one process")
            sheet.write(where, name, rate, count=done)


def _feasible(engine: Engine, market: Market, sheet: Sheet, where: str) -> None:
    """Fast and wrong does not count: how many answers a constrained need gets, and do all pass?"""
    shown = wrong = 0
    for number in range(CHECKED):
        passing = market.facts.passing(market.wishes[number])
        pairings = engine.rank(market.need(number, constrained=True), TOP).pairings
        shown += len(pairings)
        wrong += sum(not passing[int(pairing.offer_id[1:])] for pairing in pairings)
    sheet.write(where, "answers to a constrained need", shown / CHECKED, count=CHECKED)
    sheet.write(where, "infeasible pairs among them", wrong, count=shown)


def _warm() -> None:
    """Compile and read what is read once in a process, before any clock starts."""
    small = make_market(["tas anyaman pandan", "sabun mandi sereh 100gr"], 500, 20)
    engine = Engine(world(), SETTINGS)
    engine.load(small.offers())
    for number in range(20):
        answered(engine, small.need(number, constrained=number % 2 == 0))


def _changes(engine: Engine, sheet: Sheet, where: str) -> None:
    """Milliseconds until one new, one changed and one withdrawn offer is right in the answer."""
    took: dict[str, list[float]] = {"new": [], "changed": [], "withdrawn": []}
    for number in range(CHANGES):
        offer = Offer(f"fresh{number}", f"barang uji langka nomor{number}x")
        changed = replace(offer, title=f"kiriman lain sekali seri{number}y")
        need = _asking_for(offer)
        started = time.perf_counter()
        engine.upsert(offer)
        _must(_first(engine, need) == offer.id)
        took["new"].append(time.perf_counter() - started)
        started = time.perf_counter()
        engine.upsert(changed)
        _must(_first(engine, _asking_for(changed)) == offer.id)
        took["changed"].append(time.perf_counter() - started)
        _must(_first(engine, need) != offer.id)
        started = time.perf_counter()
        engine.withdraw(offer.id)
        _must(_first(engine, _asking_for(changed)) != offer.id)
        took["withdrawn"].append(time.perf_counter() - started)
    for kind, times in took.items():
        sheet.write(where, f"{kind} ms", clock.percentile(times, 50) * 1000, count=len(times))


def _asking_for(offer: Offer) -> Need:
    return Need(f"need of {offer.id}", offer.title)


def _first(engine: Engine, need: Need) -> str | None:
    pairings = engine.rank(need, TOP).pairings
    return pairings[0].offer_id if pairings else None


def _must(right: bool) -> None:
    if not right:
        raise AssertionError("a change is not right in the answer")


def measure_list(folder: Path, sheet: Sheet, needs_listed: int) -> None:
    """`flask match-list` as an office runs it: two files in, one out, in a process of its own."""
    market = Market.open(folder)
    where = str(len(market))
    with tempfile.TemporaryDirectory(prefix="bench") as place:
        offers, needs, result, timing = (
            Path(place) / name for name in ("offers.csv", "needs.csv", "result.csv", "timing.json")
        )
        count = min(needs_listed, len(market))
        market.write_csv(offers, needs, count, constrained=True)
        files = ["--offers", offers, "--needs", needs, "--output", result, "--timing", timing]
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "match-list", *map(str, files)]
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        sheet.write(where, "list: whole s", time.perf_counter() - started)
        found = json.loads(timing.read_text(encoding="utf-8"))
    for name in ("needs", "build_s", "p50_ms", "p99_ms", "needs_per_s", "peak_mb"):
        sheet.write(where, f"list: {name}", found[name])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--market", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--most", type=int, default=1000)
    parser.add_argument("--list", action="store_true", help="the list command instead")
    parser.add_argument("--listed", type=int, default=10_000, help="needs in its file")
    options = parser.parse_args()
    sheet = Sheet(options.out, OURS)
    if options.list:
        measure_list(options.market, sheet, options.listed)
    else:
        measure(options.market, sheet, options.seconds, options.most)


if __name__ == "__main__":
    main()
