"""The story's deal is played whole on any market that has its goods."""

import pytest
from flask import Flask

from marketplace.accounts import queries as accounts
from marketplace.businesses.models import Business
from marketplace.core.clock import today
from marketplace.deals import queries
from marketplace.deals.documents import overview
from marketplace.deals.models import Order
from marketplace.deals.rules.orders import OrderState
from marketplace.deals.rules.states import DealState
from marketplace.deals.rules.timeline import milestones_of
from marketplace.demo.services import deal_story
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.programs.queries import bazaars as programs
from marketplace.programs.queries import leads
from marketplace.programs.rules import ProgramKind
from tests.conftest import SignIn
from tests.factories import make_person, make_producer, make_product


@pytest.fixture
def story_maker(app: Flask) -> Business:
    producer = make_producer(name="Dua Sehati (contoh)")
    make_product(producer, capacity_per_month=3_000, is_example=True)
    for capacity in (2_000, 1_200):
        make_product(capacity_per_month=capacity)
    return producer


def test_from_the_expo_to_the_repeat(story_maker: Business, signed_in: SignIn) -> None:
    officer = make_person("province")
    with transaction():
        played = deal_story.play(accounts.actor_of(accounts.get_person(officer.id)), "Dua Sehati")
    assert played is not None
    deal = queries.get_deal(played.id)
    assert deal.is_example
    assert deal.program_id is not None
    expo = programs.get_bazaar(deal.program_id)
    assert (expo.kind, expo.is_example) == (ProgramKind.EXPO, True)
    assert leads.count_of_program(expo.id, today()).commitments == 1
    assert deal.lead_id is not None
    assert leads.get_lead(deal.lead_id).outlet_name == deal.buyer.name
    assert deal.state is DealState.RUNNING
    assert len(deal.lines) == 60
    assert [supply.share_percent for supply in deal.items[0].supplies] == [62, 19, 19]
    told = milestones_of(queries.days_of_orders(deal.id))
    assert None not in (told.first_order, told.delivered, told.paid, told.repeat)
    states = [order.state for order in session.query(Order).filter_by(deal_id=deal.id)]
    assert len(states) == 180
    assert states.count(OrderState.PAID) > states.count(OrderState.INVOICED) > 0
    zones = overview.areas_of(deal)
    assert sorted(area.places for area in zones) == [30, 30]
    assert max(len(area.inside) for area in zones) == 10
    assert overview.months_of(deal)[-1].gap == 1_800
    page = signed_in(officer).text(f"/deals/{deal.id}/overview")
    assert "karangan" in page
    assert "1.800" in page
    drawn = overview.map_of(queries.get_deal(played.id))  # read again: the page ended the session
    assert len(drawn.lines) == 10  # Jabodetabek is one place, Bangka Belitung itself has no line
    assert drawn.not_drawn == ()
    promised = sum(area.promised_money for area in zones)
    assert sum(spot.value for spot in drawn.spots) == promised
    assert page.count('class="flow"') == 10


def test_without_its_goods_there_is_no_story(app: Flask) -> None:
    officer = make_person("province")
    with transaction():
        actor = accounts.actor_of(accounts.get_person(officer.id))
        assert deal_story.play(actor, "Dua Sehati") is None
