"""What meetings tell the rooms above, in the transaction that does it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SampleJudged:
    """A buyer gave points to a sample of this product, or other points than before."""

    product_id: int
