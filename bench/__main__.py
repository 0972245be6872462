"""`make bench`: quality on the shared sets; without BENCH_DATA it says so and ends."""

import os
import sys

if not os.environ.get("BENCH_DATA"):
    sys.exit("Set BENCH_DATA to the folder of the shared data sets.")

from bench.quality import main

main()
