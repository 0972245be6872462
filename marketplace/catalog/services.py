"""Writes of products: add, change, publish, pause, withdraw, take in from a file."""

from typing import Literal

from marketplace.audit import services as audit
from marketplace.businesses.models import Business
from marketplace.businesses.rules import BusinessKind
from marketplace.catalog import policies, queries, rules
from marketplace.catalog.events import (
    CapacityChanged,
    ProductChanged,
    ProductEnded,
    ProductPublished,
    ProductWithdrawn,
)
from marketplace.catalog.models import PriceBreak, Product, ProductPaper
from marketplace.catalog.rules import ProductDraft, ProductState
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import Conflict, InvalidInput, RuleBroken
from marketplace.core.quantity import Kind, Quantity
from marketplace.core.text import N_, fold
from marketplace.infra import events
from marketplace.infra.changes import note_change
from marketplace.infra.db import session
from marketplace.infra.images import Photo
from marketplace.infra.storage import StoredFile, put_file
from marketplace.infra.web import require

# The picture of a product and its thumbnail.
Pictures = tuple[StoredFile, StoredFile]
Outcome = Literal["added", "changed", "same"]

_VISIBLE = frozenset({ProductState.PUBLISHED, ProductState.PAUSED})


def add_product(
    *,
    actor: Actor,
    business: Business,
    draft: ProductDraft,
    publish: bool = False,
    pictures: Pictures | None = None,
    is_example: bool = False,
) -> Product:
    """Write down a product of a producer, as a draft or published at once."""
    require(policies.may_manage_products_of(actor, business))
    return _add(actor, business, draft, publish, pictures, is_example)


def _add(
    actor: Actor,
    business: Business,
    draft: ProductDraft,
    publish: bool,
    pictures: Pictures | None = None,
    is_example: bool = False,
) -> Product:
    if business.kind is not BusinessKind.PRODUCER:
        raise InvalidInput(N_("Only a producer can offer products."))
    rules.check_draft(draft)
    if publish:
        rules.check_publishable(draft)
    product = Product(
        business=business,
        price_breaks=[],
        paper_links=[],
        state=ProductState.DRAFT,
        is_example=is_example,
    )
    _fill(product, draft)
    _put_pictures(product, pictures)
    session.add(product)
    session.flush()
    _link_papers(product, draft.paper_ids)
    audit.record(actor, "product.added", product, name=product.name)
    if publish:
        _enter(actor, product, ProductState.PUBLISHED)
    note_change("product", product.id)
    return product


def change_product(
    *,
    actor: Actor,
    product: Product,
    draft: ProductDraft,
    version: int | None = None,
    publish: bool = False,
    pictures: Pictures | None = None,
) -> Outcome:
    """Say something else of a product; `version` is the one the person had before their eyes.

    Returns "same", and writes nothing, where nothing would change.
    """
    require(policies.may_edit_product(actor, product))
    if version is not None and version != product.version:
        raise Conflict(
            N_("Someone else changed this product meanwhile. Compare, then save yours again.")
        )
    return _change(actor, product, draft, publish, pictures)


def _change(
    actor: Actor,
    product: Product,
    draft: ProductDraft,
    publish: bool = False,
    pictures: Pictures | None = None,
) -> Outcome:
    if product.state is ProductState.WITHDRAWN:
        raise RuleBroken(N_("A withdrawn product cannot be changed. Add a new one."))
    rules.check_draft(draft)
    publish = publish and product.state is not ProductState.PUBLISHED
    if publish or product.state in _VISIBLE:
        rules.check_publishable(draft)
    if not publish and pictures is None and _says_the_same(product, draft):
        return "same"
    if product.capacity_per_month != draft.capacity_per_month:
        events.publish(CapacityChanged(product.id, draft.capacity_per_month))
    _fill(product, draft)
    _put_pictures(product, pictures)
    _link_papers(product, draft.paper_ids)
    # Prices by quantity and papers are rows of their own: the product counts as changed with them.
    product.updated_at = now()
    session.flush()
    audit.record(actor, "product.changed", product, name=product.name)
    if publish:
        _enter(actor, product, ProductState.PUBLISHED)
    elif product.state is ProductState.PUBLISHED:
        events.publish(ProductChanged(product.id))
    note_change("product", product.id)
    return "changed"


def publish_product(*, actor: Actor, product: Product) -> None:
    """Show a draft to everybody, or take a paused product up again."""
    require(policies.may_edit_product(actor, product))
    if product.state is ProductState.PUBLISHED:
        return  # a double press: it is done
    rules.check_publishable(draft_of(product))
    _enter(actor, product, ProductState.PUBLISHED)
    note_change("product", product.id)


def pause_product(*, actor: Actor, product: Product) -> None:
    """Hide a product for a while."""
    _hide(actor, product, ProductState.PAUSED)


def withdraw_product(*, actor: Actor, product: Product) -> None:
    """Take a product out of the catalogue for good; what was agreed on it stays readable."""
    _hide(actor, product, ProductState.WITHDRAWN)


def put_product(
    *,
    actor: Actor,
    business: Business,
    draft: ProductDraft,
    known: Product | None,
    publish: bool,
) -> Outcome:
    """Take in one row of a file; `known` is the product it speaks of, if there is one already.

    What the row leaves empty stays as it is, so that the same file twice changes nothing.
    `publish` shows new products and drafts at once; one that was paused stays paused.
    """
    require(policies.may_import_products_of(actor, business))
    if known is None:
        _add(actor, business, draft, publish)
        return "added"
    opens = publish and known.state is ProductState.DRAFT
    return _change(actor, known, rules.filled_up(draft, draft_of(known)), opens)


def store_photo(*, actor: Actor, photo: Photo, original_name: str) -> Pictures:
    """Keep an uploaded picture while its form is unfinished; after a day it is swept."""
    large, small = (
        put_file(
            data,
            kind=kind,
            media_type="image/webp",
            original_name=original_name,
            owner_id=actor.person_id,
        )
        for data, kind in ((photo.webp_640, "photo"), (photo.webp_320, "thumb"))
    )
    return large, small


def draft_of(product: Product) -> ProductDraft:
    """What a product says, in the form it was said in (loads: price_breaks, paper_links)."""
    return ProductDraft(
        name=product.name,
        category=product.category_code or "",
        price=product.price,
        unit=product.unit,
        pack=pack_of(product),
        weight_g=product.weight_g,
        brand=product.brand,
        description=product.description,
        min_order=product.min_order,
        capacity_per_month=product.capacity_per_month,
        shelf_life_days=product.shelf_life_days,
        lead_days=product.lead_days,
        storage=product.storage,
        halal_claim=product.halal_claim,
        zones=rules.split(product.zones),
        terms=rules.split(product.terms),
        price_breaks=tuple((each.min_quantity, each.price) for each in product.price_breaks),
        paper_ids=frozenset(link.paper_id for link in product.paper_links),
    )


def pack_of(product: Product) -> Quantity | None:
    return (
        Quantity(product.net_amount, Kind(product.net_kind))
        if product.net_amount is not None
        else None
    )


def _says_the_same(product: Product, draft: ProductDraft) -> bool:
    now_said = draft_of(product)
    return rules.in_order(draft, papers=now_said.paper_ids) == rules.in_order(now_said)


def _fill(product: Product, draft: ProductDraft) -> None:
    product.name, product.folded_name = draft.name, fold(draft.name)[:200]
    product.category_code = draft.category or None
    product.price, product.unit = draft.price, draft.unit
    product.net_amount = draft.pack.amount if draft.pack else None
    product.net_kind = draft.pack.kind.value if draft.pack else ""
    product.weight_g = draft.weight_g
    product.brand, product.description = draft.brand, draft.description
    product.min_order, product.capacity_per_month = draft.min_order, draft.capacity_per_month
    product.shelf_life_days, product.lead_days = draft.shelf_life_days, draft.lead_days
    product.storage, product.halal_claim = draft.storage, draft.halal_claim
    product.zones, product.terms = rules.joined(draft.zones), rules.joined(draft.terms)
    _set_price_breaks(product, dict(draft.price_breaks))


def _set_price_breaks(product: Product, wanted: dict[int, int]) -> None:
    """Change rows in place: deleting and adding the same quantity would break its uniqueness."""
    for row in list(product.price_breaks):
        if row.min_quantity in wanted:
            row.price = wanted.pop(row.min_quantity)
        else:
            product.price_breaks.remove(row)
    product.price_breaks += [
        PriceBreak(min_quantity=quantity, price=price) for quantity, price in wanted.items()
    ]


def _link_papers(product: Product, paper_ids: frozenset[int] | None) -> None:
    if paper_ids is None:
        return
    linked = {link.paper_id: link for link in product.paper_links}
    own = {paper.id for paper in queries.list_product_papers(product.business_id)}
    if not paper_ids <= own | linked.keys():
        raise InvalidInput(
            N_("Some of this cannot be used."),
            fields={"paper_ids": N_("Choose among the papers of this business.")},
        )
    for paper_id in linked.keys() - paper_ids:
        product.paper_links.remove(linked[paper_id])
    product.paper_links += [
        ProductPaper(paper_id=paper_id) for paper_id in sorted(paper_ids - linked.keys())
    ]
    session.flush()


def _put_pictures(product: Product, pictures: Pictures | None) -> None:
    if pictures is None:
        return
    for old in (product.photo, product.thumb):
        if old is not None and old not in pictures:
            old.kept = False  # swept with the unfinished uploads
    product.photo, product.thumb = pictures
    for picture in pictures:
        picture.kept = True


def _hide(actor: Actor, product: Product, then: ProductState) -> None:
    require(policies.may_edit_product(actor, product))
    if product.state is then:
        return  # a double press: it is done
    _enter(actor, product, then)
    note_change("product", product.id)


def _enter(actor: Actor, product: Product, then: ProductState) -> None:
    """Change the state and tell: the one place a product's state is set."""
    was_visible = product.state is ProductState.PUBLISHED
    rules.check_transition(product.state, then)
    before, product.state = product.state, then
    if then is ProductState.PUBLISHED:
        product.published_at = now()
    session.flush()
    audit.record(actor, f"product.{then.value}", product, name=product.name, before=before.value)
    if then is ProductState.PUBLISHED:
        events.publish(ProductPublished(product.id))
    elif was_visible:
        events.publish(ProductWithdrawn(product.id))
    if then is ProductState.WITHDRAWN:
        events.publish(ProductEnded(product.id))
