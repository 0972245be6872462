"""Demonstration data: valid numbers, resolving references, and a market worth showing."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest
from phonenumbers import PhoneNumberType, is_valid_number, number_type, parse
from stdnum import ean, luhn

from marketplace.businesses.rules import BUSINESS_PAPERS, PaperKind, PaperState, counts
from marketplace.catalog.rules import HalalClaim, ProductState
from marketplace.commodities.rules import UNITS, categories, is_food_or_drink, leaves
from marketplace.core.identifiers import parse_paper
from marketplace.core.quantity import Kind, Quantity, units_per_unit
from marketplace.demo.rules import (
    STORY_NEED,
    STORY_PRODUCER,
    DemoData,
    DemoNeed,
    DemoNeedLine,
    DemoProduct,
    dataset,
    large,
)
from marketplace.regions.rules import Zone, estimate_leg, in_area, regencies, zone_of

TODAY = date(2026, 11, 23)
SHAPES = {
    PaperKind.NIB: r"\d{13}",
    PaperKind.NPWP: r"0\d{15}",
    PaperKind.PIRT: r"[1-8](0[1-9]|1[0-5])\d{12}",
    PaperKind.MD: r"MD\d{15}",
    PaperKind.HALAL: r"ID\d{17}",
    PaperKind.GS1: r"899\d{10}",
    PaperKind.BRAND: r"IDM\d{9}",
}


@pytest.fixture(scope="module")
def demo() -> DemoData:
    return dataset(TODAY)


def test_the_market_has_the_promised_size(demo: DemoData) -> None:
    assert len(demo.producers) == 60
    assert len(demo.products) == 300
    assert sum(outlet.is_chain for outlet in demo.outlets) == 12
    assert sum(len(outlet.branches) for outlet in demo.outlets) == 60
    assert len(demo.needs) == 150


def test_producers_come_from_all_seven_of_babel_and_outlets_from_the_zones(demo: DemoData) -> None:
    assert {p.region_code for p in demo.producers} == {
        code for code in regencies() if code.startswith("19.")
    }
    places = {branch.region_code for outlet in demo.outlets for branch in outlet.branches}
    assert sum(zone_of(code) is Zone.JABODETABEK for code in places) == 14
    assert {code[:2] for code in places if zone_of(code) is Zone.SUMATERA} == {
        "11", "12", "13", "14", "15", "16", "17", "18", "19", "21"
    }  # fmt: skip


def test_every_reference_resolves(demo: DemoData) -> None:
    producers = {p.ref for p in demo.producers}
    products = {p.ref: p for p in demo.products}
    outlets = {o.ref: {b.name: b.region_code for b in o.branches} for o in demo.outlets}
    assert {p.producer for p in demo.products} == producers
    leaf_codes = {leaf.code for leaf in leaves()}
    for product in demo.products:
        assert product.category_code in leaf_codes
        assert product.unit in UNITS
    for paper in demo.papers:
        assert paper.producer in producers
        assert all(products[ref].producer == paper.producer for ref in paper.covers)
        assert (paper.kind in BUSINESS_PAPERS) == (not paper.covers)
    for need in demo.needs:
        assert need.category_code in leaf_codes
        assert need.lines
        for line in need.lines:
            assert outlets[need.outlet][line.branch] == line.region_code


def test_numbers_of_papers_follow_their_rules(demo: DemoData) -> None:
    for paper in demo.papers:
        assert re.fullmatch(SHAPES[paper.kind], paper.number), paper
        if paper.kind is PaperKind.GS1:
            assert ean.is_valid(paper.number), paper
        if paper.kind is PaperKind.NPWP:
            assert luhn.is_valid(paper.number[1:10]), paper
        if paper.kind is PaperKind.HALAL:
            assert paper.number[-4:] == f"{paper.valid_from:%m%y}"
            assert paper.valid_to is None
        if paper.kind is PaperKind.PIRT:
            assert paper.valid_to is not None
            assert paper.number[-2:] == f"{paper.valid_to:%y}"
            assert paper.valid_to - paper.valid_from <= timedelta(days=5 * 366)
        assert paper.valid_from <= TODAY
    seen = Counter((paper.producer, paper.kind, paper.number) for paper in demo.papers)
    assert max(seen.values()) == 1
    nibs = [producer.nib for producer in demo.producers if producer.nib]
    assert len(set(nibs)) == len(nibs)


def test_the_application_itself_accepts_every_number(demo: DemoData) -> None:
    for paper in demo.papers:
        kind = "gtin" if paper.kind is PaperKind.GS1 else paper.kind.value
        read = parse_paper(kind, paper.number, TODAY)
        assert read.is_acceptable, read
        assert read.normalised == paper.number


def test_a_pirt_states_the_food_type_and_region_of_what_it_covers(demo: DemoData) -> None:
    products = {p.ref: p for p in demo.products}
    regions = {p.ref: p.region_code for p in demo.producers}
    for paper in demo.papers:
        if paper.kind is not PaperKind.PIRT:
            continue
        assert paper.number[3:7] == regions[paper.producer].replace(".", "")
        category = categories()[products[paper.covers[0]].category_code]
        if not category.needs_md:  # a few hold a P-IRT for frozen goods: the engine must say no
            assert paper.number[1:3] == category.pirt_food_type


def test_telephone_numbers_are_mobile_in_shape_and_plainly_invented(demo: DemoData) -> None:
    phones = [p.phone for p in demo.producers] + [o.phone for o in demo.outlets]
    assert len(set(phones)) == len(phones)
    for phone in phones:
        number = parse(phone)
        assert is_valid_number(number)
        assert number_type(number) == PhoneNumberType.MOBILE
        assert "0000" in phone


def test_everything_says_that_it_is_an_example(demo: DemoData) -> None:
    assert all(p.about.startswith("Data contoh.") for p in demo.producers)
    assert all(o.about.startswith("Data contoh.") for o in demo.outlets)


def test_dua_sehati_is_a_story_and_claims_nothing_about_the_firm(demo: DemoData) -> None:
    (story,) = [p for p in demo.producers if p.ref == STORY_PRODUCER]
    assert "contoh" in story.name
    assert "karangan" in story.about
    goods = [p for p in demo.products if p.producer == STORY_PRODUCER]
    assert goods
    for product in goods:
        assert product.name.startswith("Contoh:")
        assert product.description.startswith("Data contoh, bukan barang usaha sebenarnya.")


def test_the_storys_need_spans_jabodetabek_and_sumatra_and_dua_sehati_can_carry_it(
    demo: DemoData,
) -> None:
    (need,) = [n for n in demo.needs if n.ref == STORY_NEED]
    assert {zone_of(line.region_code) for line in need.lines} == {Zone.JABODETABEK, Zone.SUMATERA}
    goods = [p for p in demo.products if p.producer == STORY_PRODUCER]
    market = Market(demo)
    assert any(not market.why_not(need, product) for product in goods)


def test_states_and_declarations_are_mixed_enough_to_learn_from(demo: DemoData) -> None:
    states = Counter(paper.state for paper in demo.papers)
    assert set(states) == set(PaperState)
    assert states[PaperState.VERIFIED] > 0.7 * len(demo.papers)
    assert sum(p.state is ProductState.PUBLISHED for p in demo.products) >= 290
    assert {p.state for p in demo.products} >= {ProductState.DRAFT, ProductState.PAUSED}
    assert any(p.halal_claim is HalalClaim.NOT_HALAL for p in demo.products)
    assert sum(bool(p.price_breaks) for p in demo.products) > 60
    soon = TODAY + timedelta(days=60)
    dated = [p for p in demo.papers if p.valid_to is not None]
    assert any(p.valid_to and p.valid_to < TODAY for p in dated)
    assert any(p.valid_to and TODAY <= p.valid_to <= soon for p in dated)


def test_price_breaks_fall_as_the_quantity_grows(demo: DemoData) -> None:
    for product in demo.products:
        quantities = [quantity for quantity, _ in product.price_breaks]
        prices = [product.price, *(price for _, price in product.price_breaks)]
        assert quantities == sorted(set(quantities))
        assert prices == sorted(prices, reverse=True)
        assert all(quantity > 1 for quantity in quantities)


def test_most_needs_find_a_supplier_and_every_rule_removes_someone(demo: DemoData) -> None:
    market = Market(demo)
    fitting = Counter({need.ref: 0 for need in demo.needs})
    reasons: Counter[str] = Counter()
    for need in demo.needs:
        for product in demo.products:
            if product.category_code != need.category_code:
                continue
            why = market.why_not(need, product)
            reasons.update(why)
            fitting[need.ref] += not why
    with_supplier = sum(count > 0 for count in fitting.values())
    assert 100 <= with_supplier <= 130, with_supplier
    assert sum(count >= 2 for count in fitting.values()) >= 50
    assert set(reasons) == {"papers", "price", "shelf life", "zone", "terms", "state"}


def test_the_same_day_gives_the_same_market() -> None:
    assert dataset(TODAY) == dataset(TODAY)


def test_another_day_moves_dates_and_the_year_inside_the_number() -> None:
    later = dataset(TODAY + timedelta(days=365))
    now = {paper.ref: paper for paper in dataset(TODAY).papers}
    for paper in later.papers:
        if paper.valid_to is not None:
            earlier = now[paper.ref].valid_to
            assert earlier is not None
            assert paper.valid_to - earlier == timedelta(days=365)


def test_the_large_set_is_repeatable_and_can_be_read_in_any_order() -> None:
    one = large(7, TODAY, producers=20, products=60, outlets=10, needs=30)
    two = large(7, TODAY, producers=20, products=60, outlets=10, needs=30)
    needs = list(one.needs)
    products = list(one.products)
    assert list(two.products) == products
    assert list(two.needs) == needs
    other = large(8, TODAY, producers=20, products=60, outlets=10, needs=30)
    assert list(other.products) != products


def test_the_large_sets_references_resolve() -> None:
    stream = large(7, TODAY, producers=20, products=120, outlets=10, needs=30)
    producers = {p.ref: p for p in stream.producers}
    products = {p.ref: p for p in stream.products}
    papers = list(stream.papers)
    outlets = {o.ref: {b.name for b in o.branches} for o in stream.outlets}
    assert len(producers) == 20
    assert {p.producer for p in products.values()} == set(producers)
    for paper in papers:
        assert re.fullmatch(SHAPES[paper.kind], paper.number), paper
        assert all(products[ref].producer == paper.producer for ref in paper.covers)
    seen = Counter((paper.producer, paper.kind, paper.number) for paper in papers)
    assert max(seen.values()) == 1
    for need in stream.needs:
        assert {line.branch for line in need.lines} <= outlets[need.outlet]
    for producer in producers.values():
        assert is_valid_number(parse(producer.phone))


class Market:
    """The plainest reading of the rules, to see that the data show what they should."""

    def __init__(self, demo: DemoData) -> None:
        self.regions = {p.ref: p.region_code for p in demo.producers}
        self.held: dict[str, set[PaperKind]] = {p.ref: set() for p in demo.products}
        business: dict[str, set[PaperKind]] = {}
        for paper in demo.papers:
            if not counts(paper.state, paper.valid_to, TODAY):
                continue
            if paper.kind in BUSINESS_PAPERS:
                business.setdefault(paper.producer, set()).add(paper.kind)
            for ref in paper.covers:
                self.held[ref].add(paper.kind)
        for product in demo.products:
            self.held[product.ref] |= business.get(product.producer, set())

    def why_not(self, need: DemoNeed, product: DemoProduct) -> set[str]:
        why = set()
        if product.state is not ProductState.PUBLISHED:
            why.add("state")
        if not set(need.papers_required) <= self.held[product.ref]:
            why.add("papers")
        kind = need.terms.partition(":")[0]
        if product.terms and kind not in product.terms:
            why.add("terms")
        verdicts = [self._line(need, product, line) for line in need.lines]
        return why | (set() if not all(verdicts) else set.intersection(*verdicts) or verdicts[0])

    def _line(self, need: DemoNeed, product: DemoProduct, line: DemoNeedLine) -> set[str]:
        why = set()
        if product.zones and not any(in_area(line.region_code, zone) for zone in product.zones):
            why.add("zone")
        leg = estimate_leg(self.regions[product.producer], line.region_code)
        pack = Quantity(product.net_amount, Kind(product.net_kind))
        asked = Quantity(need.net_amount, Kind(need.net_kind)) if need.net_amount else None
        ratio = units_per_unit(product.unit, pack, need.unit, asked)
        if ratio and need.ceiling_price and product.weight_g:
            landed = (product.price + leg.rupiah_per_kg * product.weight_g / 1000) / float(ratio)
            if landed > need.ceiling_price:
                why.add("price")
        if is_food_or_drink(product.category_code) and product.shelf_life_days:
            left = product.shelf_life_days - (product.lead_days or 0) - leg.days_p90
            if left < (need.min_shelf_life_days or 0):
                why.add("shelf life")
        return why
