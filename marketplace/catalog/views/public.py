"""Pages for everybody: the catalogue, a product, its pictures."""

from urllib.parse import quote

from flask import make_response, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.businesses.rules import PAPER_NAMES
from marketplace.catalog import policies, queries, services
from marketplace.catalog.forms import BrowseForm
from marketplace.catalog.models import Product
from marketplace.catalog.queries import Wanted
from marketplace.catalog.rules import ProductState
from marketplace.catalog.views import shown
from marketplace.catalog.views.blueprint import bp
from marketplace.commodities.forms import unit_name
from marketplace.commodities.rules import categories
from marketplace.core.errors import NotFound
from marketplace.core.money import format_rupiah
from marketplace.core.text import N_
from marketplace.infra.i18n import say
from marketplace.infra.links import public_url
from marketplace.infra.share_images import draw_share_image
from marketplace.infra.storage import get_file, path_of
from marketplace.infra.web import current_actor, page_number, public
from marketplace.regions.rules import Zone

_DAY, _YEAR = 86_400, 31_536_000  # seconds


@bp.get("/products")
@public
def browse_products() -> ResponseReturnValue:
    """Search and filters; what cannot be read narrows nothing and says so."""
    details = policies.may_filter_by_trade_details(current_actor())
    form = BrowseForm(
        request.args, papers=[(kind.value, name) for kind, name in PAPER_NAMES.items()]
    )
    form.validate()
    wanted = _wanted(form, details=details)
    page = queries.page_of_public_products(wanted, number=page_number())
    return render_template(
        "catalog/browse_products.html",
        form=form,
        wanted=wanted,
        details=details,
        page=page,
        products=shown.cards_of(page.items),
        active=_active(wanted),
        may_post_need=policies.may_ask_introduction(current_actor())
        and shown.has_endpoint("demand.create_need"),
    )


def _wanted(form: BrowseForm, *, details: bool) -> Wanted:
    return Wanted(
        text="" if form.q.errors else form.q.data or "",
        category=form.category.data if form.category.data in categories() else "",
        zone=form.zone.data if form.zone.data in set(Zone) else "",
        min_price=form.min_price.data,
        max_price=form.max_price.data,
        sort=form.sorting,
        papers=_known_papers(form) if details else frozenset(),
        min_capacity=form.min_capacity.data if details else None,
    )


def _known_papers(form: BrowseForm) -> frozenset[str]:
    return frozenset(form.papers.data or ()) & {kind.value for kind in PAPER_NAMES}


def _active(wanted: Wanted) -> int:
    """How many filters narrow the list."""
    narrowing = (
        wanted.category,
        wanted.zone,
        wanted.papers,
        wanted.min_price is not None or wanted.max_price is not None,
        wanted.min_capacity is not None,
    )
    return sum(map(bool, narrowing))


@bp.get("/products/<int:product_id>")
@public
def show_product(product_id: int) -> ResponseReturnValue:
    product = queries.get_product(product_id)
    actor = current_actor()
    if not policies.may_see_product(actor, product):
        raise NotFound(N_("There is no such product."))
    details = policies.may_see_trade_details(actor, product)
    return render_template(
        "catalog/show_product.html",
        product=product,
        shown=shown,
        pack_of=services.pack_of,
        details=details,
        may_edit=policies.may_edit_product(actor, product),
        papers=[shown.paper_name(k) for k in queries.list_held_kinds(product)] if details else [],
        comparable=shown.comparable_of(product),
        address=_address(product),
        image=_share_image_url(product),
        whatsapp_url=f"https://wa.me/?text={quote(share_text(product))}",
        introduce_url=_introduce_url(product),
        ProductState=ProductState,
    )


def _share_image_url(product: Product) -> str | None:
    """Where a chat finds the picture of a product on offer; the rest is shared by nobody."""
    if product.state is not ProductState.PUBLISHED:
        return None
    # A new version is a new address: whoever kept the old picture fetches the new one.
    path = url_for(".show_share_image", product_id=product.id, v=product.version)
    return public_url(path)


@bp.get("/products/<int:product_id>/share.jpg")
@public
def show_share_image(product_id: int) -> ResponseReturnValue:
    """The picture a chat shows under a shared product: what everybody may read of it."""
    product = queries.get_product(product_id)
    if product.state is not ProductState.PUBLISHED:
        raise NotFound(N_("There is no such picture."))
    response = make_response(draw_share_image(shown.share_card_of(product)))
    response.mimetype = "image/jpeg"
    response.headers["Cache-Control"] = f"public, max-age={_DAY}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.add_etag()
    return response.make_conditional(request)


def _address(product: Product) -> str:
    return shown.absolute(url_for(".show_product", product_id=product.id))


def share_text(product: Product) -> str:
    """What "Share on WhatsApp" writes: name, price, maker and place, address."""
    pack = shown.pack_text(services.pack_of(product))
    name = f"{product.name} ({pack})" if pack else product.name
    price = (
        f"{format_rupiah(product.price)} / {unit_name(product.unit)}"
        if product.price is not None
        else _("price on request")
    )
    return say(
        N_("%(name)s\n%(price)s\nMade by %(producer)s, %(place)s\n%(address)s"),
        {
            "name": name,
            "price": price,
            "producer": product.business.name,
            "place": shown.place_of(product),
            "address": _address(product),
        },
    )


def _introduce_url(product: Product) -> str | None:
    endpoint = "suggestions.ask_for_product"
    shop = policies.may_ask_introduction(current_actor())
    if not shop or product.state is not ProductState.PUBLISHED or not shown.has_endpoint(endpoint):
        return None
    return url_for(endpoint, product_id=product.id)


@bp.get("/photos/<token>")
@public
def show_photo(token: str) -> ResponseReturnValue:
    """A picture of a product its visitor may see; the token never names another picture."""
    stored = get_file(token)
    product = queries.find_photo_product(stored) if stored.kind in {"photo", "thumb"} else None
    if product is None or not policies.may_see_product(current_actor(), product):
        raise NotFound(N_("There is no such picture."))
    if not path_of(stored).is_file():
        raise NotFound(N_("There is no such picture."))
    response = send_file(
        path_of(stored), mimetype=stored.media_type, etag=stored.sha256, max_age=_YEAR
    )
    everybody = product.state is ProductState.PUBLISHED
    scope = "public" if everybody else "private"
    response.headers["Cache-Control"] = f"{scope}, max-age={_YEAR}, immutable"
    # Others may show it where the link is shared (WhatsApp previews), nothing else of ours.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
