"""What is measured was not learned from."""

import numpy as np
import pytest

from bench import fit as fitting
from bench import threshold, tried
from bench.figures import HAS_PARTNER, IS_RIGHT
from bench.measures import Tally, add, ranked
from bench.packs import SIGNS
from bench.samples import FOLDS, Amount, Sample
from bench.sets import Task
from bench.tables import Tables, Words
from marketplace.matching import Engine, Need, Offer
from marketplace.matching.listmatch import SETTINGS
from marketplace.matching.scoring import text_points
from marketplace.matching.weights import SHIPPED
from marketplace.suggestions.services.world import fact_world

_GOODS = ["kemplang", "getas", "terasi", "madu", "kopi", "lada", "rusip", "dodol", "siput"]
_KINDS = ["panggang", "goreng", "manis", "pedas", "asin", "super", "asli", "kecil", "besar"]


@pytest.fixture(scope="module")
def sample() -> Sample:
    """Titles in groups of two, written a little differently."""
    titles = {
        f"{good} {kind}": [f"{good} {kind} 250g", f"{good} {kind} promo 250 gram"]
        for good in _GOODS
        for kind in _KINDS
    }
    offers, grades, group = [], {}, {}
    for name, pair in titles.items():
        ids = [f"{name} {place}" for place in range(2)]
        offers += [Offer(one, title) for one, title in zip(ids, pair, strict=True)]
        grades |= {ids[0]: {ids[1]: 1.0}, ids[1]: {ids[0]: 1.0}}
        group |= dict.fromkeys(ids, name)
    needs = [Need(offer.id, offer.title) for offer in offers]
    task = Task("shopee", offers, needs, grades, is_match=True, group=group)
    return Sample(task, Amount(60, 60, 200, 60), Words())


def test_a_group_teaches_words_or_weights_and_lies_in_one_fold(sample: Sample) -> None:
    group = sample.task.group
    words = {group[table.need] for table in sample.words}
    weights = {group[table.need] for table in sample.weights}
    assert words
    assert weights
    assert not words & weights
    for fold in range(FOLDS):
        measured = {group[table.need] for table in sample.inside(sample.measured, fold)}
        for taught in (sample.words, sample.weights, sample.orphans):
            outside = {group[table.need] for table in sample.outside(taught, fold)}
            assert not measured & outside


def test_what_is_measured_is_what_match_list_says(sample: Sample) -> None:
    engine = Engine(fact_world(), SETTINGS)
    engine.load(sample.task.offers)
    need_of = {need.id: need for need in sample.task.needs}
    for table in sample.measured:
        scores = text_points(SHIPPED, table.compared).sum(1)
        _, sure = ranked(table, SHIPPED)
        said = engine.rank(need_of[table.need], top=len(table.ids) + 1).pairings
        by_id = {one.offer_id: one for one in said if one.offer_id != table.need}
        others = [by_id[one] for one in table.ids]
        assert len(by_id) == len(table.ids)
        # Tables keep half of the digits: a comparison may be rounded to one point more or less.
        assert scores == pytest.approx([one.score for one in others], abs=3)
        assert sure == pytest.approx([one.confidence for one in others], abs=0.01)


def test_a_need_of_which_no_word_occurs_is_measured_as_not_found(sample: Sample) -> None:
    lost = Tables(sample.task, Words()).of(Need(sample.task.needs[0].id, "zzz"))
    weights = fitting.Fitted(*[np.zeros((2, 0))] * 2, np.zeros(0))
    tally = Tally()
    add(tally, sample, weights, SHIPPED, lost)
    assert tally.measures()["MRR@10"]["value"] == 0


def test_whether_there_is_a_partner_is_asked_of_every_need_and_not_of_its_best_answer(
    sample: Sample,
) -> None:
    """One that finds nothing where there is something is wrong, and is asked the same."""
    weights = fitting.Fitted(*[np.zeros((2, 0))] * 2, np.zeros(1000))
    tally = Tally()
    for table in sample.measured:
        nothing = table.kept(np.zeros(0, np.int64))
        add(tally, sample, weights, SHIPPED, nothing)
    assert [has for _, has, _ in tally.sure] == [
        table.need not in sample.lost for table in sample.measured
    ]
    assert {has for _, has, _ in tally.sure} == {True, False}
    assert not any(right for _, _, right in tally.sure)


def test_an_orphan_has_no_true_answer(sample: Sample) -> None:
    assert sample.orphans
    assert sample.lost
    assert not any(table.gains.any() for table in (*sample.orphans, *sample.lost.values()))


def test_what_is_tried_is_measured_for_every_idea(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tried, "rows_of", lambda _path: iter(()))  # dictionaries
    words = 1 + max(int(table.lone[1].max(initial=0)) for table in sample.measured + sample.words)
    fits = [fitting.fit([sample], words, fold) for fold in range(FOLDS)]
    found = list(tried.rows([sample], fits))
    assert {row["part"] for row in found} == set(tried.IDEAS)
    assert {row["measure"] for row in found} == {"MRR@10", "recall@10"}
    assert all(0.8 < row["value"] <= 1 for row in found)


@pytest.mark.parametrize(
    ("written", "root"),
    [("pewarna", "warna"), ("makanan", "makan"), ("kerupuk", "kerupuk"), ("beras", "beras")],
)
def test_a_stem_is_cut_but_not_of_the_words_of_the_trade(written: str, root: str) -> None:
    assert tried.stem(written) == root


def test_what_is_fitted_keeps_its_signs_and_finds_partners(sample: Sample) -> None:
    words = 1 + max(int(table.lone[1].max(initial=0)) for table in sample.measured + sample.words)
    found = fitting.fit([sample], words, fold=0)
    assert (found.order * SIGNS >= 0).all()
    tally = Tally()
    for table in sample.inside(sample.measured, 0):
        add(tally, sample, found, found.weights("tried"), table)
    assert np.mean(tally.values["MRR@10"]) > 0.9
    assert set(tally.measures()) >= {"MRR@10", "recall@10", "mean F1", HAS_PARTNER, IS_RIGHT}


def test_the_threshold_is_the_middle_of_where_f1_is_best_and_no_lucky_peak() -> None:
    beside = (threshold.SHARES - 0.25) ** 2
    field = np.exp(-((threshold.TRIED[:, None] - 0.2) ** 2 + beside) / 0.02)
    field[-3, 2] = 1.1
    least, share = threshold.choose(field)
    assert threshold.TRIED[least] == pytest.approx(0.2, abs=0.011)
    assert threshold.SHARES[share] == pytest.approx(0.25)
