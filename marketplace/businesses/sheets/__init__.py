"""Producers and outlets as tables."""

from marketplace.businesses.sheets.outlets import OUTLETS
from marketplace.businesses.sheets.producers import PRODUCERS

__all__ = ["OUTLETS", "PRODUCERS"]
