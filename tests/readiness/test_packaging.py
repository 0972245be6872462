"""Packaging falls short where an outlet that tried a sample says so."""

from datetime import timedelta
from itertools import count

import pytest

from marketplace.accounts import queries as accounts
from marketplace.businesses.models import Business
from marketplace.businesses.rules import PaperKind
from marketplace.catalog.models import Product
from marketplace.core.clock import now, today
from marketplace.deals.models import Deal, DealItem, DealSupply
from marketplace.deals.rules.states import DealState, Origin
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.meetings.models import Meeting, Sample
from marketplace.meetings.queries import meetings, results
from marketplace.meetings.rules import MeetingState
from marketplace.meetings.rules.results import Scores
from marketplace.meetings.services import samples
from marketplace.readiness import queries
from marketplace.readiness.queries import Scope, Total
from marketplace.readiness.rules.packaging import asked_words
from marketplace.suggestions.rules import RejectReason, SuggestionState
from tests.factories import (
    in_days,
    make_event,
    make_meeting,
    make_meeting_request,
    make_need,
    make_outlet,
    make_participant,
    make_person,
    make_producer,
    make_suggestion,
)
from tests.readiness.conftest import Measure
from tests.readiness.test_measuring import _product

pytestmark = pytest.mark.both_databases
# Nobody sits at two tables at once: each meeting has a day of its own.
_day = count(7)


def _maker() -> tuple[Business, Product]:
    producer = make_producer()
    return producer, _product(producer, PaperKind.PIRT, PaperKind.HALAL)


def _met(producer: Business, outlet: Business) -> Meeting:
    event = make_event(on=in_days(next(_day)))
    request = make_meeting_request(
        make_participant(event, producer), make_participant(event, outlet)
    )
    return make_meeting(request, state=MeetingState.HELD, ended_at=now())


def _judged(product: Product, outlet: Business, pack: int, *, days_ago: int = 0) -> Sample:
    """A sample of the product this outlet gave so many points for its pack."""
    meeting = _met(session.get_one(Business, product.business_id), outlet)
    at = now() - timedelta(days=days_ago)
    with transaction():
        sample = Sample(
            meeting_id=meeting.id,
            product_id=product.id,
            what=product.name,
            send_by=at,
            sent_at=at,
            received_at=at,
            judge_by=at,
            judged_at=at,
            taste_score=5,
            pack_score=pack,
            price_score=4,
        )
        session.add(sample)
    return sample


def _gaps() -> dict[str, Total]:
    return {line.kind.value: line.alone for line in queries.gap_lines(Scope())}


def test_a_need_of_an_outlet_that_found_the_pack_poor_is_kept_shut_by_it(measure: Measure) -> None:
    _producer, product = _maker()
    outlet = make_outlet()
    make_need(outlet, title="Kemplang panggang 250gr")
    make_need(title="Kemplang panggang 250gr")  # of an outlet that has tried nothing
    _judged(product, outlet, 2)
    measure()
    assert _gaps() == {"packaging": Total(needs=1, outlets=1, money=100 * 20_000)}


def test_good_enough_is_no_gap(measure: Measure) -> None:
    _producer, product = _maker()
    outlet = make_outlet()
    make_need(outlet, title="Kemplang panggang 250gr")
    _judged(product, outlet, 3)
    measure()
    assert _gaps() == {}


def test_the_newest_word_of_an_outlet_counts(measure: Measure) -> None:
    _producer, product = _maker()
    outlet = make_outlet()
    make_need(outlet, title="Kemplang panggang 250gr")
    _judged(product, outlet, 4, days_ago=1)
    _judged(product, outlet, 1, days_ago=30)
    measure()
    assert _gaps() == {}


def test_with_another_gap_it_opens_only_together(measure: Measure) -> None:
    _producer, product = _maker()
    outlet = make_outlet()
    make_need(outlet, title="Kemplang panggang 250gr", papers_required="gs1")
    _judged(product, outlet, 1)
    measure()
    lines = {line.kind.value: line for line in queries.gap_lines(Scope())}
    assert set(lines) == {"packaging", "barcode"}
    assert lines["packaging"].alone == Total()
    assert lines["packaging"].together.needs == 1


def test_an_accepted_pairing_still_has_its_packaging_to_close_a_rejected_one_not(
    measure: Measure,
) -> None:
    _producer, product = _maker()
    outlet = make_outlet()
    accepted = make_need(outlet, title="Kemplang panggang 250gr")
    rejected = make_need(outlet, title="Kemplang panggang tenggiri")
    make_suggestion(
        product, accepted, state=SuggestionState.ACCEPTED, decided_at=now(), decided_by_name="P"
    )
    make_suggestion(
        product,
        rejected,
        state=SuggestionState.REJECTED,
        reject_reason=RejectReason.OTHER,
        decided_at=now(),
        decided_by_name="P",
    )
    _judged(product, outlet, 2)
    measure()
    assert _gaps()["packaging"].needs == 1


def test_an_outlet_that_signed_took_the_goods_as_they_are(measure: Measure) -> None:
    producer, product = _maker()
    outlet = make_outlet()
    make_need(outlet, title="Kemplang panggang 250gr")
    _judged(product, outlet, 2)
    with transaction():
        deal = Deal(
            producer_id=producer.id,
            buyer_id=outlet.id,
            origin=Origin.DIRECT,
            area_code=producer.region_code,
            title="Kemplang",
            state=DealState.RUNNING,
            signed_on=today(),
            starts_on=today(),
            months=6,
            terms="outright",
        )
        session.add(deal)
        session.flush()
        item = DealItem(deal_id=deal.id, position=1, title="Kemplang", unit="pak", price=20_000)
        session.add(item)
        session.flush()
        session.add(DealSupply(item_id=item.id, product_id=product.id))
    measure()
    assert _gaps() == {}


def test_points_are_measured_as_soon_as_they_are_given(measure: Measure, run_jobs) -> None:
    _producer, product = _maker()
    outlet = make_outlet()
    make_need(outlet, title="Kemplang panggang 250gr")
    measure()
    assert _gaps() == {}
    meeting = _met(session.get_one(Business, product.business_id), outlet)
    officer = accounts.actor_of(accounts.get_person(make_person("province").id))
    with transaction():
        sample = samples.promise(
            actor=officer,
            meeting=meetings.get_meeting(meeting.id),
            what="Kemplang",
            product_id=product.id,
        )
        number = sample.id
    with transaction():
        samples.judge(
            actor=officer,
            sample=results.get_sample(number),
            scores=Scores(taste=5, pack=1, price=4),
        )
    run_jobs()
    assert set(_gaps()) == {"packaging"}


def test_the_producer_reads_how_many_outlets_and_the_next_step(measure: Measure, signed_in) -> None:
    producer, product = _maker()
    outlets = [make_outlet() for _ in range(3)]
    for outlet, pack in zip(outlets, (1, 2, 5), strict=True):
        _judged(product, outlet, pack)
    make_need(
        title="Kemplang panggang 250gr",
        papers_required="gs1",
        description="Oleh-oleh. Harus dalam kemasan kedap udara berlabel gizi. Terima kasih.",
    )
    measure()
    person = make_person("producer", works_for=producer)
    page = signed_in(person).get(f"/readiness/businesses/{producer.id}").text
    assert "2 gerai menilai kemasan contoh kurang baik" in page
    assert "dari 3 yang mencobanya" in page
    assert "Harus dalam kemasan kedap udara berlabel gizi." in page
    assert "Terima kasih" not in page
    assert "rumah kemasan" in page
    assert outlets[0].name not in page


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kirim tiap Senin. Dikemas vakum 250 g.", "Dikemas vakum 250 g."),
        ("Must be sealed; one carton a week", "Must be sealed;"),
        ("Labelnya nanti saja", ""),
        ("Rasa ikan yang kuat", ""),
        ("", ""),
    ],
)
def test_the_sentence_that_speaks_of_the_packaging_is_found(text: str, found: str) -> None:
    assert asked_words(text) == found
