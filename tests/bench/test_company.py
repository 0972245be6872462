"""Words by the company they keep: what they say of goods that share no word."""

import numpy as np

from bench.company import learned, unit
from bench.fit import Fitted
from bench.sets import Task
from bench.tables import Table, Tables, Words
from bench.tried import Kinds, Look, Texts
from marketplace.matching import Need, Offer

_SNACKS, _DRINKS = "kemplang getas renyah gurih camilan", "kopi teh bubuk seduh hangat"


def _titles() -> list[str]:
    """Words of either kind, three at a time; `asli` goes with both."""
    random = np.random.default_rng(1)
    kinds = [_SNACKS.split(), _DRINKS.split()]
    return [f"{' '.join(random.choice(kinds[i % 2], 3, replace=False))} asli" for i in range(60)]


def test_words_of_one_kind_of_goods_are_near_though_never_side_by_side() -> None:
    titles = [title for title in _titles() if not {"kemplang", "gurih"} <= set(title.split())]
    company = learned((title.split(), ()) for title in titles)
    near = company.vectors @ company.vectors.T
    at = company.numbers
    for other in _DRINKS.split():
        assert near[at["kemplang"], at["gurih"]] > near[at["kemplang"], at[other]]


def test_a_description_teaches_as_well() -> None:
    company = learned((("barang",), title.split()) for title in _titles())
    assert set(_SNACKS.split()) <= set(company.numbers)


def test_a_word_seen_too_seldom_says_nothing() -> None:
    company = learned([*((title.split(), ()) for title in _titles()), (["rusip"], ())])
    rarity = {"rusip": 1.0}
    assert not company.middles([["rusip"]], rarity).any()
    assert not unit(company.middles([["rusip"]], rarity)).any()


def test_what_is_of_the_kind_asked_for_is_nearer_than_what_is_not() -> None:
    look, kinds = _looked_at("gurih renyah asli")
    near = kinds.like(look)
    titles = [set(one.split()) for one in _titles()]
    snacks = np.array([not titles[int(one)].isdisjoint(_SNACKS.split()) for one in look.table.ids])
    assert snacks.any()
    assert not snacks.all()
    assert near[snacks].min() > near[~snacks].max()


def test_one_word_keeps_no_company_and_says_nothing() -> None:
    look, kinds = _looked_at("asli")
    assert look.table.ids
    assert not kinds.like(look).any()


def _looked_at(asked: str) -> tuple[Look, Kinds]:
    offers = [Offer(str(place), title) for place, title in enumerate(_titles())]
    need = Need("need", asked)
    task = Task("shopee", offers, [need], {need.id: {}})
    texts = Texts(task)
    kinds = Kinds(texts, learned(texts.said()))
    table: Table = Tables(task, Words()).of(need)
    return Look(texts, table, Fitted(*[np.zeros((2, 0))] * 3), {}, (kinds, kinds)), kinds
