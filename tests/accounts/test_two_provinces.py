"""Another province is data: its office sees its own producers and no other's."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from marketplace.accounts import queries as accounts
from marketplace.accounts.models import DataRequest
from marketplace.accounts.rules import RequestKind
from marketplace.businesses.models import Business
from marketplace.businesses.policies import may_edit, may_manage_person, may_see
from marketplace.businesses.queries import people
from marketplace.businesses.rules import BusinessKind, PaperState
from marketplace.businesses.services import BusinessDraft, register_business
from marketplace.catalog.rules import ProductState
from marketplace.core.actor import Actor
from marketplace.core.clock import now, today
from marketplace.core.errors import NotAllowed
from marketplace.deals.rules.states import Origin
from marketplace.deals.rules.terms import Commitment
from marketplace.deals.services.recording import record_commitment
from marketplace.demand.models import Need
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.notifications import services as notifications
from marketplace.programs import queries as programs
from marketplace.programs.models import Program
from marketplace.programs.policies import may_run_program
from marketplace.programs.queries import bazaars, leads, sign_ups
from marketplace.programs.rules import ProgramKind
from marketplace.programs.rules.leads import LeadDraft
from marketplace.programs.services import following_up
from marketplace.programs.services.leads import add_lead
from marketplace.suggestions import policies as suggestions
from tests import factories
from tests.factories import BANGKA, JAKARTA_SELATAN, PALEMBANG, PANGKALPINANG
from tests.programs.fairs import add_walk_in, make_fair
from tests.programs.test_training_outcomes import seat_then
from tests.programs.trainings import attend, make_course
from tests.support.client import Client

BENGKULU = "17.71"


@pytest.fixture
def officers(app: object) -> dict[str, Actor]:
    people = {
        "19": factories.make_person("province", area="19"),
        "17": factories.make_person("province", area="17"),
        "19.71": factories.make_person("regency", area=PANGKALPINANG),
        "17.71": factories.make_person("regency", area=BENGKULU),
    }
    return {area: accounts.actor_of(accounts.get_person(one.id)) for area, one in people.items()}


@dataclass(frozen=True)
class Side:
    """A province with everything an office works on, and its officer's browser."""

    browser: Client
    producer: Business
    outlet: Business
    marks: dict[str, str]  # address of a list -> what stands there of this province alone


def _side(signed_in, area: str, kabupaten: str) -> Side:
    """The same small market in each province: a producer, an outlet, and what was begun."""
    person = factories.make_person("province", area=area)
    office = accounts.actor_of(accounts.get_person(person.id))
    producer = factories.make_producer(
        name=f"Dapur {area}", region_code=kabupaten, nib=f"91200012345{area}"
    )
    product = factories.make_product(producer, name=f"Kemplang {area}")
    factories.make_product(producer, name=f"Draf {area}", state=ProductState.DRAFT)
    factories.make_paper(producer, state=PaperState.ENTERED, number=f"20619{area}1010001-31")
    outlet = factories.make_outlet(name=f"Gerai {area}", kept_by=area)
    factories.make_suggestion(product, factories.make_need(outlet, title=f"Butuh {area}"))
    factories.make_event(name=f"Temu {area}", office_id=factories.make_office(area).id)
    fair = make_fair(0, officer=person, title=f"Bazar {area}")
    stall = add_walk_in(fair)
    with transaction():
        add_lead(actor=fair.actor, holder_id=stall, draft=LeadDraft(f"Toko {area}", "kemplang"))
        record_commitment(
            actor=office,
            producer_id=producer.id,
            buyer_id=outlet.id,
            origin=Origin.DIRECT,
            commitment=Commitment(f"Janji {area}"),
        )
        notifications.enqueue(
            kind="paper_expires",
            params={},
            to_name=f"Ibu {area}",
            to_phone="",
            subject_type="nothing",
            subject_id=1,
            area_code=area,
        )
    worker = factories.make_person("producer", works_for=producer, full_name=f"Pekerja {area}")
    with transaction():
        session.add(
            DataRequest(
                person_id=worker.id, kind=next(iter(RequestKind)), due_at=now() + timedelta(days=3)
            )
        )
    return Side(
        signed_in(person),
        producer,
        outlet,
        {
            "/businesses?kind=producer": f"Dapur {area}",
            "/area-products": f"Draf {area}",
            "/papers/to-check": f"Dapur {area}",
            "/deals": f"Janji {area}",
            "/programs": f"Bazar {area}",
            "/contacts": f"Toko {area}",
            "/people": f"Pekerja {area}",
            "/data-requests": f"Pekerja {area}",
            "/to-send": f"Ibu {area}",
            "/register/nib.csv": f"Dapur {area}",
        },
    )


@pytest.fixture
def sides(app: Flask, signed_in, monkeypatch: pytest.MonkeyPatch) -> dict[str, Side]:
    monkeypatch.setitem(app.extensions["letters"], "nothing", lambda message: message.to_name)
    return {"19": _side(signed_in, "19", PANGKALPINANG), "16": _side(signed_in, "16", PALEMBANG)}


@pytest.mark.parametrize(("own", "other"), [("19", "16"), ("16", "19")])
def test_every_list_shows_a_province_its_own_and_nothing_of_the_other(
    sides: dict[str, Side], own: str, other: str
) -> None:
    wrong = []
    for address, mark in sides[own].marks.items():
        page = sides[own].browser.get(address)
        if page.status_code != 200 or mark not in page.text:
            wrong.append(f"{address} ({page.status_code}) lacks {mark}")
        elif sides[other].marks[address] in page.text:
            wrong.append(f"{address} shows {sides[other].marks[address]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("own", "other"), [("19", "16"), ("16", "19")])
def test_outlets_are_read_by_every_province_and_kept_by_the_one_that_registered_them(
    sides: dict[str, Side], own: str, other: str
) -> None:
    browser = sides[own].browser
    for side, is_own in ((sides[own], True), (sides[other], False)):
        outlet = side.outlet
        need = session.query(Need).filter_by(business_id=outlet.id).one()
        assert outlet.name in browser.get("/businesses?kind=outlet").text
        assert outlet.phone[3:6] in browser.get(f"/businesses/{outlet.id}").text
        assert browser.get(f"/needs/{need.id}").status_code == 200
        kept = 200 if is_own else 404
        assert browser.get(f"/businesses/{outlet.id}/edit").status_code == kept
        assert browser.get(f"/businesses/{outlet.id}/figures").status_code == kept
        assert browser.get(f"/needs/{need.id}/edit").status_code == kept
        assert browser.get(f"/needs/new?business={outlet.id}").status_code == (
            200 if is_own else 403
        )


def test_an_outlet_belongs_to_the_province_that_registers_it_wherever_it_lies(
    officers: dict[str, Actor],
) -> None:
    """A shop in Bengkulu that Babel found: Bengkulu reads it, Babel keeps it."""
    with transaction():
        outlet = register_business(
            actor=officers["19"], draft=BusinessDraft(BusinessKind.OUTLET, "Toko Raya", BENGKULU)
        )
    assert outlet.kept_by == "19"
    may = {office: may_edit(actor, outlet) for office, actor in officers.items()}
    assert may == {"19": True, "17": False, "19.71": False, "17.71": False}
    assert may_see(officers["17"], outlet)


def test_nobody_hands_out_accounts_for_the_outlet_of_another_province(
    officers: dict[str, Actor],
) -> None:
    outlet = factories.make_outlet(kept_by="19")
    buyer = accounts.get_person(factories.make_person("buyer", works_for=outlet).id)
    may = {area: may_manage_person(actor, buyer, [outlet]) for area, actor in officers.items()}
    assert may == {"19": True, "17": False, "19.71": False, "17.71": False}
    assert buyer.id not in {one.id for one in people.list_people(officers["17"])}


def test_those_who_come_near_a_need_are_the_own_producers(app: Flask, signed_in) -> None:
    need = factories.make_need(factories.make_outlet(kept_by="19"), title="Kemplang tenggiri")
    for area, region in (("19", PANGKALPINANG), ("17", BENGKULU)):
        producer = factories.make_producer(name=f"Dapur {area}", region_code=region)
        factories.make_product(producer, name="Kemplang tenggiri")
        factories.make_office(area)
    for own, other in (("19", "17"), ("17", "19")):
        browser = signed_in(factories.make_person("province", area=own))
        page = browser.get(f"/needs/{need.id}/candidates")
        assert f"Dapur {own}" in page.text
        assert f"Dapur {other}" not in page.text


def test_a_province_sees_all_of_its_own_event_beside_another_province(
    officers: dict[str, Actor], signed_in
) -> None:
    event = factories.make_event()
    factories.make_participant(event, factories.make_outlet(name="Gerai Tamu"))
    factories.make_participant(event, factories.make_producer(name="Dapur Tamu"))
    for area, sees in (("19", True), ("17", False)):
        browser = signed_in(accounts.get_person(officers[area].person_id or 0))
        for side, name in (("buyer", "Gerai Tamu"), ("producer", "Dapur Tamu")):
            page = browser.get(f"/events/{event.id}/participants?side={side}")
            assert (name in page.text) is sees


@pytest.mark.parametrize(
    ("office", "region", "covers"),
    [
        ("19", PANGKALPINANG, True),
        ("19", BANGKA, True),
        ("19", BENGKULU, False),
        ("19", JAKARTA_SELATAN, True),  # no office there: outlets belong to both provinces
        ("17", BENGKULU, True),
        ("17", JAKARTA_SELATAN, True),
        ("17", PANGKALPINANG, False),
        ("19.71", PANGKALPINANG, True),
        ("19.71", BANGKA, False),
        ("17.71", PANGKALPINANG, False),
    ],
)
def test_an_office_covers_its_own_part_of_the_tree(
    officers: dict[str, Actor], office: str, region: str, covers: bool
) -> None:
    actor = officers[office]
    assert actor.covers(region) is covers
    # Lists say the same as the policy.
    factories.make_producer(region_code=region)
    shown = session.query(Business).filter(lies_in(Business.region_code, actor.scope)).count()
    assert shown == int(covers)


def test_alone_a_province_covers_everything(app: object) -> None:
    person = factories.make_person("province")
    actor = accounts.actor_of(accounts.get_person(person.id))
    assert actor.scope == ""
    assert actor.covers(BENGKULU)


def test_pages_of_one_province_show_nothing_of_the_other(app: object, signed_in) -> None:
    ours = factories.make_producer(name="Dapur Pangkal")
    theirs = factories.make_producer(name="Dapur Bengkulu", region_code=BENGKULU)
    for producer in (ours, theirs):
        number = f"2061971010{producer.id:03}-31"
        factories.make_paper(producer, state=PaperState.ENTERED, number=number)
        factories.make_product(producer, name=f"Kemplang {producer.name}")
    browser = signed_in(factories.make_person("province", area="17"))
    factories.make_office("19")
    for path in ("/businesses", "/area-products", "/papers/to-check"):
        page = browser.get(path)
        assert page.status_code == 200, path
        assert "Dapur Bengkulu" in page.text, path
        assert "Dapur Pangkal" not in page.text, path
    assert browser.get(f"/businesses/{ours.id}/edit").status_code == 404
    assert browser.get(f"/businesses/{theirs.id}/edit").status_code == 200


def test_the_people_of_another_province_are_not_listed_with_their_numbers(
    officers: dict[str, Actor],
) -> None:
    ours = factories.make_person("producer", works_for=factories.make_producer())
    theirs = factories.make_person(
        "producer", works_for=factories.make_producer(region_code=BENGKULU)
    )
    for area, own, other in (("19", ours, theirs), ("17", theirs, ours)):
        listed = {one.id for one in people.list_people(officers[area])}
        assert own.id in listed
        assert other.id not in listed
        # Nor are its officers; colleagues of the own offices stay.
        for code, officer in officers.items():
            assert (officer.person_id in listed) == (code[:2] == area), (area, code)


def test_only_the_own_province_decides(officers: dict[str, Actor]) -> None:
    suggestion = factories.make_suggestion(factories.make_product(factories.make_producer()))
    assert suggestions.may_decide(officers["19"], suggestion)
    assert not suggestions.may_decide(officers["17"], suggestion)
    assert not suggestions.may_see_case(officers["17"], suggestion)


def test_a_bazaar_is_run_by_its_own_tree_of_offices(officers: dict[str, Actor]) -> None:
    for area, tree in (("19.71", {"19", "19.71"}), ("17", {"17"}), ("19", {"19"})):
        program = Program(kind=ProgramKind.BAZAAR, office_id=factories.make_office(area).id)
        may = {office for office, actor in officers.items() if may_run_program(actor, program)}
        assert may == tree, area


@pytest.mark.parametrize("asked", ["!19", "!", "19", "17", "17.71", "nowhere", "%00"])
def test_no_word_in_the_address_opens_the_queue_of_another_province(
    officers: dict[str, Actor], signed_in, asked: str
) -> None:
    theirs = factories.make_producer(region_code=BENGKULU)
    case = factories.make_suggestion(factories.make_product(theirs))
    browser = signed_in(accounts.get_person(officers["19"].person_id or 0))
    page = browser.get(f"/queue?area={asked}")
    assert page.status_code == 200
    assert f"/suggestions/{case.id}" not in page.text


def test_lists_of_programmes_hold_what_an_officer_runs_and_no_more(
    officers: dict[str, Actor],
) -> None:
    """What a list shows is what the policy opens: nothing of another province."""
    regency = accounts.get_person(officers["19.71"].person_id or 0)
    fair = make_fair(1, officer=regency)
    stall = add_walk_in(fair)  # in no register: only its bazaar says whose contact it is
    with transaction():
        add_lead(actor=fair.actor, holder_id=stall, draft=LeadDraft("Toko Sini", "kemplang"))
    course = make_course(regency, starts=-130)
    attend(course, seat_then(course, "+6281533330099"))
    with transaction():
        following_up.open_due(today())
    for area, actor in officers.items():
        own = area in {"19", "19.71"}
        assert bool(programs.page_of_programs(ProgramKind.BAZAAR, 1, actor=actor).items) is own
        assert bool(bazaars.earlier_bazaars(actor)) is own
        assert bool(sign_ups.page_of_follow_ups(1, actor=actor).items) is own
        assert bool(leads.page_of_leads(1, actor=actor).items) is own


def test_a_province_writes_down_no_deal_of_another(officers: dict[str, Actor], signed_in) -> None:
    theirs, outlet = factories.make_producer(region_code=BENGKULU), factories.make_outlet()
    introduction = factories.make_introduction(
        factories.make_suggestion(factories.make_product(theirs))
    )
    with pytest.raises(NotAllowed), transaction():
        record_commitment(
            actor=officers["19"],
            producer_id=theirs.id,
            buyer_id=outlet.id,
            origin=Origin.DIRECT,
            commitment=Commitment("Kemplang"),
        )
    for area, status in (("19", 404), ("17", 200)):
        browser = signed_in(accounts.get_person(officers[area].person_id or 0))
        assert browser.get(f"/introductions/{introduction.id}/deal").status_code == status
