"""What every view needs: who acts, may they, paging, safe redirects, one effect per form."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.routing import IntegerConverter, ValidationError

from marketplace.core.actor import ANONYMOUS, Actor
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.core.text import N_, whole_number
from marketplace.infra.once import location_of, remember

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
Policy = Callable[..., bool]

PAGE_SIZE = 25
ROW_MAX = 2**63 - 1  # what both databases can hold in a row's number
PAGE_MAX = 10_000


def current_actor() -> Actor:
    """The actor of this request, loaded before it by `app.py`."""
    actor: Actor = g.get("actor", ANONYMOUS)
    return actor


def public(view: View) -> View:
    """Declare that anybody may open this route."""
    view.policy = "public"  # type: ignore[attr-defined]
    return view


def allow(policy: Policy, thing: Callable[..., object] | None = None) -> Callable[[View], View]:
    """Declare the policy of a route: `policy(actor)` or, with a loader, `policy(actor, thing)`.

    `thing` is called with the route's arguments and returns what the policy judges or raises
    NotFound. A stranger's record and a missing one answer alike: 404 to those signed in, the
    sign-in page to those who are not.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            actor = current_actor()
            if not actor.is_signed_in:
                return to_sign_in()
            if thing is None:
                if not policy(actor):
                    raise NotAllowed(N_("You may not open this page."))
            elif not _is_open(policy, actor, thing, kwargs):
                raise NotFound(N_("There is no such page."))
            return view(*args, **kwargs)

        guarded.policy = policy.__name__  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return declare


def _is_open(
    policy: Policy, actor: Actor, thing: Callable[..., object], kwargs: dict[str, Any]
) -> bool:
    try:
        subject = thing(**kwargs)
    except NotFound:
        return False  # in the same words as a record that is not theirs
    return policy(actor, subject)


def require(allowed: bool) -> None:
    """Refuse unless the policy said yes; used by services, whoever calls them."""
    if not allowed:
        raise NotAllowed(N_("You may not do this."))


class RowNumber(IntegerConverter):
    """A number in an address; one that no row can have is no address of ours."""

    def to_python(self, value: str) -> int:
        number: int = super().to_python(value)
        if number > ROW_MAX:
            raise ValidationError
        return number


def to_sign_in() -> ResponseReturnValue:
    """Send a stranger to sign in, and back to the page they wanted.

    Whoever was signed out while filling in a form comes back to that form, where what was typed
    is put back from the device.
    """
    wanted: str | None = request.full_path.rstrip("?")
    if request.method != "GET":
        flash(
            _("You were signed out before this was sent. Sign in, then send it again."), "warning"
        )
        wanted = _page_of_form()
    return redirect(url_for("accounts.sign_in", next=wanted))


def _page_of_form() -> str | None:
    """The path a form was sent from, as far as the browser tells; None where it is not ours."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def is_for_members() -> bool:
    """True where the route asked for is only for people who are signed in."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "policy", "public") != "public"


def safe_next(target: str | None, default: str) -> str:
    """Return `target` only if it is a plain path of this site (trust.md, S11)."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return default
    if any(ord(char) < 33 for char in target):
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target


def page_number(name: str = "page") -> int:
    """The page asked for, from 1; nonsense is page 1. A second list of a page has its own name."""
    raw = request.args.get(name, "1")
    if not raw.isascii() or not raw.isdigit() or len(raw) > 6:
        return 1
    number = int(raw)
    if number > PAGE_MAX:
        abort(404)
    return max(number, 1)


def row_numbers(raw: Iterable[str]) -> list[int]:
    """Ticked boxes as numbers of rows; what no row can have is left out."""
    found = (whole_number(text, digits=18) for text in raw)
    return [number for number in found if number is not None]


def ticked(raw: Iterable[str]) -> set[int]:
    """Ticked boxes as numbers; anything else is left out."""
    return {number for number in map(whole_number, raw) if number is not None}


def page_part(template: str, **values: object) -> Markup:
    """A part of a page that a room draws for a room below it: our own template, which escapes."""
    return Markup(render_template(template, **values))  # noqa: S704


def wants_fragment() -> bool:
    """True where htmx asked and only part of the page is to be swapped."""
    return request.headers.get("HX-Request") == "true"


def sent_before(form: Any) -> str | None:
    """Where this very form led when it was sent the first time; None if it is new."""
    return location_of(current_actor().person_id, str(form.form_token.data or ""))


def remember_form(form: Any, location: str) -> str:
    """Keep where this form led, inside its transaction; returns the location."""
    remember(current_actor().person_id, str(form.form_token.data or ""), location)
    return location
