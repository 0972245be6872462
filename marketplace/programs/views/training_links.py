"""What people open without an account: the page to sign up, and the page that is theirs alone.

A GET shows and changes nothing: chat programs open links by themselves to draw a preview.
"""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import queries as accounts
from marketplace.accounts import services as account_services
from marketplace.businesses import queries as businesses
from marketplace.core.actor import Actor, ActorKind
from marketplace.core.clock import today
from marketplace.core.errors import DomainError, NotFound
from marketplace.core.text import N_, whole_number
from marketplace.infra.downloads import file_response
from marketplace.infra.i18n import say
from marketplace.infra.share_images import draw_share_image
from marketplace.infra.transaction import transaction
from marketplace.infra.web import (
    allow,
    current_actor,
    public,
    remember_form,
    require,
    sent_before,
)
from marketplace.programs import policies
from marketplace.programs.documents import certificates as papers
from marketplace.programs.documents import training_letters as letters
from marketplace.programs.forms.training_people import SignUpForm
from marketplace.programs.models import SignUp, Training
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.queries import trainings as queries
from marketplace.programs.rules import ProgramState
from marketplace.programs.rules.trainings import SignUpDraft, SignUpState
from marketplace.programs.services import signing_up
from marketplace.programs.views.blueprint import bp
from marketplace.programs.views.training_base import TOO_MANY, page, refused, unlocks_in_words


def _shown(training_id: int) -> Training:
    """A training people may know of: not while it is being prepared."""
    training = queries.get_training(training_id)
    if training.program.state is ProgramState.DRAFT:
        raise NotFound(N_("There is no such page."))
    return training


def _sign_up_page(training: Training, form: SignUpForm, *, known: bool = False) -> str:
    actor = current_actor()
    own = [
        business
        for number in sorted(actor.producer_ids)
        if (business := businesses.get_business(number))
    ]
    return page(
        "sign_up",
        training,
        form=form,
        known=known,
        unlocks=unlocks_in_words(training),
        takes=training.program.state is ProgramState.OPEN and training.sign_up_until >= today(),
        counts=queries.count_by_state(training.program_id),
        address=letters.sign_up_link(training),
        image=letters.share_image_link(training),
        own=own,
    )


@bp.get("/training/<int:training_id>")
@public
def sign_up(training_id: int) -> ResponseReturnValue:
    return _sign_up_page(_shown(training_id), SignUpForm())


@bp.get("/training/<int:training_id>/share.jpg")
@public
def show_training_image(training_id: int) -> ResponseReturnValue:
    """The picture a chat shows under the link to sign up."""
    response = make_response(draw_share_image(letters.share_card(_shown(training_id))))
    response.mimetype = "image/jpeg"
    response.headers["Cache-Control"] = "public, max-age=86400"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.add_etag()
    return response.make_conditional(request)


@bp.post("/training/<int:training_id>")
@public
def take_sign_up(training_id: int) -> ResponseReturnValue:
    """Leads to one's own page. A number that is on the list already is told so, and no more: its
    link goes to that number, never to who typed it; so does that of a number that was invited."""
    training, form = _shown(training_id), SignUpForm()
    if (before := sent_before(form)) is not None:
        return redirect(before)
    if not form.validate():
        return _sign_up_page(training, form), 422
    key = f"training:{request.remote_addr}"
    if account_services.is_held_back(address_key=key):
        form.form_errors.append(say(TOO_MANY))
        return _sign_up_page(training, form), 429
    try:
        with transaction():
            done = signing_up.sign_up_by_link(
                actor=current_actor(), program_id=training_id, draft=form.draft()
            )
            # Each counts: one machine shall neither fill the seats nor try out numbers.
            account_services.note_attempt(key)
            if done.is_new:
                token = letters.own_token(done.sign_up)
                own = url_for(".show_own_seat", token=token)
                here = url_for(".sign_up", training_id=training_id)
                location = remember_form(form, here if done.was_known else own)
    except DomainError as error:
        status = refused(form, error)
        return _sign_up_page(_shown(training_id), form), status
    if not done.is_new:
        return _sign_up_page(_shown(training_id), SignUpForm(formdata=None), known=True)
    if done.was_known:
        flash(_("You are on the list. Your own link comes to your number by WhatsApp."), "success")
    return redirect(location)


def _behind(token: str) -> tuple[SignUp, Actor]:
    sign_up = letters.sign_up_behind(token)
    # No name: the trail outlives a participant who has their data erased.
    return sign_up, Actor(ActorKind.LINK, link_subject=f"sign-up:{sign_up.id}")


@bp.get("/seat/<token>")
@public
def show_own_seat(token: str) -> ResponseReturnValue:
    sign_up, _actor = _behind(token)
    waits = sign_up.state is SignUpState.WAITING
    training = sign_up.training
    return page(
        "show_own_seat",
        training,
        sign_up=sign_up,
        token=token,
        place_in_line=reads.place_in_line(sign_up) if waits else None,
        there=reads.attendance_of(training.program_id).get(sign_up.id, frozenset()),
        certificate=reads.certificates_of_people([sign_up.id]).get(sign_up.id),
        is_open=training.program.state is ProgramState.OPEN,
        takes=training.program.state is ProgramState.OPEN and training.sign_up_until >= today(),
        today=today(),
    )


@bp.post("/seat/<token>")
@public
def answer_own_seat(token: str) -> ResponseReturnValue:
    sign_up, actor = _behind(token)
    comes = request.form.get("answer") == "yes"
    with transaction():
        if comes:
            signing_up.take_seat(actor=actor, sign_up_id=sign_up.id)
        else:
            signing_up.withdraw(actor=actor, sign_up_id=sign_up.id)
    if comes:
        flash(_("Thank you. We expect you."), "success")
    else:
        flash(_("Thank you for telling us. Your seat goes to somebody who waits."), "success")
    return redirect(url_for(".show_own_seat", token=token))


@bp.get("/seat/<token>/certificate.pdf")
@public
def print_own_certificate(token: str) -> ResponseReturnValue:
    sign_up, _actor = _behind(token)
    certificate = reads.certificates_of_people([sign_up.id]).get(sign_up.id)
    if certificate is None:
        raise NotFound(N_("There is no such certificate."))
    data = papers.pdf_of(sign_up.training, [certificate])
    return file_response(data, f"{certificate.number}.pdf", "application/pdf")


@bp.get("/my-trainings")
@allow(policies.may_list_own_trainings)
def list_own_trainings() -> ResponseReturnValue:
    """Of one's businesses and one's own number: seats, sessions attended, certificates."""
    actor = current_actor()
    ids = set(actor.business_ids) | ({actor.acting_for} if actor.acting_for else set())
    person = accounts.get_person(actor.person_id) if actor.person_id else None
    phone = person.phone if person and not actor.acting_for else None
    own = reads.own_sign_ups(ids, phone)
    there = reads.sessions_attended([one.id for one in own])
    joined = {one.program_id for one in own if one.state is not SignUpState.WITHDRAWN}
    return render_template(
        "programs/list_own_trainings.html",
        own=[(one, there.get(one.id, 0), unlocks_in_words(one.training)) for one in own],
        tokens={one.id: letters.own_token(one) for one in own},
        certificates=reads.certificates_of_people([one.id for one in own]),
        open_trainings=[
            one for one in queries.open_trainings(today()) if one.program_id not in joined
        ],
    )


@bp.post("/training/<int:training_id>/own")
@allow(policies.may_list_own_trainings)
def sign_up_own(training_id: int) -> ResponseReturnValue:
    """A producer, signed in, with the data of the register."""
    actor = current_actor()
    _shown(training_id)
    number = whole_number(request.form.get("business")) or 0
    require(policies.may_sign_up_own(actor, number))
    business = businesses.get_business(number)
    person = accounts.get_person(actor.person_id) if actor.person_id else None
    draft = SignUpDraft(
        person.full_name if person else business.contact_name or business.name,
        (person.phone if person else None) or business.phone,
        business.region_code,
        business.name,
        business.id,
    )
    with transaction():
        signing_up.sign_up_own(actor=actor, program_id=training_id, draft=draft)
    flash(_("You are on the list."), "success")
    return redirect(url_for(".list_own_trainings"))
