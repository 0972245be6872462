"""The main menu of each role, and what surrounds every page."""

from flask import request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.routing import BuildError

from marketplace.businesses import queries as businesses
from marketplace.core.actor import Actor
from marketplace.home.policies import may_see_jobs
from marketplace.infra import options
from marketplace.infra.i18n import choose_locale
from marketplace.infra.web import current_actor
from marketplace.notifications import queries as outbox
from marketplace.notifications.policies import may_send, tray_of
from marketplace.questions.policies import may_list_questions
from marketplace.suggestions import queries as suggestions

LANGUAGES = (("id", "Indonesia"), ("en", "English"))


def navigation() -> dict[str, object]:
    """Context of the layout (see templates/_layout/base.html)."""
    actor = current_actor()
    acting = None
    if actor.acting_for is not None:
        acting = {
            "name": businesses.get_business(actor.acting_for).name,
            "stop_url": url_for("accounts.stop_acting"),
        }
    locale = choose_locale()
    counts = _counts(actor)
    return {
        "actor": actor,
        "nav": [
            (label, url, _is_current(endpoint), counts.get(endpoint), icon)
            for endpoint, label, icon in _items(actor)
            if (url := _address(endpoint)) is not None
        ],
        "account": _account(actor) if actor.is_signed_in else None,
        "sign_in_url": url_for("accounts.sign_in"),
        "languages": [
            (code, label, url_for("home.set_language", code=code), code == locale)
            for code, label in LANGUAGES
        ],
        "acting_for": acting,
        "example_data": options.get_int("demo_seeded", 0) == 1,
        "chosen_locale": cookie.get("locale"),
    }


def _items(actor: Actor) -> list[tuple[str, str, str]]:
    """(endpoint, label, icon) in order of use: what this role does first stands first."""
    catalogue = ("catalog.browse_products", _("Catalogue"), "search")
    if not actor.is_signed_in:
        return [("home.index", _("Start"), "home"), catalogue]
    items = [("home.index", _("Start"), "home")]
    if actor.is_officer:
        items += [
            ("suggestions.list_queue", _("Queue"), "list"),
            *([("suggestions.list_to_send", _("To send"), "send")] if may_send(actor) else ()),
            ("meetings.list_events", _("Business meetings"), "handshake"),
            ("businesses.list_papers_to_check", _("Papers"), "document"),
            ("deals.list_deals", _("Deals"), "handshake"),
            ("programs.list_programs", _("Programmes"), "calendar"),
            ("readiness.show_readiness", _("Readiness"), "chart"),
            ("reporting.show_report", _("Report"), "document"),
            ("businesses.list_businesses", _("Businesses"), "store"),
        ]
    if actor.producer_ids or _acts_for_producer(actor):
        items += [
            ("catalog.list_own_products", _("My products"), "box"),
            ("readiness.show_own", _("Readiness"), "chart"),
            ("demand.browse_needs", _("Needs"), "list"),
            ("suggestions.list_own_introductions", _("Introductions"), "handshake"),
            ("meetings.list_own_meetings", _("Meetings"), "calendar"),
            ("deals.list_deals", _("Deals"), "box"),
            ("programs.list_own_trainings", _("My trainings"), "calendar"),
            ("programs.list_own_stalls", _("My stalls"), "store"),
        ]
    if actor.outlet_ids or _acts_for_outlet(actor):
        items += [
            ("demand.list_own_needs", _("My needs"), "list"),
            ("suggestions.match_list", _("Match my list"), "document"),
            ("suggestions.list_own_introductions", _("Introductions"), "handshake"),
            ("meetings.list_own_meetings", _("Meetings"), "calendar"),
            ("deals.list_deals", _("Deals"), "box"),
        ]
    items.append(catalogue)
    if actor.is_admin and not actor.is_officer:
        items.append(("businesses.list_people", _("People"), "user"))
    return list(dict.fromkeys(items))


def _counts(actor: Actor) -> dict[str, int]:
    """What waits behind a menu item."""
    if not actor.is_officer:
        return {}
    area = actor.scope
    counts = {"suggestions.list_queue": suggestions.count_to_decide(area)}
    if may_send(actor):
        counts["suggestions.list_to_send"] = outbox.count_to_send(tray_of(actor))
    return counts


def _acts_for_producer(actor: Actor) -> bool:
    return actor.acting_kind == "producer"


def _acts_for_outlet(actor: Actor) -> bool:
    return actor.acting_kind == "outlet"


def _account(actor: Actor) -> dict[str, object]:
    links = [(_("My account"), url_for("accounts.show_account"))]
    if actor.business_ids:
        links.insert(0, (_("My business"), url_for("businesses.choose_business")))
    if may_list_questions(actor):
        links.append((_("Questions"), url_for("questions.list_questions")))
    if actor.is_officer:
        links += [
            (_("Workload"), url_for("reporting.show_workload")),
            (_("Import"), url_for("exchange.choose_import")),
            (_("Products"), url_for("catalog.list_area_products")),
            (_("Needs"), url_for("demand.browse_needs")),
            (_("People"), url_for("businesses.list_people")),
            (_("Freight"), url_for("regions.list_freight_legs")),
            (_("Words"), url_for("commodities.list_spellings")),
            (_("Learning"), url_for("learning.show_learning")),
        ]
    if may_see_jobs(actor):
        links += [
            (_("Settings"), url_for("home.change_settings")),
            (_("Background work"), url_for("home.list_jobs")),
        ]
    return {
        "name": actor.name,
        "role": role_name(actor),
        "links": links,
        "sign_out_url": url_for("accounts.sign_out"),
    }


def role_name(actor: Actor) -> str:
    if actor.is_province_officer:
        return str(_("Provincial officer"))
    if actor.is_regency_officer:
        return str(_("Kabupaten/kota officer"))
    if actor.is_admin:
        return str(_("Administrator"))
    if actor.producer_ids and actor.outlet_ids:
        return str(_("Producer and buyer"))
    if actor.producer_ids:
        return str(_("Producer"))
    if actor.outlet_ids:
        return str(_("Outlet buyer"))
    return str(_("Member"))


def _is_current(endpoint: str) -> bool:
    return request.endpoint == endpoint


def _address(endpoint: str) -> str | None:
    """Where it is; None where there is no such page."""
    try:
        return url_for(endpoint)
    except BuildError:
        return None
