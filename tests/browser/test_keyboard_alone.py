"""The first tasks of everybody with the keyboard alone, and without JavaScript."""

import pytest
from playwright.sync_api import Page

from marketplace.demand.models import Need, NeedLine
from marketplace.infra.db import session
from marketplace.suggestions import queries
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import SuggestionState
from tests import factories
from tests.browser.conftest import Visit
from tests.suggestions.conftest import Market, market, suggested
from tests.support.browser import DESK, PHONE

__all__ = ["market", "suggested"]

MOST_STOPS = 120
# What has the focus, and whether a person can see that it does: a ring, and nothing above it.
FOCUSED = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    const above = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const isClear = !!above && (one.contains(above) || above.contains(one));
    return {
        name: one.name || '', text: one.textContent.trim(), type: one.type || '',
        isPage: one === document.body,
        isPartOfField: one.type === 'date' && !one.matches(':focus-visible'),
        isSeen: style.outlineStyle !== 'none' && isClear,
    };
}"""


def tab_to(page: Page, name: str = "", text: str = "") -> None:
    """Press Tab until a field of this name or a thing with this text has the focus."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUSED)
        # The calendar within a field for a day draws a ring of its own.
        assert now["isSeen"] or now["isPage"] or now["isPartOfField"], now
        if (name and now["name"] == name) or (text and now["text"].startswith(text)):
            return
    raise AssertionError(f"{name or text} cannot be reached with Tab on {page.url}")


def enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_in(page: Page, phone: str) -> None:
    page.goto("/sign-in")
    tab_to(page, name="login")
    page.keyboard.type(phone)
    tab_to(page, name="password")
    page.keyboard.type(factories.PASSWORD)
    enter(page)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_officer_decides_on_a_pairing(
    new_page: Visit,
    market: Market,
    suggested: Suggestion,
    width: int,
) -> None:
    page = new_page(width=width, javascript=False)
    sign_in(page, market.officer.phone)
    tab_to(page, text="Antrean")
    enter(page)
    tab_to(page, text="Setujui dan kenalkan")
    enter(page)
    session.rollback()
    assert queries.get_suggestion(suggested.id).state is SuggestionState.ACCEPTED


def test_a_buyer_publishes_a_need_and_searches_the_catalogue(
    new_page: Visit,
    market: Market,
) -> None:
    page = new_page(javascript=False)
    sign_in(page, market.buyer.phone)
    page.goto("/needs/new")
    for name, typed in (
        ("title", "Getas ikan 250 g"),
        ("category_code", "Kemplang"),
        ("unit", "bungkus"),
        ("branches-0-volume", "100"),
    ):
        tab_to(page, name=name)
        page.keyboard.type(typed)
    tab_to(page, name="publish")
    enter(page)
    session.rollback()
    found = session.query(NeedLine.volume_per_month).join(Need).filter_by(title="Getas ikan 250 g")
    assert found.all() == [(100,)]
    page.goto("/products")
    tab_to(page, name="q")
    page.keyboard.type("kempalng")
    enter(page)
    assert market.product.name in page.locator("main").inner_text()
