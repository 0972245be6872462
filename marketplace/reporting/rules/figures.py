"""What each figure of the report counts and which day decides: one table for page, paper and tests.

A figure is never stored and never typed: it is the number of its rows and the sum of their amounts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from marketplace.core.text import N_
from marketplace.regions.rules import Zone


class FigureKey(StrEnum):
    HELPED = "helped"
    REGISTERED = "registered"
    PUBLISHED = "published"
    MATCHED = "matched"
    INTRODUCED = "introduced"
    MET = "met"
    DEALT = "dealt"
    DELIVERED = "delivered"
    RECEIVED = "received"
    OUTLETS_JABODETABEK = "outlets-jabodetabek"
    OUTLETS_SUMATERA = "outlets-sumatera"
    OUTLETS_OWN = "outlets-own"
    OUTLETS_OTHER = "outlets-other"


class Amount(StrEnum):
    """What the amounts of a figure's rows are; their sum stands beside the number."""

    NONE = "none"
    MONEY = "money"
    STORES = "stores"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class FigureRule:
    """`counts` says what a row is, `on` which day decides, `area` whose area it belongs to.

    `adds_up`: the areas of a province add up to the province. Where the same producer, outlet or
    deal may stand in two areas, they do not, and the report says so; of money it is the rupiah.
    """

    name: str  # msgid, like the others
    counts: str
    on: str
    amount: Amount = Amount.NONE
    adds_up: bool = True
    leads: bool = False  # the one figure that says whether the work pays


_AREA_NEW = N_("the day of the first delivery that was accepted")
_OUTLET = N_("places of outlets that accepted goods of the area for the first time ever")

RULES: Mapping[FigureKey, FigureRule] = {
    FigureKey.HELPED: FigureRule(
        N_("Producers helped"),
        N_(
            "different producers with at least one of: a product published, a pairing accepted, an "
            "introduction agreed, a meeting held, a deal signed, goods accepted, money received"
        ),
        N_("the day of each of these"),
        Amount.EVENTS,
        adds_up=False,
    ),
    FigureKey.REGISTERED: FigureRule(
        N_("Producers registered"),
        N_("new producers in the register, without entries joined into another"),
        N_("the day of the entry"),
    ),
    FigureKey.PUBLISHED: FigureRule(
        N_("Products published"),
        N_("products offered to outlets, whatever became of them later"),
        N_("the day of the last publication"),
    ),
    FigureKey.MATCHED: FigureRule(
        N_("Pairings accepted"),
        N_("suggested pairings of a product and a need that an officer accepted"),
        N_("the day of the decision"),
    ),
    FigureKey.INTRODUCED: FigureRule(
        N_("Introductions agreed"),
        N_("introductions both sides said yes to"),
        N_("the day of the second yes"),
    ),
    FigureKey.MET: FigureRule(
        N_("Meetings held"),
        N_("business meetings with the result “held”; missed or called off ones do not count"),
        N_("the day of the meeting"),
    ),
    FigureKey.DEALT: FigureRule(
        N_("Deals signed"),
        N_(
            "signed deals, whatever became of them later; commitments nobody signed do not count. "
            "A deal of several producers counts once in each area that supplies it"
        ),
        N_("the day of the signature"),
        adds_up=False,
    ),
    FigureKey.DELIVERED: FigureRule(
        N_("Deliveries accepted"),
        N_(
            "orders whose goods the outlet accepted, and what was accepted at the agreed price; of "
            "several producers each area has the rupiah of what its own supplied"
        ),
        N_("the day the goods were accepted"),
        Amount.MONEY,
    ),
    FigureKey.RECEIVED: FigureRule(
        N_("Money received"),
        N_(
            "payments for orders that reached the producers; of several producers each area has "
            "the rupiah for what its own supplied"
        ),
        N_("the day of the payment"),
        Amount.MONEY,
        leads=True,
    ),
    FigureKey.OUTLETS_JABODETABEK: FigureRule(
        N_("New outlets in Jabodetabek"), _OUTLET, _AREA_NEW, Amount.STORES, adds_up=False
    ),
    FigureKey.OUTLETS_SUMATERA: FigureRule(
        N_("New outlets in the rest of Sumatra"), _OUTLET, _AREA_NEW, Amount.STORES, adds_up=False
    ),
    FigureKey.OUTLETS_OWN: FigureRule(
        N_("New outlets in the own province"), _OUTLET, _AREA_NEW, Amount.STORES, adds_up=False
    ),
    FigureKey.OUTLETS_OTHER: FigureRule(
        N_("New outlets elsewhere"), _OUTLET, _AREA_NEW, Amount.STORES, adds_up=False
    ),
}

AMOUNT_NAMES: Mapping[Amount, str] = {
    Amount.NONE: "",
    Amount.MONEY: N_("Rupiah"),
    Amount.STORES: N_("Stores"),
    Amount.EVENTS: N_("Events"),
}

# Where areas do not add up, and why; printed under the table of areas.
NOT_ADDITIVE = N_(
    "A producer who moved, an outlet that buys from two areas, or a deal of producers of two areas "
    "counts once in the whole and once in each of its areas. These figures may add up to more than "
    "the whole."
)
# What holds for all figures.
GENERAL = (
    N_("The area is that of the producer on the day that decides; it keeps what happened there."),
    N_(
        "The money of a deal of several producers is divided by what each supplies and adds up; "
        "the deal itself counts once in the whole and once in each area."
    ),
    N_("Days are those of Western Indonesian Time. Example data count where they are shown."),
)


class Place(StrEnum):
    """Where an outlet lies, seen from the producers' province: selling at home is no expansion."""

    JABODETABEK = "jabodetabek"
    SUMATERA = "sumatera"
    OWN = "own"
    OTHER = "other"


OUTLET_FIGURES: Mapping[FigureKey, Place] = {
    FigureKey.OUTLETS_JABODETABEK: Place.JABODETABEK,
    FigureKey.OUTLETS_SUMATERA: Place.SUMATERA,
    FigureKey.OUTLETS_OWN: Place.OWN,
    FigureKey.OUTLETS_OTHER: Place.OTHER,
}
ZONE_OF_PLACE: Mapping[Place, Zone] = {
    Place.JABODETABEK: Zone.JABODETABEK,
    Place.SUMATERA: Zone.SUMATERA,
    Place.OTHER: Zone.OTHER,
}

# What the trend draws, in this order.
TREND = (
    FigureKey.RECEIVED,
    FigureKey.DELIVERED,
    FigureKey.DEALT,
    FigureKey.MET,
    FigureKey.MATCHED,
    FigureKey.HELPED,
)


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows, and the sum of their amounts."""

    count: int = 0
    amount: int = 0

    def __add__(self, other: "Total") -> "Total":
        return Total(self.count + other.count, self.amount + other.amount)
