"""Both sides answer from a link; contacts open with the second yes."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from marketplace.catalog.events import ProductWithdrawn
from marketplace.core.clock import now
from marketplace.demand.models import NeedLine
from marketplace.infra import events
from marketplace.infra.db import session
from marketplace.infra.links import sign
from marketplace.infra.transaction import transaction
from marketplace.notifications import queries as outbox
from marketplace.suggestions import queries
from marketplace.suggestions.models import Introduction, Suggestion
from marketplace.suggestions.rules import DeclineReason, IntroductionState, Side
from marketplace.suggestions.services import computing, introducing
from tests.conftest import SignIn
from tests.factories import make_person
from tests.suggestions.conftest import Market
from tests.support.client import Client


@pytest.fixture
def introduction(market: Market, suggested: Suggestion, signed_in: SignIn) -> Introduction:
    signed_in(market.officer).post(f"/suggestions/{suggested.id}/accept")
    found = queries.get_suggestion(suggested.id).introduction
    assert found is not None
    return queries.get_introduction(found.id)


def link(app, introduction: Introduction, side: Side) -> str:  # type: ignore[no-untyped-def]
    return "/a/" + sign("introduction", [introduction.id, side.value])


def test_opening_a_link_changes_nothing(app, client: Client, introduction: Introduction) -> None:  # type: ignore[no-untyped-def]
    path = link(app, introduction, Side.PRODUCER)
    for _ in range(3):
        assert client.get(path).status_code == 200
    again = queries.get_introduction(introduction.id)
    assert again.state is IntroductionState.SENT
    assert again.producer_agreed_at is None


def test_contacts_open_only_after_both_agreed(  # type: ignore[no-untyped-def]
    app, client: Client, market: Market, introduction: Introduction
) -> None:
    producer, buyer = (link(app, introduction, side) for side in (Side.PRODUCER, Side.BUYER))
    assert "wa.me" not in client.text(producer)
    client.post(producer, data={"answer": "agree"})
    assert queries.get_introduction(introduction.id).state is IntroductionState.AGREED_BY_ONE
    assert "wa.me" not in client.text(producer)
    client.post(buyer, data={"answer": "agree"})
    assert queries.get_introduction(introduction.id).state is IntroductionState.AGREED
    assert "wa.me" in client.text(producer)
    assert market.outlet.name in client.text(producer)


def test_the_contacts_come_first_once_both_agreed(  # type: ignore[no-untyped-def]
    app, client: Client, market: Market, introduction: Introduction
) -> None:
    producer, buyer = (link(app, introduction, side) for side in (Side.PRODUCER, Side.BUYER))
    for side in (producer, buyer):
        assert "Anda yang memutuskan" in client.text(side)
        client.post(side, data={"answer": "agree"})
    page = client.text(producer)
    assert page.index("wa.me") < page.index("Mengapa dinas mengusulkannya")
    assert "Anda yang memutuskan" not in page
    assert "Jawab sampai" not in page


def test_a_text_tells_how_many_places_it_leaves_out(
    market: Market, run_jobs: Callable[[], int], signed_in: SignIn
) -> None:
    codes = ("31.71", "31.72", "31.73", "31.75", "32.71")
    with transaction():
        session.add_all(
            NeedLine(need_id=market.need.id, region_code=code, volume_per_month=10)
            for code in codes
        )
        computing.schedule_for_need(market.need.id)
    run_jobs()
    found = queries.find_pair(market.product.id, market.need.id)
    assert found is not None
    officer = signed_in(market.officer)
    officer.post(f"/suggestions/{found.id}/accept")
    assert "Kota Jakarta Timur, dan 1 lagi." in officer.text("/to-send")


def test_the_other_side_is_not_named_before_both_agreed(  # type: ignore[no-untyped-def]
    app, client: Client, market: Market, introduction: Introduction
) -> None:
    assert market.outlet.name not in client.text(link(app, introduction, Side.PRODUCER))
    assert market.outlet.phone not in client.text(link(app, introduction, Side.PRODUCER))


def test_pressing_yes_twice_is_one_yes(app, client: Client, introduction: Introduction) -> None:  # type: ignore[no-untyped-def]
    path = link(app, introduction, Side.BUYER)
    client.post(path, data={"answer": "agree"})
    assert client.post(path, data={"answer": "agree"}).status_code == 302
    assert queries.get_introduction(introduction.id).state is IntroductionState.AGREED_BY_ONE


def test_a_no_needs_a_reason_and_takes_unsent_texts_back(  # type: ignore[no-untyped-def]
    app, client: Client, introduction: Introduction
) -> None:
    path = link(app, introduction, Side.BUYER)
    assert client.post(path, data={"answer": "decline"}).status_code == 422
    client.post(path, data={"answer": "decline", "reason": "price", "note": "Terlalu mahal"})
    again = queries.get_introduction(introduction.id)
    assert again.state is IntroductionState.DECLINED
    assert (again.declined_by, again.decline_reason) == (Side.BUYER, DeclineReason.PRICE)
    assert outbox.count_to_send() == 0


def test_the_first_answer_starts_the_clock_of_that_side(  # type: ignore[no-untyped-def]
    app, client: Client, introduction: Introduction
) -> None:
    client.post(link(app, introduction, Side.PRODUCER), data={"answer": "agree"})
    replied = {
        message.side: message.replied_at
        for message in outbox.list_of_subject("introductions", introduction.id)
    }
    assert replied["producer"] is not None
    assert replied["buyer"] is None


@pytest.mark.parametrize("token", ["x", "a.b.c", "WzEsInByb2R1Y2VyIl0.forged", "%00", "é" * 50])
def test_a_forged_link_is_not_found(client: Client, introduction: Introduction, token: str) -> None:
    assert client.get(f"/a/{token}").status_code == 404
    assert client.post(f"/a/{token}", data={"answer": "agree"}).status_code == 404


def test_a_link_of_another_purpose_is_not_found(client: Client, introduction: Introduction) -> None:
    token = sign("something-else", [introduction.id, "buyer"])
    assert client.get(f"/a/{token}").status_code == 404


def test_an_expired_introduction_takes_no_answer(  # type: ignore[no-untyped-def]
    app, client: Client, introduction: Introduction
) -> None:
    with transaction():
        queries.get_introduction(introduction.id).expires_at = now() - timedelta(minutes=1)
    path = link(app, introduction, Side.PRODUCER)
    assert client.post(path, data={"answer": "agree"}).status_code == 409
    with transaction():
        assert introducing.expire_old() == 1
    assert queries.get_introduction(introduction.id).state is IntroductionState.EXPIRED
    assert client.get(path).status_code == 200


def test_parties_may_answer_signed_in_and_strangers_may_not_look(
    market: Market, introduction: Introduction, signed_in: SignIn
) -> None:
    path = f"/introductions/{introduction.id}"
    stranger = signed_in(make_person("producer"))
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, data={"answer": "agree"}).status_code == 404
    maker = signed_in(market.maker)
    assert market.product.name in maker.text("/introductions")
    maker.post(path, data={"answer": "agree"})
    assert queries.get_introduction(introduction.id).producer_agreed_at is not None


def test_an_undone_introduction_has_no_link_any_more(  # type: ignore[no-untyped-def]
    app, client: Client, market: Market, introduction: Introduction, signed_in: SignIn
) -> None:
    signed_in(market.officer).post(f"/suggestions/{introduction.suggestion_id}/bring-back")
    assert client.get(link(app, introduction, Side.BUYER)).status_code == 404


def test_the_tray_holds_a_text_with_the_link_of_each_side(
    market: Market, introduction: Introduction, signed_in: SignIn
) -> None:
    officer = signed_in(market.officer)
    page = officer.text("/to-send")
    assert page.count("/a/") >= 2
    assert "wa.me" in page
    first = outbox.page_to_send(1).items[0]
    officer.post(f"/to-send/{first.id}/sent")
    assert outbox.get_message(first.id).sent_at is not None
    assert officer.post(f"/to-send/{first.id}/sent").status_code == 409
    assert signed_in(market.maker).get("/to-send").status_code == 403


def test_an_introduction_out_of_time_can_be_made_again(
    market: Market, introduction: Introduction, signed_in: SignIn
) -> None:
    officer = signed_in(market.officer)
    path = f"/suggestions/{introduction.suggestion_id}/introduce-again"
    assert officer.post(path).status_code == 409
    with transaction():
        queries.get_introduction(introduction.id).expires_at = now() - timedelta(minutes=1)
    assert officer.post(path).status_code == 302
    fresh = queries.get_suggestion(introduction.suggestion_id).introduction
    assert fresh is not None
    assert fresh.id != introduction.id
    assert queries.get_introduction(introduction.id).state is IntroductionState.EXPIRED
    assert outbox.count_to_send() == 2


def test_a_side_that_answered_gets_no_question_any_more(  # type: ignore[no-untyped-def]
    app, client: Client, introduction: Introduction
) -> None:
    client.post(link(app, introduction, Side.PRODUCER), data={"answer": "agree"})
    waiting = [message.side for message in outbox.page_to_send(1).items]
    assert waiting == ["buyer"]


def test_nobody_is_asked_about_a_product_that_is_gone(  # type: ignore[no-untyped-def]
    app, client: Client, market: Market, introduction: Introduction
) -> None:
    with transaction():
        events.publish(ProductWithdrawn(market.product.id))
    assert queries.get_introduction(introduction.id).state is IntroductionState.EXPIRED
    path = link(app, introduction, Side.PRODUCER)
    assert client.post(path, data={"answer": "agree"}).status_code == 409
    assert outbox.count_to_send() == 0
