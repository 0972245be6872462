"""Reads: products one by one and in lists, the public search, offers for the engine."""

from marketplace.catalog.queries.live import (
    get_published_product,
    ids_with_papers_ended,
    list_published_of,
    live_ids,
    published_ids_of,
)
from marketplace.catalog.queries.offers import list_offers
from marketplace.catalog.queries.products import (
    OwnFilter,
    category_codes_of,
    count_by_state,
    find_photo_product,
    get_product,
    list_held_kinds,
    list_product_papers,
    list_products_of,
    page_of_area_products,
    page_of_own_products,
    products_by_ids,
)
from marketplace.catalog.queries.public import Wanted, page_of_public_products

__all__ = [
    "OwnFilter",
    "Wanted",
    "category_codes_of",
    "count_by_state",
    "find_photo_product",
    "get_product",
    "get_published_product",
    "ids_with_papers_ended",
    "list_held_kinds",
    "list_offers",
    "list_product_papers",
    "list_products_of",
    "list_published_of",
    "live_ids",
    "page_of_area_products",
    "page_of_own_products",
    "page_of_public_products",
    "products_by_ids",
    "published_ids_of",
]
