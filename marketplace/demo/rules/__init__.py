"""Demonstration data: our own invention, marked as an example wherever it is shown."""

from marketplace.demo.rules.dataset import STORY_NEED, STORY_PRODUCER, dataset
from marketplace.demo.rules.large import large
from marketplace.demo.rules.records import (
    DemoBranch,
    DemoData,
    DemoNeed,
    DemoNeedLine,
    DemoOutlet,
    DemoPaper,
    DemoProducer,
    DemoProduct,
    DemoStream,
)

__all__ = [
    "STORY_NEED",
    "STORY_PRODUCER",
    "DemoBranch",
    "DemoData",
    "DemoNeed",
    "DemoNeedLine",
    "DemoOutlet",
    "DemoPaper",
    "DemoProducer",
    "DemoProduct",
    "DemoStream",
    "dataset",
    "large",
]
