"""How a gap is closed, what that costs and how long it takes: as shipped, until the province edits.

Every entry names where it was read and when. Figures nobody could verify carry the mark [U]; they
are shown with it, so that an officer asks before a producer pays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_

_SEEN = date(2026, 11, 1)


@dataclass(frozen=True, slots=True)
class RemedyDraft:
    """`how` is read by producers. Costs in rupiah and days are ranges; None is not known."""

    how: str
    why: str = ""
    cost_low: int | None = None
    cost_high: int | None = None
    days_low: int | None = None
    days_high: int | None = None
    basis: str = ""
    source: str = ""
    seen_on: date | None = None
    is_verified: bool = False


def _remedy(how: str, why: str, **given: object) -> RemedyDraft:
    return RemedyDraft(how, why, seen_on=_SEEN, **given)  # type: ignore[arg-type]


# By kind of gap and detail. Texts are msgids; what the province writes replaces them as they are.
SHIPPED: Mapping[tuple[str, str], RemedyDraft] = MappingProxyType(
    {
        ("paper", "pirt"): _remedy(
            N_(
                "Apply in OSS with your NIB, follow the food safety course of the health office,"
                " and have your kitchen visited."
            ),
            N_("Processed food kept at room temperature needs a P-IRT or a BPOM number."),
            cost_low=0,
            cost_high=500_000,
            days_low=14,
            days_high=90,
            basis="PP 86/2019; BPOM 22/2018",
            source="oss.go.id",
        ),
        ("paper", "md"): _remedy(
            N_(
                "Register with BPOM: first the production premises, then the product with its"
                " laboratory tests and label. The BPOM office in Pangkalpinang helps small makers."
            ),
            N_("Frozen food, chilled animal products and liquid drinks cannot use a P-IRT."),
            cost_low=500_000,
            cost_high=5_000_000,
            days_low=60,
            days_high=180,
            basis="PP 86/2019; BPOM 22/2018",
            source="e-reg.pom.go.id",
        ),
        ("paper", "ml"): _remedy(
            N_("The importer registers the product with BPOM."),
            N_("Imported food needs a BPOM ML number."),
            basis="PP 86/2019",
            source="e-reg.pom.go.id",
        ),
        ("paper", "halal"): _remedy(
            N_(
                "Apply at BPJPH through SIHALAL; small makers of simple goods may declare it"
                " themselves with a companion, free of charge while the quota lasts."
            ),
            N_(
                "Since 17 October 2026 food and drink of micro and small firms must be halal"
                " certified, or carry the notice that it is not halal."
            ),
            cost_low=0,
            cost_high=650_000,
            days_low=15,
            days_high=60,
            basis="UU 33/2014; PP 42/2024 art. 160",
            source="ptsp.halal.go.id",
        ),
        ("paper", "nib"): _remedy(
            N_("Register at oss.go.id with your identity card; the office helps you do it."),
            N_("Every business needs its number; all other papers rest on it."),
            cost_low=0,
            cost_high=0,
            days_low=1,
            days_high=3,
            basis="PP 28/2025",
            source="oss.go.id",
        ),
        ("paper", "npwp"): _remedy(
            N_("Register at the tax office or online."),
            N_("Outlets need it to pay you."),
            cost_low=0,
            cost_high=0,
            days_low=1,
            days_high=7,
            source="pajak.go.id",
        ),
        ("paper", "brand"): _remedy(
            N_("File the name at DJKI; with a letter of the office small firms pay less."),
            N_("Some chains list only registered brands."),
            cost_low=500_000,
            cost_high=1_800_000,
            days_low=180,
            days_high=365,
            source="merek.dgip.go.id",
        ),
        ("barcode", ""): _remedy(
            N_("Join GS1 Indonesia and get a number for each pack size."),
            N_("Chains scan every pack at the till."),
            cost_low=500_000,
            cost_high=3_000_000,
            days_low=3,
            days_high=14,
            source="gs1id.org",
        ),
        ("unchecked", ""): _remedy(
            N_("Show the original to the office of your kabupaten/kota: it checks the paper."),
            N_("A paper counts for this need only once it was checked."),
            cost_low=0,
            cost_high=0,
            days_low=1,
            days_high=7,
        ),
        ("shelf_life", ""): _remedy(
            N_(
                "Try thicker packaging, vacuum or an oxygen absorber, and have the shelf life"
                " tested; a shorter time until you send helps too."
            ),
            N_("Outlets ask that goods keep long enough after they arrive."),
            days_low=30,
            days_high=90,
        ),
        ("packaging", ""): _remedy(
            N_("Have the packaging house look at it: material, seal, label with all that is due."),
            N_("Buyers who tried a sample were not satisfied with the packaging."),
            days_low=14,
            days_high=45,
        ),
        ("capacity", ""): _remedy(
            N_(
                "Make more with another shift or machine, or supply the need together with other"
                " makers: the office can form a pool."
            ),
            N_("These needs ask for more than you can make in a month."),
        ),
        ("price", ""): _remedy(
            N_(
                "Talk to the office about larger packs, cheaper freight or a price for larger"
                " quantities."
            ),
            N_("Your price with freight is above what these outlets pay."),
        ),
        ("capital", ""): _remedy(
            N_("Ask the office about KUR credit, or offer a term at which you are paid sooner."),
            N_("Goods sold here are paid later; until then your money is tied up."),
            days_low=14,
            days_high=45,
        ),
        ("min_order", ""): _remedy(
            N_("Lower the minimum order in your product, if that pays for you."),
            N_("These outlets take less than your minimum order."),
            cost_low=0,
            cost_high=0,
            days_low=0,
            days_high=0,
        ),
        ("terms", ""): _remedy(
            N_("Look at the terms asked and accept them in your product, if they suit you."),
            N_("These outlets pay in another way than you accept."),
            cost_low=0,
            cost_high=0,
            days_low=0,
            days_high=0,
        ),
        ("zone", ""): _remedy(
            N_("Add the region in your product, if you can deliver there."),
            N_("These outlets lie where you do not deliver."),
            cost_low=0,
            cost_high=0,
            days_low=0,
            days_high=0,
        ),
        ("storage", ""): _remedy(
            N_("Ask the office for an outlet with a freezer, or offer a kind that keeps."),
            N_("These outlets cannot keep the goods as cold as they need."),
        ),
        ("office_rule", ""): _remedy(
            N_("Ask the office: it can set its own rule aside."),
            N_("The office made a rule from earlier decisions."),
        ),
    }
)
HOW_MAX = 600


def check_remedy(draft: RemedyDraft) -> None:
    """Raise InvalidInput where a range is upside down or a verified figure names no source."""
    fields: dict[str, str] = {}
    if len(draft.how.strip()) < 5:
        fields["how"] = N_("Say in a few words what to do.")
    for low, high, name in (
        (draft.cost_low, draft.cost_high, "cost_high"),
        (draft.days_low, draft.days_high, "days_high"),
    ):
        if low is not None and high is not None and high < low:
            fields[name] = N_("The upper end lies below the lower one.")
    if draft.is_verified and not draft.source.strip():
        fields["source"] = N_("Name where this was read.")
    if fields:
        raise InvalidInput(N_("Please check what you entered."), fields=fields)
