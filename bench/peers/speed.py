"""One peer on one market: the same questions, constraints and changes as the engine gets."""

import time
from pathlib import Path

from bench import clock
from bench.figures import Sheet
from bench.peers import make_peer
from bench.peers.base import NotHere, Peer, Text
from bench.scale import Market

TOP = 10
CHANGES = 10


def measure(name: str, folder: Path, sheet: Sheet, seconds: float, most: int) -> None:
    """Write the figures of one peer; `seconds` for every single measure, `most` questions."""
    market = Market.open(folder)
    where = str(len(market))
    try:
        peer = make_peer(name)
        peer.prepare()
    except NotHere as reason:
        sheet.write(where, "plain p50", problem=f"not available here: {reason}")
        return
    try:
        _measure(peer, market, sheet, seconds, most)
    finally:
        peer.close()


def _measure(peer: Peer, market: Market, sheet: Sheet, seconds: float, most: int) -> None:
    where = str(len(market))
    texts = [Text(title) for title in market.titles]
    before = clock.memory_mb()
    started = time.perf_counter()
    peer.build(texts, market.facts)
    built = time.perf_counter() - started
    if peer.indexes:
        sheet.write(where, "build s", built)
        kept = max(clock.memory_mb() - before, 0.0)
        sheet.write(where, "memory MB", kept + (peer.stored_mb() or 0.0))
    most = min(most, len(market.questions))

    def plain(number: int) -> object:
        return peer.top(market.questions[number], TOP)

    def constrained(number: int) -> object:
        return peer.top(market.questions[number], TOP, market.wishes[number])

    for kind, ask in (("plain", plain), ("constrained", constrained)):
        took = clock.one_by_one(ask, most, seconds)
        sheet.write(where, f"{kind} p50", clock.percentile(took, 50), count=len(took))
        sheet.write(where, f"{kind} p99", clock.percentile(took, 99), count=len(took))
    _changes(peer, sheet, where, built, seconds)
    for kind, ask in (("plain", plain), ("constrained", constrained)):
        rate, asked = clock.answered_per_second(
            lambda numbers, ask=ask: list(map(ask, numbers)),
            len(market.questions),
            seconds,
            2,
            begin=peer.reopen,
        )
        sheet.write(where, f"{kind} needs/s", rate, count=asked)


def _changes(peer: Peer, sheet: Sheet, where: str, built: float, seconds: float) -> None:
    """Milliseconds until one new, one changed and one withdrawn offer is right in the answer."""
    took: dict[str, list[float]] = {"new": [], "changed": [], "withdrawn": []}
    begun = time.perf_counter()
    for number in range(CHANGES):
        title = f"barang uji langka nomor{number}x"
        started = time.perf_counter()
        try:
            row = peer.add(Text(title))
        except NotImplementedError:
            for kind in took:
                sheet.write(where, f"{kind} ms", built * 1000, note="by a new build")
            return
        _must(peer.top(title, TOP)[0][0] == row)
        took["new"].append(time.perf_counter() - started)
        started = time.perf_counter()
        peer.remove(row)
        changed = peer.add(Text(f"{title} baru"))
        _must(peer.top(f"{title} baru", TOP)[0][0] == changed)
        took["changed"].append(time.perf_counter() - started)
        started = time.perf_counter()
        peer.remove(changed)
        _must(changed not in {found for found, _ in peer.top(title, TOP)})
        took["withdrawn"].append(time.perf_counter() - started)
        if time.perf_counter() - begun > seconds:
            break
    for kind, times in took.items():
        sheet.write(where, f"{kind} ms", clock.percentile(times, 50) * 1000, count=len(times))


def _must(right: bool) -> None:
    if not right:
        raise AssertionError("a change is not right in the answer")
