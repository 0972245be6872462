"""A real Chromium in front of a live server on the test's own database.

`visit(path, person=None, width=360, javascript=True)` opens a page and fails on script errors and
on anything the content security policy blocks.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from marketplace.accounts.models import Person
from tests.conftest import SignIn
from tests.support.browser import PHONE, faults_at_both_widths

Visit = Callable[..., Page]
Faults = Callable[[Iterable[tuple[str, Person | None]]], dict[str, list[str]]]

ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    place = shutil.which("chromium")
    if place is None:
        pytest.skip("no Chromium here (Debian: apt-get install chromium)")
    # Its sandbox refuses to run as root.
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=place, args=[*ARGUMENTS, *alone])
        yield browser
        browser.close()


@pytest.fixture
def live_url(app: Flask) -> Iterator[str]:
    """The address of a server on this test's application."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.RequestHandlerClass.log_request = lambda *args, **kwargs: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def new_page(chromium: Browser, live_url: str, signed_in: SignIn) -> Iterator[Visit]:
    """An empty page in a browser of its own; `page.goto(path)` is relative to the live server."""
    complaints: list[str] = []
    contexts = []

    def open_page(
        person: Person | None = None,
        *,
        width: int = PHONE,
        javascript: bool = True,
        bypass_csp: bool = False,
    ) -> Page:
        context = chromium.new_context(
            base_url=live_url,
            viewport={"width": width, "height": 800},
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            java_script_enabled=javascript,
            bypass_csp=bypass_csp,  # axe-core must be let in; everything else must not
        )
        contexts.append(context)
        if person is not None:
            cookie = signed_in(person).get_cookie("tg")
            assert cookie is not None
            context.add_cookies([{"name": "tg", "value": cookie.value, "url": live_url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda told: (
                complaints.append(told.text) if "Content Security Policy" in told.text else None
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def faults(new_page: Visit) -> Faults:
    """`faults([(path, person), ...])`: what is wrong with these pages at both widths, by page."""

    def look(pages: Iterable[tuple[str, Person | None]]) -> dict[str, list[str]]:
        tabs: dict[int | None, Page] = {}
        wrong = {}
        for path, person in pages:
            who = person.id if person else None
            if who not in tabs:
                tabs[who] = new_page(person, bypass_csp=True)
            answer = tabs[who].goto(path)
            assert answer is not None
            assert answer.ok, f"{path}: {answer.status}"
            if found := faults_at_both_widths(tabs[who]):
                wrong[path] = found
        return wrong

    return look


@pytest.fixture
def visit(new_page: Visit) -> Visit:
    def go(path: str, person: Person | None = None, **how: object) -> Page:
        page = new_page(person, **how)
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        return page

    return go
