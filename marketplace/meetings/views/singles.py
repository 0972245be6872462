"""A meeting outside events: the officer proposes a time to both."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.businesses import queries as businesses
from marketplace.businesses.rules import BusinessKind
from marketplace.core.errors import DomainError
from marketplace.core.text import clean_text, whole_number
from marketplace.infra.errors import status_of
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, remember_form, sent_before
from marketplace.meetings import policies, queries
from marketplace.meetings.forms import SingleForm
from marketplace.meetings.services import asking
from marketplace.meetings.views.blueprint import bp


@bp.route("/meetings/single", methods=["GET", "POST"])
@allow(policies.may_arrange_single)
def create_single() -> ResponseReturnValue:
    """`?producer=` and `?buyer=` may name the two; else they are searched for by name.

    `?lead=` is the contact at a stall that it follows.
    """
    form = SingleForm()
    words = {
        side: clean_text(request.values.get(f"q_{side}", ""))[:200]
        for side in ("producer", "buyer")
    }
    _offer(form, words)
    if request.method == "GET":
        if not form.minutes.data:
            form.minutes.data = 30
        form.lead.data = request.args.get("lead", "")
        return _page(form, words)
    if "search" in request.form:
        return _page(form, words)
    if (before := sent_before(form)) is not None:
        return redirect(before)
    if not form.validate():
        return _page(form, words, 422)
    producer_id, buyer_id = form.parties()
    try:
        with transaction():
            wanted = asking.ask_single(
                actor=current_actor(),
                producer=businesses.get_business(producer_id),
                buyer=businesses.get_business(buyer_id),
                draft=form.draft(),
                lead_id=form.lead_id(),
            )
            location = remember_form(form, url_for(".show_request", meeting_request_id=wanted.id))
    except DomainError as error:
        form.refuse(error)
        return _page(form, words, status_of(error))
    flash(_("Both are asked. Their texts lie in the tray; the time is held for them."), "success")
    return redirect(location)


def _offer(form: SingleForm, words: dict[str, str]) -> None:
    """The lists of both fields: what the search found, and who is chosen already."""
    kinds = {"producer": BusinessKind.PRODUCER, "buyer": BusinessKind.OUTLET}
    for side, field in (("producer", form.producer_id), ("buyer", form.buyer_id)):
        given = request.args.get(side, "") if request.method == "GET" else ""
        if whole_number(given) is not None:
            field.data = given
        found = businesses.find_businesses(1, text=words[side], kind=kinds[side]).items
        options = {str(one.id): one.name for one in found}
        chosen = whole_number(field.data)
        if chosen is not None and str(chosen) not in options:
            known = queries.businesses_of([chosen])
            options |= {str(one.id): one.name for one in known if one.kind is kinds[side]}
        field.choices = [("", _("Choose")), *options.items()]


def _page(form: SingleForm, words: dict[str, str], status: int = 200) -> ResponseReturnValue:
    return render_template("meetings/create_single.html", form=form, words=words), status
