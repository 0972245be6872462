"""The aims of speed at the pace of this machine.

The aims were set beside tantivy, on a machine of their own. What tantivy takes here on the same
work tells how fast this one is; an aim is then moved by as much. The aims themselves stay as they
are: this only says what a machine as fast as that one would show.
"""

from collections.abc import Callable, Iterable, Mapping

from bench.figures import OURS, Figure

PEER = "tantivy"
_SIZE = "1000000"
# By measure: the aim, what tells the pace, what that was where the aims were set, and which way is
# better. Sources: the tables of the specification of the engine.
_ROWS: tuple[tuple[str, str, float, str, float, bool], ...] = (
    ("plain p50", "one question, p50 ms", 1.0, "plain p50", 0.36, False),
    ("plain p99", "one question, p99 ms", 3.0, "plain p99", 1.05, False),
    ("constrained p50", "constrained, p50 ms", 2.0, "constrained p50", 1.40, False),
    ("constrained p99", "constrained, p99 ms", 6.0, "constrained p99", 4.2, False),
    ("constrained needs/s", "constrained needs/s", 2000.0, "plain needs/s", 2760.0, True),
    ("build s", "build, s", 10.0, "build s", 6.6, False),
    ("new ms", "a new offer is found, ms", 6.0, "new ms", 5.1, False),
)
_HEAD = (
    "What a figure of speed is worth depends on the machine. The aims were set where tantivy took"
    ' what stands under "there"; under "here" is what it took in this run, and the aim moved by'
    " as much. Memory does not depend on the machine, its aim stays."
)


def section(figures: Iterable[Figure], shown: Callable[[float], str]) -> list[str]:
    """Markdown lines; none where tantivy or ours was not measured at a million offers."""
    known: Mapping[tuple[str, str], float] = {
        (one.who, one.measure): one.value
        for one in figures
        if one.where == _SIZE and one.value is not None
    }
    lines = []
    for measure, label, aim, of_peer, there, high in _ROWS:
        ours, here = known.get((OURS, measure)), known.get((PEER, of_peer))
        if ours is None or not here:
            continue
        moved = aim * here / there
        reached = ours >= moved if high else ours <= moved
        sign = ">=" if high else "<="
        lines.append(
            f"| {label} | {shown(there)} | {shown(here)} | {sign} {shown(aim)}"
            f" | {sign} {shown(moved)} | {shown(ours)} | {'reached' if reached else 'missed'} |"
        )
    if not lines:
        return []
    head = ["| | tantivy there | tantivy here | aim | aim at this pace | ours here | |"]
    head.append("| --- | ---: | ---: | --- | --- | ---: | --- |")
    return ["", "### The aims at the pace of this machine", "", _HEAD, "", *head, *lines]
