"""Entries that may be one business are found by number and by name, and answers are remembered."""

from collections.abc import Callable

import pytest

from marketplace.businesses import services as businesses
from marketplace.businesses.models import Business
from marketplace.businesses.rules import BusinessDraft, BusinessKind, PaperKind, PaperState
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.register import queries
from marketplace.register.jobs import find_all_twins, find_twins
from marketplace.register.models import BusinessTwin
from marketplace.register.rules import TwinState, bare_name, telling_words
from marketplace.register.services import merging
from tests.factories import BELITUNG, PANGKALPINANG, make_outlet, make_paper, make_producer
from tests.register.conftest import actor_of, join

Jobs = Callable[[], int]


def found_pairs() -> dict[tuple[int, int], list[str]]:
    session.expire_all()
    return {(twin.first_id, twin.second_id): twin.grounds for twin in session.query(BusinessTwin)}


def look_through() -> dict[tuple[int, int], list[str]]:
    find_all_twins({}, lambda _done, _total: None)
    return found_pairs()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("UD Kemplang Berkah", "Kemplang Berkah"),
        ("Keripik Bu Ani", "Kripik Ibu Ani"),
        ("Lempah Kuning Mak Yus", "Mak Yus Lempah Kuning"),
        ("Rumah Madu Namang", "Madu Namang"),
        ("Abon Ikan Bu Rini", "Abon Ikan Ibu Rini"),
        ("Kemplang Lia", "Kemplang Lya"),
        ("Lia", "UD Lya"),
        ("Getas Noerhayati", "Getas Nurhayati"),
    ],
)
def test_two_spellings_of_one_name_in_one_place_are_found(
    app: object, one: str, other: str
) -> None:
    first, second = make_producer(name=one), make_producer(name=other)
    make_producer(name="Terasi Toboali Pak Hasan")
    assert look_through() == {(first.id, second.id): ["name"]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kemplang Berkah", "Madu Berkah"),
        ("Dapur Kanari", "Dapur Mama"),
        ("Toko Maju Jaya", "Toko Maju Lancar"),
        ("Getas Tiga Putra", "Getas Dua Putri"),
        ("Kemplang Lia", "Kemplang Lina"),
    ],
)
def test_names_that_share_a_word_are_two(app: object, one: str, other: str) -> None:
    make_producer(name=one)
    make_producer(name=other)
    make_producer(name="Terasi Toboali Pak Hasan")
    assert look_through() == {}


def test_the_same_name_elsewhere_or_of_an_outlet_is_another_business(app: object) -> None:
    make_producer(name="Kemplang Berkah")
    make_producer(name="Kemplang Berkah", region_code=BELITUNG)
    make_outlet(name="Kemplang Berkah", branches=(PANGKALPINANG,))
    assert look_through() == {}


def test_one_phone_number_joins_across_places_but_not_that_of_an_office(app: object) -> None:
    first = make_producer(name="Madu Namang", phone="+62811111")
    second = make_producer(name="Keripik Ani", phone="+62811111", region_code=BELITUNG)
    for number in range(7):
        make_producer(name=f"Anggota {number * 111}", phone="+62822222", region_code=BELITUNG)
    pairs = {pair: why for pair, why in look_through().items() if "phone" in why}
    assert pairs == {(first.id, second.id): ["phone"]}


def test_the_nib_of_one_on_a_paper_of_another_is_found(app: object) -> None:
    first = make_producer(name="Madu Namang", nib="9120001234567")
    second = make_producer(name="Keripik Ani")
    make_paper(second, kind=PaperKind.NIB, number="9120001234567", state=PaperState.ENTERED)
    assert look_through() == {(first.id, second.id): ["nib"]}


def test_a_new_entry_is_compared_as_it_comes(app: object, run_jobs: Jobs) -> None:
    known = make_producer(name="Kemplang Berkah")
    with transaction():
        business = businesses.register_business(
            actor=actor_of("province"),
            draft=BusinessDraft(
                BusinessKind.PRODUCER, "UD Kemplang Berkah", PANGKALPINANG, phone=known.phone
            ),
        )
        number = business.id
    run_jobs()
    assert found_pairs() == {(known.id, number): ["phone", "name"]}


def test_one_entry_and_the_whole_register_find_the_same_pairs(app: object) -> None:
    names = ["Kemplang Berkah", "UD Kemplang Berkah", "Madu Namang", "Rumah Madu Namang", "Kopi"]
    numbers = [make_producer(name=name).id for name in names]
    for number in numbers:
        find_twins({"business_id": number}, lambda _done, _total: None)
    one_by_one = found_pairs()
    assert one_by_one
    assert look_through() == one_by_one


def test_an_answer_given_is_not_asked_again(app: object) -> None:
    make_producer(name="Kemplang Berkah")
    make_producer(name="UD Kemplang Berkah")
    look_through()
    number = session.query(BusinessTwin).one().id
    with transaction():
        merging.say_not_same(actor=actor_of("province"), twin=queries.get_twin(number))
    look_through()
    assert queries.get_twin(number).state is TwinState.NOT_SAME
    assert queries.count_twins() == 0


def test_a_pair_that_is_no_longer_alike_goes(app: object) -> None:
    make_producer(name="Kemplang Berkah")
    other = make_producer(name="UD Kemplang Berkah")
    assert look_through()
    with transaction():
        row = session.get_one(Business, other.id)
        row.name, row.folded_name = "Terasi Toboali", "terasi toboali"
    assert look_through() == {}


def test_a_merged_entry_is_not_found_again(app: object) -> None:
    first, second = make_producer(name="Kemplang Berkah"), make_producer(name="UD Kemplang Berkah")
    look_through()
    join(actor_of("province"), first, second)
    look_through()
    assert queries.count_twins() == 0


def test_a_name_without_its_legal_form() -> None:
    assert bare_name("CV. Sinar Laut") == "sinar laut"
    assert bare_name("UD Toko") == "ud toko"
    assert telling_words("UD Kemplang Bu Ani") == ["kemplang", "ani"]


def test_a_kabupaten_counts_the_pairs_that_lie_in_it(app: object) -> None:
    make_producer(name="Madu Namang", phone="+62811111")
    make_producer(name="Keripik Ani", phone="+62811111", region_code=BELITUNG)
    make_producer(name="Kemplang Berkah")
    make_producer(name="UD Kemplang Berkah")
    look_through()
    assert queries.count_twins() == 2
    assert queries.count_twins(PANGKALPINANG) == 1
    assert queries.count_twins(BELITUNG) == 0
