"""The answer: signed in, from the link of a letter, or by the office; and hiding."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.actor import Actor, ActorKind
from marketplace.core.errors import InvalidInput, NotFound, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.links import unsign
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, public
from marketplace.questions import documents, policies, queries
from marketplace.questions.forms import AnswerForm, HideForm
from marketplace.questions.models import Question
from marketplace.questions.rules import QuestionState
from marketplace.questions.services import answering
from marketplace.questions.views.blueprint import bp

Page = Callable[[AnswerForm], str]


@bp.get("/questions/<int:question_id>")
@allow(policies.may_see_question, queries.get_question)
def show_question(question_id: int) -> ResponseReturnValue:
    question = queries.get_question(question_id)
    return _page(question, AnswerForm(formdata=None), HideForm(formdata=None))


@bp.post("/questions/<int:question_id>/answer")
@allow(policies.may_answer, queries.get_question)
def answer_question(question_id: int) -> ResponseReturnValue:
    def page(form: AnswerForm) -> str:
        return _page(queries.get_question(question_id), form, HideForm(formdata=None))

    refused = _take_answer(current_actor(), question_id, page)
    return refused or redirect(url_for(".show_question", question_id=question_id))


@bp.post("/questions/<int:question_id>/hide")
@allow(policies.may_hide, queries.get_question)
def hide_question(question_id: int) -> ResponseReturnValue:
    form = HideForm()
    if not form.validate():
        question = queries.get_question(question_id)
        return _page(question, AnswerForm(formdata=None), form), 422
    with transaction():
        answering.hide(
            actor=current_actor(),
            question=queries.get_question(question_id),
            reason=form.reason.data,
        )
    flash(_("The question is hidden. Only the asker and the office still see it."), "success")
    return redirect(url_for(".show_question", question_id=question_id))


def _behind(token: str) -> tuple[Question, Actor]:
    """The question a signed link is about, and the actor it makes of its holder."""
    payload = unsign(documents.PURPOSE, token)
    question = queries.get_question(int(payload[0]))
    if question.state in {QuestionState.WITHDRAWN, QuestionState.HIDDEN}:
        # Their text is not the owner's to read any more.
        raise NotFound(N_("This question was taken back: there is nothing to answer any more."))
    return question, Actor(ActorKind.LINK, link_subject=f"question:{question.id}")


@bp.get("/q/<token>")
@public
def answer_link(token: str) -> ResponseReturnValue:
    """Shows and changes nothing: chat programs open links by themselves to draw a preview."""
    question, _actor = _behind(token)
    return _link_page(question, AnswerForm(formdata=None), token)


@bp.post("/q/<token>")
@public
def answer_by_link(token: str) -> ResponseReturnValue:
    question, actor = _behind(token)
    question_id = question.id

    def page(form: AnswerForm) -> str:
        return _link_page(queries.get_question(question_id), form, token)

    refused = _take_answer(actor, question_id, page)
    return refused or redirect(url_for(".answer_link", token=token))


def _take_answer(actor: Actor, question_id: int, page: Page) -> ResponseReturnValue | None:
    """Take the answer; returns the page again, with what was typed, where it is refused."""
    form = AnswerForm()
    if not form.validate():
        return page(form), 422
    try:
        with transaction():
            answering.answer(
                actor=actor,
                question=queries.get_question(question_id),
                text=form.answer.data,
            )
    except InvalidInput as error:
        form.refuse(error)
        return page(form), 422
    except RuleBroken as error:
        form.refuse(error)
        return page(form), 409
    flash(_("Thank you. Your answer is there for all to read."), "success")
    return None


def _page(question: Question, form: AnswerForm, hide_form: HideForm) -> str:
    actor = current_actor()
    waits = question.state is QuestionState.ASKED
    return render_template(
        "questions/show_question.html",
        question=question,
        form=form,
        hide_form=hide_form,
        card=documents.card_of(question),
        about_url=documents.about_url(question),
        may_answer=waits and policies.may_answer(actor, question),
        for_owner=not policies.is_owner(actor, question),
        may_withdraw=waits and policies.may_withdraw(actor, question),
        may_hide=policies.may_hide(actor, question)
        and question.state in {QuestionState.ASKED, QuestionState.ANSWERED},
    )


def _link_page(question: Question, form: AnswerForm, token: str) -> str:
    return render_template(
        "questions/answer_link.html",
        question=question,
        form=form,
        token=token,
        card=documents.card_of(question),
    )
