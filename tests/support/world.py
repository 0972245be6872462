"""A small market in which everything exists once: what the access tests try to reach.

The names and numbers of side A are marked ("Kanari"), so that a page which shows one of them to
somebody who may not know it is caught wherever it appears.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from marketplace.accounts import queries as accounts
from marketplace.accounts.models import DataRequest, OfficeMembership, Person, SignInSession
from marketplace.accounts.rules import RequestKind
from marketplace.businesses.models import Branch, Business
from marketplace.businesses.rules import PaperKind, PaperState
from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState
from marketplace.commodities.models import Spelling
from marketplace.core.clock import now, today
from marketplace.deals.rules.lines import LineDraft
from marketplace.deals.rules.orders import NoticeKind
from marketplace.deals.rules.states import Origin
from marketplace.deals.rules.terms import Commitment, DealDraft, ItemDraft
from marketplace.deals.services import noticing, ordering, recording, signing
from marketplace.deals.services.ordering import OrderDraft
from marketplace.deals.services.steps import Evidence
from marketplace.demand.models import Need
from marketplace.demand.rules import NeedState
from marketplace.exchange.models import Import
from marketplace.infra import storage
from marketplace.infra.db import session
from marketplace.infra.jobs import Job, JobState
from marketplace.infra.transaction import transaction
from marketplace.meetings.models import Meeting, NextStep, PairRule, Sample
from marketplace.meetings.rules import MeetingState, Owner, PairWish
from marketplace.notifications.models import OutboxMessage
from marketplace.programs.guards import trainings as guards
from marketplace.programs.models import Certificate, FollowUp, SignUp
from marketplace.programs.queries import bazaars as bazaar_queries
from marketplace.programs.rules import ProgramKind, ProgramLevel
from marketplace.programs.rules.bazaars import BazaarDraft, DayDraft
from marketplace.programs.rules.leads import LeadDraft
from marketplace.programs.rules.trainings import SignUpState, SignUpWay
from marketplace.programs.rules.turnover import ReportSource, TurnoverDraft
from marketplace.programs.services import bazaars, following_up, leads, turnover
from marketplace.readiness.rules import RuleDraft, RuleSeverity
from marketplace.readiness.services import rulebook
from marketplace.regions.models import FreightLeg
from marketplace.register import queries as register
from marketplace.register.models import BusinessTwin
from marketplace.register.services import merging
from marketplace.suggestions import queries as suggestions
from marketplace.suggestions.models import Introduction
from marketplace.suggestions.services import computing, deciding
from tests import factories
from tests.programs import trainings
from tests.support.client import Client

ELSEWHERE, NEIGHBOUR = factories.BELITUNG, "16"
DEAL_IDS = ("deal_id", "item_id", "order_id", "notice_id", "file_id")

# What only some may know (domain.md, "who sees").
PRODUCER_CONTACT = ("Kanari Produsen", "81277771234")
BUYER_CONTACT = ("Kanari Pembeli", "81277775678")
OUTLET_NAME = "Gerai Kanari"
CEILING = "31.337"
CAPITAL = "77.123.456"
STALL_TURNOVER = "7.345.678"
LEAD_NAME = "Kanari Pencari"


@dataclass
class World:
    """`ids` holds, per name of a route's parameter, the record of side A it stands for."""

    ids: dict[str, Any] = field(default_factory=dict)
    owners: dict[str, Person] = field(default_factory=dict)
    strangers: dict[str, Person | None] = field(default_factory=dict)


def build(
    run_jobs: Callable[[], int], sign_in: Callable[[Person], Client], *, with_deal: bool = True
) -> World:
    """Write the market, let the engine suggest, and let the province accept one pairing.

    With a deal both sides know each other; without, its records are numbers nobody has.
    """
    world = World()
    name, phone = PRODUCER_CONTACT
    producer = factories.make_producer(
        name="Dapur Kanari",
        contact_name=name,
        phone=f"+62{phone}",
        working_capital=77_123_456,
        yearly_sales=300_000_000,
        yearly_sales_on=today(),
    )
    buyer_name, buyer_phone = BUYER_CONTACT
    outlet = factories.make_outlet(
        name=OUTLET_NAME,
        contact_name=buyer_name,
        phone=f"+62{buyer_phone}",
        kept_by=factories.BABEL,
    )
    product = factories.make_product(producer, name="Kemplang panggang tenggiri 250 g")
    factories.make_product(producer, name="Kemplang draf", state=ProductState.DRAFT)
    factories.make_paper(producer, kind=PaperKind.PIRT, covers=[product])
    factories.make_paper(
        producer, kind=PaperKind.HALAL, number="ID19110000012340126", covers=[product]
    )
    need = factories.make_need(outlet, title="Kemplang panggang 250gr", ceiling_price=31_337)
    factories.make_need(outlet, title="Kemplang lain", state=NeedState.DRAFT)

    world.owners = {
        "producer": factories.make_person("producer", works_for=producer),
        "buyer": factories.make_person("buyer", works_for=outlet),
        "regency": factories.make_person("regency"),
        "province": factories.make_person("province"),
        "admin": factories.make_person("admin"),
    }
    other_producer = factories.make_producer(region_code=ELSEWHERE)
    factories.make_product(other_producer, category_code="kopi", name="Kopi robusta 200 g")
    world.strangers = {
        "producer": factories.make_person("producer", works_for=other_producer),
        "buyer": factories.make_person("buyer"),
        "regency": factories.make_person("regency", area=ELSEWHERE),
        # An officer of another province: what lies in Babel is none of theirs, save its outlets.
        "neighbour": factories.make_person("province", area=NEIGHBOUR),
        "member": factories.make_person(),
        "anonymous": None,
    }
    world.ids = {
        "business_id": producer.id,
        "product_id": product.id,
        "need_id": need.id,
        "branch_id": session.query(Branch).filter_by(business_id=outlet.id).one().id,
        "person_id": world.owners["producer"].id,
        "import_id": _import(sign_in(world.owners["producer"])),
        **_suggested(world, product.id, need.id, run_jobs),
        **_rest(world, producer),
        "change_id": _rule_change(world.owners["province"]),
        "question_id": _questions(producer, outlet, product, need),
        **_doubles(world, producer),
        **(
            _deals(world, producer, product.id, outlet) if with_deal else dict.fromkeys(DEAL_IDS, 1)
        ),
        **_meeting(producer, outlet),
        **_training(world, producer),
        **_bazaar(world, producer),
        # Not records: words that stand in an address.
        "code": "id",
        "ending": "csv",
        "key": "kept",
        "gap": "barcode:",
        "format": "csv",
        "kind": "products",
    }
    return world


def _import(browser: Client) -> int:
    table = BytesIO(b"Nama produk,Harga\nKanari kering,12000\n")
    answer = browser.post("/import/products", data={"file": (table, "kanari.csv")})
    assert answer.status_code == 302, answer.text
    return session.query(Import).one().id


def _rule_change(province: Person) -> int:
    """A rule of eligibility the province has drafted a change of."""
    officer = accounts.actor_of(accounts.get_person(province.id))
    draft = RuleDraft("shelf_life", RuleSeverity.WARN, reason="Kanari minta dilonggarkan")
    with transaction():
        return rulebook.draft_change(actor=officer, draft=draft).id


def _suggested(
    world: World, product_id: int, need_id: int, run_jobs: Callable[[], int]
) -> dict[str, int]:
    with transaction():
        computing.schedule_for_need(need_id)
    run_jobs()
    found = suggestions.find_pair(product_id, need_id)
    assert found is not None, "the engine suggests the one product that fits"
    province = accounts.actor_of(accounts.get_person(world.owners["province"].id))
    with transaction():
        deciding.accept(actor=province, suggestion=suggestions.get_suggestion(found.id))
    return {
        "suggestion_id": found.id,
        "introduction_id": session.query(Introduction).one().id,
        "message_id": session.query(OutboxMessage).first().id,  # type: ignore[union-attr]
    }


def _meeting(producer: Business, outlet: Business) -> dict[str, int]:
    """An event at which side A is asked, and a meeting of its producer with somebody else."""
    event = factories.make_event(name="Temu Kanari")
    chair = factories.make_participant(event, producer)
    buyer = factories.make_participant(event, outlet)
    other = factories.make_participant(event, side="buyer")
    asked = factories.make_meeting_request(chair, buyer, agreed=False)
    agreed = factories.make_meeting_request(chair, other)
    pair = PairRule(
        event_id=event.id,
        producer_participant_id=chair.id,
        buyer_participant_id=other.id,
        wish=PairWish.MUST,
    )
    with transaction():
        session.add(pair)
    placed = factories.make_meeting(agreed)
    step = NextStep(
        meeting_id=placed.id, what="Kanari kirim daftar harga", owner=Owner.PRODUCER, due_on=today()
    )
    sample = Sample(meeting_id=placed.id, what="Kanari 250 g", send_by=now() + timedelta(hours=72))
    with transaction():
        meeting = session.get_one(Meeting, placed.id)
        meeting.state, meeting.ended_at = MeetingState.HELD, now()
        session.add_all([step, sample])
    return {
        "step_id": step.id,
        "sample_id": sample.id,
        "event_id": event.id,
        "participant_id": chair.id,
        "meeting_request_id": asked.id,
        "meeting_id": placed.id,
        "pair_id": pair.id,
    }


def _training(world: World, producer: Business) -> dict[str, int]:
    """A training of the kabupaten's office that ended 100 days ago and was opened again: side A's
    producer was there, holds a certificate and is to be called."""
    course = trainings.make_course(world.owners["regency"], starts=-102, title="Pelatihan Kanari")
    with transaction():
        sign_up = signing_up_late(course, producer)
    trainings.attend(course, sign_up)
    trainings.certify(course)
    with transaction():
        following_up.open_due(today())
    return {
        "training_id": course.id,
        "training_session_id": course.sessions[0],
        "sign_up_id": sign_up.id,
        "certificate_id": session.query(Certificate).one().id,
        "follow_up_id": session.query(FollowUp).one().id,
    }


def signing_up_late(course: trainings.Course, producer: Business) -> SignUp:
    """Nobody signs up for what is over: the row is written as it would stand there."""
    guards.take_seat(course.id)
    sign_up = SignUp(
        program_id=course.id,
        name=producer.contact_name,
        folded_name=producer.contact_name.lower(),
        phone=producer.phone,
        region_code=producer.region_code,
        business_id=producer.id,
        state=SignUpState.SEATED,
        way=SignUpWay.OFFICER,
        turn=1,
    )
    session.add(sign_up)
    session.flush()
    return sign_up


def _bazaar(world: World, producer: Business) -> dict[str, int]:
    """A bazaar of the province at which side A's producer has a stall, a figure and a contact."""
    province = accounts.actor_of(accounts.get_person(world.owners["province"].id))
    draft = BazaarDraft(
        kind=ProgramKind.BAZAAR,
        title="Bazar Kanari",
        level=ProgramLevel.PROVINCE,
        organiser="Dinas",
        region_code=factories.PANGKALPINANG,
        place="Alun-alun",
        days=(DayDraft(today()),),
        stalls=("1", "2"),
    )
    with transaction():
        program = bazaars.create_bazaar(actor=province, draft=draft)
        bazaars.add_participants(actor=province, program_id=program.id, business_ids=[producer.id])
        bazaars.open_bazaar(actor=province, bazaar_id=program.id)
        (holder,) = bazaar_queries.holders_of(program.id)
        turnover.enter_turnover(
            actor=province,
            holder_id=holder.id,
            day_on=today(),
            draft=TurnoverDraft(7_345_678),
            source=ReportSource.PAPER,
        )
        lead = leads.add_lead(
            actor=province,
            holder_id=holder.id,
            draft=LeadDraft(
                "Toko Pencari",
                "Kemplang 100 bungkus",
                True,
                LEAD_NAME,
                next_step="Kirim daftar",
                due_on=today(),
            ),
        )
    return {"bazaar_id": program.id, "holder_id": holder.id, "lead_id": lead.id}


def _questions(producer: Business, outlet: Business, product: Product, need: Need) -> int:
    """Each side asked the other, once answered and once not; the open one about the product."""
    answer = "Enam bulan, di tempat kering."
    factories.make_question(product, asker=outlet, text="Tahan berapa lama?", answer=answer)
    factories.make_question(
        need=need, asker=producer, text="Boleh kirim bertahap?", answer="Boleh."
    )
    factories.make_question(need=need, asker=producer, text="Kemasan plastik atau kertas?")
    return factories.make_question(product, asker=outlet, text="Ada ukuran 500 g?").id


def _deals(world: World, producer: Business, product_id: int, outlet: Business) -> dict[str, int]:
    """A signed deal with an order, what shows its signature, and a notice."""
    province = accounts.actor_of(accounts.get_person(world.owners["province"].id))
    maker = accounts.actor_of(
        accounts.get_person(world.owners["producer"].id), producer_ids=frozenset({producer.id})
    )
    branch = session.query(Branch).filter_by(business_id=outlet.id).one()
    draft = DealDraft(
        "Kemplang Kanari",
        items=(ItemDraft(product_id, 21_000, 50),),
        lines=(LineDraft(branch.region_code, 50, branch.id),),
        terms="outright",
        starts_on=today(),
        months=3,
    )
    with transaction():
        scan = storage.put_file(
            b"%PDF-1.4", kind="evidence", media_type="application/pdf", owner_id=province.person_id
        )
        deal = recording.record_commitment(
            actor=province,
            producer_id=producer.id,
            buyer_id=outlet.id,
            origin=Origin.DIRECT,
            commitment=Commitment("Kemplang Kanari"),
        )
        recording.change_deal(actor=province, deal=deal, draft=draft)
        signing.sign(actor=province, deal_id=deal.id, evidence=Evidence(today(), file=scan))
        order = ordering.order(
            actor=province,
            deal_id=deal.id,
            draft=OrderDraft(deal.lines[0].id, 5, today()),
            evidence=Evidence(today()),
        )
        notice = noticing.give_notice(
            actor=maker, deal=deal, kind=NoticeKind.LATE_PAYMENT, text="Kanari terlambat"
        )
    return {
        "deal_id": deal.id,
        "item_id": deal.items[0].id,
        "order_id": order.id,
        "notice_id": notice.id,
        "file_id": scan.id,
    }


def _doubles(world: World, producer: Business) -> dict[str, int]:
    """A pair of entries to judge, and two that were joined."""
    province = accounts.actor_of(accounts.get_person(world.owners["province"].id))
    alike, gone = (
        factories.make_producer(name=name, contact_name="", phone=producer.phone)
        for name in ("Dapur Kanarie", "Kanari Dapur")
    )
    with transaction():
        open_pair, joined = (
            BusinessTwin(first_id=first.id, second_id=second.id, grounds=["phone"], confidence=1)
            for first, second in ((producer, alike), (alike, gone))
        )
        session.add_all([open_pair, joined])
        session.flush()
        merge = merging.merge(
            actor=province,
            twin=register.get_twin(joined.id),
            keep_id=alike.id,
            taken_over=(),
            versions={alike.id: alike.version, gone.id: gone.version},
        )
    return {"twin_id": open_pair.id, "merge_id": merge.id}


def _rest(world: World, producer: Business) -> dict[str, int]:
    owner = world.owners["producer"]
    with transaction():
        scan = storage.put_file(
            b"%PDF-1.4", kind="scan", media_type="application/pdf", owner_id=owner.id, kept=True
        )
        paper = factories.make_paper(
            producer,
            kind=PaperKind.NIB,
            state=PaperState.ENTERED,
            number="9120001234567",
            scan_id=scan.id,
        )
        request = DataRequest(
            person_id=owner.id, kind=next(iter(RequestKind)), due_at=now() + timedelta(days=3)
        )
        signed_in = SignInSession(
            token_hash="0" * 64, person_id=owner.id, expires_at=now() + timedelta(days=1)
        )
        job = Job(kind="match_list", owner_id=owner.id, state=JobState.FAILED, message="Kanari")
        leg = FreightLeg(
            origin=factories.PANGKALPINANG,
            destination=factories.JAKARTA_SELATAN,
            rupiah_per_kg=4_000,
            days_median=5,
            days_p90=9,
            noted_on=today(),
            source="Kanari",
        )
        session.add_all([request, signed_in, job, leg])
    membership = (
        session.query(OfficeMembership).filter_by(person_id=world.owners["regency"].id).one()
    )
    return {
        "proposal_id": factories.make_proposal().id,
        "rule_id": factories.make_office_rule().id,
        "paper_id": paper.id,
        "request_id": request.id,
        "session_id": signed_in.id,
        "job_id": job.id,
        "leg_id": leg.id,
        "membership_id": membership.id,
        "spelling_id": session.query(Spelling).order_by(Spelling.id).first().id,  # type: ignore[union-attr]
    }
