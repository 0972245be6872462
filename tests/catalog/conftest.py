"""A producer with one published product, the person who sells it, and forms filled in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from tests.conftest import SignIn
from tests.factories import make_person, make_producer, make_product
from tests.support.client import Client

FORM: dict[str, Any] = {
    "name": "Getas ikan tenggiri bulat",
    "category": "getas",
    "price": "15rb",
    "unit": "bungkus",
    "pack": "250 gr",
    "storage": "ambient",
    "halal_claim": "halal",
    "capacity": "120",
    "capacity_per": "week",
}


@dataclass(frozen=True, slots=True)
class Stall:
    """What a test of selling starts with: numbers, since rows are read anew after each request."""

    business_id: int
    product_id: int
    seller: Client


@pytest.fixture
def stall(app: Flask, signed_in: SignIn) -> Stall:
    business = make_producer(name="Dapur Uji")
    product = make_product(
        business, name="Kemplang panggang tenggiri", capacity_per_month=7_654, shelf_life_days=123
    )
    person = make_person("producer", works_for=business)
    business_id, product_id = business.id, product.id
    return Stall(business_id, product_id, signed_in(person))


@pytest.fixture
def filled() -> Callable[..., dict[str, Any]]:
    """The fields of a product form; a None takes a field out."""

    def fill(**changed: Any) -> dict[str, Any]:
        return {key: value for key, value in {**FORM, **changed}.items() if value is not None}

    return fill
