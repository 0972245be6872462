"""What commodities tells the rooms above."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpellingsChanged:
    """A word was added, changed or taken out of use: vocabularies built before are old."""
