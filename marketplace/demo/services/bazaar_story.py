"""Bazaars and an expo of the demonstration: one that is over, one to come, and the story's expo.

Everything in them is invented and marked as an example: titles, stalls, figures and contacts.
"""

from datetime import date, timedelta

from marketplace.accounts import queries as accounts
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.demo import queries
from marketplace.infra.db import session
from marketplace.programs.models import Program, StallHolder
from marketplace.programs.queries import bazaars as programs
from marketplace.programs.queries.choosing import Order, page_of_candidates
from marketplace.programs.rules import ProgramKind, ProgramLevel
from marketplace.programs.rules.bazaars import BazaarDraft, DayDraft, HolderDraft, numbered
from marketplace.programs.rules.leads import LeadDraft, LeadState
from marketplace.programs.rules.turnover import ReportSource, TurnoverDraft
from marketplace.programs.services import bazaars, holders, leads, turnover

STALLS = 30
# Who came without being in the register: name, what they sell, category, rupiah of an usual day.
WALK_INS = (
    ("Bakso Contoh", "bakso urat, bakso tenggiri", "bahan-pangan", 18_500_000),
    ("Es Contoh", "es kacang merah, es jeruk kunci", "minuman", 7_000_000),
    ("Martabak Contoh", "martabak manis, martabak telur", "kue-manisan", 9_500_000),
    ("Sate Contoh", "sate ayam, sate cumi", "bahan-pangan", 8_000_000),
    ("Kopi Keliling Contoh", "kopi susu, teh tarik", "minuman", 4_200_000),
    ("Pempek Contoh", "pempek, model ikan", "makanan-beku", 6_300_000),
)
_USUAL = (3_100_000, 5_400_000, 2_200_000, 7_600_000, 4_300_000, 6_100_000, 1_800_000, 8_900_000)
_MISSING = 23  # every so many stall-days were not reported
# What contacts of the expo wanted, and what became of them.
_CONTACTS = (
    ("Jaringan Oleh-Oleh Contoh", "kemplang untuk gerai Jabodetabek dan Sumatera", "commitment"),
    ("Toko Contoh Palembang", "kerupuk, 200 bungkus sebulan", "meeting"),
    ("Hotel Contoh Jakarta", "camilan kamar, kemasan kecil", "need"),
    ("Swalayan Contoh Bekasi", "getas dan keritcu", "talking"),
    ("Kafe Contoh Bogor", "teng-teng jahe", "open"),
    ("Reseller Contoh Medan", "terasi 1 kg", "dropped"),
)


def play() -> None:
    """A bazaar that is over and one to come; call inside a transaction."""
    officer = _officer("petugas@contoh.id")
    if officer is not None:
        _past_bazaar(officer)
    area_officer = _officer("kabupaten@contoh.id")
    if area_officer is not None:
        _coming_bazaar(area_officer)


def _officer(login: str) -> Actor | None:
    person = accounts.find_person_by_login(login)
    return None if person is None else accounts.actor_of(accounts.get_person(person.id))


def _past_bazaar(officer: Actor) -> None:
    """Three days, thirty stalls, nearly all reported, and the organiser's word beside it."""
    first = today() - timedelta(days=12)
    days = [first + timedelta(days=number) for number in range(3)]
    program = _plan(
        officer,
        title="Bazar UMKM Pangkalpinang (contoh)",
        organiser="Dinas Koperasi dan UKM (contoh)",
        place="Alun-alun Taman Merdeka",
        days=tuple(DayDraft(day, 9 * 60, 21 * 60) for day in days),
        stalls=numbered(STALLS),
    )
    _take(officer, program, STALLS - len(WALK_INS))
    usual: dict[int, int] = {}
    for name, sells, category, amount in WALK_INS:
        draft = HolderDraft(name, "Nama Contoh", "", "19.71", sells, category)
        walk_in = holders.add_walk_in(actor=officer, program_id=program.id, draft=draft)
        usual[walk_in.id] = amount
    holders.assign_in_order(actor=officer, program_id=program.id)
    bazaars.open_bazaar(actor=officer, bazaar_id=program.id)
    stalls = programs.holders_of(program.id)
    for place, holder in enumerate(stalls):
        for number, day in enumerate(days):
            if (3 * place + number) % _MISSING == _MISSING - 1:
                continue
            amount = usual.get(holder.id, _USUAL[place % len(_USUAL)])
            _report(officer, holder, day, _of_day(amount, place, number))
    turnover.add_estimate(
        actor=officer,
        program_id=program.id,
        amount=600_000_000,
        said_by="Panitia bazar (contoh)",
        said_on=days[-1] + timedelta(days=1),
        note="Data contoh: perkiraan uang yang berputar selama tiga hari.",
    )
    bazaars.close_bazaar(actor=officer, bazaar_id=program.id)


def _of_day(amount: int, place: int, number: int) -> int:
    """The second day is the best; nobody sells the same twice."""
    percent = (92, 116, 104)[number] + (place * 7) % 13 - 6
    return amount * percent // 100 // 5_000 * 5_000


def _report(officer: Actor, holder: StallHolder, day: date, amount: int) -> None:
    turnover.enter_turnover(
        actor=officer,
        holder_id=holder.id,
        day_on=day,
        draft=TurnoverDraft(amount, max(1, amount // 45_000), holder.sells),
        source=ReportSource.PAPER if holder.id % 3 else ReportSource.PHONE,
        sure_of=amount,
    )


def _coming_bazaar(officer: Actor) -> None:
    """A kabupaten/kota prepares its own: some stalls are still free."""
    first = today() + timedelta(days=12)
    program = _plan(
        officer,
        title="Bazar Akhir Pekan Kota (contoh)",
        organiser="Dinas Kota Pangkalpinang (contoh)",
        level=ProgramLevel.REGENCY,
        place="Lapangan contoh",
        days=(DayDraft(first, 15 * 60, 22 * 60), DayDraft(first + timedelta(days=1))),
        stalls=numbered(12),
    )
    _take(officer, program, 8)
    holders.assign_in_order(actor=officer, program_id=program.id)


def play_expo(officer: Actor, producer_name: str, said_on: date) -> Program | None:
    """The expo at which the story's commitment was made, with its other contacts."""
    product = queries.story_product(producer_name)
    if product is None:
        return None
    program = _plan(
        officer,
        title="Pameran UMKM Nusantara (contoh)",
        kind=ProgramKind.EXPO,
        organiser="Kementerian (contoh)",
        level=ProgramLevel.NATIONAL,
        region_code="31.71",
        place="Gedung pameran contoh",
        days=tuple(DayDraft(said_on + timedelta(days=number)) for number in (-1, 0, 1)),
        stalls=tuple(f"B{number}" for number in range(1, 6)),
    )
    bazaars.add_participants(
        actor=officer, program_id=program.id, business_ids=[product.business_id]
    )
    _take(officer, program, 3)
    holders.assign_in_order(actor=officer, program_id=program.id)
    bazaars.open_bazaar(actor=officer, bazaar_id=program.id)
    stalls = programs.holders_of(program.id)
    own = programs.find_holder_of(program.id, product.business_id)
    for number, (outlet, wants, became) in enumerate(_CONTACTS):
        holder = own if own is not None and number == 0 else stalls[number % len(stalls)]
        _contact(officer, holder, outlet, wants, LeadState(became), number)
    bazaars.close_bazaar(actor=officer, bazaar_id=program.id)
    return program


def _contact(
    officer: Actor, holder: StallHolder, outlet: str, wants: str, became: LeadState, number: int
) -> None:
    lead = leads.add_lead(
        actor=officer,
        holder_id=holder.id,
        draft=LeadDraft(
            outlet_name=outlet,
            wants=wants,
            note="Data contoh.",
            next_step="Kirim daftar harga dan contoh",
            # One of those still open is late.
            due_on=today() + timedelta(days=(number - 3) * 4 - 1),
        ),
    )
    if became is not LeadState.OPEN:
        reason = "Harga di tempat lain lebih murah." if became is LeadState.DROPPED else ""
        leads.move_lead(actor=officer, lead_id=lead.id, state=became, reason=reason)


def _plan(
    officer: Actor,
    *,
    title: str,
    organiser: str,
    place: str,
    days: tuple[DayDraft, ...],
    stalls: tuple[str, ...],
    kind: ProgramKind = ProgramKind.BAZAAR,
    level: ProgramLevel = ProgramLevel.PROVINCE,
    region_code: str = "19.71",
) -> Program:
    return bazaars.create_bazaar(
        actor=officer,
        draft=BazaarDraft(
            kind=kind,
            title=title,
            level=level,
            organiser=organiser,
            region_code=region_code,
            place=place,
            days=days,
            stalls=stalls,
            about="Data contoh. Nama, lapak, dan angkanya karangan.",
        ),
        is_example=True,
    )


def _take(officer: Actor, program: Program, count: int) -> None:
    """The readiest producers of the demonstration."""
    session.flush()
    found = page_of_candidates(
        program.id,
        1,
        area="" if officer.is_province_officer else officer.area,
        text="",
        order=Order.READY,
        today=today(),
    )
    bazaars.add_participants(
        actor=officer,
        program_id=program.id,
        business_ids=[one.id for one in found.items[:count]],
    )
