"""Never oversold, whoever signs at the same moment: real processes, on both databases."""

from datetime import timedelta
from pathlib import Path
from time import sleep

import pytest
from flask import Flask

from marketplace.accounts import queries as accounts
from marketplace.core.actor import SYSTEM
from marketplace.core.clock import today
from marketplace.core.errors import DomainError
from marketplace.deals import queries
from marketplace.deals.models import CapacityMonth, Deal, DealPromise, Order
from marketplace.deals.rules.lines import LineDraft
from marketplace.deals.rules.orders import NoticeKind
from marketplace.deals.rules.states import DealState
from marketplace.deals.rules.terms import ItemDraft
from marketplace.deals.services import capacity, noticing, ordering, paying, signing, telling
from marketplace.deals.services.ordering import OrderDraft
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.notifications import queries as outbox
from tests.deals.conftest import NEXT, Trade, evidence, record, sign, terms_of
from tests.factories import JAKARTA_SELATAN, make_product
from tests.support.processes import in_processes

pytestmark = pytest.mark.both_databases


def sign_all(deal_ids: list[int], person_id: int) -> list[str]:
    actor = accounts.actor_of(accounts.get_person(person_id))
    answers = []
    for deal_id in deal_ids:
        try:
            with transaction():
                signing.sign(actor=actor, deal_id=deal_id, evidence=evidence())
            answers.append("signed")
        except DomainError as error:
            answers.append(type(error).__name__)
    return answers


def order_ones(deal_id: int, line_id: int, person_id: int, times: int) -> list[str]:
    actor = accounts.actor_of(accounts.get_person(person_id))
    answers = []
    for _ in range(times):
        try:
            with transaction():
                ordering.order(
                    actor=actor,
                    deal_id=deal_id,
                    draft=OrderDraft(line_id, 1, NEXT),
                    evidence=evidence(),
                )
            answers.append("ordered")
        except DomainError as error:
            answers.append(type(error).__name__)
    return answers


def pay_part(order_id: int, person_id: int, amount: int, times: int) -> list[str]:
    actor = accounts.actor_of(accounts.get_person(person_id))
    answers = []
    for _ in range(times):
        try:
            with transaction():
                paying.pay(actor=actor, order_id=order_id, amount=amount, evidence=evidence())
            answers.append("paid")
        except DomainError as error:
            answers.append(type(error).__name__)
    return answers


def lower(product_id: int, values: list[int]) -> list[str]:
    """Set the capacity again and again, taking whatever it breaks."""
    answers = []
    for value in values:
        cuts = capacity.cuts_of(product_id, value, {})
        try:
            with transaction():
                capacity.set_capacity(
                    actor=SYSTEM,
                    product_id=product_id,
                    base=value,
                    exceptions={},
                    accepted=[(cut.promise_id, cut.volume) for cut in cuts],
                )
            answers.append("set")
        except DomainError as error:
            answers.append(type(error).__name__)
    return answers


def remind(times: int) -> list[str]:
    answers = []
    for _ in range(times):
        try:
            with transaction():
                telling.remind_of_payments()
            answers.append("looked")
        except DomainError as error:
            answers.append(type(error).__name__)
    return answers


def promised(product_id: int) -> list[int]:
    session.rollback()
    rows = session.query(CapacityMonth).filter_by(product_id=product_id)
    return [row.promised for row in rows.order_by(CapacityMonth.month)]


def ledgers_agree() -> bool:
    """What the months say is promised and at risk is the sum of what the deals hold."""
    session.rollback()
    sums: dict[tuple[int, object], tuple[int, int]] = {}
    for row in session.query(DealPromise):
        held, risk = sums.get((row.product_id, row.month), (0, 0))
        sums[(row.product_id, row.month)] = (held + row.promised, risk + row.at_risk)
    rows = {
        (row.product_id, row.month): (row.promised, row.at_risk)
        for row in session.query(CapacityMonth)
    }
    return all(rows[key] == sums.get(key, (0, 0)) for key in rows) and sums.keys() <= rows.keys()


def test_of_200_confirmations_against_room_for_100_exactly_100_count(
    app: Flask, trade: Trade
) -> None:
    with transaction():
        deals = [record(trade, terms_of(trade, 1, months=1)).id for _ in range(200)]
    calls = [(deals[0::2], trade.officer.id), (deals[1::2], trade.officer.id)]
    answers = [one for part in in_processes(app, sign_all, calls) for one in part]
    assert answers.count("signed") == 100
    assert answers.count("RuleBroken") == 100
    assert promised(trade.product.id) == [100]
    assert session.query(Deal).filter_by(state=DealState.SIGNED).count() == 100
    assert session.query(DealPromise).count() == 100


def test_a_cart_of_stock_50_is_not_sold_53_times(app: Flask, trade: Trade) -> None:
    """Replays a known bug of food hubs: carts filled at once sold 53 of a stock of 50."""
    deal = sign(trade, record(trade, terms_of(trade, 50, months=1)))
    line = queries.get_deal(deal.id).lines[0].id
    calls = [(deal.id, line, trade.officer.id, 20)] * 4
    answers = [one for part in in_processes(app, order_ones, calls) for one in part]
    assert answers.count("ordered") == 50
    assert set(answers) == {"ordered", "RuleBroken"}
    session.rollback()
    assert [row.ordered for row in queries.promises_of_deal(deal.id)] == [50]
    numbers = sorted(order.number for order in session.query(Order).filter_by(deal_id=deal.id))
    assert numbers == list(range(1, 51))


def test_a_deal_closed_while_it_is_ordered_from_gives_all_of_it_back(
    app: Flask, trade: Trade
) -> None:
    deal = sign(trade, record(trade, terms_of(trade, 50, months=1)))
    line = queries.get_deal(deal.id).lines[0].id
    answers = in_processes(
        app,
        _order_or_close,
        [
            ("order", deal.id, line, trade.officer.id, 20),
            ("order", deal.id, line, trade.officer.id, 20),
            ("close", deal.id, trade.officer.id),
        ],
    )
    assert set(answers[0] + answers[1]) <= {"ordered", "RuleBroken"}
    assert answers[2] == ["closed"]
    assert ledgers_agree()
    assert promised(trade.product.id) == [0]
    assert [row.ordered for row in queries.promises_of_deal(deal.id)] == [0]


def _order_or_close(what: str, *args: int) -> list[str]:
    return order_ones(*args) if what == "order" else _cancel(*args)


def _cancel(deal_id: int, person_id: int) -> list[str]:
    with transaction():
        signing.close(
            actor=accounts.actor_of(accounts.get_person(person_id)),
            deal_id=deal_id,
            then=DealState.CANCELLED,
            evidence=evidence(note="Gerai tutup"),
        )
    return ["closed"]


def test_two_hubs_do_not_get_11_kg_of_a_10_kg_harvest(app: Flask, trade: Trade) -> None:
    """Replays a known bug: both hubs were told yes, one for 6 kg and one for 5."""
    harvest = make_product(trade.producer, unit="kg", capacity_per_month=10)
    for _ in range(3):
        deals = [
            record(
                trade,
                terms_of(
                    trade,
                    volume,
                    items=(ItemDraft(harvest.id, 21_000, volume),),
                    lines=(LineDraft(JAKARTA_SELATAN, volume),),
                    months=1,
                ),
            ).id
            for volume in (6, 5)
        ]
        calls = [([deal_id], trade.officer.id) for deal_id in deals]
        answers = sorted(one for part in in_processes(app, sign_all, calls) for one in part)
        assert answers == ["RuleBroken", "signed"]
        session.rollback()
        won = session.query(Deal).filter(Deal.id.in_(deals), Deal.state == DealState.SIGNED).one()
        assert promised(harvest.id) in ([6], [5])
        with transaction():
            signing.close(
                actor=trade.office,
                deal_id=won.id,
                then=DealState.CANCELLED,
                evidence=evidence(note="Ulang"),
            )
        assert promised(harvest.id) == [0]


def test_deals_over_several_products_never_block_each_other(app: Flask, trade: Trade) -> None:
    """Goods in any order: rows are taken by number, so nobody waits for somebody who waits."""
    products = [make_product(trade.producer, capacity_per_month=30).id for _ in range(3)]
    deals = []
    for number in range(24):
        order = products if number % 2 else products[::-1]
        items = tuple(ItemDraft(product_id, 5_000, 2) for product_id in order)
        lines = tuple(LineDraft(JAKARTA_SELATAN, 2, item=item) for item in range(3))
        deals.append(record(trade, terms_of(trade, items=items, lines=lines)).id)
    calls = [(deals[n::4], trade.officer.id) for n in range(4)]
    answers = [one for part in in_processes(app, sign_all, calls) for one in part]
    assert answers.count("signed") == 15
    assert answers.count("RuleBroken") == 9
    for product_id in products:
        assert promised(product_id) == [30, 30, 30]


def test_capacity_that_moves_while_deals_are_signed_keeps_the_ledgers_equal(
    app: Flask, trade: Trade
) -> None:
    deals = [record(trade, terms_of(trade, 4, months=2)).id for _ in range(30)]
    answers = in_processes(
        app,
        _either,
        [
            ("sign", deals[0::2], trade.officer.id),
            ("sign", deals[1::2], trade.officer.id),
            ("lower", trade.product.id, [60, 20, 90, 40, 70, 30, 50, 80]),
        ],
    )
    assert set(answers[0] + answers[1]) <= {"signed", "RuleBroken"}
    assert set(answers[2]) <= {"set", "Conflict"}
    assert ledgers_agree()


def _either(what: str, *args: object) -> list[str]:
    return sign_all(*args) if what == "sign" else lower(*args)  # type: ignore[arg-type]


def test_payments_at_once_never_pass_the_invoice(app: Flask, trade: Trade) -> None:
    deal = sign(trade, record(trade, terms_of(trade, 10, months=1)))
    line = queries.get_deal(deal.id).lines[0].id
    with transaction():
        made = ordering.order(
            actor=trade.office,
            deal_id=deal.id,
            draft=OrderDraft(line, 10, NEXT),
            evidence=evidence(),
        )
    for step in (ordering.send, ordering.receive):
        with transaction():
            step(actor=trade.office, order_id=made.id, evidence=evidence())
    with transaction():
        ordering.accept(actor=trade.office, order_id=made.id, accepted=10, evidence=evidence())
    with transaction():
        paying.invoice(actor=trade.office, order_id=made.id, evidence=evidence())
    calls = [(made.id, trade.officer.id, 21_000, 4)] * 4
    answers = [one for part in in_processes(app, pay_part, calls) for one in part]
    assert answers.count("paid") == 10
    session.rollback()
    found = queries.get_order(made.id)
    assert (found.paid_amount, found.state.value) == (210_000, "paid")
    assert sum(payment.amount for payment in found.payments) == 210_000


def answer_all(notice_ids: list[int], person_id: int, text: str, folder: str) -> list[str]:
    """Answer one notice after the other, each at the moment the other officer does."""
    actor = accounts.actor_of(accounts.get_person(person_id))
    answers = []
    for notice_id in notice_ids:
        session.rollback()
        (Path(folder) / f"{notice_id}-{text}").touch()
        while len(list(Path(folder).glob(f"{notice_id}-*"))) < 2:
            sleep(0.0005)
        try:
            with transaction():
                noticing.answer_notice(
                    actor=actor, notice=queries.get_notice(notice_id), answer=text
                )
            answers.append(text)
        except DomainError as error:
            answers.append(type(error).__name__)
    return answers


def test_a_notice_two_officers_answer_at_once_keeps_the_answer_that_was_told(
    app: Flask, trade: Trade, tmp_path: Path
) -> None:
    deal = sign(trade, record(trade, terms_of(trade, 10, months=1)))
    with transaction():
        notices = [
            noticing.give_notice(
                actor=trade.actor(trade.maker),
                deal=queries.get_deal(deal.id),
                kind=NoticeKind.QUALITY,
                text="Remuk",
            ).id
            for _ in range(30)
        ]
    calls = [(notices, trade.officer.id, text, str(tmp_path)) for text in ("Pertama", "Kedua")]
    answers = in_processes(app, answer_all, calls)
    session.rollback()
    for number, told in zip(notices, zip(*answers, strict=True), strict=True):
        assert sorted(told) == sorted(["RuleBroken", queries.get_notice(number).answer])


def test_who_is_late_is_told_once_whoever_looks_at_the_same_moment(
    app: Flask, trade: Trade
) -> None:
    deals = [sign(trade, record(trade, terms_of(trade, 12))) for _ in range(8)]
    numbers = [deal.id for deal in deals]
    for deal_id in numbers:
        line = queries.get_deal(deal_id).lines[0].id
        draft = OrderDraft(line, 5, NEXT)
        with transaction():
            order = ordering.order(
                actor=trade.office, deal_id=deal_id, draft=draft, evidence=evidence()
            )
            ordering.send(actor=trade.office, order_id=order.id, evidence=evidence())
            ordering.take(actor=trade.office, order_id=order.id, accepted=5, evidence=evidence())
            paying.invoice(actor=trade.office, order_id=order.id, evidence=evidence())
            queries.lock_order(order.id).due_on = today() - timedelta(days=1)
    answers = in_processes(app, remind, [(3,), (3,), (3,)])
    assert [answer for one in answers for answer in one] == ["looked"] * 9
    session.rollback()
    for deal_id in numbers:
        late = [
            message.side
            for message in outbox.list_of_subject(telling.SUBJECT, deal_id)
            if message.kind == "deal_payment_late"
        ]
        assert sorted(late) == ["buyer", "producer"]
