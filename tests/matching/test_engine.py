"""Finding what was meant: spellings, sizes, freshness, both directions."""

from dataclasses import replace

import pytest

from marketplace.matching import DEFAULT_SETTINGS, Engine, Filters, Need, NeedLine, Offer, World
from marketplace.matching.explain import reason_of
from marketplace.matching.settings import Settings
from tests.matching.conftest import papers

SHELF = (
    ("k1", "Kemplang panggang ikan tenggiri 250 gram"),
    ("k2", "Kemplang panggang ikan tenggiri 500 gram"),
    ("k3", "Kempelang goreng"),
    ("r1", "Krupuk udang"),
    ("g1", "Getas ikan super"),
    ("o1", "Otak-otak ikan bakar"),
    ("t1", "Belacan Toboali"),
    ("l1", "Sahang putih Muntok bubuk"),
    ("m1", "Kecap Mawar botol besar 600 ml"),
    ("m2", "Kecap Mawar kecil 60 ml"),
    ("s1", "Sony turntable PS-LX350H"),
)


@pytest.fixture
def engine(world: World) -> Engine:
    engine = Engine(world)
    engine.load(Offer(id, title, papers_known=False) for id, title in SHELF)
    return engine


def found(engine: Engine, text: str, top: int = 5) -> list[str]:
    return [pairing.offer_id for pairing in engine.rank(Need("n", text), top=top).pairings]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("kempelang panggang 250 gr", "k1"),
        ("kemplang goreng", "k3"),
        ("kerupuk udang", "r1"),
        ("krupuk udnag", "r1"),
        ("getes super", "g1"),
        ("otak2 bakar", "o1"),
        ("terasi toboali", "t1"),
        ("lada putih", "l1"),
        ("merica putih", "l1"),
        ("sony pslx350h", "s1"),
        ("Kecap Mawar kecil", "m2"),
        ("Kecap Mawar 600ml", "m1"),
    ],
)
def test_typos_and_local_names_find_what_is_meant(engine: Engine, written: str, meant: str) -> None:
    assert found(engine, written)[0] == meant


@pytest.mark.parametrize("size", ["@250g", "1/4 kg", "250 gram", "0,25 kg", "250gr"])
def test_a_size_is_the_same_however_it_is_written(engine: Engine, size: str) -> None:
    ranking = engine.rank(Need("n", f"Kemplang panggang ikan tenggiri {size}"))
    assert [pairing.offer_id for pairing in ranking.pairings[:2]] == ["k1", "k2"]
    same, other = ranking.pairings[:2]
    assert "size_differs" not in {point.code for point in same.points}
    assert same.confidence > other.confidence


def test_two_words_written_as_one_are_sought_apart_before_another_spelling(world: World) -> None:
    engine = Engine(world)
    titles = {"apart": "Sony LCS-CSL tas kamera", "other": "Sony tas kamera LCSCST"}
    engine.load(Offer(id, title, papers_known=False) for id, title in titles.items())
    assert found(engine, "tas kamera sony lcscsl")[0] == "apart"


def test_an_article_number_in_the_description_tells_two_offers_apart(world: World) -> None:
    engine = Engine(world)
    told = {"this": "Untuk Peerless ST660P", "that": "Untuk Peerless ST730P"}
    engine.load(
        Offer(id, "Penyangga dinding TV", text, papers_known=False) for id, text in told.items()
    )
    best = engine.rank(Need("n", "penyangga dinding ST660P")).pairings[0]
    assert best.offer_id == "this"
    assert "article_told" in {point.code for point in best.points}


def test_a_word_in_a_similar_spelling_counts_and_says_so(world: World) -> None:
    """Both spellings are words of the market, so neither is taken for a misspelt one."""
    engine = Engine(world)
    titles = {"alike": "Sandal hotel putih", "else": "Handuk hotel putih", "same": "Sendal jepit"}
    engine.load(Offer(id, title, papers_known=False) for id, title in titles.items())
    pairings = engine.rank(Need("n", "sendal hotel putih")).pairings
    assert pairings[0].offer_id == "alike"
    alike = pairings[0]
    (other,) = (one for one in pairings if one.offer_id == "else")
    assert "written_otherwise" in {point.code for point in alike.points}
    assert "written_otherwise" not in {point.code for point in other.points}
    assert alike.confidence > other.confidence


def test_a_large_bottle_is_not_the_small_one(engine: Engine) -> None:
    ranking = engine.rank(Need("n", "Kecap Mawar kecil 60ml"))
    assert ranking.pairings[0].offer_id == "m2"
    large = next(one for one in ranking.pairings if one.offer_id == "m1")
    assert large.confidence < ranking.pairings[0].confidence


def sure_of(engine: Engine, text: str, offer: str) -> float:
    ranking = engine.rank(Need("n", text), top=len(SHELF))
    return next(one.confidence for one in ranking.pairings if one.offer_id == offer)


def test_a_wrong_size_is_doubted_more_than_a_missing_word(engine: Engine) -> None:
    whole = sure_of(engine, "Kemplang panggang ikan tenggiri 250 gram", "k1")
    lacking = sure_of(engine, "Kemplang panggang ikan tenggiri asli 250 gram", "k1")
    wrong = sure_of(engine, "Kemplang panggang ikan tenggiri 100 gram", "k1")
    assert whole > lacking > wrong
    assert lacking - wrong > whole - lacking


def test_a_wrong_flavour_is_doubted_more_than_a_missing_word(world: World) -> None:
    engine = Engine(world)
    engine.load([Offer("s", "Keripik sukun manis Cap Obor 200g", papers_known=False)])
    whole = sure_of(engine, "Keripik sukun manis Cap Obor 200g", "s")
    lacking = sure_of(engine, "Keripik sukun manis Cap Obor renyah 200g", "s")
    wrong = sure_of(engine, "Keripik sukun pedas Cap Obor 200g", "s")
    assert whole > lacking > wrong


def test_two_hundred_and_fifty_grams_are_no_five_hundred(engine: Engine) -> None:
    for size in ("@250g", "250 gram", "1/4 kg"):
        asked = f"Kemplang panggang ikan tenggiri {size}"
        assert sure_of(engine, asked, "k1") > 2 * sure_of(engine, asked, "k2")


def test_a_small_bottle_is_not_the_large_one_where_no_size_is_said(engine: Engine) -> None:
    ranking = engine.rank(Need("n", "Kecap Mawar kecil"))
    assert ranking.pairings[0].offer_id == "m2"
    large = sure_of(engine, "Kecap Mawar kecil", "m1")
    assert large < 0.5 * ranking.pairings[0].confidence
    assert large < engine.settings.least_to_match(ranking.pairings[0].confidence)


def test_several_offers_may_be_closest_to_the_need_and_none_is_called_the_first_of_all(
    engine: Engine,
) -> None:
    listed = engine.rank(Need("n", "Kemplang panggang ikan tenggiri 250 gram")).pairings
    told = [point for one in listed for point in one.points if point.code == "nearest"]
    assert [point.params["place"] for point in told].count(1) > 1
    for point in told:
        sentence, _ = reason_of(point)
        assert "to the offer" in sentence


def test_beside_a_sure_match_a_doubtful_one_is_none(engine: Engine) -> None:
    need = Need("n", "Kemplang panggang ikan tenggiri 250 gram")
    sure, *others = engine.rank(need).pairings
    assert sure.matched
    doubtful = [one for one in others if not one.matched]
    assert doubtful
    assert all(
        one.confidence < engine.settings.match_share * sure.confidence
        for one in doubtful
        if engine.settings.match_in_conflict <= one.confidence
    )
    # Asked for as if nothing surer were there, some of them would be.
    alone = Engine(engine.world, replace(engine.settings, match_share=0.0, match_in_conflict=0.0))
    alone.load(Offer(id, title, papers_known=False) for id, title in SHELF)
    matched = sum(one.matched for one in alone.rank(need).pairings)
    assert matched > 1 + sum(one.matched for one in others)


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("Sahang putih bubuk 100g", "Lada hitam bubuk 100g"),
        ("Kecap Mawar besar", "Kecap Mawar kecil"),
        ("Kemplang panggang tenggiri 250gr", "Kemplang goreng tenggiri 250 gram"),
        ("Lada putih butir 100g", "Lada putih bubuk 100g"),
        ("Madu hutan 250 ml", "Madu hutan 500 ml"),
    ],
)
def test_another_kind_or_size_is_listed_and_not_called_a_match(
    world: World, asked: str, offered: str
) -> None:
    engine = Engine(world)
    engine.load([Offer("o", offered, papers_known=False)])
    (listed,) = engine.rank(Need("n", asked)).pairings
    assert not listed.matched
    assert any(point.code.endswith("_differs") for point in listed.points)
    # Said of nothing else: the same words without the conflict are a match.
    engine.load([Offer("o", asked, papers_known=False)])
    assert engine.rank(Need("n", asked)).pairings[0].matched


def test_settings_from_before_a_share_was_asked_for_ask_for_none() -> None:
    stored = DEFAULT_SETTINGS.as_dict()
    for added in ("match_share", "match_in_conflict", "long_lead_days", "long_way_days"):
        del stored[added]
    before = replace(DEFAULT_SETTINGS, match_share=0.0, match_in_conflict=0.0)
    before = replace(before, long_lead_days=None, long_way_days=None)
    assert Settings.from_dict(stored) == before


def test_words_nobody_offers_have_no_answer(engine: Engine) -> None:
    ranking = engine.rank(Need("n", "mesin cuci dua tabung"), explain=True)
    assert ranking.pairings == ()
    assert ranking.funnel.candidates == 0


def test_a_published_offer_is_found_at_once_and_a_withdrawn_one_never(engine: Engine) -> None:
    assert found(engine, "rusip teri") == []
    engine.upsert(Offer("new", "Rusip teri Bangka"))
    assert found(engine, "rusip teri")[0] == "new"
    engine.upsert(Offer("new", "Calok udang"))
    assert "new" not in found(engine, "rusip teri")
    engine.withdraw("new")
    assert found(engine, "calok udang", 99) in ([], ["r1"])
    engine.withdraw("never there")


def test_the_funnel_says_which_rule_removes_the_others(world: World) -> None:
    engine = Engine(world)
    ready = Offer("a", "Kemplang panggang", category="kemplang", papers=papers("pirt", "halal"))
    engine.load(
        [
            replace(ready, producer="satu"),
            replace(ready, id="b", producer="dua", papers=papers("pirt")),
            replace(ready, id="c", producer="tiga", papers=()),
            replace(ready, id="d", producer="satu"),
        ]
    )
    funnel = engine.rank(Need("n", "kemplang panggang"), explain=True).funnel
    assert (funnel.candidates, funnel.eligible, funnel.producers_eligible) == (4, 2, 1)
    assert funnel.as_dict()["rules"] == {
        "halal": {"alone": 1, "among": 1},
        "food_permit": {"alone": 0, "among": 1},
    }


def test_near_misses_come_nearest_first(world: World) -> None:
    engine = Engine(world)
    offer = Offer("two", "Kemplang panggang", category="kemplang", papers=())
    engine.load([offer, replace(offer, id="one", papers=papers("pirt"))])
    excluded = engine.rank(Need("n", "kemplang panggang"), explain=True).excluded
    assert [pairing.offer_id for pairing in excluded] == ["one", "two"]


def test_an_offer_finds_the_needs_it_fits(engine: Engine) -> None:
    engine.load_needs(
        [
            Need("yes", "kempelang", lines=(NeedLine("a", "31.71", 100),)),
            Need("no", "madu hutan"),
        ]
    )
    offer = Offer("k1", SHELF[0][1], papers_known=False)
    assert [pairing.need_id for pairing in engine.rank_needs(offer).pairings] == ["yes"]
    engine.withdraw_need("yes")
    assert engine.rank_needs(offer).pairings == ()


def test_search_filters_keep_what_is_known_to_pass(world: World) -> None:
    engine = Engine(world)
    engine.load(
        [
            Offer("cheap", "Madu hutan", price=50_000, papers=papers("halal"), category="camilan"),
            Offer("dear", "Madu hutan", price=150_000, papers=papers("halal")),
            Offer("unknown", "Madu hutan"),
        ]
    )
    assert len(engine.search("madu")) == 3
    assert engine.search("madu", filters=Filters(max_price=100_000))[0][0] == "cheap"
    with_halal = engine.search("madu", filters=Filters(papers=frozenset({"halal"})))
    assert {id for id, _ in with_halal} == {"cheap", "dear"}
    assert [id for id, _ in engine.search("madu", filters=Filters(category="camilan"))] == ["cheap"]
    assert engine.search("") == []


def test_words_are_suggested_by_their_beginning_or_nearest_spelling(engine: Engine) -> None:
    assert "kemplang" in engine.suggest_terms("kem")
    assert "tenggiri" in engine.suggest_terms("tengggiri")
    assert engine.suggest_terms("") == []


def test_a_longer_list_goes_on_in_the_order_of_the_index(world: World) -> None:
    engine = Engine(world)
    engine.load(Offer(f"{i:03}", f"kemplang nomor {i}") for i in range(260))
    ranking = engine.rank(Need("n", "kemplang"), top=250)
    ids = [pairing.offer_id for pairing in ranking.pairings]
    assert len(ids) == len(set(ids)) == 250


def test_changed_words_are_read_anew(engine: Engine, world: World) -> None:
    assert found(engine, "lempok") == []
    words = world.vocabulary.with_spellings([("lempok", "getas")])
    engine.renew(replace(world, vocabulary=words))
    assert found(engine, "lempok")[0] == "g1"


def test_a_product_that_happens_to_have_the_needs_number_competes_as_any_other(
    world: World,
) -> None:
    engine = Engine(world)
    engine.load(
        [
            Offer("1", "Kemplang tenggiri 250 g", papers_known=False),
            Offer("2", "Kemplang tenggiri panggang asap 250 g", papers_known=False),
        ]
    )
    by_need = [engine.rank(Need(id, "Kemplang tenggiri 250gr")).pairings for id in ("1", "2", "n")]
    told = [[(one.offer_id, one.score, one.confidence) for one in found] for found in by_need]
    assert told[0] == told[1] == told[2]


def test_where_nobody_competes_a_pair_is_judged_as_it_is_ranked(world: World) -> None:
    """No offer of the branch asked for: those of others are looked at without rivals."""
    titles = (("a", "kemplang"), ("b", "kemplang panggang ikan"))
    offers = {id: Offer(id, title, category="getas") for id, title in titles}
    engine = Engine(world)
    engine.load(offers.values())
    need = Need("n", "kemplang panggang", category="otak-otak")
    missed = engine.rank(need, explain=True).excluded
    assert {pairing.offer_id for pairing in missed} == set(offers)
    for pairing in missed:
        assert pairing == engine.judge(offers[pairing.offer_id], need)
