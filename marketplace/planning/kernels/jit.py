"""The kernels of this folder are compiled together."""

from pathlib import Path

from marketplace.core.jit import Kernels

kernel = Kernels(Path(__file__).parent)
