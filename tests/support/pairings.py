"""A market with its pairings, without waiting for the engine."""

from marketplace.businesses.models import Business
from marketplace.businesses.rules import BusinessKind
from marketplace.catalog.models import Product
from marketplace.demand.models import Need
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests import factories


def suggest(pairs: int) -> None:
    """Pairings as the engine would leave them in the queue, without waiting for it."""
    producers = session.query(Business).filter_by(kind=BusinessKind.PRODUCER).limit(45).all()
    outlets = session.query(Business).filter_by(kind=BusinessKind.OUTLET).limit(22).all()
    with transaction():
        for number in range(pairs):
            producer, outlet = producers[number % 45].id, outlets[number % 22].id
            product = session.query(Product).filter_by(business_id=producer).first()
            need = session.query(Need).filter_by(business_id=outlet).first()
            assert product is not None
            assert need is not None
            factories.make_suggestion(product, need, score=60 + number % 40)
