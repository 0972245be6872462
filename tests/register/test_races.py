"""Two officers join the same entries at once: one merge counts, on both databases."""

import pytest
from flask import Flask

from marketplace.accounts import queries as accounts
from marketplace.businesses.models import Business
from marketplace.catalog.models import Product
from marketplace.core.errors import DomainError
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.register import queries
from marketplace.register.models import BusinessMerge
from marketplace.register.services import merging
from tests.factories import make_person, make_producer, make_product
from tests.register.conftest import join, make_twin, part
from tests.support.processes import in_processes

pytestmark = pytest.mark.both_databases


def merge_them(twin_id: int, keep_id: int, person_id: int) -> str:
    actor = accounts.actor_of(accounts.get_person(person_id))
    try:
        with transaction():
            twin = queries.get_twin(twin_id)
            versions = {twin.first_id: twin.first.version, twin.second_id: twin.second.version}
            merging.merge(
                actor=actor, twin=twin, keep_id=keep_id, taken_over=["name"], versions=versions
            )
    except DomainError as error:
        return type(error).__name__
    return "merged"


def undo_it(merge_id: int, person_id: int) -> str:
    actor = accounts.actor_of(accounts.get_person(person_id))
    try:
        with transaction():
            merging.undo(actor=actor, merge=queries.get_merge(merge_id))
    except DomainError as error:
        return type(error).__name__
    return "undone"


def add_products(business_id: int, count: int) -> None:
    for _ in range(count):
        with transaction():
            make_product(session.get_one(Business, business_id))


def test_merged_in_both_directions_at_once_one_entry_stays(app: Flask) -> None:
    first, second = make_producer(name="Kemplang A"), make_producer(name="Kemplang B")
    for business in (first, second):
        make_product(business)
    twin_id, officer = make_twin(first, second).id, make_person("province").id
    calls = [(twin_id, (first.id, second.id)[n % 2], officer) for n in range(4)]
    answers = in_processes(app, merge_them, calls)
    assert answers.count("merged") == 1
    assert set(answers) <= {"merged", "Conflict", "RuleBroken"}
    session.rollback()
    merge = session.query(BusinessMerge).one()
    assert {product.business_id for product in session.query(Product)} == {merge.survivor_id}
    assert session.get_one(Business, merge.survivor_id).merged_into_id is None


def test_three_entries_joined_in_a_ring_at_once_leave_one_that_stands(app: Flask) -> None:
    ring = [make_producer(name=f"Kemplang {letter}") for letter in "ABC"]
    officer = make_person("province").id
    pairs = [(ring[n], ring[(n + 1) % 3]) for n in range(3)]
    calls = [(make_twin(one, other).id, other.id, officer) for one, other in pairs]
    in_processes(app, merge_them, calls)
    session.rollback()
    entries = {entry.id: entry.merged_into_id for entry in session.query(Business)}
    standing = {number for number, into in entries.items() if into is None}
    assert standing
    assert all(into in standing for into in entries.values() if into is not None)


def test_a_merge_is_undone_once_by_two_officers(app: Flask) -> None:
    first, second = make_producer(name="Kemplang A"), make_producer(name="Kemplang B")
    product = make_product(second)
    officer = make_person("province").id
    actor = accounts.actor_of(accounts.get_person(officer))
    merge = join(actor, first, second)
    answers = in_processes(app, undo_it, [(merge.id, officer)] * 3)
    assert answers.count("undone") == 1
    session.rollback()
    session.expire_all()
    assert session.get_one(Product, product.id).business_id == second.id


def test_products_added_while_their_entry_is_merged_all_reach_the_survivor(app: Flask) -> None:
    first, second = make_producer(name="Kemplang A"), make_producer(name="Kemplang B")
    twin_id, officer = make_twin(first, second).id, make_person("province").id
    in_processes(app, either, [("add", second.id, 12), ("merge", twin_id, first.id, officer)])
    session.rollback()
    merge = session.query(BusinessMerge).one()
    with transaction():
        merging.follow_up(queries.get_merge(merge.id))
    assert session.query(Product).filter_by(business_id=first.id).count() == 12
    part(accounts.actor_of(accounts.get_person(officer)), merge)
    assert session.query(Product).filter_by(business_id=second.id).count() == 12


def either(what: str, *args: int) -> object:
    return add_products(*args) if what == "add" else merge_them(*args)
