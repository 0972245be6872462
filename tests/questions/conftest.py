"""A product and a need with the people around them; their names must not be told too early."""

from dataclasses import dataclass

import pytest
from flask import Flask

from marketplace.accounts import queries as accounts
from marketplace.accounts.models import Person
from marketplace.businesses import queries as businesses
from marketplace.businesses.models import Business
from marketplace.catalog.models import Product
from marketplace.core.actor import Actor
from marketplace.demand.models import Need
from marketplace.infra.db import session
from marketplace.questions.models import Question
from tests.factories import (
    BELITUNG,
    make_need,
    make_outlet,
    make_person,
    make_producer,
    make_product,
)


@dataclass
class Market:
    producer: Business
    maker: Person
    product: Product
    outlet: Business
    buyer: Person
    need: Need
    province: Person
    regency: Person
    elsewhere: Person


@pytest.fixture
def market(app: Flask) -> Market:
    producer = make_producer(name="Dapur Kanari", contact_name="Ibu Melati")
    outlet = make_outlet(name="Gerai Rembulan", contact_name="Pak Merpati")
    return Market(
        producer,
        make_person("producer", works_for=producer),
        make_product(producer, name="Kemplang panggang 250 g"),
        outlet,
        make_person("buyer", works_for=outlet),
        make_need(outlet, title="Kemplang untuk oleh-oleh"),
        make_person("province"),
        make_person("regency"),
        make_person("regency", area=BELITUNG),
    )


def actor_of(person: Person) -> Actor:
    """The actor of a person who is not acting for anybody."""
    producers, outlets = businesses.ids_of_person(person.id)
    return accounts.actor_of(
        accounts.get_person(person.id), producer_ids=producers, outlet_ids=outlets
    )


def only_question() -> Question:
    session.expire_all()
    return session.query(Question).one()
