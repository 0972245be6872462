"""Trainings of the demonstration: chocolate of the province, barber and sewing of Bangka Tengah.

The first is over, with certificates and what became of some half a year later; the second is under
way; the third takes sign-ups. Everybody in them is invented and marked as an example.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from marketplace.accounts import queries as accounts
from marketplace.businesses.models import Business, Paper
from marketplace.businesses.rules import BusinessKind, PaperKind, PaperState
from marketplace.catalog.models import Product
from marketplace.catalog.rules import HalalClaim, ProductState, Storage
from marketplace.core.actor import ANONYMOUS, Actor, ActorKind
from marketplace.core.clock import WIB, now, today
from marketplace.core.text import fold
from marketplace.demo.services.filling import MARK
from marketplace.infra.db import session
from marketplace.programs.guards import trainings as guards
from marketplace.programs.models import Certificate, SignUp, Training
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.queries import trainings as queries
from marketplace.programs.rules import ProgramLevel
from marketplace.programs.rules.outcomes import Answer, Said
from marketplace.programs.rules.trainings import (
    SessionDraft,
    SignUpDraft,
    SignUpState,
    SignUpWay,
    TrainingDraft,
)
from marketplace.programs.services import (
    certifying,
    following_up,
    signing_up,
    training_texts,
    trainings,
)

BANGKA_TENGAH = "19.04"
AGO = 215  # days since the chocolate training ended: three and six months have passed
CHOCOLATE_PEOPLE = (
    ("Aminah", "19.71"), ("Bujang Saputra", "19.01"), ("Citra Lestari", "19.04"),
    ("Dewi Anggraini", "19.71"), ("Eko Prasetyo", "19.05"), ("Fitri Handayani", "19.02"),
    ("Gunawan", "19.03"), ("Herlina", "19.01"), ("Indah Sari", "19.06"),
    ("Jamilah", "19.04"), ("Kurniawan", "19.71"), ("Lina Marlina", "19.05"),
)  # fmt: skip
BARBER_PEOPLE = ("Andi Wijaya", "Bagas", "Candra", "Deni Saputra", "Erwin", "Fajar", "Hendra")
SEWING_PEOPLE = ("Ratna", "Sulastri", "Tuti Alawiyah", "Umi Kalsum", "Wati")
# Who went on: (place in the list, name of the business, days after the end, P-IRT days after).
STARTERS = ((0, "Cokelat Timah Manis", 40, 75), (3, "Praline Serumpun", 130, None))


def play() -> None:
    """Write the three trainings as the demonstration's officers; call inside a transaction."""
    person = accounts.find_person_by_login("petugas@contoh.id")
    office = accounts.find_office_of(BANGKA_TENGAH)
    if person is None or office is None:
        return
    province = accounts.actor_of(accounts.get_person(person.id))
    local = Actor(
        ActorKind.PERSON,
        name="Petugas Bangka Tengah (contoh)",
        is_regency_officer=True,
        office_id=office.id,
        area=BANGKA_TENGAH,
    )
    _chocolate(province)
    _barber(local, office.name)
    _sewing(local, office.name)


def _chocolate(actor: Actor) -> None:
    last = today() - timedelta(days=AGO)
    draft = TrainingDraft(
        title="Membuat cokelat dari kakao Bangka (contoh)",
        subject="Cokelat",
        level=ProgramLevel.PROVINCE,
        organiser="Dinas Koperasi dan UKM Provinsi Kepulauan Bangka Belitung",
        region_code="19.71",
        place="Balai Latihan, Pangkalpinang",
        starts_on=last - timedelta(days=2),
        ends_on=last,
        seats=len(CHOCOLATE_PEOPLE),
        sign_up_until=last - timedelta(days=7),
        sessions=_days(last - timedelta(days=2), "Dari biji ke pasta", "Mencetak", "Kemasan"),
        unlocks=("category:cokelat", "paper:pirt", "skill:start"),
        about=f"{MARK}Gratis. Bahan disediakan.",
    )
    training = _planned(actor, draft)
    people = [
        _seated(training, f"{name} (contoh)", number, region)
        for number, (name, region) in enumerate(CHOCOLATE_PEOPLE, 1)
    ]
    for number, sign_up in enumerate(people):
        # One never came, two missed too much.
        there = 0 if number == 11 else 1 if number in {6, 8} else 3
        _there(training, sign_up, there)
    certifying.issue(actor=actor, program_id=training.program_id)
    for certificate in reads.certificates_of(training.program_id):
        _long_ago(certificate, last)
    for number, name, started, paper in STARTERS:
        _business(people[number], name, last, started, paper)
    trainings.close_training(actor=actor, program_id=training.program_id)
    following_up.open_due(today())
    _answers(actor, people, last)


def _planned(actor: Actor, draft: TrainingDraft) -> Training:
    training = trainings.add_training(actor=actor, draft=draft)
    queries.get_training(training.program_id).program.is_example = True
    session.flush()
    trainings.open_training(actor=actor, program_id=training.program_id)
    return queries.get_training(training.program_id)


def _days(first: date, *topics: str) -> tuple[SessionDraft, ...]:
    return tuple(
        SessionDraft(first + timedelta(days=number), 9 * 60, 15 * 60, topic=topic)
        for number, topic in enumerate(topics)
    )


def _seated(training: Training, name: str, number: int, region: str) -> SignUp:
    """A seat as it was taken then; nobody is written to about what is over."""
    guards.take_seat(training.program_id)
    sign_up = SignUp(
        program_id=training.program_id,
        name=name,
        folded_name=fold(name),
        phone=_phone(training.program_id, number),
        region_code=region,
        state=SignUpState.SEATED,
        way=SignUpWay.LINK,
        turn=guards.next_turn(training.program_id),
        consented_at=now(),
        consent_version="contoh",
        is_example=True,
    )
    session.add(sign_up)
    session.flush()
    return sign_up


def _phone(program_id: int, number: int) -> str:
    """A number nobody has: the demonstration's own range."""
    return f"+628120000{5000 + program_id % 40 * 25 + number}"


def _there(training: Training, sign_up: SignUp, sessions: int) -> None:
    for one in training.sessions[:sessions]:
        at = _noon(one.held_on)
        guards.note_attendance(one.id, sign_up.id, "press", at, "Petugas (contoh)")


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=WIB)


def _long_ago(certificate: Certificate, day: date) -> None:
    certificate.issued_on = day + timedelta(days=5)
    training_texts.forget(certificate.sign_up)


def _business(sign_up: SignUp, name: str, last: date, started: int, paper: int | None) -> None:
    """Entered in the register after the training, with a product, and one of them with a paper."""
    at = _noon(last + timedelta(days=started))
    shown = f"{name} (contoh)"
    business = Business(
        kind=BusinessKind.PRODUCER,
        name=shown,
        folded_name=fold(shown),
        region_code=sign_up.region_code or "19.71",
        about=f"{MARK}Usaha karangan, dimulai setelah pelatihan.",
        contact_name=sign_up.name,
        phone=sign_up.phone or "",
        is_example=True,
        created_at=at,
    )
    session.add(business)
    session.flush()
    sign_up.business_id, sign_up.business_name = business.id, name
    session.add(
        Product(
            business_id=business.id,
            name="Cokelat batang kakao Bangka 60 g",
            folded_name=fold("Cokelat batang kakao Bangka 60 g"),
            category_code="cokelat",
            description=f"{MARK}Barang karangan.",
            price=22_000,
            unit="pcs",
            net_amount=60,
            net_kind="mass",
            weight_g=80,
            min_order=20,
            capacity_per_month=600,
            shelf_life_days=240,
            lead_days=7,
            storage=Storage.AMBIENT,
            halal_claim=HalalClaim.HALAL,
            state=ProductState.PUBLISHED,
            published_at=at + timedelta(days=10),
            is_example=True,
        )
    )
    if paper is not None:
        held = last + timedelta(days=paper)
        session.add(
            Paper(
                business_id=business.id,
                kind=PaperKind.PIRT,
                number=f"2{business.id:012}{(held.year + 5) % 100:02}"[:15],
                valid_from=held,
                valid_to=held.replace(year=held.year + 5, day=min(held.day, 28)),
                state=PaperState.VERIFIED,
                decided_by_id=0,
                decided_by_name="Petugas (contoh)",
                decided_at=_noon(held),
                note="Data contoh.",
            )
        )


def _answers(actor: Actor, people: Sequence[SignUp], last: date) -> None:
    """Some calls were made; the rest stand in the list of whom to call."""
    for one in reads.follow_ups_of([people[1].id, people[4].id]):
        if one.months != 3:
            continue
        said = Said(Answer.NOT_STARTED, note="Masih mengumpulkan modal.")
        if one.sign_up_id == people[1].id:
            since = last + timedelta(days=60)
            said = Said(Answer.STARTED, since, "Berjualan di rumah, belum ada NIB.")
        following_up.answer(actor=actor, follow_up_id=one.id, said=said)


def _barber(actor: Actor, office: str) -> None:
    """Three days, today the second: yesterday's attendance is in, one waits."""
    first = today() - timedelta(days=1)
    draft = TrainingDraft(
        title="Tata rambut pria: barber (contoh)",
        subject="Barber",
        level=ProgramLevel.REGENCY,
        organiser=office,
        region_code=BANGKA_TENGAH,
        place="Balai Latihan Kerja Koba",
        starts_on=first,
        ends_on=first + timedelta(days=2),
        seats=6,
        sign_up_until=first + timedelta(days=2),
        sessions=_days(first, "Alat dan kebersihan", "Potongan dasar", "Melayani pelanggan"),
        unlocks=("skill:start", "skill:craft"),
        about=f"{MARK}Gratis. Gunting dan sisir disediakan.",
    )
    training = _planned(actor, draft)
    for number, name in enumerate(BARBER_PEOPLE, 1):
        sign_up = _join(training, f"{name} (contoh)", number)
        if sign_up.state is SignUpState.SEATED and number != 4:
            _there(training, sign_up, 1)


def _sewing(actor: Actor, office: str) -> None:
    first = today() + timedelta(days=16)
    draft = TrainingDraft(
        title="Menjahit busana dasar (contoh)",
        subject="Menjahit",
        level=ProgramLevel.REGENCY,
        organiser=office,
        region_code=BANGKA_TENGAH,
        place="Rumah Kreatif Namang",
        starts_on=first,
        ends_on=first + timedelta(days=4),
        seats=15,
        sign_up_until=first - timedelta(days=3),
        sessions=_days(first, "Mengukur", "Pola", "Memotong", "Menjahit", "Menyelesaikan"),
        unlocks=("skill:start", "skill:craft"),
        about=f"{MARK}Gratis. Bawa kain dua meter.",
    )
    training = _planned(actor, draft)
    for number, name in enumerate(SEWING_PEOPLE, 1):
        _join(training, f"{name} (contoh)", number)


def _join(training: Training, name: str, number: int) -> SignUp:
    """From the page, as anybody would; their letters stay out of the tray."""
    draft = SignUpDraft(name, _phone(training.program_id, number), BANGKA_TENGAH)
    done = signing_up.sign_up_by_link(actor=ANONYMOUS, program_id=training.program_id, draft=draft)
    training_texts.forget(done.sign_up)
    return done.sign_up
