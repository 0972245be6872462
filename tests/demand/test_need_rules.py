"""States, volumes and what an open need must say."""

from datetime import date, timedelta
from itertools import product

import pytest

from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.demand import rules
from marketplace.demand.rules import LineDraft, NeedDraft, NeedState

DAY = date(2026, 11, 20)
ALLOWED = {
    (NeedState.DRAFT, NeedState.OPEN),
    (NeedState.OPEN, NeedState.PAUSED),
    (NeedState.PAUSED, NeedState.OPEN),
    (NeedState.OPEN, NeedState.CLOSED),
    (NeedState.PAUSED, NeedState.CLOSED),
}


@pytest.mark.parametrize(("now", "then"), list(product(NeedState, NeedState)))
def test_only_the_named_steps_are_allowed(now: NeedState, then: NeedState) -> None:
    if (now, then) in ALLOWED:
        rules.check_transition(now, then)
    else:
        with pytest.raises(RuleBroken):
            rules.check_transition(now, then)


@pytest.mark.parametrize(("a_week", "a_month"), [(12, 52), (1, 4), (100, 433), (3, 13)])
def test_a_week_counts_as_fifty_two_twelfths_of_it_a_month(a_week: int, a_month: int) -> None:
    assert rules.a_month(a_week, "week") == a_month
    assert rules.a_month(a_week, "month") == a_week


def _draft(**given: object) -> NeedDraft:
    values = {
        "title": "Kemplang",
        "category_code": "kemplang",
        "unit": "bungkus",
        "lines": (LineDraft("31.74", 100),),
        **given,
    }
    return NeedDraft(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("title", {"title": ""}),
        ("terms_days", {"terms": "days"}),
        ("commission_percent", {"terms": "outright", "commission_percent": 20}),
        ("places", {"lines": (LineDraft("31.74", 1), LineDraft("31.74", 2))}),
        ("papers", {"papers": frozenset({"passport"})}),
    ],
)
def test_a_draft_that_contradicts_itself_names_the_field(field: str, given: dict) -> None:
    with pytest.raises(InvalidInput) as refusal:
        rules.check_draft(_draft(**given))
    assert list(refusal.value.fields) == [field]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("category_code", {"category_code": ""}),
        ("unit", {"unit": ""}),
        ("places", {"lines": ()}),
        ("places", {"lines": (LineDraft("31.74", None),)}),
        ("needed_on", {"needed_on": DAY - timedelta(days=1)}),
    ],
)
def test_an_open_need_says_what_producers_must_know(field: str, given: dict) -> None:
    with pytest.raises(InvalidInput) as refusal:
        rules.check_complete(_draft(**given), DAY)
    assert list(refusal.value.fields) == [field]


def test_a_branch_and_its_kabupaten_are_two_places() -> None:
    lines = (LineDraft("31.74", 10, branch_id=5), LineDraft("31.74", 20))
    rules.check_draft(_draft(lines=lines))


def test_terms_and_papers_come_back_as_they_were_stored() -> None:
    assert rules.split_terms(rules.terms_word("days", 30)) == ("days", 30)
    assert rules.split_terms(rules.terms_word("outright", None)) == ("outright", None)
    kinds = frozenset({"halal", "pirt"})
    assert rules.papers_word(kinds) == "pirt|halal"
    assert rules.split_papers(rules.papers_word(kinds)) == kinds
