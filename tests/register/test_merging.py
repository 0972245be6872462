"""Two entries become one: everything comes along, nothing is lost, and there is a way back."""

from datetime import timedelta

import pytest

from marketplace.accounts.models import SignInSession
from marketplace.audit.models import AuditEntry
from marketplace.businesses import queries as businesses
from marketplace.businesses.models import Branch, Business, BusinessKbli, Membership, Paper
from marketplace.businesses.rules import PaperKind, PaperState
from marketplace.catalog.models import Product, ProductPaper
from marketplace.catalog.rules import ProductState
from marketplace.core.clock import now, today
from marketplace.core.errors import Conflict, NotAllowed, RuleBroken
from marketplace.demand.models import NeedLine
from marketplace.demand.rules import NeedState
from marketplace.infra.changes import Change
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.questions.models import Question
from marketplace.register import queries
from marketplace.register.rules import TwinState
from marketplace.register.services import merging
from marketplace.suggestions.models import Exposure, Suggestion
from marketplace.suggestions.rules import SuggestionState
from tests import factories
from tests.factories import make_paper, make_person, make_product, make_suggestion
from tests.register.conftest import Pair, actor_of, join, make_twin, part

NIB, OTHER_NIB = "9120001234567", "9120007654321"


def of(model: type, **given: object) -> list:
    session.expire_all()
    return session.query(model).filter_by(**given).all()


def test_products_suggestions_and_their_history_come_to_the_survivor(pair: Pair) -> None:
    product = make_product(pair.gone)
    suggestion = make_suggestion(product, state=SuggestionState.ACCEPTED)
    introduction = factories.make_introduction(suggestion)
    pair.join()
    assert session.get_one(Product, product.id).business_id == pair.kept.id
    assert session.get_one(Suggestion, suggestion.id).state is SuggestionState.ACCEPTED
    assert introduction.suggestion_id == suggestion.id
    assert of(Change, kind="product", ref_id=product.id)  # the index hears of it


def test_questions_come_along_and_go_back(pair: Pair) -> None:
    question = factories.make_question(need=factories.make_need(), asker=pair.gone)
    merge = pair.join()
    assert session.get_one(Question, question.id).asker_id == pair.kept.id
    part(pair.officer, merge)
    assert session.get_one(Question, question.id).asker_id == pair.gone.id


def test_the_merged_entry_stays_as_a_row_that_leads_to_the_survivor(pair: Pair) -> None:
    pair.join()
    assert session.get_one(Business, pair.gone.id).merged_into_id == pair.kept.id
    assert businesses.get_business(pair.gone.id).id == pair.kept.id
    assert [each.id for each in businesses.find_businesses(1, text="Berkah").items] == [
        pair.kept.id
    ]
    assert businesses.list_named("UD Kemplang Berkah") == []


def test_values_are_taken_over_field_by_field(pair: Pair) -> None:
    with transaction():
        gone = session.get_one(Business, pair.gone.id)
        gone.nib, gone.address, gone.about = NIB, "Jalan Baru 1", "Sejak 1990"
        gone.yearly_sales, gone.yearly_sales_on = 5_000_000, today()
    pair.join(taken_over=("nib", "address", "figures"))
    kept = session.get_one(Business, pair.kept.id)
    assert (kept.name, kept.nib, kept.address, kept.about) == (
        "Kemplang Berkah",
        NIB,
        "Jalan Baru 1",
        "",
    )
    assert (kept.yearly_sales, kept.yearly_sales_on) == (5_000_000, today())
    assert session.get_one(Business, pair.gone.id).nib is None


def test_of_two_numbers_the_chosen_one_stays_and_undoing_brings_both_back(pair: Pair) -> None:
    with transaction():
        session.get_one(Business, pair.kept.id).nib = NIB
        session.get_one(Business, pair.gone.id).nib = OTHER_NIB
    merge = pair.join(taken_over=("nib", "name"))
    kept = session.get_one(Business, pair.kept.id)
    assert (kept.nib, kept.name) == (OTHER_NIB, "UD Kemplang Berkah")
    part(pair.officer, merge)
    assert session.get_one(Business, pair.kept.id).nib == NIB
    assert session.get_one(Business, pair.kept.id).name == "Kemplang Berkah"
    gone = session.get_one(Business, pair.gone.id)
    assert (gone.nib, gone.merged_into_id) == (OTHER_NIB, None)


def test_who_works_for_both_works_for_the_survivor_once(pair: Pair) -> None:
    both = make_person(works_for=[pair.kept, pair.gone])
    one = make_person(works_for=pair.gone)
    merge = pair.join()
    held = [(each.person_id, each.business_id) for each in of(Membership)]
    assert sorted(held) == sorted([(both.id, pair.kept.id), (one.id, pair.kept.id)])
    part(pair.officer, merge)
    held = [(each.person_id, each.business_id) for each in of(Membership)]
    assert sorted(held) == sorted(
        [(both.id, pair.kept.id), (both.id, pair.gone.id), (one.id, pair.gone.id)]
    )


def test_a_paper_both_hold_counts_once_and_covers_the_products_of_both(pair: Pair) -> None:
    mine, theirs = make_product(pair.kept), make_product(pair.gone)
    number, last = "2061971010001-31", today() + timedelta(days=300)
    entered = make_paper(
        pair.kept, state=PaperState.ENTERED, number=number, valid_to=last, covers=[mine]
    )
    checked = make_paper(pair.gone, number=number, valid_to=last, covers=[theirs])
    merge = pair.join()
    live = of(Paper, business_id=pair.kept.id)
    assert [paper.id for paper in live] == [checked.id]  # the checked one
    assert live[0].number == number
    assert {link.paper_id for link in of(ProductPaper)} == {checked.id}
    part(pair.officer, merge)
    assert [paper.id for paper in of(Paper, business_id=pair.kept.id)] == [entered.id]
    assert session.get_one(Paper, checked.id).number == number
    links = {link.product_id: link.paper_id for link in of(ProductPaper)}
    assert links == {mine.id: entered.id, theirs.id: checked.id}


def test_a_paper_checked_at_the_survivor_stays_and_the_other_is_history(pair: Pair) -> None:
    theirs = make_product(pair.gone)
    number, last = "2061971010001-31", today() + timedelta(days=300)
    checked = make_paper(pair.kept, number=number, valid_to=last)
    double = make_paper(pair.gone, number=number, valid_to=last, covers=[theirs])
    other = make_paper(pair.gone, kind=PaperKind.HALAL, number="ID19110000012340126")
    merge = pair.join()
    assert {paper.id for paper in of(Paper, business_id=pair.kept.id)} == {checked.id, other.id}
    assert {link.paper_id for link in of(ProductPaper)} == {checked.id}
    part(pair.officer, merge)
    assert {link.paper_id for link in of(ProductPaper)} == {double.id}


def test_of_the_same_product_on_both_one_pauses_with_its_open_suggestions(pair: Pair) -> None:
    need = factories.make_need()
    mine = make_product(pair.kept, name="Kemplang tenggiri 250 g")
    theirs = make_product(pair.gone, name="Kemplang Tenggiri 250 g")
    open_pairs = [make_suggestion(product, need) for product in (mine, theirs)]
    merge = pair.join()
    assert session.get_one(Product, mine.id).state is ProductState.PUBLISHED
    assert session.get_one(Product, theirs.id).state is ProductState.PAUSED
    states = [session.get_one(Suggestion, each.id).state for each in open_pairs]
    assert states == [SuggestionState.PROPOSED, SuggestionState.WITHDRAWN]
    part(pair.officer, merge)
    assert session.get_one(Product, theirs.id).state is ProductState.PUBLISHED
    assert session.get_one(Product, theirs.id).business_id == pair.gone.id


def test_a_double_that_is_being_introduced_stays_on_show(pair: Pair) -> None:
    mine = make_product(pair.kept, name="Kemplang tenggiri 250 g")
    theirs = make_product(pair.gone, name="Kemplang tenggiri 250 g")
    factories.make_introduction(make_suggestion(theirs, state=SuggestionState.ACCEPTED))
    pair.join()
    assert session.get_one(Product, mine.id).state is ProductState.PAUSED
    assert session.get_one(Product, theirs.id).state is ProductState.PUBLISHED


def test_the_ledger_of_suggestions_counts_both_together(pair: Pair) -> None:
    for product in (make_product(pair.kept), make_product(pair.gone)):
        make_suggestion(product, slot_at=now())
    merge = pair.join()
    assert {row.taken for row in of(Exposure, business_id=pair.kept.id)} == {2}
    assert {row.taken for row in of(Exposure, business_id=pair.gone.id)} == {0}
    part(pair.officer, merge)
    assert {row.taken for row in of(Exposure)} == {1}


def test_needs_and_branches_of_a_shop_come_along_and_a_place_is_there_once(shops: Pair) -> None:
    need = factories.make_need(shops.gone)
    place = of(Branch, business_id=shops.kept.id)[0]
    other = of(Branch, business_id=shops.gone.id)[0]
    with transaction():
        session.query(NeedLine).filter_by(need_id=need.id).one().branch_id = other.id
    merge = shops.join()
    assert need.business_id == shops.kept.id
    assert of(NeedLine, need_id=need.id)[0].branch_id == place.id
    assert [branch.id for branch in businesses.branches_of(shops.kept.id, only_open=True)] == [
        place.id
    ]
    part(shops.officer, merge)
    assert of(NeedLine, need_id=need.id)[0].branch_id == other.id
    assert session.get_one(Branch, other.id).business_id == shops.gone.id
    assert session.get_one(Branch, other.id).is_open


def test_branches_of_a_chain_are_added_to_those_of_the_survivor(app: object) -> None:
    kept = factories.make_outlet(name="Rasa", branches=("31.74", "31.71"))
    gone = factories.make_outlet(name="Rasa Jaya", branches=("31.74", "31.72", "31.73"))
    merge = join(actor_of("province"), kept, gone)
    branches = businesses.branches_of(merge.survivor_id, only_open=True)
    assert [branch.name for branch in branches] == ["Cabang 1", "Cabang 2", "Cabang 3"]
    assert len(businesses.branches_of(merge.survivor_id)) == 5


def test_the_same_need_on_both_pauses_once(shops: Pair) -> None:
    mine = factories.make_need(shops.kept, title="Kemplang panggang 250 g")
    theirs = factories.make_need(shops.gone, title="Kemplang Panggang 250 g")
    shops.join()
    session.expire_all()
    assert (mine.state, theirs.state) == (NeedState.OPEN, NeedState.PAUSED)


def test_sessions_and_the_trail_follow(pair: Pair, signed_in) -> None:
    person = make_person(works_for=pair.gone)
    with transaction():
        session.add(
            SignInSession(
                token_hash="1" * 64,
                person_id=person.id,
                expires_at=now() + timedelta(days=1),
                acting_for_id=pair.gone.id,
            )
        )
        session.add(
            AuditEntry(
                actor_kind="person",
                acting_for_id=pair.gone.id,
                action="product.added",
                subject_type="products",
                subject_id="1",
                actor_name="Kanari",
            )
        )
    pair.join()
    assert of(SignInSession)[0].acting_for_id == pair.kept.id
    actions = {entry.action for entry in of(AuditEntry, subject_type="businesses")}
    assert {"business.merged", "business.merged_away"} <= actions
    officer = signed_in(make_person("province"))
    assert "Kanari" in officer.text(f"/businesses/{pair.kept.id}/history")


def test_what_was_merged_before_leads_to_the_last_survivor_in_one_step(pair: Pair) -> None:
    last = factories.make_producer(name="Kemplang Berkah Pusat")
    pair.join()
    merge = join(pair.officer, last, pair.kept)
    assert businesses.get_business(pair.gone.id).id == last.id
    part(pair.officer, merge)
    assert businesses.get_business(pair.gone.id).id == pair.kept.id


def test_the_first_of_two_merges_is_undone_last(pair: Pair) -> None:
    last = factories.make_producer(name="Kemplang Berkah Pusat")
    first = pair.join()
    join(pair.officer, last, pair.kept)
    with pytest.raises(RuleBroken):
        part(pair.officer, first)


def test_a_merge_is_undone_once_and_only_within_its_days(pair: Pair) -> None:
    merge = pair.join()
    with transaction():
        queries.get_merge(merge.id).merged_at = now() - timedelta(days=15)
    with pytest.raises(RuleBroken):
        part(pair.officer, merge)
    with transaction():
        queries.get_merge(merge.id).merged_at = now()
    part(pair.officer, merge)
    with pytest.raises(RuleBroken):
        part(pair.officer, merge)
    assert queries.find_twin(pair.kept.id, pair.gone.id).state is TwinState.OPEN  # type: ignore[union-attr]


def test_what_was_added_since_stays_with_the_survivor(pair: Pair) -> None:
    merge = pair.join()
    late = make_product(session.get_one(Business, pair.kept.id))
    part(pair.officer, merge)
    assert session.get_one(Product, late.id).business_id == pair.kept.id


def test_what_was_hung_on_the_merged_entry_meanwhile_follows(pair: Pair) -> None:
    merge = pair.join()
    late = make_product(session.get_one(Business, pair.gone.id))  # as a slow request would
    with transaction():
        assert merging.follow_up(queries.get_merge(merge.id)) == 1
    assert session.get_one(Product, late.id).business_id == pair.kept.id
    with transaction():
        assert merging.follow_up(queries.get_merge(merge.id)) == 0
    part(pair.officer, merge)
    assert session.get_one(Product, late.id).business_id == pair.gone.id


def test_an_entry_changed_since_it_was_compared_is_compared_again(pair: Pair) -> None:
    number = pair.twin().id
    with transaction():
        twin = queries.get_twin(number)
        versions = {twin.first_id: 1, twin.second_id: 1}
        twin.second.address = "Jalan Lain"
    with transaction(), pytest.raises(Conflict):
        merging.merge(
            actor=pair.officer,
            twin=queries.get_twin(number),
            keep_id=pair.kept.id,
            taken_over=(),
            versions=versions,
        )


def test_a_kabupaten_joins_only_what_lies_in_it_as_a_whole(pair: Pair) -> None:
    regency = actor_of("regency")
    far = factories.make_producer(region_code=factories.BELITUNG)
    with pytest.raises(NotAllowed):
        join(regency, pair.kept, far)
    with pytest.raises(NotAllowed):
        join(actor_of("producer", works_for=[pair.kept, pair.gone]), pair.kept, pair.gone)
    merge = join(regency, pair.kept, pair.gone)
    with pytest.raises(NotAllowed):
        part(actor_of("regency", area=factories.BELITUNG), merge)


def test_not_the_same_is_remembered_and_holds_for_the_survivor(pair: Pair) -> None:
    third = factories.make_producer(name="Kemplang Berkat")
    number = make_twin(pair.gone, third).id
    with transaction():
        merging.say_not_same(actor=pair.officer, twin=queries.get_twin(number))
    pair.join()
    told = queries.find_twin(pair.kept.id, third.id)
    assert told is not None
    assert told.state is TwinState.NOT_SAME


def kbli_of(business: Business) -> list[tuple[str, bool]]:
    rows = session.query(BusinessKbli).filter_by(business_id=business.id)
    return sorted((f"{row.version}:{row.code}", row.is_main) for row in rows)


def give_kbli(business: Business, *codes: str) -> None:
    with transaction():
        session.add_all(
            BusinessKbli(business_id=business.id, version=version, code=code, is_main=number == 0)
            for number, (version, code) in enumerate(each.split(":") for each in codes)
        )


def test_the_lines_of_business_of_both_stand_at_the_survivor_and_part_again(pair: Pair) -> None:
    give_kbli(pair.kept, "2025:10213", "2020:10794")
    give_kbli(pair.gone, "2025:46207", "2025:10213")
    before = kbli_of(pair.kept), kbli_of(pair.gone)
    merge = pair.join()
    assert kbli_of(pair.kept) == [
        ("2020:10794", False),
        ("2025:10213", True),
        ("2025:46207", False),
    ]
    part(pair.officer, merge)
    assert (kbli_of(pair.kept), kbli_of(pair.gone)) == before


def test_an_entry_without_lines_of_business_takes_the_main_one_over(pair: Pair) -> None:
    give_kbli(pair.gone, "2025:46207", "2020:10213")
    before = kbli_of(pair.gone)
    merge = pair.join()
    assert kbli_of(pair.kept) == [("2020:10213", False), ("2025:46207", True)]
    with transaction():
        session.add(BusinessKbli(business_id=pair.kept.id, version="2025", code="10711"))
    part(pair.officer, merge)
    assert kbli_of(pair.gone) == before
    assert kbli_of(pair.kept) == [("2025:10711", True)]
