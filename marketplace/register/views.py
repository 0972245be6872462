"""Double entries of the register: find, compare, join, part."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.routing import BuildError

from marketplace.businesses import policies as business_policies
from marketplace.businesses import queries as businesses
from marketplace.core.errors import DomainError, InvalidInput
from marketplace.core.text import N_, whole_number
from marketplace.infra import jobs
from marketplace.infra.errors import status_of
from marketplace.infra.forms import version_of
from marketplace.infra.i18n import say
from marketplace.infra.paging import Page
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number
from marketplace.register import documents, policies, queries, rules
from marketplace.register.rules import FIELDS
from marketplace.register.services import merging

bp = Blueprint("register", __name__)
# Places in an address where the number of a business stands.
_NUMBERS = ("business_id", "producer")


@bp.before_app_request
def follow_old_number() -> ResponseReturnValue | None:
    """Links with the number of a merged entry lead to the entry that stands for it."""
    if request.method != "GET" or request.endpoint is None:
        return None
    asked: dict[str, Any] = {**request.args.to_dict(), **(request.view_args or {})}
    moved = {name: new for name in _NUMBERS if (new := _survivor(asked.get(name))) is not None}
    if not moved:
        return None
    try:
        return redirect(url_for(request.endpoint, **{**asked, **moved}))
    except BuildError:
        return None


def _survivor(number: object) -> int | None:
    known = whole_number(number, digits=18)
    found = businesses.find_survivor_id(known) if known is not None else None
    if found is None:
        return None
    # A stranger learns nothing of an entry they may not see, not even that it was merged.
    may_see = business_policies.may_see(current_actor(), businesses.get_business(found))
    return found if may_see else None


def _area() -> str:
    actor = current_actor()
    return actor.scope


@bp.get("/register/twins")
@allow(policies.may_list_twins)
def list_twins() -> ResponseReturnValue:
    """Pairs to judge, the surest first; with `?state=merged` what was joined."""
    shows_merges = request.args.get("state") == "merged"
    number = page_number()
    page: Page[Any] = (
        queries.page_of_merges(_area(), number)
        if shows_merges
        else queries.page_of_twins(_area(), number)
    )
    return render_template(
        "register/list_twins.html",
        page=page,
        shows_merges=shows_merges,
        open_pairs=queries.count_twins(_area()),
        grounds_of=documents.grounds_of,
        may_undo={
            merge.id
            for merge in (page.items if shows_merges else ())
            if policies.may_undo_merge(current_actor(), merge) and merging.is_undoable(merge)
        },
        may_search=policies.may_search_all(current_actor()),
    )


@bp.post("/register/twins")
@allow(policies.may_search_all)
def search_twins() -> ResponseReturnValue:
    """Look through the whole register in the background."""
    with transaction():
        jobs.enqueue("find-all-twins", key="find-all-twins")
    flash(_("The register is being looked through. Pairs appear here as they are found."))
    return redirect(url_for(".list_twins"))


@bp.get("/register/twins/<int:twin_id>")
@allow(policies.may_judge_twin, queries.get_twin)
def show_twin(twin_id: int) -> ResponseReturnValue:
    return _twin_page(twin_id)


def _twin_page(twin_id: int, error: DomainError | None = None) -> ResponseReturnValue:
    twin = queries.get_twin(twin_id)
    keep = request.values.get("keep")
    keep_first = keep == "first" if keep in {"first", "second"} else documents.keeps_first(twin)
    body = render_template(
        "register/show_twin.html",
        twin=twin,
        grounds=documents.grounds_of(twin),
        fields=documents.fields_of(twin, keep_first),
        keep_first=keep_first,
        sides=[
            {"business": each, "hanging": documents.hanging_on(each)}
            for each in (twin.first, twin.second)
        ],
        is_open=twin.state.value == "open"
        and twin.first.merged_into_id is None
        and twin.second.merged_into_id is None,
        days=rules.UNDO_DAYS,
        error=say(error.msgid, error.params) if error is not None else "",
    )
    return body, status_of(error) if error is not None else 200


@bp.post("/register/twins/<int:twin_id>/not-same")
@allow(policies.may_judge_twin, queries.get_twin)
def say_not_same(twin_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            merging.say_not_same(actor=current_actor(), twin=queries.get_twin(twin_id))
    except DomainError as error:
        return _twin_page(twin_id, error)
    flash(_("Remembered: these are two businesses."))
    return redirect(url_for(".list_twins"))


@bp.post("/register/twins/<int:twin_id>/merge")
@allow(policies.may_judge_twin, queries.get_twin)
def merge_twin(twin_id: int) -> ResponseReturnValue:
    try:
        keep_first, chosen, versions = _read_choice()
        with transaction():
            twin = queries.get_twin(twin_id)
            other = "second" if keep_first else "first"
            merge = merging.merge(
                actor=current_actor(),
                twin=twin,
                keep_id=twin.first_id if keep_first else twin.second_id,
                taken_over=[name for name, side in chosen.items() if side == other],
                versions={twin.first_id: versions[0], twin.second_id: versions[1]},
            )
            survivor_id = merge.survivor_id
    except DomainError as error:
        return _twin_page(twin_id, error)
    flash(
        _(
            "The two are one entry now. Until %(days)s days have passed it can be undone.",
            days=rules.UNDO_DAYS,
        ),
        "success",
    )
    return redirect(url_for("businesses.show_business", business_id=survivor_id))


def _read_choice() -> tuple[bool, dict[str, str], tuple[int, int]]:
    """Which entry stays, the side chosen for each field, and the versions compared."""
    keep = request.form.get("keep")
    chosen = {
        name: request.form[f"field_{name}"] for name in FIELDS if f"field_{name}" in request.form
    }
    first, second = (
        version_of(request.form.get(f"{side}_version")) for side in ("first", "second")
    )
    if (
        keep not in {"first", "second"}
        or not set(chosen.values()) <= {"first", "second"}
        or min(first, second) < 0
    ):
        raise InvalidInput(N_("Some of this cannot be used."))
    return keep == "first", chosen, (first, second)


@bp.post("/register/merges/<int:merge_id>/undo")
@allow(policies.may_undo_merge, queries.get_merge)
def undo_merge(merge_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            merging.undo(actor=current_actor(), merge=queries.get_merge(merge_id))
    except DomainError as error:
        flash(say(error.msgid, error.params), "error")
        return redirect(url_for(".list_twins", state="merged"))
    flash(_("The merge is undone: there are two entries again."), "success")
    return redirect(url_for(".list_twins", state="merged"))
