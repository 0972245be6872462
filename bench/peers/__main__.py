"""Measure one peer in a process of its own; `bench.__main__` starts these.

python -m bench.peers speed NAME OUT --market FOLDER
python -m bench.peers quality NAME OUT --sets shopee abt_buy --sample 2000
"""

import argparse
import signal
import sys
from pathlib import Path

from bench.figures import Sheet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("speed", "quality"))
    parser.add_argument("name")
    parser.add_argument("out", type=Path)
    parser.add_argument("--market", type=Path)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--most", type=int, default=1000)
    parser.add_argument("--sets", nargs="+", default=())
    parser.add_argument("--sample", type=int, default=2000)
    options = parser.parse_args()
    # Told to stop, a peer still stops the server it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to stop"))
    sheet = Sheet(options.out, options.name)
    # One of the two is imported: the sets need not be there to measure speed.
    if options.what == "speed":
        from bench.peers.speed import measure as speed

        speed(options.name, options.market, sheet, options.seconds, options.most)
    else:
        from bench.peers.quality import measure as quality

        quality(options.name, options.sets, sheet, options.sample)


if __name__ == "__main__":
    main()
