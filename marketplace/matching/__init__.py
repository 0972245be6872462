"""The pure matching engine: plain values in, plain values out."""

from marketplace.matching.engine import Engine
from marketplace.matching.offers import HeldPaper, Need, NeedLine, Offer, PriceBreak
from marketplace.matching.outcome import (
    Funnel,
    FunnelStep,
    LineVerdict,
    Measured,
    Pairing,
    Point,
    Ranking,
    Verdict,
)
from marketplace.matching.rulebook import DEFAULT_RULES, AppliesTo, Rule
from marketplace.matching.search import Filters
from marketplace.matching.settings import DEFAULT_SETTINGS, ENGINE_VERSION, FitPoints, Settings
from marketplace.matching.words import DEFAULT_VOCABULARY, Vocabulary
from marketplace.matching.world import Category, Leg, World

__all__ = [
    "DEFAULT_RULES",
    "DEFAULT_SETTINGS",
    "DEFAULT_VOCABULARY",
    "ENGINE_VERSION",
    "AppliesTo",
    "Category",
    "Engine",
    "Filters",
    "FitPoints",
    "Funnel",
    "FunnelStep",
    "HeldPaper",
    "Leg",
    "LineVerdict",
    "Measured",
    "Need",
    "NeedLine",
    "Offer",
    "Pairing",
    "Point",
    "PriceBreak",
    "Ranking",
    "Rule",
    "Settings",
    "Verdict",
    "Vocabulary",
    "World",
]
