"""The engine's quality as figures, from what `bench.quality` measures.

python -m bench.ours OUT [--quick]
"""

import argparse
from pathlib import Path

from bench.figures import OURS, Sheet
from bench.quality import PARTS, measure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    sheet = Sheet(options.out, OURS)
    found = measure(quick=options.quick)
    for where, measures in found["sets"].items():
        for name, figure in measures.items():
            sheet.write(
                where,
                name,
                figure["value"],
                plus_minus=figure.get("plus_minus"),
                count=figure.get("count"),
            )
    # A part left out or put in: the same measures under the name of what is missing or more.
    for how in PARTS:
        for row in found.get(how, ()):
            sheet.write(row["set"], f"{how} {row['part']}: {row['measure']}", row["value"])


if __name__ == "__main__":
    main()
