"""The officer's morning: the queue, one case, the decision."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.accounts import queries as accounts
from marketplace.audit import queries as audit
from marketplace.commodities.forms import category_name
from marketplace.commodities.rules import categories
from marketplace.core.clock import now
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.downloads import export_response
from marketplace.infra.i18n import say
from marketplace.infra.web import allow, current_actor, page_number
from marketplace.regions.rules import regencies
from marketplace.suggestions import documents, policies, queries
from marketplace.suggestions.forms import HandOverForm, OverrideForm, RemarkForm
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.queries import QueueFilter, holding
from marketplace.suggestions.rules import (
    CASE_AIM,
    OPEN_CASES,
    REJECT_REASON_NAMES,
    IntroductionState,
    RejectReason,
    SuggestionState,
)
from marketplace.suggestions.services import introducing
from marketplace.suggestions.views.blueprint import bp


def decide_links(suggestion: Suggestion) -> dict[str, Any] | None:
    """The three decisions of a card, for whom they are; None where it is already decided."""
    if not policies.may_decide(current_actor(), suggestion):
        return None
    if suggestion.state is not SuggestionState.PROPOSED:
        return None
    number = suggestion.id
    may_accept = suggestion.is_eligible or bool(suggestion.override_reason)
    return {
        # The list as it was filtered: after the decision the officer stands there again.
        "back": request.full_path if request.endpoint == "suggestions.list_queue" else "",
        "accept_url": url_for(".accept", suggestion_id=number) if may_accept else None,
        "accept_label": _("Accept and introduce"),
        "reject_url": url_for(".reject", suggestion_id=number),
        "postpone_url": url_for(".postpone", suggestion_id=number),
        "reasons": [(code.value, say(REJECT_REASON_NAMES[code])) for code in RejectReason],
        "postpones": [
            (day, ngettext("%(num)d day", "%(num)d days", days))
            for day, days in documents.postponements()
        ],
    }


def _filter_asked() -> QueueFilter:
    actor = current_actor()
    raw_state = request.args.get("state", "")
    state = (
        SuggestionState(raw_state)
        if raw_state in set(SuggestionState)
        else SuggestionState.PROPOSED
    )
    asked = request.args.get("area", "")[:5]
    # Only a code that is one: what lists are narrowed to has words of its own (`!17`).
    may_narrow = actor.is_province_officer and actor.covers(asked)
    area = asked if may_narrow and asked in regencies() else actor.scope
    whose = request.args.get("whose", "")
    return QueueFilter(
        state=state,
        area=area,
        asked_only=request.args.get("asked") == "1",
        category=request.args.get("category", "")[:40],
        overridden_only=request.args.get("overridden") == "1",
        forwarded_only=request.args.get("forwarded") == "1",
        whose=whose if whose in {"mine", "office", "untaken", "nobody"} else "",
        person_id=actor.person_id,
        office_id=actor.office_id,
    )


def _areas() -> list[tuple[str, str]]:
    """The kabupaten/kota a province may look at one by one; a kabupaten/kota sees its own."""
    home = current_actor().area
    if not current_actor().is_province_officer:
        return []
    return [
        (regency.code, regency.name)
        for regency in regencies().values()
        if regency.province_code == home
    ]


@bp.get("/queue")
@allow(policies.may_review)
def list_queue() -> ResponseReturnValue:
    wanted = _filter_asked()
    page = queries.page_of_queue(wanted, page_number())
    area = current_actor().scope
    return render_template(
        "suggestions/list_queue.html",
        page=page,
        holders=holding.holders_of([item.id for item in page.items]),
        late_before=now() - CASE_AIM,
        mine=holding.count_held_by(current_actor().person_id),
        cards=[
            {**documents.card(item, decide_links(item)), "introduction": item.introduction}
            for item in page.items
        ],
        wanted=wanted,
        counts=queries.count_by_state(area),
        asked=queries.count_asked(area),
        stake=queries.money_at_stake(area),
        spread=queries.spread_of_suggestions(area),
        overrides=queries.count_overrides(area),
        forwarded=queries.count_forwarded(area),
        areas=_areas(),
        branches=[
            (code, category_name(code)) for code, fact in categories().items() if not fact.parent
        ],
        reject_reasons=REJECT_REASON_NAMES,
    )


@bp.get("/queue.<ending>")
@allow(policies.may_review)
def export_queue(ending: str) -> ResponseReturnValue:
    """The list as shown, as a file."""
    if ending not in {"xlsx", "csv"}:
        raise NotFound(N_("There is no such page."))
    columns, rows = documents.queue_table(queries.list_of_queue(_filter_asked()))
    return export_response(columns, rows, "usulan", ending)


@bp.get("/suggestions/<int:suggestion_id>")
@allow(policies.may_see_case, queries.get_suggestion)
def show_suggestion(suggestion_id: int) -> ResponseReturnValue:
    return case_page(suggestion_id, RemarkForm(formdata=None), OverrideForm(formdata=None))


def case_page(
    suggestion_id: int,
    remark_form: RemarkForm,
    override_form: OverrideForm,
    status: int = 200,
    *,
    hand_form: HandOverForm | None = None,
) -> ResponseReturnValue:
    suggestion = queries.get_suggestion(suggestion_id)
    actor = current_actor()
    pairing = documents.pairing_of(suggestion)
    return (
        render_template(
            "suggestions/show_suggestion.html",
            suggestion=suggestion,
            card=documents.card(suggestion, decide_links(suggestion)),
            pairing=pairing,
            lines={line.line_id: line for line in pairing.lines},
            remarks=queries.list_remarks(suggestion.id),
            trail=audit.list_of_subject("suggestions", suggestion.id),
            version=queries.get_engine_version(suggestion.engine_version_id),
            remark_form=remark_form,
            override_form=override_form,
            may_override=policies.may_override(actor, suggestion),
            may_decide=policies.may_decide(actor, suggestion),
            may_introduce_again=_may_introduce_again(suggestion),
            **_holder(suggestion, hand_form),
            reject_reasons=REJECT_REASON_NAMES,
        ),
        status,
    )


def hand_over_form(suggestion: Suggestion, **how: Any) -> HandOverForm:
    """The form that hands this case over: to an office of its area or to one of its officers."""
    offices = accounts.list_offices_of(suggestion.area_code)
    officers = accounts.list_officers([office.id for office in offices])
    form = HandOverForm(**how)
    form.to.choices = [
        (value, name)
        for office in offices
        for value, name in [
            (str(office.id), office.name),
            *(
                (f"{office.id}-{one.person_id}", f"{office.name}: {one.person.full_name}")
                for one in officers
                if one.office_id == office.id
            ),
        ]
    ]
    return form


def _holder(suggestion: Suggestion, hand_form: HandOverForm | None) -> dict[str, Any]:
    """Who has the case, since when, and to whom it can be handed over."""
    holder = holding.find_holder(suggestion.id)
    hand_form = hand_form or hand_over_form(suggestion, formdata=None)
    # What is shown is what is answered: who reads the page anew may press anew.
    hand_form.version.data = str(holder.version if holder else 0)
    waits_since = holder.since_at if holder else suggestion.created_at
    return {
        "holder": holder,
        "waits_since": waits_since,
        "is_open_case": suggestion.state in OPEN_CASES,
        "is_late": now() - waits_since > CASE_AIM,
        "aim_days": CASE_AIM.days,
        "may_hold": policies.may_hold(current_actor(), suggestion),
        "hand_form": hand_form,
    }


def _may_introduce_again(suggestion: Suggestion) -> bool:
    held = suggestion.introduction
    if held is None or not policies.may_decide(current_actor(), suggestion):
        return False
    return introducing.is_over(held) and held.state is not IntroductionState.AGREED
