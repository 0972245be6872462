"""Put demonstration data into an empty database."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from marketplace.accounts import queries as accounts
from marketplace.accounts import services as account_services
from marketplace.accounts.models import Office, OfficeMembership, Person
from marketplace.accounts.rules import CONSENT_VERSION, OfficeRole, PersonState
from marketplace.businesses.models import Branch, Business, Membership, Paper
from marketplace.businesses.rules import BusinessKind, PaperState
from marketplace.catalog.models import PriceBreak, Product, ProductPaper
from marketplace.catalog.rules import ProductState
from marketplace.core.actor import SYSTEM
from marketplace.core.clock import now
from marketplace.core.text import fold
from marketplace.demand.models import Need, NeedLine
from marketplace.demand.rules import NeedState
from marketplace.demo.rules import (
    STORY_PRODUCER,
    DemoBranch,
    DemoData,
    DemoNeed,
    DemoOutlet,
    DemoPaper,
    DemoProducer,
    DemoProduct,
    DemoStream,
)
from marketplace.infra import options
from marketplace.infra.bulk import add_many, insert_many
from marketplace.infra.changes import note_change
from marketplace.infra.db import session
from marketplace.infra.hashing import hash_password
from marketplace.regions.rules import HOME_PROVINCE

PASSWORD = "pasar pagi bangka"  # noqa: S105  # printed on the start page of the demonstration
MARK = "Data contoh. "
_STEPS = "demo_steps"
OFFICE = "Dinas Koperasi dan UKM Provinsi Kepulauan Bangka Belitung"
# Said by the demonstration itself: whose accounts exist and what they may do.
SIGN_INS = (
    ("petugas@contoh.id", "petugas provinsi"),
    ("kabupaten@contoh.id", "petugas Kota Pangkalpinang"),
    ("produsen@contoh.id", "produsen “Dua Sehati (contoh)”"),
    ("pembeli@contoh.id", "pembeli gerai"),
    ("admin@contoh.id", "administrator"),
)


def is_seeded() -> bool:
    return options.get_int("demo_seeded", 0) == 1


def steps_taken() -> int:
    """How many steps were played on the seeded market."""
    return options.get_int(_STEPS, 0)


def keep_steps(count: int) -> None:
    """So many are played: a seeding that is cut off goes on from there. Inside a transaction."""
    options.put(_STEPS, str(count))


def was_cut_off(steps: int) -> bool:
    """True where not all steps were played; what was seeded before they were kept had them all."""
    return bool(options.get_text(_STEPS)) and steps_taken() < steps


def seed(data: DemoData | DemoStream, *, with_accounts: bool) -> dict[str, int]:
    """Insert the whole set; returns how many rows of each. Call inside one transaction."""
    producers = _producers(data.producers)
    products = _products(data.products, producers)
    papers = _papers(data.papers, producers, products)
    outlets, branches = _outlets(data.outlets)
    needs = _needs(data.needs, outlets, branches)
    if with_accounts:
        _accounts(producers, outlets)
    options.put("demo_seeded", "1")
    note_change("all", 0)  # the index of every process is built anew
    return {
        "producers": len(producers),
        "products": len(products),
        "papers": papers,
        "outlets": len(outlets),
        "needs": len(needs),
    }


def _producers(rows: Iterable[DemoProducer]) -> dict[str, int]:
    kept = list(rows)
    numbers = insert_many(
        Business,
        (
            {
                **_without(asdict(row), "ref"),
                "name": row.name,
                "kind": BusinessKind.PRODUCER,
                "folded_name": fold(row.name),
                "about": row.about if row.about.startswith(MARK) else MARK + row.about,
                "is_example": True,
                "version": 1,
            }
            for row in kept
        ),
    )
    return dict(zip((row.ref for row in kept), numbers, strict=True))


def _without(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in names}


def _products(rows: Iterable[DemoProduct], producers: Mapping[str, int]) -> dict[str, int]:
    refs: list[str] = []
    breaks: list[tuple[tuple[int, int], ...]] = []

    def values() -> Iterator[dict[str, Any]]:
        for row in rows:
            refs.append(row.ref)
            breaks.append(row.price_breaks)
            yield {
                **_without(asdict(row), "ref", "producer", "price_breaks"),
                "business_id": producers[row.producer],
                "folded_name": fold(row.name),
                "zones": "|".join(row.zones),
                "terms": "|".join(row.terms),
                "published_at": now() if row.state is not ProductState.DRAFT else None,
                "is_example": True,
                "version": 1,
            }

    numbers = insert_many(Product, values())
    add_many(
        PriceBreak,
        (
            {"product_id": number, "min_quantity": least, "price": price}
            for number, steps in zip(numbers, breaks, strict=True)
            for least, price in steps
        ),
    )
    return dict(zip(refs, numbers, strict=True))


def _papers(
    rows: Iterable[DemoPaper], producers: Mapping[str, int], products: Mapping[str, int]
) -> int:
    covers: list[tuple[str, ...]] = []

    def values() -> Iterator[dict[str, Any]]:
        for row in rows:
            covers.append(row.covers)
            decided = row.state is not PaperState.ENTERED
            yield {
                "business_id": producers[row.producer],
                "kind": row.kind,
                "number": row.number,
                "valid_from": row.valid_from,
                "valid_to": row.valid_to,
                "state": row.state,
                "decided_by_id": 0 if decided else None,
                "decided_by_name": "Petugas contoh" if decided else "",
                "decided_at": now() if decided else None,
                "version": 1,
            }

    numbers = insert_many(Paper, values())
    add_many(
        ProductPaper,
        (
            {"product_id": products[ref], "paper_id": number}
            for number, refs in zip(numbers, covers, strict=True)
            for ref in refs
        ),
    )
    return len(numbers)


def _outlets(
    rows: Iterable[DemoOutlet],
) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    kept = list(rows)
    numbers = insert_many(
        Business,
        (
            {
                **_without(asdict(row), "ref", "branches"),
                "kind": BusinessKind.OUTLET,
                "folded_name": fold(row.name),
                "about": row.about if row.about.startswith(MARK) else MARK + row.about,
                "is_example": True,
                "version": 1,
            }
            for row in kept
        ),
    )
    outlets = dict(zip((row.ref for row in kept), numbers, strict=True))
    named: list[tuple[str, str]] = []

    def values() -> Iterator[dict[str, Any]]:
        for row in kept:
            for branch in row.branches:
                named.append((row.ref, branch.name))
                yield _branch(branch, outlets[row.ref])

    return outlets, dict(zip(named, insert_many(Branch, values()), strict=False))


def _branch(branch: DemoBranch, business_id: int) -> dict[str, Any]:
    return {**asdict(branch), "business_id": business_id}


def _needs(
    rows: Iterable[DemoNeed],
    outlets: Mapping[str, int],
    branches: Mapping[tuple[str, str], int],
) -> dict[str, int]:
    kept: list[DemoNeed] = []

    def values() -> Iterator[dict[str, Any]]:
        for row in rows:
            kept.append(row)
            yield {
                **_without(asdict(row), "ref", "outlet", "lines"),
                "business_id": outlets[row.outlet],
                "papers_required": "|".join(row.papers_required),
                "state": NeedState.OPEN,
                "published_at": now(),
                "is_example": True,
                "version": 1,
            }

    numbers = insert_many(Need, values())
    add_many(
        NeedLine,
        (
            {
                "need_id": number,
                "branch_id": branches.get((row.outlet, line.branch)),
                "region_code": line.region_code,
                "volume_per_month": line.volume_per_month,
            }
            for number, row in zip(numbers, kept, strict=True)
            for line in row.lines
        ),
    )
    return dict(zip((row.ref for row in kept), numbers, strict=True))


def _accounts(producers: Mapping[str, int], outlets: Mapping[str, int]) -> None:
    province = account_services.open_offices(actor=SYSTEM, name=OFFICE, province_code=HOME_PROVINCE)
    local_office = accounts.find_office_of("19.71") or province
    secret = hash_password(PASSWORD)
    officer = _person("Rina Petugas (contoh)", "petugas@contoh.id", "+6281200009001", secret)
    _role(officer, province, OfficeRole.OFFICER)
    local = _person("Dedi Petugas Kota (contoh)", "kabupaten@contoh.id", "+6281200009002", secret)
    _role(local, local_office, OfficeRole.OFFICER)
    admin = _person("Administrator (contoh)", "admin@contoh.id", "+6281200009005", secret)
    _role(admin, province, OfficeRole.ADMINISTRATOR)
    story = producers.get(STORY_PRODUCER) or next(iter(producers.values()))
    producer = _person("Sari Produsen (contoh)", "produsen@contoh.id", "+6281200009003", secret)
    buyer = _person("Budi Pembeli (contoh)", "pembeli@contoh.id", "+6281200009004", secret)
    session.add(Membership(person_id=producer.id, business_id=story))
    for number in list(outlets.values())[:2]:
        session.add(Membership(person_id=buyer.id, business_id=number))


def _person(name: str, email: str, phone: str, password_hash: str) -> Person:
    person = Person(
        full_name=name,
        email=email,
        phone=phone,
        password_hash=password_hash,
        state=PersonState.ACTIVE,
        consented_at=now(),
        consent_version=CONSENT_VERSION,
        is_example=True,
    )
    session.add(person)
    session.flush()
    return person


def _role(person: Person, office: Office, role: OfficeRole) -> None:
    session.add(OfficeMembership(person_id=person.id, office_id=office.id, role=role))
