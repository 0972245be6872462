"""Two entries of the register that are one business."""

from dataclasses import dataclass
from typing import Any

import pytest

from marketplace.accounts import queries as accounts
from marketplace.businesses.models import Business
from marketplace.core.actor import Actor
from marketplace.infra import search
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.register import queries
from marketplace.register.models import BusinessMerge, BusinessTwin
from marketplace.register.services import merging
from tests import factories


@dataclass
class Pair:
    """`kept` is to stay, `gone` to go into it; `officer` answers for both."""

    kept: Business
    gone: Business
    officer: Actor

    def twin(self) -> BusinessTwin:
        return make_twin(self.kept, self.gone)

    def join(self, **given: Any) -> BusinessMerge:
        return join(self.officer, self.kept, self.gone, **given)


def make_twin(one: Business, other: Business) -> BusinessTwin:
    found = queries.find_twin(one.id, other.id)
    if found is not None:
        return found
    first, second = sorted((one.id, other.id))
    with transaction():
        twin = BusinessTwin(first_id=first, second_id=second, grounds=["name"], confidence=0.9)
        session.add(twin)
    return twin


def join(
    actor: Actor, kept: Business, gone: Business, taken_over: tuple[str, ...] = ()
) -> BusinessMerge:
    number = make_twin(kept, gone).id
    with transaction():
        twin = queries.get_twin(number)
        versions = {twin.first_id: twin.first.version, twin.second_id: twin.second.version}
        merge = merging.merge(
            actor=actor, twin=twin, keep_id=kept.id, taken_over=taken_over, versions=versions
        )
        number = merge.id
    session.expire_all()
    return queries.get_merge(number)


def part(actor: Actor, merge: BusinessMerge) -> None:
    number = merge.id
    with transaction():
        merging.undo(actor=actor, merge=queries.get_merge(number))
    session.expire_all()


def actor_of(role: str, **given: Any) -> Actor:
    return accounts.actor_of(accounts.get_person(factories.make_person(role, **given).id))


@pytest.fixture
def pair(app: object) -> Pair:
    search.forget()
    kept = factories.make_producer(name="Kemplang Berkah")
    gone = factories.make_producer(name="UD Kemplang Berkah")
    return Pair(kept, gone, actor_of("province"))


@pytest.fixture
def shops(app: object) -> Pair:
    search.forget()
    kept = factories.make_outlet(name="Toko Rasa")
    gone = factories.make_outlet(name="Toko Rasa Jakarta")
    return Pair(kept, gone, actor_of("province"))
