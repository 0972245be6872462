"""The words officers keep: what the search reads as what."""

import pytest

from marketplace.audit.models import AuditEntry
from marketplace.commodities import queries, rules, services
from marketplace.commodities.forms import branch_choices, category_choices, category_name
from marketplace.commodities.models import Category, Spelling
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests.factories import make_person

WORD = {"written": "Kemplangg", "means": "kemplang", "kind": "variant", "note": "sering"}


def spelling(written: str) -> Spelling:
    return session.query(Spelling).filter_by(written=written).one()


def test_categories_and_words_are_loaded_once(app) -> None:
    assert session.query(Category).count() == len(rules.categories())
    assert queries.spellings() == {word.written: word.means for word in rules.spellings()}
    with transaction():
        assert services.load_facts() == 0


def test_what_an_officer_edited_or_left_out_stays_when_facts_are_loaded_again(signed_in) -> None:
    browser = signed_in(make_person("province"))
    changed, left = spelling("kempelang").id, spelling("kemplank").id
    data = {"written": "kempelang", "means": "getas", "kind": "dialect"}
    assert browser.post(f"/words/{changed}", data=data).status_code == 302
    assert browser.post(f"/words/{left}/leave").status_code == 302
    with transaction():
        services.load_facts()
    words = queries.spellings()
    assert words["kempelang"] == "getas"
    assert "kemplank" not in words


@pytest.mark.both_databases
def test_a_word_is_added_folded_and_used_by_the_search(signed_in) -> None:
    browser = signed_in(make_person("regency"))
    assert browser.post("/words/new", data=WORD).status_code == 302
    assert queries.spellings()["kemplangg"] == "kemplang"
    assert session.query(AuditEntry).filter_by(action="spelling.added").count() == 1
    assert "kemplangg" in browser.text("/words?q=plangg")


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("written", "", 422),
        ("written", "x" * 61, 422),
        ("written", "kerupuk", 422),  # protected: the usual name of a product
        ("means", "kemplangg", 422),  # itself
        ("means", "kempelang", 422),  # itself rewritten to kemplang
        ("written", "kemplang", 422),  # already what others mean
        ("kind", "x", 422),
        ("written", "kempelang", 409),
        ("note", "x" * 10_000, 422),
    ],
)
def test_a_word_that_would_confuse_the_search_is_refused(
    signed_in, field: str, value: str, status: int
) -> None:
    before = queries.spellings()
    browser = signed_in(make_person("province"))
    assert browser.post("/words/new", data={**WORD, field: value}).status_code == status
    assert queries.spellings() == before


def test_a_word_left_out_can_be_used_again(signed_in) -> None:
    number = spelling("kempelang").id
    browser = signed_in(make_person("province"))
    browser.post(f"/words/{number}/leave")
    assert "kempelang" not in queries.spellings()
    browser.post(f"/words/{number}/use")
    assert queries.spellings()["kempelang"] == "kemplang"


@pytest.mark.parametrize("role", ["producer", "buyer"])
def test_words_are_for_the_office(signed_in, role: str) -> None:
    browser = signed_in(make_person(role))
    assert browser.get("/words").status_code == 403
    assert browser.post("/words/new", data=WORD).status_code == 403


def test_an_administrator_reads_the_words_and_leaves_them_alone(signed_in) -> None:
    browser = signed_in(make_person("admin"))
    assert browser.get("/words").status_code == 200
    assert browser.post("/words/new", data=WORD).status_code == 403


@pytest.mark.parametrize(
    "query", ["q=%25", "q=_", "kind=x", "page=0", "page=abc", "q=" + "x" * 5_000]
)
def test_no_query_breaks_the_list(signed_in, query: str) -> None:
    assert signed_in(make_person("province")).get(f"/words?{query}").status_code == 200


def test_every_leaf_can_be_chosen_once_in_its_group(app) -> None:
    with app.test_request_context():
        offered = [code for group in category_choices().values() for code, _label in group]
        assert sorted(offered) == sorted(leaf.code for leaf in rules.leaves())
        assert category_choices("…")[""] == [("", "…")]
        assert category_name("kemplang") == "Kemplang"
        assert category_name(None) == ""
        assert category_name("gone") == "gone"


def test_a_filter_offers_whole_branches_too(app) -> None:
    with app.test_request_context():
        offered = {code for group in branch_choices().values() for code, _label in group}
        assert offered == set(rules.categories())
