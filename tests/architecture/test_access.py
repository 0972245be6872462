"""Every route, tried by everybody who has no business there (trust.md, S1 to S3).

Nothing here names a page except the two tables below: a new route is tried without being added, and
a page that opens to strangers fails until it is declared here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from marketplace.audit.models import AuditEntry
from marketplace.infra.db import session
from tests.support import world as worlds
from tests.support.client import Client
from tests.support.pages import Page, fingerprint, normalised
from tests.support.world import World

MISSING = 987_654
MOST_PAGES = 150
FORMS_BETWEEN_LOOKS = 20
# A capability in the address itself: who holds the token may open it.
BY_TOKEN = frozenset(
    {
        "suggestions.answer_link",
        "suggestions.answer",
        "meetings.show_invitation",
        "meetings.answer_invitation",
        "meetings.answer_at_event",
        "meetings.agree_to_all",
        "meetings.answer_by_link",
        "meetings.take_by_link",
        "meetings.calendar_by_link",
        "meetings.meeting_calendar_by_link",
        "meetings.show_code",
        "meetings.show_wall_by_link",
        "meetings.judge_by_link",
        "meetings.take_judgement",
        "questions.answer_link",
        "questions.answer_by_link",
        "catalog.show_photo",
        "programs.show_stall_by_link",
        "programs.enter_by_link",
        "programs.add_lead_by_link",
        "deals.check_paper",
        "deals.take_by_link",
        "deals.answer_by_link",
        "reporting.check_report",
        "programs.show_own_seat",
        "programs.answer_own_seat",
        "programs.print_own_certificate",
        "programs.show_session_code",
        "programs.note_own_attendance",
        "programs.check_certificate",
    }
)
ELSEWHERE = frozenset({"static", "home.set_language"})

# Strangers by role: `neighbour` is an officer of another province.
OFFICES = frozenset({"regency", "neighbour"})
EVERYBODY = OFFICES | {"producer", "buyer", "member", "anonymous"}

# Pages about a record of somebody else that strangers may read, and who (domain.md, "who sees").
OPEN_TO: dict[str, frozenset[str] | set[str]] = {
    "businesses.show_business": EVERYBODY,
    "catalog.show_product": EVERYBODY,
    "catalog.show_share_image": EVERYBODY,
    "demand.show_need": OFFICES | {"producer"},
    "suggestions.show_need_matches": OFFICES,
    "suggestions.ask_for_product": {"buyer"},
    "suggestions.offer_for_need": {"producer"},
    # What is answered is for all who see the product or the need.
    "questions.list_about_product": EVERYBODY,
    "questions.list_about_need": OFFICES | {"producer"},
    "questions.ask_about_product": {"buyer"},
    "questions.ask_about_need": {"producer"},
    "commodities.edit_spelling": OFFICES,
    # Weights and rules bind every office.
    "learning.show_proposal": OFFICES,
    "learning.show_rule": OFFICES,
    "readiness.show_change": OFFICES,
    # Every office sees that an event is; of who takes part only its own producers.
    "meetings.show_event": OFFICES,
    "meetings.list_participants": OFFICES,
    "meetings.list_requests": OFFICES,
    "meetings.show_timetable": OFFICES,
    "meetings.show_day": OFFICES,
    "meetings.list_check_in": OFFICES,
    "meetings.enter_results": OFFICES,
    "meetings.print_people": OFFICES,
    "meetings.print_tables": OFFICES,
    "meetings.print_day": OFFICES,
    "meetings.print_results": OFFICES,
    "meetings.show_event_figures": OFFICES,
    "meetings.export_event_figures": OFFICES,
    "meetings.list_event_figure_rows": OFFICES,
    # The page that goes round on WhatsApp; other offices see that a training is held, and may send
    # their own producers to it. Who takes part is for its own office.
    "programs.sign_up": EVERYBODY,
    "programs.show_training_image": EVERYBODY,
    "programs.show_training": OFFICES,
    # Only with the people of its own area on it.
    "programs.list_training_participants": OFFICES,
    "programs.export_training_participants": OFFICES,
    "programs.invite_to_training": OFFICES,
    # When, where, by whom; what it turned over only as sums of five stalls and more.
    "programs.show_public_bazaar": EVERYBODY,
    # Open needs are there for every province, with those of its own producers who come near.
    "suggestions.list_candidates": {"neighbour"},
    "meetings.export_event_figure_rows": OFFICES,
}
# What strangers may do about a record of somebody else.
MAY_POST: dict[str, frozenset[str] | set[str]] = {
    "suggestions.ask_for_product": {"buyer"},
    "suggestions.offer_for_need": {"producer"},
    "questions.ask_about_product": {"buyer"},
    "questions.ask_about_need": {"producer"},
    "programs.take_sign_up": EVERYBODY,
    "programs.invite_to_training": OFFICES,
    # Words belong to all offices.
    "commodities.edit_spelling": OFFICES,
    "commodities.leave_spelling": OFFICES,
    "commodities.use_spelling": OFFICES,
    # The machine, the engine's weights and the rules are one for all provinces.
    "home.run_again": {"neighbour"},
    "readiness.drop_change": {"neighbour"},
    "readiness.adopt_change": {"neighbour"},
    "learning.adopt_proposal": {"neighbour"},
    "learning.refuse_proposal": {"neighbour"},
    "learning.adopt_rule": {"neighbour"},
    "learning.dismiss_rule": {"neighbour"},
    "readiness.put_back_change": {"neighbour"},
    "learning.end_proposal": {"neighbour"},
    "learning.end_rule": {"neighbour"},
    "learning.reconsider_rule": {"neighbour"},
}

# Entries of the audit trail that say somebody looked.
READINGS = frozenset({"business.figures_seen", "turnover.seen"})


@pytest.fixture
def world(app: Flask, run_jobs: Callable[[], int], signed_in) -> World:
    return worlds.build(run_jobs, signed_in)


@pytest.fixture
def introduced(app: Flask, run_jobs: Callable[[], int], signed_in) -> World:
    """The same market where the sides have no deal with each other yet."""
    return worlds.build(run_jobs, signed_in, with_deal=False)


Browsers = dict[str, Client]


@pytest.fixture
def strangers(world: World, client: Client, signed_in) -> Browsers:
    return {
        role: signed_in(person) if person else client for role, person in world.strangers.items()
    }


@pytest.fixture
def owners(world: World, signed_in) -> Browsers:
    return {role: signed_in(person) for role, person in world.owners.items()}


def record_routes(app: Flask, method: str) -> Iterator[Rule]:
    """Routes whose address names a record."""
    for rule in app.url_map.iter_rules():
        names_a_record = any(
            isinstance(converter, IntegerConverter) for converter in rule._converters.values()
        )
        if method in (rule.methods or set()) and names_a_record:
            yield rule


def address(app: Flask, rule: Rule, values: dict[str, object]) -> str:
    unknown = set(rule.arguments) - set(values)
    assert not unknown, f"tests/support/world.py must make a record for {unknown} ({rule.rule})"
    adapter = app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})


def pages_of(app: Flask, world: World) -> list[str]:
    """The address of every page, about side A's records where it is about one."""
    return [
        address(app, rule, world.ids)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and rule.endpoint not in BY_TOKEN | ELSEWHERE
    ]


def missing(values: dict[str, object]) -> dict[str, object]:
    return {name: MISSING if isinstance(value, int) else value for name, value in values.items()}


def test_somebody_elses_record_answers_like_one_that_does_not_exist(
    app: Flask, world: World, strangers: Browsers
) -> None:
    leaks = []
    for rule in record_routes(app, "GET"):
        for role, browser in strangers.items():
            theirs = browser.get(address(app, rule, world.ids))
            nothing = browser.get(address(app, rule, missing(world.ids)))
            who = f"{role} at {rule.endpoint}"
            if theirs.status_code == 200:
                if role not in OPEN_TO.get(rule.endpoint, set()):
                    leaks.append(f"{who}: opens")
            elif theirs.status_code != nothing.status_code:
                leaks.append(f"{who}: {theirs.status_code}, missing {nothing.status_code}")
            elif normalised(theirs.text) != normalised(nothing.text):
                leaks.append(f"{who}: the page tells them apart")
    assert not leaks, "\n".join(leaks)


def test_a_page_declared_open_is_open(app: Flask, world: World, strangers: Browsers) -> None:
    rules = {rule.endpoint: rule for rule in record_routes(app, "GET")}
    closed = [
        f"{role} at {endpoint}: {answer.status_code}"
        for endpoint, roles in OPEN_TO.items()
        for role in sorted(roles)
        if (answer := strangers[role].get(address(app, rules[endpoint], world.ids))).status_code
        != 200
    ]
    assert not closed, "\n".join(closed)


@dataclass(frozen=True)
class Seen:
    """A form on somebody's screen: where it goes and what stands in its fields."""

    role: str
    endpoint: str
    target: str
    fields: dict[str, str]
    about_a_record: bool


@dataclass
class Crawl:
    """All pages as their rightful readers saw them: what broke, what was noted, which forms."""

    forms: list[Seen]
    broken: list[str]
    changed: list[str]
    noted: set[str]


@pytest.fixture(scope="module")
def crawls() -> list[Crawl]:
    """Every test builds the same market, so what one test read holds for the next."""
    return []


@pytest.fixture
def crawl(app: Flask, world: World, owners: Browsers, crawls: list[Crawl]) -> Crawl:
    if not crawls:
        crawls.append(read_everything(app, world, owners))
    return crawls[0]


def read_everything(app: Flask, world: World, owners: Browsers) -> Crawl:
    adapter = app.url_map.bind("localhost")
    before, noted = fingerprint(), session.query(AuditEntry).count()
    forms: dict[str, Seen] = {}
    broken = []
    for path, (role, browser) in product(pages_of(app, world), owners.items()):
        answer = browser.get(path)
        if answer.status_code >= 500:
            broken.append(f"{path} for {role}: {answer.status}")
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for form in Page(answer.text).forms:
            target = (form.action or path).split("?")[0]
            if form.method == "post" and target not in forms:
                endpoint, values = adapter.match(target, method="POST")
                record = any(isinstance(value, int) for value in values.values())
                forms[target] = Seen(role, endpoint, target, form.fields, record)
    after = fingerprint()
    new = session.query(AuditEntry).order_by(AuditEntry.id).offset(noted).all()
    changed = [name for name in before if before[name] != after[name]]
    return Crawl(list(forms.values()), broken, changed, {entry.action for entry in new})


def test_no_button_of_others_works_for_a_stranger(
    app: Flask, world: World, strangers: Browsers, crawl: Crawl
) -> None:
    """Forms are sent with the very fields the rightful have on their screen."""
    forms = [form for form in crawl.forms if form.about_a_record]
    before, broken = fingerprint(), []
    # The whole database is compared after a handful of forms: after each it took most of the time.
    for first in range(0, len(forms), FORMS_BETWEEN_LOOKS):
        some = forms[first : first + FORMS_BETWEEN_LOOKS]
        for form in some:
            for role in strangers.keys() - MAY_POST.get(form.endpoint, set()):
                answer = strangers[role].post(form.target, data=form.fields)
                if answer.status_code not in {302, 403, 404}:
                    broken.append(f"{role} at {form.endpoint} was answered {answer.status_code}")
        after = fingerprint()
        if after != before:
            changed = [name for name in before if before[name] != after[name]]
            broken.append(f"one of {[form.endpoint for form in some]} changed {changed}")
            before = after
    assert not broken, "\n".join(broken)


def test_no_address_accepts_what_a_stranger_sends(
    app: Flask, world: World, strangers: Browsers
) -> None:
    """Also where the rightful have no form at this moment."""
    before, broken = fingerprint(), []
    for rule in record_routes(app, "POST"):
        for role, browser in strangers.items():
            if role in MAY_POST.get(rule.endpoint, set()):
                continue
            answer = browser.post(address(app, rule, world.ids), data={})
            if answer.status_code not in {302, 403, 404}:
                broken.append(f"{role} at {rule.endpoint} was answered {answer.status_code}")
    assert fingerprint() == before
    assert not broken, "\n".join(broken)


def test_the_forms_tried_do_act_for_the_rightful(owners: Browsers, crawl: Crawl) -> None:
    """The control: were the forms empty shells, the test above would prove nothing."""
    forms = [form for form in crawl.forms if form.about_a_record]
    acted: set[str] = set()
    before = fingerprint()
    for form in forms:
        if form.endpoint in acted:
            continue
        owners[form.role].post(form.target, data=form.fields)
        after = fingerprint()
        if after != before:
            acted.add(form.endpoint)
            before = after
        if len(acted) == 10:
            return
    pytest.fail(f"only these acted: {sorted(acted)}")


def test_a_get_changes_no_row(crawl: Crawl) -> None:
    assert not crawl.broken, "\n".join(crawl.broken)
    # That somebody read what is private is noted, and nothing else is.
    assert crawl.noted <= READINGS
    assert set(crawl.changed) <= {"audit_entries"}


_ALL = (
    *worlds.BUYER_CONTACT,
    *worlds.PRODUCER_CONTACT,
    worlds.CEILING,
    worlds.CAPITAL,
    worlds.STALL_TURNOVER,
    worlds.LEAD_NAME,
)
SECRETS: dict[str, tuple[str, ...]] = {
    # Contacts of outlets every province reads: it brings its producers to them too.
    "neighbour": (
        *worlds.PRODUCER_CONTACT,
        worlds.CAPITAL,
        worlds.STALL_TURNOVER,
        worlds.LEAD_NAME,
    ),
    "producer": _ALL,
    "buyer": _ALL,
    "member": _ALL,
    "anonymous": _ALL,
    "regency": (
        *worlds.PRODUCER_CONTACT,
        worlds.CAPITAL,
        worlds.STALL_TURNOVER,
        worlds.LEAD_NAME,
    ),
}


def walk(app: Flask, browser: Client, world: World) -> Iterator[tuple[str, str]]:
    """(address, text) of every page this visitor can reach: by address and by link."""
    waiting = [
        address(app, rule, world.ids)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and rule.endpoint not in BY_TOKEN | ELSEWHERE
    ]
    seen: set[str] = set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = browser.get(path)
        assert answer.status_code < 500, f"{path}: {answer.status}"
        if answer.mimetype.startswith(("text/", "application/json")):
            yield path, answer.text
        if answer.mimetype == "text/html":
            waiting += [
                link.split("#")[0]
                for link in Page(answer.text).links
                if link.startswith("/") and not link.startswith(("//", "/static", "/language"))
            ]


@pytest.mark.parametrize("role", sorted(SECRETS))
def test_no_page_tells_a_stranger_what_is_private(
    app: Flask, world: World, strangers: Browsers, role: str
) -> None:
    told = [
        f"{path} tells {secret}"
        for path, text in walk(app, strangers[role], world)
        for secret in SECRETS[role]
        if secret in text
    ]
    assert not told, "\n".join(told)


@pytest.mark.parametrize(
    ("side", "secrets"),
    [
        ("producer", (*worlds.BUYER_CONTACT, worlds.OUTLET_NAME, worlds.CEILING)),
        ("buyer", (*worlds.PRODUCER_CONTACT, worlds.CAPITAL)),
    ],
)
def test_the_sides_of_an_introduction_learn_contacts_only_after_both_agreed(
    app: Flask, introduced: World, signed_in, side: str, secrets: tuple[str, ...]
) -> None:
    browser = signed_in(introduced.owners[side])
    told = [
        f"{path} tells {secret}"
        for path, text in walk(app, browser, introduced)
        for secret in secrets
        if secret in text
    ]
    assert not told, "\n".join(told)
