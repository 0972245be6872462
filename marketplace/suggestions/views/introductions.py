"""Both sides' answers: from a signed link without an account, or signed in."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.actor import Actor, ActorKind
from marketplace.core.errors import NotFound
from marketplace.core.phones import display_phone, whatsapp_link
from marketplace.core.text import N_
from marketplace.infra.links import unsign
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number, public
from marketplace.notifications import queries as outbox
from marketplace.notifications.models import OutboxMessage
from marketplace.suggestions import documents, policies, queries
from marketplace.suggestions.forms import AnswerForm
from marketplace.suggestions.models import Introduction
from marketplace.suggestions.rules import (
    DECLINE_REASON_NAMES,
    DeclineReason,
    IntroductionState,
    Side,
)
from marketplace.suggestions.services import introducing
from marketplace.suggestions.views.blueprint import bp

PURPOSE = "introduction"


def _behind(token: str) -> tuple[Introduction, Side, Actor]:
    """What a signed link is about, and the actor it makes of its holder."""
    payload = unsign(PURPOSE, token)
    if len(payload) != 2 or payload[1] not in set(Side):
        raise NotFound(N_("This link is not valid. Ask the office for a new one."))
    side = Side(payload[1])
    introduction = queries.get_introduction(int(payload[0]))
    if introduction.state is IntroductionState.UNDONE:
        raise NotFound(N_("This link is not valid. Ask the office for a new one."))
    subject = introducing.link_subject(introduction.id, side)
    return introduction, side, Actor(ActorKind.LINK, link_subject=subject)


@bp.get("/a/<token>")
@public
def answer_link(token: str) -> ResponseReturnValue:
    """Shows and changes nothing: chat programs open links by themselves to draw a preview."""
    introduction, side, _actor = _behind(token)
    return _answer_page(introduction, side, AnswerForm(formdata=None), token=token)


@bp.post("/a/<token>")
@public
def answer(token: str) -> ResponseReturnValue:
    _introduction, side, actor = _behind(token)
    introduction_id = _introduction.id
    refused = _take_answer(actor, introduction_id, side, token=token)
    return refused or redirect(url_for(".answer_link", token=token))


@bp.get("/introductions")
@allow(policies.may_list_own)
def list_own_introductions() -> ResponseReturnValue:
    actor = current_actor()
    own = sorted(actor.business_ids | ({actor.acting_for} if actor.acting_for else set()))
    page = queries.page_of_own_introductions(own, page_number())
    return render_template(
        "suggestions/list_own_introductions.html",
        page=page,
        sides={item.id: policies.side_of(actor, item.suggestion) for item in page.items},
        is_over=introducing.is_over,
    )


@bp.get("/introductions/<int:introduction_id>")
@allow(policies.may_see_introduction, queries.get_introduction)
def show_introduction(introduction_id: int) -> ResponseReturnValue:
    introduction = queries.get_introduction(introduction_id)
    side = policies.side_of(current_actor(), introduction.suggestion)
    return _answer_page(introduction, side, AnswerForm(formdata=None))


@bp.post("/introductions/<int:introduction_id>")
@allow(policies.may_see_introduction, queries.get_introduction)
def answer_introduction(introduction_id: int) -> ResponseReturnValue:
    introduction = queries.get_introduction(introduction_id)
    side = policies.side_of(current_actor(), introduction.suggestion)
    if side is None:
        raise NotFound(N_("There is no such introduction."))
    refused = _take_answer(current_actor(), introduction_id, side)
    return refused or redirect(url_for(".show_introduction", introduction_id=introduction_id))


def _take_answer(
    actor: Actor, introduction_id: int, side: Side, token: str | None = None
) -> ResponseReturnValue | None:
    """Take a yes or a no; returns the page again where the no lacks its reason."""
    if request.form.get("answer") == "agree":
        with transaction():
            introducing.agree(
                actor=actor, introduction=queries.get_introduction(introduction_id), side=side
            )
        flash(_("Thank you. Your yes is noted."), "success")
        return None
    form = AnswerForm()
    if not form.validate() or form.reason.data not in set(DeclineReason):
        if not form.reason.errors:
            form.reason.errors = [*form.reason.errors, _("Please choose a reason.")]
        introduction = queries.get_introduction(introduction_id)
        return _answer_page(introduction, side, form, token=token, status=422)
    with transaction():
        introducing.decline(
            actor=actor,
            introduction=queries.get_introduction(introduction_id),
            side=side,
            reason=DeclineReason(form.reason.data),
            note=form.note.data,
        )
    flash(_("Thank you. Your answer is noted; declining never counts against you."), "success")
    return None


def _answer_page(
    introduction: Introduction,
    side: Side | None,
    form: AnswerForm,
    *,
    token: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    suggestion = introduction.suggestion
    card = documents.card(suggestion)
    if side is Side.PRODUCER and introduction.state is not IntroductionState.AGREED:
        pairing = documents.pairing_of(suggestion)
        card["reasons"] = documents.headlines_of(pairing, tell_ceiling=False)
    own_yes = (
        introduction.producer_agreed_at if side is Side.PRODUCER else introduction.buyer_agreed_at
    )
    return (
        render_template(
            "suggestions/answer_link.html" if token else "suggestions/show_introduction.html",
            introduction=introduction,
            suggestion=suggestion,
            card=card,
            side=side,
            own_yes=own_yes if side else None,
            is_over=introducing.is_over(introduction),
            contacts=_contacts(introduction, side),
            form=form,
            token=token,
            decline_names=DECLINE_REASON_NAMES,
            messages=_messages(introduction) if side is None else [],
        ),
        status,
    )


def _messages(introduction: Introduction) -> list[OutboxMessage]:
    """For the office: what was sent to whom and when they answered."""
    return list(outbox.list_of_subject(introducing.SUBJECT, introduction.id))


def _contacts(introduction: Introduction, side: Side | None) -> list[dict[str, str | None]]:
    """Contacts open to both sides once both agreed, and to the office."""
    if introduction.state is not IntroductionState.AGREED:
        return []
    suggestion = introduction.suggestion
    parties = {
        Side.PRODUCER: suggestion.product.business,
        Side.BUYER: suggestion.need.business,
    }
    text = _(
        "Hello, we were introduced by Temu Gerai (reference TG-%(number)s) about %(product)s.",
        number=introduction.id,
        product=suggestion.product.name,
    )
    return [
        {
            "name": party.name,
            "contact": party.contact_name,
            "phone": display_phone(party.phone) if party.phone else "",
            "link": whatsapp_link(party.phone, text) if party.phone else None,
        }
        for which, party in parties.items()
        if side is None or which is not side
    ]
