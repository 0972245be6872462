"""Rows for tests: `make_product()` is a complete, ordinary one; say only what matters to the test.

Each function writes in a transaction of its own, or in the one that is open.
"""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
from functools import cache
from typing import Any

from marketplace.accounts import rules as account_rules
from marketplace.accounts.models import Office, OfficeMembership, Person
from marketplace.accounts.rules import OfficeLevel, OfficeRole, PersonState
from marketplace.businesses.models import Branch, Business, Membership, Paper
from marketplace.businesses.rules import BusinessKind, OutletFormat, PaperKind, PaperState
from marketplace.catalog.models import Product, ProductPaper
from marketplace.catalog.rules import HalalClaim, ProductState, Storage
from marketplace.core.clock import now, today
from marketplace.core.text import fold
from marketplace.demand.models import Need, NeedLine
from marketplace.demand.rules import NeedState
from marketplace.infra.db import session, writing
from marketplace.infra.hashing import hash_password
from marketplace.infra.transaction import transaction
from marketplace.learning.models import OfficeRule, WeightProposal
from marketplace.matching import DEFAULT_SETTINGS
from marketplace.meetings.models import (
    EventDay,
    Meeting,
    MeetingEvent,
    MeetingRequest,
    Participant,
)
from marketplace.meetings.rules import (
    EventKind,
    EventState,
    ParticipantState,
    RequestedBy,
    RequestState,
    Side,
)
from marketplace.meetings.rules.grid import instant
from marketplace.questions.models import Question
from marketplace.questions.rules import AnsweredBy, QuestionState
from marketplace.suggestions.models import EngineVersion, Introduction, Suggestion
from marketplace.suggestions.rules import INTRODUCTION_DAYS

PASSWORD = "perahu kayu biru"
BABEL, PANGKALPINANG, BANGKA, BELITUNG = "19", "19.71", "19.01", "19.02"
JAKARTA_SELATAN, PALEMBANG = "31.74", "16.71"

_serial = itertools.count(1)


@contextmanager
def _written() -> Iterator[None]:
    if writing.get():
        yield
        session.flush()
    else:
        with transaction():
            yield


@cache
def _password_hash() -> str:
    return hash_password(PASSWORD)


def make_office(region_code: str = BABEL, **given: Any) -> Office:
    """The office of a province (`19`) or of a kabupaten/kota (`19.71`); one per region."""
    found = session.query(Office).filter_by(region_code=region_code).one_or_none()
    if found is not None:
        return found
    level = OfficeLevel.REGENCY if "." in region_code else OfficeLevel.PROVINCE
    office = Office(name=f"Dinas {region_code}", level=level, region_code=region_code, **given)
    with _written():
        session.add(office)
    return office


def make_person(
    role: str | None = None,
    *,
    works_for: Business | Sequence[Business] = (),
    area: str | None = None,
    **given: Any,
) -> Person:
    """An active person who agreed to the terms; the password is `PASSWORD`.

    `role`: `producer` and `buyer` get a business of their own unless `works_for` names one;
    `province` and `regency` are officers (of `area`), `admin` is an administrator.
    """
    number = next(_serial)
    if role in {"producer", "buyer"} and not works_for:
        works_for = make_producer() if role == "producer" else make_outlet()
    businesses = [works_for] if isinstance(works_for, Business) else list(works_for)
    values: dict[str, Any] = {
        "full_name": f"Orang {number}",
        "phone": f"+62812{number:08}",
        "password_hash": _password_hash(),
        "state": PersonState.ACTIVE,
        "consented_at": now(),
        "consent_version": account_rules.CONSENT_VERSION,
        **given,
    }
    person = Person(**values)
    with _written():
        session.add(person)
        session.flush()
        for business in businesses:
            session.add(Membership(person_id=person.id, business_id=business.id))
        if role in {"province", "regency", "admin"}:
            office = make_office(area or (PANGKALPINANG if role == "regency" else BABEL))
            kind = OfficeRole.ADMINISTRATOR if role == "admin" else OfficeRole.OFFICER
            session.add(OfficeMembership(person_id=person.id, office_id=office.id, role=kind))
    return person


def _make_business(kind: BusinessKind, name: str, given: dict[str, Any]) -> Business:
    values: dict[str, Any] = {
        "kind": kind,
        "name": name,
        "folded_name": fold(str(given.get("name", name))),
        "contact_name": "Ibu Contoh",
        "phone": f"+62813{next(_serial):08}",
        **given,
    }
    business = Business(**values)
    with _written():
        session.add(business)
    return business


def make_producer(**given: Any) -> Business:
    """A producer in Pangkalpinang."""
    values = {"region_code": PANGKALPINANG, **given}
    return _make_business(BusinessKind.PRODUCER, f"Produsen {next(_serial)}", values)


def make_outlet(*, branches: Sequence[str] = (JAKARTA_SELATAN,), **given: Any) -> Business:
    """An outlet with a branch in each of the kabupaten/kota `branches`; several make it a chain."""
    values: dict[str, Any] = {
        "region_code": branches[0] if branches else JAKARTA_SELATAN,
        "is_chain": len(branches) > 1,
        "outlet_format": OutletFormat.SOUVENIR,
        **given,
    }
    with _written():
        outlet = _make_business(BusinessKind.OUTLET, f"Gerai {next(_serial)}", values)
        for number, region_code in enumerate(branches, 1):
            make_branch(outlet, name=f"Cabang {number}", region_code=region_code)
    return outlet


def make_branch(outlet: Business, **given: Any) -> Branch:
    values = {"name": f"Cabang {next(_serial)}", "region_code": JAKARTA_SELATAN, **given}
    branch = Branch(business_id=outlet.id, **values)
    with _written():
        session.add(branch)
    return branch


def make_paper(
    business: Business,
    *,
    kind: PaperKind = PaperKind.PIRT,
    state: PaperState = PaperState.VERIFIED,
    covers: Sequence[Product] = (),
    **given: Any,
) -> Paper:
    """A verified P-IRT paper, valid for two more years."""
    values: dict[str, Any] = {
        "number": f"206197101{next(_serial):04}-31",
        "valid_from": today() - timedelta(days=30),
        "valid_to": today() + timedelta(days=730),
        **given,
    }
    if state is not PaperState.ENTERED:
        values = {"decided_by_id": 0, "decided_by_name": "Petugas", "decided_at": now(), **values}
    paper = Paper(business_id=business.id, kind=kind, state=state, **values)
    with _written():
        session.add(paper)
        session.flush()
        for product in covers:
            session.add(ProductPaper(product_id=product.id, paper_id=paper.id))
    return paper


def make_product(
    business: Business | None = None,
    *,
    state: ProductState = ProductState.PUBLISHED,
    **given: Any,
) -> Product:
    """A published pack of kemplang at Rp20.000 with everything said about it."""
    business = business or make_producer()
    name = str(given.get("name", f"Kemplang Ikan {next(_serial)}"))
    values: dict[str, Any] = {
        "name": name,
        "folded_name": fold(name),
        "category_code": "kemplang",
        "price": 20_000,
        "unit": "bungkus",
        "net_amount": 250,
        "net_kind": "mass",
        "weight_g": 300,
        "min_order": 20,
        "capacity_per_month": 2_000,
        "shelf_life_days": 180,
        "lead_days": 3,
        "storage": Storage.AMBIENT,
        "halal_claim": HalalClaim.HALAL,
        "published_at": now() if state is not ProductState.DRAFT else None,
        **given,
    }
    product = Product(business_id=business.id, state=state, **values)
    with _written():
        session.add(product)
    return product


def make_need(
    outlet: Business | None = None,
    *,
    state: NeedState = NeedState.OPEN,
    volumes: dict[str, int | None] | None = None,
    **given: Any,
) -> Need:
    """An open need for kemplang, 100 packs a month in Jakarta Selatan.

    `volumes` maps region codes to packs a month, one line each.
    """
    outlet = outlet or make_outlet()
    values: dict[str, Any] = {
        "title": f"Kemplang ikan {next(_serial)}",
        "category_code": "kemplang",
        "unit": "bungkus",
        "net_amount": 250,
        "net_kind": "mass",
        "ceiling_price": 30_000,
        "min_shelf_life_days": 60,
        "terms": "outright",
        "needed_on": today() + timedelta(days=30),
        "published_at": now() if state is not NeedState.DRAFT else None,
        **given,
    }
    need = Need(business_id=outlet.id, state=state, **values)
    with _written():
        session.add(need)
        session.flush()
        for region_code, volume in (volumes or {JAKARTA_SELATAN: 100}).items():
            session.add(NeedLine(need_id=need.id, region_code=region_code, volume_per_month=volume))
    return need


def make_engine_version() -> EngineVersion:
    found = session.query(EngineVersion).first()
    if found is not None:
        return found
    version = EngineVersion(engine="test", digest="0" * 64, settings={})
    with _written():
        session.add(version)
    return version


def make_suggestion(
    product: Product | None = None, need: Need | None = None, **given: Any
) -> Suggestion:
    """A proposed, eligible pairing with empty evidence; the engine's own come from its services."""
    product, need = product or make_product(), need or make_need()
    producer = session.get_one(Business, product.business_id)
    values: dict[str, Any] = {
        "area_code": producer.region_code,
        "is_eligible": True,
        "score": 70,
        "confidence": 0.8,
        "volume_per_month": 100,
        "money_per_month": 2_000_000,
        "lines_passing": 1,
        "lines_total": 1,
        "evidence": {},
        "inputs": {},
        "engine_version_id": make_engine_version().id,
        **given,
    }
    suggestion = Suggestion(product_id=product.id, need_id=need.id, **values)
    with _written():
        session.add(suggestion)
    return suggestion


def make_introduction(suggestion: Suggestion | None = None, **given: Any) -> Introduction:
    suggestion = suggestion or make_suggestion()
    values = {"expires_at": now() + timedelta(days=INTRODUCTION_DAYS), **given}
    introduction = Introduction(suggestion_id=suggestion.id, **values)
    with _written():
        session.add(introduction)
    return introduction


def make_question(
    product: Product | None = None,
    *,
    need: Need | None = None,
    asker: Business | None = None,
    **given: Any,
) -> Question:
    """An open question: of an outlet about a product, or with `need` of a producer about that."""
    if need is not None:
        asker = asker or make_producer()
        area = asker.region_code
    else:
        product, asker = product or make_product(), asker or make_outlet()
        area = session.get_one(Business, product.business_id).region_code
    values: dict[str, Any] = {"text": "Berapa lama tahan setelah dibuka?", **given}
    if values.get("answer"):
        values = {
            "state": QuestionState.ANSWERED,
            "answered_at": now(),
            "answered_by": AnsweredBy.OWNER,
            **values,
        }
    question = Question(
        product_id=product.id if product is not None else None,
        need_id=need.id if need is not None else None,
        asker_id=asker.id,
        area_code=area,
        **values,
    )
    with _written():
        session.add(question)
    return question


def make_proposal(**given: Any) -> WeightProposal:
    """Proposed weights under which the way counts half more."""
    fit = {**asdict(DEFAULT_SETTINGS.fit), "distance": 60}
    values: dict[str, Any] = {
        "version": next(_serial),
        "settings": {"fit": fit, "text_percent": 100},
        "against": 0,
        "changes": [{"component": "distance", "before": 40, "after": 60, "percent": 50}],
        "examples": [],
        "decisions": 90,
        "accepted": 50,
        "rejected": 40,
        "first_on": today() - timedelta(days=60),
        "last_on": today(),
        "order_before": 0.7,
        "order_after": 0.75,
        "lift": 0.05,
        "lift_low": 0.01,
        "lift_high": 0.09,
        "calibration_before": 0.1,
        "calibration_after": 0.05,
        **given,
    }
    proposal = WeightProposal(**values)
    with _written():
        session.add(proposal)
    return proposal


def make_office_rule(**given: Any) -> OfficeRule:
    """A draft seen in the decisions: more than five days on the way."""
    values: dict[str, Any] = {
        "pattern": f"days|||{next(_serial)}",
        "quantity": "days",
        "above": 5,
        "support": 14,
        "rejected": 14,
        "usual_percent": 40,
        "reasons": {"too_far": 14},
        "seen_in": [],
        **given,
    }
    rule = OfficeRule(**values)
    with _written():
        session.add(rule)
    return rule


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def make_event(**given: Any) -> MeetingEvent:
    """Invitations are out, in a week from nine to twelve: nine slots of 20 minutes, five tables."""
    values: dict[str, Any] = {
        "name": f"Temu Bisnis {next(_serial)}",
        "kind": EventKind.OWN,
        "office_id": make_office().id,
        "region_code": PANGKALPINANG,
        "place": "Aula Dinas",
        "slot_minutes": 20,
        "tables": 5,
        "state": EventState.OPEN,
        **given,
    }
    on = values.pop("on", in_days(7))
    starts, ends = values.pop("starts", 9 * 60), values.pop("ends", 12 * 60)
    event = MeetingEvent(**values)
    event.days = [EventDay(day_on=on, starts=starts, ends=ends)]
    event.breaks = []
    with _written():
        session.add(event)
    return event


def make_participant(
    event: MeetingEvent, business: Business | None = None, *, side: str = "producer", **given: Any
) -> Participant:
    """Somebody who said yes; a producer unless `side` or the business says otherwise."""
    if business is None:
        business = make_producer() if side == "producer" else make_outlet()
    kind = Side.PRODUCER if business.kind is BusinessKind.PRODUCER else Side.BUYER
    values: dict[str, Any] = {
        "state": ParticipantState.CONFIRMED,
        "answered_at": now(),
        "person_name": business.contact_name,
        "phone": business.phone,
        **given,
    }
    participant = Participant(
        event_id=event.id, business_id=business.id, business=business, side=kind, **values
    )
    with _written():
        session.add(participant)
    return participant


def make_meeting_request(
    producer: Participant, buyer: Participant, *, agreed: bool = True, **given: Any
) -> MeetingRequest:
    """Both said yes to it, unless `agreed` is false: then both are still to answer."""
    yes = now() if agreed else None
    values: dict[str, Any] = {
        "event_id": producer.event_id,
        "area_code": session.get_one(Business, producer.business_id).region_code,
        "state": RequestState.AGREED if agreed else RequestState.ASKED,
        "producer_agreed_at": yes,
        "buyer_agreed_at": yes,
        "requested_by": RequestedBy.OFFICER,
        "weight": 50,
        "expires_at": now() + timedelta(days=5),
        **given,
    }
    request = MeetingRequest(producer_id=producer.business_id, buyer_id=buyer.business_id, **values)
    with _written():
        session.add(request)
    return request


def make_meeting(request: MeetingRequest, slot: int = 0, table: int = 1, **given: Any) -> Meeting:
    """The place of a request in its event; `table` counts from 1."""
    event = session.get_one(MeetingEvent, request.event_id)
    day = session.query(EventDay).filter_by(event_id=event.id).order_by(EventDay.day_on).first()
    assert day is not None
    starts_at = instant(day.day_on, day.starts + slot * event.slot_minutes)
    values: dict[str, Any] = {
        "event_id": event.id,
        "area_code": request.area_code,
        "slot": slot,
        "table_number": table,
        "starts_at": starts_at,
        "minutes": event.slot_minutes,
        "place": event.place,
        **given,
    }
    meeting = Meeting(
        request_id=request.id,
        producer_id=request.producer_id,
        buyer_id=request.buyer_id,
        **values,
    )
    with _written():
        session.add(meeting)
    return meeting
