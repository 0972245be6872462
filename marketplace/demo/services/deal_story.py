"""The story's deal: from a commitment at an expo to two months of deliveries, and a repeat.

Everything in it is invented and marked as an example: the chain, its sixty outlets in Jabodetabek
and the ten provinces of Sumatra, the goods, the volumes and the money.
"""

from datetime import date, timedelta
from itertools import count

from marketplace.businesses.models import Branch, Business
from marketplace.businesses.rules import BusinessKind, OutletFormat
from marketplace.catalog.models import Product
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.core.text import fold
from marketplace.deals.models import Deal, Order
from marketplace.deals.rules.lines import LineDraft
from marketplace.deals.rules.months import add_months, month_of
from marketplace.deals.rules.orders import RejectReason
from marketplace.deals.rules.states import Origin
from marketplace.deals.rules.terms import Commitment, DealDraft, ItemDraft
from marketplace.deals.services import ordering, paying, pooling, recording, signing
from marketplace.deals.services.steps import Evidence
from marketplace.demo import queries
from marketplace.demo.services import bazaar_story
from marketplace.infra.db import session
from marketplace.regions.rules import Zone, regencies

OUTLETS, EACH = 60, 80  # outlets, and packs a month to each at full size
PRICE = 23_000
_LATE, _SHORT, _UNPAID = 11, 17, 3  # every so many orders come late, come short, stay unpaid


def play(officer: Actor, producer_name: str) -> Deal | None:
    """Play the whole story as the office; call inside a transaction."""
    product = queries.story_product(producer_name)
    if product is None:
        return None
    start = add_months(month_of(today()), -2)
    said_on = start - timedelta(days=40)
    expo = bazaar_story.play_expo(officer, producer_name, said_on)
    chain = _chain()
    deal = recording.record_commitment(
        actor=officer,
        producer_id=product.business_id,
        buyer_id=chain.id,
        origin=Origin.EXPO,
        commitment=Commitment(
            "Contoh: kemplang untuk 60 gerai Jabodetabek dan Sumatera",
            "Data contoh. Di pameran disanggupi: akan memenuhi gerai se-Jabodetabek dan Sumatera."
            " Jumlahnya belum disebut.",
        ),
        program_id=expo.id if expo is not None else None,
        lead_id=queries.story_contact(expo.id, product.business_id) if expo is not None else None,
        on=said_on,
        is_example=True,
    )
    _say_terms(officer, deal, product, chain, start)
    _fill_the_gap(officer, deal, product)
    signing.sign(
        actor=officer,
        deal_id=deal.id,
        evidence=Evidence(start - timedelta(days=10), "Data contoh: ditandatangani di dinas."),
        capital_reason="Data contoh: uang muka disepakati.",
    )
    numbers = count(1)
    for number in range(2):
        month = add_months(start, number)
        for order in _ordered(officer, deal, month):
            _bring(officer, order, month, next(numbers), is_last=number == 1)
    _ordered(officer, deal, month_of(today()))
    return deal


def _chain() -> Business:
    name = "Jaringan Oleh-Oleh Contoh"
    chain = Business(
        kind=BusinessKind.OUTLET,
        name=name,
        folded_name=fold(name),
        region_code="31.73",
        about="Data contoh. Gerai karangan untuk jalan cerita.",
        contact_name="Budi (contoh)",
        phone="+6281300002999",
        is_chain=True,
        outlet_format=OutletFormat.SOUVENIR,
        is_example=True,
    )
    session.add(chain)
    session.flush()
    session.add_all(
        Branch(business_id=chain.id, name=f"Gerai {number:02}", region_code=code)
        for number, code in enumerate(_places(), 1)
    )
    session.flush()
    return chain


def _places() -> list[str]:
    """Thirty outlets in the fourteen kabupaten/kota of Jabodetabek, three in each province."""
    jakarta = [code for code, one in regencies().items() if one.zone is Zone.JABODETABEK]
    sumatra = [code for code, one in regencies().items() if one.zone is Zone.SUMATERA]
    provinces = sorted({code[:2] for code in sumatra})
    there = [
        code
        for province in provinces
        for code in sorted(each for each in sumatra if each[:2] == province)[-3:]
    ]
    near = [jakarta[number % len(jakarta)] for number in range(OUTLETS - len(there))]
    return near + there


def _say_terms(officer: Actor, deal: Deal, product: Product, chain: Business, start: date) -> None:
    lines = tuple(
        LineDraft(branch.region_code, EACH, branch.id) for branch in queries.branches_of(chain.id)
    )
    recording.change_deal(
        actor=officer,
        deal=deal,
        draft=DealDraft(
            deal.title,
            deal.note,
            items=(ItemDraft(product.id, PRICE, EACH * len(lines)),),
            lines=lines,
            ramp=(20, 40, 60),
            terms="days",
            terms_days=30,
            returns="Data contoh: barang yang rusak saat tiba diganti pada kiriman berikutnya.",
            starts_on=start,
            months=12,
        ),
    )


def _fill_the_gap(officer: Actor, deal: Deal, product: Product) -> None:
    """The capacity does not suffice: two others who make the same goods close the gap."""
    item = deal.items[0]
    needed = item.volume or 0
    shares: dict[int, int] = {}
    # In whole percent, rounded up: what the first producer cannot make.
    short = max(0, -(-100 * (needed - (product.capacity_per_month or 0)) // needed))
    for other in sorted(
        pooling.candidates_of(item), key=lambda one: (-(one.capacity_per_month or 0), one.id)
    )[:2]:
        part = min(short - sum(shares.values()), 100 * (other.capacity_per_month or 0) // needed)
        # Two of them where one could: the story is about several small producers.
        shares[other.id] = part if shares else min(part, -(-short // 2))
    left = 100 - sum(shares.values())
    pooling.set_pool(
        actor=officer,
        deal=deal,
        item_id=item.id,
        shares={product.id: left, **shares},
        recipe="Data contoh: ikan tenggiri, dipanggang di atas arang, 200 g, kemasan yang sama.",
    )


def _ordered(officer: Actor, deal: Deal, month: date) -> list[Order]:
    day = min(month + timedelta(days=1), today())
    return ordering.order_month(
        actor=officer,
        deal_id=deal.id,
        month=month,
        wanted_on=month + timedelta(days=13),
        evidence=Evidence(day),
    )


def _bring(officer: Actor, order: Order, month: date, number: int, *, is_last: bool) -> None:
    """Send, receive, take, invoice; the first month is paid, most of the second one too."""

    def on(day: int) -> Evidence:
        return Evidence(min(month + timedelta(days=day), today()))

    ordering.send(actor=officer, order_id=order.id, evidence=on(6))
    came = 15 if number % _LATE == 0 else 11
    ordering.receive(actor=officer, order_id=order.id, evidence=on(came))
    short = number % _SHORT == 0
    ordering.accept(
        actor=officer,
        order_id=order.id,
        accepted=order.quantity - (2 if short else 0),
        reason=RejectReason.DAMAGED if short else None,
        evidence=on(came),
    )
    found = paying.invoice(actor=officer, order_id=order.id, evidence=on(came + 1))
    if not is_last or number % _UNPAID:
        paying.pay(
            actor=officer,
            order_id=order.id,
            amount=found.invoice_amount,
            evidence=on(came + 26),
        )
