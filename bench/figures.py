"""One measured number and where it belongs; every process writes its own, line by line.

A process that is stopped half way leaves the figures it had: the report is made of what there is.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

OURS = "ours"
# Names of measures that say what no order can go beyond.
COLLECTED, BEST_ORDER, ONE_RATER = "collected", "best order: ", "one rater's order"
# Is "no match" said rightly? Half of the needs have lost their partners: does the score of the best
# answer tell which, and does it tell whether that answer is right?
HAS_PARTNER, IS_RIGHT = "has a partner, AUC", "best answer right, AUC"


@dataclass(frozen=True)
class Figure:
    """`value` of `measure` for `who` on `where` (a data set, or a number of offers).

    `plus_minus` is half of the 95 % interval over `count` needs. `problem` says why there is no
    value; `note` what a reader must know of it.
    """

    who: str
    where: str
    measure: str
    value: float | None = None
    plus_minus: float | None = None
    count: int | None = None
    note: str = ""
    problem: str = ""


class Sheet:
    """The file a process writes its figures to."""

    def __init__(self, path: Path, who: str) -> None:
        self._path = path
        self._who = who

    def write(self, where: str, measure: str, value: float | None = None, **more: Any) -> None:
        figure = Figure(self._who, where, measure, value, **more)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(figure)) + "\n")


def read(path: Path) -> Iterator[Figure]:
    """The figures of a file; a line cut off in the middle is left out."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            yield Figure(**json.loads(line))
        except ValueError:
            continue
