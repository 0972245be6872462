"""The category tree, trade units and word lists hang together."""

import csv
import gzip
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from marketplace.commodities.rules import (
    ANIMAL_GOODS,
    FRESH_GOODS,
    UNITS,
    CategoryKind,
    SpellingKind,
    UnitKind,
    ancestors,
    categories,
    is_food_or_drink,
    is_within,
    labelled_names,
    leaves,
    protected_words,
    spellings,
)

PIRT_FOOD_TYPES = {f"{number:02}" for number in range(1, 16)}


def test_the_tree_has_at_most_sixty_leaves_food_first() -> None:
    assert 50 <= len(leaves()) <= 60
    kinds = [leaf.kind for leaf in leaves()]
    assert kinds[0] is CategoryKind.FOOD
    assert set(kinds) == set(CategoryKind)


def test_every_leaf_hangs_under_a_branch_of_its_own_kind() -> None:
    for leaf in leaves():
        (branch,) = ancestors(leaf.code)
        assert categories()[branch].kind is leaf.kind
        assert is_within(leaf.code, branch)
        assert is_within(leaf.code, leaf.code)
        assert not is_within(branch, leaf.code)


def test_names_are_unique_in_both_languages() -> None:
    for locale in ("id", "en"):
        names = Counter(category.name(locale) for category in categories().values())
        assert max(names.values()) == 1, names.most_common(2)


def test_batik_is_no_food() -> None:
    assert is_food_or_drink("kemplang")
    assert is_food_or_drink("kopi")
    assert not is_food_or_drink("batik")


def test_a_category_that_needs_md_has_no_pirt_food_type() -> None:
    for leaf in leaves():
        assert not (leaf.needs_md and leaf.pirt_food_type), leaf
        assert leaf.pirt_food_type in PIRT_FOOD_TYPES | {""}
        if leaf.storage == "frozen":
            assert leaf.needs_md, "P-IRT is not allowed for frozen goods"
        if not is_food_or_drink(leaf.code):
            assert not leaf.pirt_food_type


def test_kbli_2025_is_stated_only_where_it_is_known() -> None:
    stated = {leaf.kbli2025 for leaf in leaves()} - {""}
    assert stated == {"10211", "10213", "10215"}


def test_every_kbli_2020_number_exists() -> None:
    root = os.environ.get("BENCH_DATA")
    if not root:
        pytest.skip("BENCH_DATA is not set: the KBLI 2020 list is not at hand")
    source = Path(root) / "kbli2020" / "kbli_2020.csv.gz"
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        known = {row["code"] for row in csv.DictReader(lines) if row["level"] == "kelompok"}
    unknown = {
        leaf.code: leaf.kbli2020
        for leaf in leaves()
        if leaf.kbli2020 and leaf.kbli2020 not in known
    }
    assert not unknown


def test_units_of_one_kind_convert_and_packs_do_not() -> None:
    assert UNITS["kg"].factor == 1_000 * UNITS["gram"].factor
    assert UNITS["lusin"].factor == 12 * UNITS["pcs"].factor
    for unit in UNITS.values():
        assert (unit.factor == 0) == (unit.kind is UnitKind.PACK)


def test_spellings_lead_in_one_step_to_a_word_that_stays() -> None:
    written = [spelling.written for spelling in spellings()]
    assert len(written) >= 150
    assert len(set(written)) == len(written)
    for spelling in spellings():
        assert spelling.written != spelling.means
        assert spelling.means not in set(written), spelling
        # A phrase is read word by word too: none of its words may lead on.
        assert not set(spelling.means.split()) & set(written), spelling


def test_a_spelling_is_lower_case_and_tidy() -> None:
    for spelling in spellings():
        for word in (spelling.written, spelling.means):
            assert word == " ".join(word.lower().split())


def test_a_protected_noun_may_have_a_synonym_but_is_never_a_misspelling() -> None:
    for spelling in spellings():
        if spelling.written in protected_words():
            assert spelling.kind is SpellingKind.SYNONYM, spelling


def test_pepper_is_sahang_and_merica_but_never_chilli() -> None:
    means = {spelling.written: spelling.means for spelling in spellings()}
    assert means["sahang"] == means["merica"] == "lada"
    assert means["cabe"] == "cabai"
    assert means["kempelang"] == "kemplang"
    assert means["kericu"] == "keritcu"
    assert means["belacan"] == means["trasi"] == "terasi"


def test_the_nouns_a_stemmer_breaks_are_protected() -> None:
    assert {"kerupuk", "terasi", "kemplang", "getas", "madu", "manisan"} <= protected_words()


def test_every_leaf_has_names_to_learn_from() -> None:
    count = Counter(leaf for _, leaf in labelled_names())
    assert len(labelled_names()) >= 1_000
    assert set(count) == {leaf.code for leaf in leaves()}
    assert min(count.values()) >= 15
    names = [name.lower() for name, _ in labelled_names()]
    assert len(set(names)) == len(names)


def test_labelled_names_look_like_what_sellers_write() -> None:
    with_size = sum(bool(re.search(r"\d", name)) for name, _ in labelled_names())
    assert with_size > 600
    assert all(5 <= len(name) <= 80 for name, _ in labelled_names())


def test_animal_and_fresh_goods_are_leaves_of_food() -> None:
    named = ANIMAL_GOODS | FRESH_GOODS
    assert named <= {leaf.code for leaf in leaves()}
    assert all(is_food_or_drink(code) for code in named)
