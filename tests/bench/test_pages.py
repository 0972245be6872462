"""The market whose pages are measured: its made-up history stands all constraints."""

from flask import Flask

from bench.history import History, is_filled
from marketplace.infra.transaction import transaction
from tests import factories
from tests.factories import BANGKA, PANGKALPINANG


def test_a_history_fills_what_the_pages_count(app: Flask) -> None:
    for region in (PANGKALPINANG, BANGKA):
        producer = factories.make_producer(region_code=region)
        for _n in range(12):
            factories.make_product(producer)
    for _n in range(40):
        factories.make_need(factories.make_outlet())
    factories.make_suggestion()  # whose evidence the others carry
    assert not is_filled()
    with transaction():
        counts = History().fill()
    assert all(counts.values()), counts
    assert is_filled()
