"""Products in the words and numbers of a page."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from marketplace.businesses.rules import PAPER_NAMES, PaperKind
from marketplace.catalog import rules, services
from marketplace.catalog.models import Product
from marketplace.commodities.forms import unit_name
from marketplace.commodities.rules import UNITS, categories, is_food_or_drink
from marketplace.core.money import format_rupiah
from marketplace.core.quantity import BASE_UNIT, Kind, Quantity, comparable_price
from marketplace.infra.i18n import say, show_number
from marketplace.infra.share_images import ShareCard
from marketplace.infra.storage import StoredFile, read_file
from marketplace.regions.forms import place_name
from marketplace.regions.rules import region_name

# The drawing a category shows where there is no photo; a branch lends its own to its leaves.
_MOTIFS: Mapping[str, str] = {
    "kerupuk-camilan": "cracker",
    "kacang": "sack",
    "hasil-laut": "fish",
    "terasi": "jar",
    "rusip": "jar",
    "abon": "meat",
    "makanan-beku": "bowl",
    "bakso": "meat",
    "seafood-beku": "fish",
    "bumbu-dapur": "spice",
    "lada": "pepper",
    "sambal": "jar",
    "kecap-saus": "bottle",
    "kue-manisan": "cookie",
    "manisan": "fruit",
    "cokelat": "chocolate",
    "selai": "jar",
    "bahan-pangan": "sack",
    "madu": "honey",
    "mi": "bowl",
    "minyak": "bottle",
    "lauk-kemasan": "bowl",
    "segar": "leaf",
    "minuman": "bottle",
    "kopi": "coffee",
    "teh": "leaf",
    "kerajinan": "weaving",
    "batik": "batik",
    "timah": "pewter",
    "rumah-tangga": "box",
    "pembersih": "bottle",
    "perawatan": "soap",
    "minyak-gosok": "bottle",
    "busana": "bag",
}


def motif_of(category: str | None) -> str:
    tree = categories()
    while category and category in tree:
        if category in _MOTIFS:
            return _MOTIFS[category]
        category = tree[category].parent
    return "box"


def pack_text(pack: Quantity | None) -> str:
    """`250 g`, `1,5 kg`, `12 buah`: thousands of grams and millilitres in the larger unit."""
    if pack is None:
        return ""
    large = {Kind.MASS: "kg", Kind.VOLUME: "liter"}.get(pack.kind)
    if large and pack.amount >= 1000:
        return f"{show_number(pack.amount / 1000)} {unit_name(large)}"
    small = unit_name("pcs") if pack.kind is Kind.COUNT else BASE_UNIT[pack.kind]
    return f"{show_number(pack.amount)} {small}"


def comparable_of(product: Product) -> tuple[int, str] | None:
    """Rupiah per kilogram or litre, and that unit's name; None where it says nothing new."""
    if product.price is None:
        return None
    found = comparable_price(product.price, product.unit, services.pack_of(product))
    if found is None or found[1] is Kind.COUNT:
        return None
    return round(found[0]), unit_name("kg" if found[1] is Kind.MASS else "liter")


def is_food(product: Product) -> bool:
    return product.category_code is None or is_food_or_drink(product.category_code)


def gaps_of(product: Product) -> list[rules.Gap]:
    return rules.gaps_of(product, food=is_food(product), has_papers=bool(product.paper_links))


def paper_name(kind: str) -> str:
    return say(PAPER_NAMES[PaperKind(kind)])


def place_of(product: Product) -> str:
    return region_name(product.business.region_code)


def zone_names(product: Product) -> str:
    words = rules.split(product.zones)
    return ", ".join(place_name(word) for word in words) if words else _("everywhere")


def terms_names(product: Product) -> str:
    return ", ".join(say(rules.TERMS_NAMES[rules.Terms(t)]) for t in rules.split(product.terms))


def halal_name(product: Product) -> str:
    return say(rules.HALAL_NAMES[product.halal_claim])


def storage_name(product: Product) -> str | None:
    return say(rules.STORAGE_NAMES[product.storage]) if product.storage else None


# Where the form says what a gap misses, if its field is called otherwise or lies in a folded part.
_ANCHORS = {"halal_claim": "papers", "storage": "papers", "shelf_life_days": "papers"}
_ANCHORS |= dict.fromkeys(("capacity", "min_order", "lead_days", "terms"), "supply")
_ANCHORS |= {"weight": "more"}


def anchor_of(gap: rules.Gap) -> str:
    return _ANCHORS.get(gap.field, gap.field)


def photo_url(product: Product, *, thumb: bool = False) -> str | None:
    stored = product.thumb if thumb else product.photo
    return url_for("catalog.show_photo", token=stored.token) if stored else None


def share_card_of(product: Product) -> ShareCard:
    """What the picture under a shared link says, in Indonesian: one picture serves everybody."""
    with force_locale("id"):
        unit = UNITS.get(product.unit)
        price = _("price on request")
        if product.price is not None:
            price = format_rupiah(product.price) + (f" / {unit.name_id}" if unit else "")
    return ShareCard(
        name=product.name,
        price=price,
        producer=product.business.name,
        place=place_of(product),
        photo=_bytes_of(product.photo),
    )


def _bytes_of(photo: StoredFile | None) -> bytes:
    """The photo, or nothing where its bytes are gone: the picture is drawn without it."""
    try:
        return read_file(photo) if photo else b""
    except OSError:
        return b""


def card_of(product: Product, *, state: bool = False) -> dict[str, Any]:
    """A product as the card and row macros read it (templates/_macros/objects.html)."""
    return {
        "url": url_for("catalog.show_product", product_id=product.id),
        "name": product.name,
        "producer": product.business.name,
        "place": place_of(product),
        "price": product.price,
        "unit": unit_name(product.unit),
        "pack": pack_text(services.pack_of(product)),
        "photo": photo_url(product, thumb=True),
        "motif": motif_of(product.category_code),
        "state": product.state if state else None,
        "example": product.is_example,
    }


def cards_of(products: Iterable[Product]) -> list[dict[str, Any]]:
    return [card_of(product) for product in products]


def absolute(path: str) -> str:
    """The address others are sent: PUBLIC_URL where it is set, else the host that was asked."""
    base = str(current_app.config.get("PUBLIC_URL") or request.host_url).rstrip("/")
    return f"{base}{path}"


def has_endpoint(name: str) -> bool:
    """True where the room above is there: a link to it is shown only then."""
    return name in current_app.view_functions
